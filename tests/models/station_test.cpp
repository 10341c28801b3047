// The seven standard-year files against the figures an independent program counted in them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <string>

#include "models/source/wind_farm.hpp"
#include "models/weather/air.hpp"
#include "models/weather/epw.hpp"
#include "models/weather/sun_position.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

std::filesystem::path station(const std::string& name) {
    return std::filesystem::path{YUANWANG_SHARED_DIR} / "weather" / ("CHN_" + name + "_CSWD.epw");
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

struct Expected {
    const char* name;
    double ghi, dni, dhi; ///< kWh/m²
    int sunny_h;          ///< DNI ≥ 120 W/m²
    double mean_c, min_c, max_c;
    double pressure_pa;
    double density; ///< dry air
    double wind, cubic_wind;
    int calm_h;
};

constexpr std::array<Expected, 7> stations{{
    {"Qinghai.Xining.528660", 1553, 1471, 505, 2578, 5.94, -18.2, 30.7, 77228, 0.965, 1.08, 2.29,
     4326},
    {"Qinghai.Gangca.527540", 1828, 1299, 752, 2089, 0.66, -24.2, 22.1, 68010, 0.866, 3.35, 4.72,
     792},
    {"Qinghai.Golmud.528180", 1956, 1596, 632, 2817, 5.79, -18.6, 32.8, 72525, 0.907, 2.32, 3.40,
     1582},
    {"Qinghai.Xinghai.529430", 1355, 987, 715, 2038, 2.01, -22.5, 24.7, 68085, 0.863, 2.28, 3.99,
     1785},
    {"Qinghai.Minhe.528760", 1385, 1082, 622, 2054, 8.31, -19.7, 34.2, 81866, 1.015, 1.42, 2.28,
     2896},
    {"Qinghai.Dulan.Us.528360", 1499, 1292, 624, 2453, 3.73, -19.0, 29.6, 69111, 0.871, 2.08, 3.00,
     1984},
    {"Gansu.Lanzhou.528890", 1403, 1188, 559, 2229, 10.25, -16.9, 34.8, 84805, 1.044, 0.82, 1.74,
     4980},
}};

TEST(Stations, YearsAreTheCountedOnes) {
    for (const Expected& e : stations) {
        if (!std::filesystem::exists(station(e.name))) {
            GTEST_SKIP() << "no weather file " << station(e.name);
        }
        const EpwFile f = read_epw(station(e.name));
        EXPECT_NEAR(8.760 * mean(f.ghi_w_per_m2), e.ghi, 0.5) << e.name;
        EXPECT_NEAR(8.760 * mean(f.dni_w_per_m2), e.dni, 0.5) << e.name;
        EXPECT_NEAR(8.760 * mean(f.dhi_w_per_m2), e.dhi, 0.5) << e.name;
        EXPECT_EQ(std::ranges::count_if(f.dni_w_per_m2, [](double d) { return d >= 120; }),
                  e.sunny_h)
            << e.name;
        EXPECT_NEAR(mean(f.temperature_c), e.mean_c, 0.0055) << e.name;
        EXPECT_NEAR(std::ranges::min(f.temperature_c), e.min_c, 0.05) << e.name;
        EXPECT_NEAR(std::ranges::max(f.temperature_c), e.max_c, 0.05) << e.name;
        EXPECT_NEAR(mean(f.pressure_pa), e.pressure_pa, 0.5) << e.name;
        EXPECT_NEAR(mean(f.wind_speed_m_per_s), e.wind, 0.005) << e.name;
        double density = 0;
        double cubes = 0;
        for (std::size_t t = 0; t < 8760; ++t) {
            density += air_density_kg_per_m3(f.pressure_pa[t], f.temperature_c[t], 0.0) / 8760;
            cubes += std::pow(f.wind_speed_m_per_s[t], 3) / 8760;
        }
        EXPECT_NEAR(density, e.density, 0.0005) << e.name;
        EXPECT_NEAR(std::cbrt(cubes), e.cubic_wind, 0.0055) << e.name;
        EXPECT_EQ(std::ranges::count(f.wind_speed_m_per_s, 0.0), e.calm_h) << e.name;
    }
}

// Beam never above 789 W/m², and none while the sun is down, if rows are taken half an hour before their label.
TEST(Stations, BeamIsCutAndFitsTheSunHalfAnHourBeforeTheLabel) {
    for (const char* name :
         {"Qinghai.Xining.528660", "Qinghai.Golmud.528180", "Qinghai.Gangca.527540"}) {
        if (!std::filesystem::exists(station(name))) {
            GTEST_SKIP() << "no weather file " << station(name);
        }
        const EpwFile f = read_epw(station(name));
        EXPECT_LE(std::ranges::max(f.dni_w_per_m2), 789.0) << name;
        const sys_seconds start = sys_days{2005y / January / 1} - hours{8};
        const SunTrack track{start, start + hours{8760}};
        int dark = 0;
        for (std::size_t t = 0; t < 8760; ++t) {
            const GeocentricSun sun =
                track.at(start + hours{static_cast<std::int64_t>(t)} + minutes{30});
            const double elevation =
                observe_sun(sun, f.site, f.pressure_pa[t], f.temperature_c[t]).elevation_degree;
            dark += f.dni_w_per_m2[t] > 0 && elevation < 0 ? 1 : 0;
        }
        EXPECT_EQ(dark, 0) << name;
    }
}

// Wind of Xining: the same for six hours, nothing half the time; a class III turbine would run at 2.4 %.
TEST(Stations, WindOfXiningIsOfNoUseByTheHour) {
    const auto path = station("Qinghai.Xining.528660");
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no weather file " << path;
    }
    const EpwFile f = read_epw(path);
    int same = 0;
    for (std::size_t t = 1; t < 8760; ++t) {
        same += f.wind_speed_m_per_s[t] == f.wind_speed_m_per_s[t - 1] ? 1 : 0;
    }
    EXPECT_NEAR(same / 8759.0, 0.89, 0.005);
    const TimeAxis axis{beijing_midnight(2025y / January / 1), minutes{60}, 8760};
    const WindFarms farm{.p_rated_mw = {1},
                         .power_curve = {"iec_class_3"},
                         .hub_height_m = {100},
                         .shear_exponent = {1.0 / 7.0},
                         .speed_factor = {1},
                         .farm_efficiency = {1},
                         .availability = {1},
                         .cold_cut_out_c = {-30}};
    Series p_mw;
    compute_wind_power(farm, std::array{SiteIdx{0}}, std::array{make_weather(f, axis)}, {0, 8760},
                       p_mw);
    const double sum = std::accumulate(p_mw.values().begin(), p_mw.values().end(), 0.0);
    EXPECT_NEAR(sum / 8760, 0.024, 0.0006);
}

} // namespace
} // namespace yuanwang::models
