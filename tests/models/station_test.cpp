// The seven standard-year files against the figures an independent program counted in them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <numeric>
#include <string>

#include "models/source/wind_farm.hpp"
#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
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

/// Sum or mean of every month of a file's year.
std::array<double, 12> by_month(const std::vector<double>& hourly, bool as_mean) {
    std::array<double, 12> sum{};
    std::array<double, 12> n{};
    for (std::size_t t = 0; t < hourly.size(); ++t) {
        const sys_days day = sys_days{2005y / January / 1} + days{t / 24};
        const std::size_t m = static_cast<unsigned>(year_month_day{day}.month()) - 1;
        sum[m] += hourly[t];
        n[m] += 1;
    }
    for (std::size_t m = 0; m < 12; ++m) {
        sum[m] /= as_mean ? n[m] : 1000.0;
    }
    return sum;
}

// Xining by month, as counted: temperature in °C and radiation in kWh/m². Its summer is 16.44 °C.
TEST(Stations, MonthsOfXiningAreTheCountedOnes) {
    const auto path = station("Qinghai.Xining.528660");
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no weather file " << path;
    }
    const EpwFile f = read_epw(path);
    constexpr std::array temperature_c = {-6.8, -4.9, 2.3,  8.2, 12.2, 15.7,
                                          17.7, 16.0, 11.9, 5.9, -1.2, -6.3};
    constexpr std::array ghi = {80.4,  101.3, 129.7, 163.8, 170.1, 170.2,
                                194.6, 152.9, 113.5, 110.8, 89.9,  76.0};
    constexpr std::array dni = {92.8,  112.3, 110.0, 137.0, 150.4, 166.5,
                                197.8, 126.7, 80.3,  100.6, 106.0, 90.6};
    constexpr std::array dhi = {33.5, 36.2, 53.4, 55.1, 50.1, 36.3,
                                29.0, 50.5, 54.7, 46.6, 28.0, 31.8};
    const auto t_c = by_month(f.temperature_c, true);
    const auto global = by_month(f.ghi_w_per_m2, false);
    const auto beam = by_month(f.dni_w_per_m2, false);
    const auto diffuse = by_month(f.dhi_w_per_m2, false);
    for (std::size_t m = 0; m < 12; ++m) {
        EXPECT_NEAR(t_c[m], temperature_c[m], 0.051) << m;
        EXPECT_NEAR(global[m], ghi[m], 0.051) << m;
        EXPECT_NEAR(beam[m], dni[m], 0.051) << m;
        EXPECT_NEAR(diffuse[m], dhi[m], 0.051) << m;
    }
    EXPECT_NEAR((t_c[5] * 30 + t_c[6] * 31 + t_c[7] * 31) / 92, 16.44, 0.005);
}

// The hours that need no chiller: 92.4 % at 20 °C, 88.1 % at 18 °C (a study with a later file has 91.7 % at 20 °C).
TEST(Stations, AirOfXiningCoolsComputersNineHoursInTen) {
    const auto path = station("Qinghai.Xining.528660");
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no weather file " << path;
    }
    const EpwFile f = read_epw(path);
    const auto share_up_to = [&](double c) {
        return static_cast<double>(
                   std::ranges::count_if(f.temperature_c, [c](double t) { return t <= c; })) /
               8760.0;
    };
    EXPECT_NEAR(share_up_to(20.0), 0.924, 0.0005);
    EXPECT_NEAR(share_up_to(18.0), 0.881, 0.0005);
    EXPECT_NEAR(share_up_to(20.0), 0.917, 0.01);
}

// The three radiation columns do not close: mean and root mean square of GHI − DHI − DNI cos z over hours with GHI. And
// some hours have more light than a clear sky (global beyond 0.85 of the extraterrestrial): 265 and 1086 were counted, the
// height of the sun from which on is not printed; from 5° on the counts are met within a twentieth.
TEST(Stations, RadiationColumnsMissClosureByTheCountedAmounts) {
    struct Gap {
        const char* name;
        double mean_w_per_m2, rms_w_per_m2;
        int too_clear_h; ///< −1: not counted
    };
    for (const Gap& e :
         {Gap{"Qinghai.Xining.528660", 36, 67, 265}, Gap{"Qinghai.Golmud.528180", 71, 131, 1086},
          Gap{"Qinghai.Gangca.527540", 68, 125, -1}}) {
        if (!std::filesystem::exists(station(e.name))) {
            GTEST_SKIP() << "no weather file " << station(e.name);
        }
        const EpwFile f = read_epw(station(e.name));
        const sys_seconds start = sys_days{2005y / January / 1} - hours{8};
        const SunTrack track{start, start + hours{8760}};
        double sum = 0;
        double squares = 0;
        double n = 0;
        int too_clear_h = 0;
        for (std::size_t t = 0; t < 8760; ++t) {
            if (f.ghi_w_per_m2[t] <= 0) {
                continue;
            }
            const GeocentricSun sun =
                track.at(start + hours{static_cast<std::int64_t>(t)} + minutes{30});
            const double zenith =
                observe_sun(sun, f.site, f.pressure_pa[t], f.temperature_c[t]).zenith_degree();
            const double cos_z = std::max(0.0, std::cos(zenith * std::numbers::pi / 180.0));
            const double gap = f.ghi_w_per_m2[t] - f.dhi_w_per_m2[t] - f.dni_w_per_m2[t] * cos_z;
            sum += gap;
            squares += gap * gap;
            n += 1;
            too_clear_h +=
                zenith < 85.0 &&
                f.ghi_w_per_m2[t] > 0.85 * extraterrestrial_w_per_m2(sun.distance_au) * cos_z;
        }
        EXPECT_NEAR(sum / n, e.mean_w_per_m2, 0.5) << e.name;
        EXPECT_NEAR(std::sqrt(squares / n), e.rms_w_per_m2, 0.5) << e.name;
        if (e.too_clear_h >= 0) {
            EXPECT_NEAR(too_clear_h, e.too_clear_h, 0.05 * e.too_clear_h) << e.name;
        }
    }
}

// Extraterrestrial columns are 9999 in every row, and every row carries the year 2005.
TEST(Stations, RowsCarryNoExtraterrestrialLightAndOneYear) {
    for (const Expected& e : stations) {
        std::ifstream in{station(e.name)};
        if (!in) {
            GTEST_SKIP() << "no weather file " << station(e.name);
        }
        std::string line;
        int n_row = 0;
        while (std::getline(in, line)) {
            if (!line.starts_with("2005,")) {
                continue;
            }
            n_row += 1;
            std::vector<std::string> fields{""};
            for (const char c : line) {
                if (c == ',') {
                    fields.emplace_back();
                } else {
                    fields.back() += c;
                }
            }
            ASSERT_EQ(std::stod(fields.at(10)), 9999) << e.name << ": " << line;
            ASSERT_EQ(std::stod(fields.at(11)), 9999) << e.name << ": " << line;
        }
        EXPECT_EQ(n_row, 8760) << e.name;
    }
}

} // namespace
} // namespace yuanwang::models
