#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "models/hash_normal.hpp"
#include "models/load/data_center.hpp"
#include "models/load/demand.hpp"
#include "models/load/potline.hpp"
#include "models/load/slow_noise.hpp"
#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const std::array<SiteIdx, 1> first_site{SiteIdx{0}};

TimeAxis year_axis(int y, minutes step = minutes{60}) {
    const sys_seconds start = beijing_midnight(year{y} / January / 1);
    const sys_seconds end = beijing_midnight(year{y + 1} / January / 1);
    return {start, step, static_cast<std::size_t>((end - start) / step)};
}

Profile evening_profile() {
    Profile profile;
    for (std::size_t m = 0; m < 12; ++m) {
        profile.monthly[m] = 1.0 + 0.3 * std::cos(static_cast<double>(m) * std::numbers::pi / 6.0);
    }
    for (std::size_t h = 0; h < 24; ++h) {
        profile.workday[h] = h >= 18 && h < 22 ? 2.0 : 0.7;
        profile.weekend[h] = 0.9;
    }
    return profile;
}

TEST(ProfileLoads, MeanOfTheYearIsTheMeanOfTheLoad) {
    const std::array<Profile, 1> profiles{evening_profile()};
    const ProfileLoads loads{.category = {"residential", "polysilicon"},
                             .p_mean_mw = {300.0, 800.0},
                             .profile = {0, -1},
                             .noise = {0.0, 0.0}};
    for (const int y : {2025, 2028}) {
        const TimeAxis axis = year_axis(y);
        Series p_mw;
        compute_profile_loads(loads, profiles, axis, {0, axis.n_step}, 1, p_mw);
        double home = 0;
        for (std::size_t t = 0; t < axis.n_step; ++t) {
            home += p_mw(0, t) / static_cast<double>(axis.n_step);
            ASSERT_EQ(p_mw(1, t), 800.0);
        }
        EXPECT_NEAR(home, 300.0, 1e-9) << y;
    }
}

TEST(ProfileLoads, WeekendsFallWhereTheCalendarHasThem) {
    const std::array<Profile, 1> profiles{evening_profile()};
    const ProfileLoads loads{
        .category = {"commercial"}, .p_mean_mw = {100.0}, .profile = {0}, .noise = {0.0}};
    const TimeAxis axis{beijing_midnight(2025y / January / 3), minutes{60}, 72}; // Friday to Sunday
    Series p_mw;
    compute_profile_loads(loads, profiles, axis, {0, 72}, 1, p_mw);
    EXPECT_GT(p_mw(0, 19), 1.5 * p_mw(0, 12));
    EXPECT_EQ(p_mw(0, 24 + 19), p_mw(0, 24 + 12));
    EXPECT_EQ(p_mw(0, 48 + 19), p_mw(0, 48 + 12));
}

TEST(ProfileLoads, NoiseIsTheSameInAnyOrderOfBlocks) {
    const std::array<Profile, 1> profiles{evening_profile()};
    const ProfileLoads loads{.category = {"a", "b"},
                             .p_mean_mw = {100.0, 100.0},
                             .profile = {0, 0},
                             .noise = {0.03, 0.03}};
    const TimeAxis axis = year_axis(2025);
    Series whole;
    Series block;
    compute_profile_loads(loads, profiles, axis, {0, axis.n_step}, 7, whole);
    compute_profile_loads(loads, profiles, axis, {4800, 24}, 7, block);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_EQ(block(0, t), whole(0, 4800 + t));
        EXPECT_EQ(block(1, t), whole(1, 4800 + t));
        EXPECT_NE(block(0, t), block(1, t));
    }
}

TEST(SlowNoise, StreamsOfDifferentNamesKnowNothingOfEachOther) {
    const sys_seconds start = sys_days{2025y / January / 1};
    const std::array names{"load_1", "load_2", "load_12", "1_load", "a", "b"};
    const int n = 5000; // a value every twelve hours: each draws nodes of its own
    for (std::size_t i = 0; i < names.size(); ++i) {
        for (std::size_t j = i; j < names.size(); ++j) {
            double product = 0;
            for (int t = 0; t < n; ++t) {
                const sys_seconds at = start + hours{12 * t};
                product += slow_noise(3, name_stream("load", names[i]), at) *
                           slow_noise(3, name_stream("load", names[j]), at) / n;
            }
            EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 4.5 / std::sqrt(n)) << names[i] << names[j];
        }
    }
    EXPECT_NE(name_stream("load", "a"), name_stream("works", "a"));
}

TEST(SlowNoise, HasUnitVarianceAndMovesSlowly) {
    const sys_seconds start = sys_days{2025y / January / 1};
    double sum = 0;
    double square = 0;
    double step = 0;
    const int n = 40000;
    for (int i = 0; i < n; ++i) {
        const double x = slow_noise(3, 1, start + hours{i});
        sum += x / n;
        square += x * x / n;
        step += std::abs(slow_noise(3, 1, start + hours{i} + minutes{15}) - x) / n;
    }
    EXPECT_NEAR(sum, 0.0, 0.03);
    EXPECT_NEAR(square, 1.0, 0.05);
    EXPECT_LT(step, 0.1);
    EXPECT_NEAR(slow_noise(3, 1, start + hours{6} - seconds{1}), slow_noise(3, 1, start + hours{6}),
                1e-3);
}

WeatherYear weather_at(double temperature_c, double pressure_pa, double elevation_degree) {
    WeatherYear w;
    w.ghi_w_per_m2 = {0.0};
    w.temperature_c = {temperature_c};
    w.relative_humidity = {0.0};
    w.pressure_pa = {pressure_pa};
    w.sun_elevation_degree = {elevation_degree};
    return w;
}

TEST(HeatingLoads, FollowDegreeHoursInTheSeasonOnly) {
    const HeatingLoads loads{.ua_mw_per_k = {10.0},
                             .base_c = {18.0},
                             .cop = {2.5},
                             .season_start_day = {288.0},
                             .season_end_day = {105.0}};
    Series p_mw;
    const TimeAxis winter{beijing_midnight(2025y / January / 10), minutes{60}, 1};
    compute_heating_loads(loads, first_site, std::array{weather_at(-7.0, 77000, 0)}, winter, {0, 1},
                          p_mw);
    EXPECT_DOUBLE_EQ(p_mw(0, 0), 10.0 * 25.0 / 2.5);
    compute_heating_loads(loads, first_site, std::array{weather_at(20.0, 77000, 0)}, winter, {0, 1},
                          p_mw);
    EXPECT_EQ(p_mw(0, 0), 0.0);
    const TimeAxis summer{beijing_midnight(2025y / July / 10), minutes{60}, 1};
    compute_heating_loads(loads, first_site, std::array{weather_at(5.0, 77000, 0)}, summer, {0, 1},
                          p_mw);
    EXPECT_EQ(p_mw(0, 0), 0.0);
    const TimeAxis autumn{beijing_midnight(2025y / October / 15), minutes{60}, 1}; // day 288
    compute_heating_loads(loads, first_site, std::array{weather_at(8.0, 77000, 0)}, autumn, {0, 1},
                          p_mw);
    EXPECT_DOUBLE_EQ(p_mw(0, 0), 40.0);
}

TEST(StreetLamps, FollowTheSun) {
    const StreetLamps lamps{.lamps = {110000.0},
                            .watt_per_lamp = {120.0},
                            .lit_share = {0.9},
                            .on_elevation_degree = {-3.0}};
    const TimeAxis axis{beijing_midnight(2025y / June / 1), minutes{60}, 1};
    Series p_mw;
    compute_street_lamps(lamps, first_site, std::array{weather_at(10, 77000, -3.1)}, axis, {0, 1},
                         p_mw);
    EXPECT_NEAR(p_mw(0, 0), 11.88, 1e-12);
    compute_street_lamps(lamps, first_site, std::array{weather_at(10, 77000, -2.9)}, axis, {0, 1},
                         p_mw);
    EXPECT_EQ(p_mw(0, 0), 0.0);
}

TEST(Sewage, IsFlat) {
    Series p_mw;
    compute_sewage({.m3_per_day = {627500.0}, .kwh_per_m3 = {0.35}}, {0, 5}, p_mw);
    for (std::size_t t = 0; t < 5; ++t) {
        EXPECT_NEAR(p_mw(0, t) * 24.0, 627.5 * 0.35, 1e-9);
    }
}

TEST(Potlines, RetrofitSavesWhatThePaperSays) {
    // 100 kt/y, −333 kWh/t: 33.3 GWh a year.
    const Potlines lines{.production_t_per_year = {100000.0, 100000.0},
                         .dc_kwh_per_t = {13300.0, 12967.0},
                         .rectifier_efficiency = {1.0, 1.0},
                         .auxiliary_share = {0.0, 0.0},
                         .modulation_share = {0.1, 0.1}};
    Series p_mw;
    compute_potlines(lines, {0, 1}, p_mw);
    EXPECT_NEAR(p_mw(0, 0), 151.83, 0.005);
    EXPECT_NEAR((p_mw(0, 0) - p_mw(1, 0)) * 8.760, 33.3, 1e-9);
}

TEST(DataCenter, PueOfThePlateauModel) {
    const double ups = 1.0 / 1.055;
    EXPECT_NEAR(data_center_pue(0.0, 8.0, ups, 0.805, 1.0), 1.268, 5e-4);
    EXPECT_NEAR(data_center_pue(0.8, 8.0, ups, 0.805, 1.0), 1.154, 5e-4);
    EXPECT_NEAR(data_center_pue(1.0, 8.0, ups, 0.805, 1.0), 1.125, 5e-4);
    EXPECT_NEAR(data_center_pue(0.0, 8.0, ups, 1.0, 1.0), 1.0 + 0.125 + 0.075,
                1e-12); // sea level
    EXPECT_LT(data_center_pue(0.0, 8.0, ups, 0.805, 0.0), 1.268);
}

TEST(DataCenter, PowerIsItTimesPueAndPeaksWhenToldTo) {
    const DataCenters centers{.racks = {2000.0},
                              .pflops = {3000.0},
                              .it_mw = {20.0},
                              .idle_share = {0.3},
                              .utilisation_mean = {0.6},
                              .utilisation_swing = {0.1},
                              .peak_hour = {16.0},
                              .ups_efficiency = {0.95},
                              .liquid_share = {0.5},
                              .free_cooling_c = {18.0},
                              .chiller_cop = {8.0},
                              .microgrid = {""}};
    WeatherYear w;
    for (int t = 0; t < 24; ++t) {
        w.ghi_w_per_m2.push_back(0);
        w.temperature_c.push_back(t == 15 ? 25.0 : 10.0);
        w.relative_humidity.push_back(0.4);
        w.pressure_pa.push_back(77000.0);
    }
    const TimeAxis axis{beijing_midnight(2025y / June / 1), minutes{60}, 24};
    DataCenterHours hours;
    compute_data_centers(centers, first_site, std::array{w}, axis, {0, 24}, hours);
    double mean_it = 0;
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_DOUBLE_EQ(hours.p_mw(0, t), hours.it_mw(0, t) * hours.pue(0, t));
        EXPECT_LE(hours.it_mw(0, t), hours.it_mw(0, 15) + 1e-9);
        mean_it += hours.it_mw(0, t) / 24.0;
    }
    EXPECT_NEAR(mean_it, 20.0 * (0.3 + 0.7 * 0.6), 1e-9);
    EXPECT_GT(hours.pue(0, 15), hours.pue(0, 14)); // too warm for free cooling
}

TEST(Loads, EmptyFleetsGiveEmptySeries) {
    const TimeAxis axis = year_axis(2025);
    Series p_mw;
    compute_profile_loads({}, {}, axis, {0, 24}, 1, p_mw);
    EXPECT_EQ(p_mw.n_element(), 0U);
    compute_heating_loads({}, {}, {}, axis, {0, 24}, p_mw);
    EXPECT_EQ(p_mw.n_element(), 0U);
    DataCenterHours hours;
    compute_data_centers({}, {}, {}, axis, {0, 24}, hours);
    EXPECT_EQ(hours.p_mw.n_element(), 0U);
}

} // namespace
} // namespace yuanwang::models
