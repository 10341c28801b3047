// What cannot be true of a device is named, with its place.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::find_faults;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::load_text;

constexpr std::string_view site =
    "weather:\n"
    "  sites:\n"
    "    - id: x\n"
    "      latitude_degree: 36.6\n"
    "      longitude_degree: 101.8\n"
    "      altitude_m: 2261\n"
    "      normals:\n"
    "        ghi_kwh_per_m2: [80, 100, 130, 160, 170, 170, 190, 150, 110, 110, 90, 80]\n"
    "        temperature_c: [-7, -5, 2, 8, 12, 16, 18, 16, 12, 6, -1, -6]\n"
    "        temperature_range_k: [14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14]\n"
    "        relative_humidity: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]\n"
    "        wind_speed_m_per_s: [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]\n";

/// Two buses with a site and one more source, written behind `family`.
std::string with_source(const std::string& family, const std::string& source) {
    std::string text{testing::two_buses};
    const std::string key = "sources:\n";
    text.insert(text.find(key) + key.size(), "  " + family + ":\n    - " + source + "\n");
    return text + std::string{site};
}

std::string wind(const std::string& fields) {
    return with_source("wind", "{id: w, bus: b, site: x, p_rated_mw: 10, " + fields + "}");
}

TEST(DeviceFaults, AWholeFarmHasNone) {
    EXPECT_THAT(find_faults(wind("curve_speed_m_per_s: [3, 8, 25], curve_power: [0, 1, 1], "
                                 "layout: {east_m: [0, 500], north_m: [0, 0]}, turbines: 2")),
                IsEmpty());
}

TEST(DeviceFaults, APowerCurveThatIsNotMonotoneInSpeed) {
    EXPECT_THAT(
        find_faults(wind("curve_speed_m_per_s: [3, 8, 7], curve_power: [0, 0.5, 1]")),
        ElementsAre(HasSubstr("sources.wind[w].curve_speed_m_per_s: must rise from point to "
                              "point, got 7 after 8")));
    EXPECT_THAT(find_faults(wind("curve_speed_m_per_s: [3, 8], curve_power: [0, 0.5, 1]")),
                ElementsAre(HasSubstr("sources.wind[w].curve_power: must have as many values as "
                                      "curve_speed_m_per_s, 2, got 3")));
    EXPECT_THAT(find_faults(wind("curve_speed_m_per_s: [3, 8], curve_power: [0, 1.5]")),
                Contains(HasSubstr("curve_power")));
    EXPECT_THAT(
        find_faults(wind("storm_restart_m_per_s: 30")),
        ElementsAre(HasSubstr("sources.wind[w].storm_restart_m_per_s: must not be above the "
                              "end of the curve, 25")));
    EXPECT_THAT(find_faults(wind("cold_cut_out_c: -20, cold_restart_c: -25")),
                ElementsAre(HasSubstr("cold_restart_c: must not be below cold_cut_out_c -20")));
}

TEST(DeviceFaults, NegativeEfficiencies) {
    EXPECT_THAT(find_faults(wind("farm_efficiency: -0.1")),
                ElementsAre(HasSubstr("sources.wind[w].farm_efficiency: must be within 0…1")));
    EXPECT_THAT(find_faults(with_source("solar", "{id: s, bus: b, site: x, p_rated_mw: 10, "
                                                 "inverter_efficiency: -0.96}")),
                ElementsAre(HasSubstr("sources.solar[s].inverter_efficiency: must be within")));
    EXPECT_THAT(
        find_faults(with_source("solar", "{id: s, bus: b, site: x, p_rated_mw: 10, inverter: "
                                         "{curve_load: [0.5, 1], curve_efficiency: [0.9, -1]}}")),
        Contains(HasSubstr("sources.solar[s].inverter.curve_efficiency")));
    const std::string mean = "mean_mw: [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]";
    EXPECT_THAT(
        find_faults(with_source("hydro", "{id: h, bus: b, p_rated_mw: 10, " + mean +
                                             ", reservoir: {head_m: 100, efficiency: -0.9}}")),
        ElementsAre(HasSubstr("sources.hydro[h].reservoir.efficiency: must be within")));
}

TEST(DeviceFaults, DamsAndCoalThatContradictThemselves) {
    const std::string mean = "mean_mw: [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]";
    EXPECT_THAT(
        find_faults(with_source("hydro", "{id: h, bus: b, p_rated_mw: 10, " + mean +
                                             ", reservoir: {head_m: 50, head_empty_m: 60}}")),
        ElementsAre(HasSubstr("reservoir.head_empty_m: must not be above head_m 50")));
    EXPECT_THAT(
        find_faults(with_source("hydro", "{id: h, bus: b, p_rated_mw: 10, " + mean +
                                             ", reservoir: {head_m: 50, upstream: nobody}}")),
        Contains(HasSubstr("reservoir.upstream")));
    EXPECT_THAT(find_faults(with_source("thermal", "{id: t, bus: b, p_rated_mw: 300, coal_curve: "
                                                   "{load: [0.5, 1], g_per_kwh: [700, 300]}}")),
                ElementsAre(HasSubstr("coal_curve.g_per_kwh: must burn more at a higher load")));
    EXPECT_THAT(find_faults(with_source("thermal", "{id: t, bus: b, p_rated_mw: 300, heat: "
                                                   "{heat_max_mw: 100}}")),
                ElementsAre(HasSubstr("heat.site: is required beside the heat it drives")));
}

/// Two buses with a site and one more load, written behind `family`.
std::string with_load(const std::string& family, const std::string& load) {
    std::string text{testing::two_buses};
    const std::string key = "loads:\n";
    text.insert(text.find(key) + key.size(), "  " + family + ":\n    - " + load + "\n");
    return text + std::string{site};
}

TEST(DeviceFaults, LoadsThatContradictThemselves) {
    const auto works = [](const std::string& fields) {
        return find_faults(with_load(
            "works", "{id: w, bus: b, output_per_year: 10, kwh_per_unit: 5,\n" + fields + "}"));
    };
    EXPECT_THAT(works("recovery_h: 9"), ElementsAre("s.yaml:15:13: loads.works[w].recovery_h: must "
                                                    "not be above idle_h 8, got 9"));
    EXPECT_THAT(works("may_be_cut: false, flexible_share: 0.1"),
                ElementsAre("s.yaml:15:36: loads.works[w].flexible_share: must be 0 where "
                            "may_be_cut is false, got 0.1"));
    EXPECT_THAT(
        works("shift_days: 8, shift_hours: 25"),
        ElementsAre(HasSubstr("s.yaml:15:13: loads.works[w].shift_days: must be within 1…7"),
                    HasSubstr("s.yaml:15:29: loads.works[w].shift_hours: must be")));
    EXPECT_THAT(find_faults(with_load("potlines",
                                      "{id: p, bus: b, production_t_per_year: 1000, dc_kwh_per_t: "
                                      "13000, rectifier_efficiency: -0.98}")),
                ElementsAre(HasSubstr("loads.potlines[p].rectifier_efficiency: must be")));
    EXPECT_THAT(find_faults(with_load("data_centers", "{id: c, bus: b, site: x, racks: 10, pflops: "
                                                      "1, it_mw: 1, ups_efficiency: -0.9, "
                                                      "deadline_h: 99}")),
                ElementsAre(HasSubstr("loads.data_centers[c].ups_efficiency: must be"),
                            HasSubstr("loads.data_centers[c].deadline_h: must be within 0…48")));
}

TEST(DeviceFaults, WeatherThatCannotBe) {
    const auto normals = [](const std::string& more) {
        return find_faults(std::string{testing::two_buses} + std::string{site} + more);
    };
    EXPECT_THAT(normals("        wind_rose: [0, 0, 0, 0]\n"),
                ElementsAre("s.yaml:27:20: weather.sites[x].normals.wind_rose: must have a sum "
                            "above 0, got a list"));
    EXPECT_THAT(normals("        wind_rose: [1, -1]\n"),
                Contains(HasSubstr("s.yaml:27:24: weather.sites[x].normals.wind_rose")));
    EXPECT_THAT(normals("        clearest_day_kt: [1.2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n"),
                ElementsAre(HasSubstr("clearest_day_kt: must be within 0…0.9")));
}

TEST(Plateau, OneSwitchTakesTheWholeStudyToSeaLevel) {
    const std::string text = std::string{testing::two_buses} + std::string{site};
    EXPECT_FALSE(load_text(text).sea_level);
    EXPECT_TRUE(load_text(text + "  sea_level: true\n").sea_level);
}

} // namespace
} // namespace yuanwang::scenario
