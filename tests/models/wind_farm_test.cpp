#include "models/source/wind_farm.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "models/source/wake.hpp"
#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

WeatherYear windy(std::vector<double> speed, std::vector<double> air_c = {}) {
    WeatherYear w;
    const std::size_t n = speed.size();
    w.ghi_w_per_m2.assign(n, 0.0);
    w.temperature_c = air_c.empty() ? std::vector<double>(n, 15.0) : std::move(air_c);
    w.relative_humidity.assign(n, 0.0);
    w.pressure_pa.assign(n, sea_level_pressure_pa);
    w.wind_speed_m_per_s = std::move(speed);
    add_air(w);
    return w;
}

WindFarms farm_at_10_m() {
    return {.p_rated_mw = {100},
            .power_curve = {"nrel_4mw_150"},
            .hub_height_m = {10},
            .shear_exponent = {0},
            .speed_factor = {1},
            .farm_efficiency = {1},
            .availability = {1},
            .cold_cut_out_c = {-20}};
}

Series run(const WindFarms& farms, const WeatherYear& w) {
    Series p_mw;
    compute_wind_power(farms, std::array{SiteIdx{0}}, std::array{w}, {0, w.size()}, p_mw);
    return p_mw;
}

// Jensen 1983: a third of the speed taken (a = 1/3, Ct = 8/9) leaves 1 − 2/3 (r/(r + k x))².
TEST(Wake, DeficitIsJensens) {
    for (const double x : {100.0, 500.0, 2000.0}) {
        const double spread = 75.0 / (75.0 + 0.075 * x);
        EXPECT_NEAR(jensen_deficit(8.0 / 9.0, 150, 0.075, x), 2.0 / 3.0 * spread * spread, 1e-12);
    }
    EXPECT_EQ(jensen_deficit(0.8, 150, 0.075, -10), 0.0);
}

TEST(Wake, ThrustFollowsMomentumTheory) {
    EXPECT_NEAR(thrust_of_power(16.0 / 27.0), 8.0 / 9.0, 1e-6); // Betz
    const double a = 0.2;
    EXPECT_NEAR(thrust_of_power(4 * a * (1 - a) * (1 - a)), 4 * a * (1 - a), 1e-9);
    EXPECT_NEAR(thrust_of_power(0), 0, 1e-12);
}

// Two turbines in line with the wind: the table of one direction is the hand calculation.
TEST(Wake, TwoInLineAreTheHandCalculation) {
    const PowerCurve& curve = *find_power_curve("nrel_4mw_150");
    WindLayout layout{{0, 0}, {0, -750}, 150, 4, 0.075, {}};
    layout.rose.assign(72, 0.0);
    layout.rose[0] = 1; // from north: the second stands behind the first
    const WakeTable table{layout, curve};
    const double cp = curve.at(8) * 4e6 / (0.5 * 1.225 * std::numbers::pi * 75 * 75 * 512);
    const double deficit = jensen_deficit(thrust_of_power(cp), 150, 0.075, 750);
    EXPECT_NEAR(table.at(8), (curve.at(8) + curve.at(8 * (1 - deficit))) / (2 * curve.at(8)), 1e-9);
    layout.rose.assign(72, 0.0);
    layout.rose[18] = 1; // from east: side by side
    EXPECT_NEAR((WakeTable{layout, curve}.at(8)), 1.0, 1e-12);
    // by direction: the same table, whatever the rose
    EXPECT_DOUBLE_EQ(table.at(8, 0), table.at(8));
    EXPECT_DOUBLE_EQ(table.at(8, 360), table.at(8));
    EXPECT_NEAR(table.at(8, 90), 1.0, 1e-12);
    EXPECT_NEAR(table.at(8, 180), table.at(8, 0), 1e-12); // the first behind the second
}

TEST(Wake, AGridLosesMostBelowTheRatingAndNothingInAGale) {
    WindLayout layout;
    for (int i = 0; i < 5; ++i) {
        for (int j = 0; j < 5; ++j) {
            layout.east_m.push_back(i * 5 * 150.0);
            layout.north_m.push_back(j * 7 * 150.0);
        }
    }
    const WakeTable table{layout, *find_power_curve("nrel_4mw_150")};
    EXPECT_GT(table.at(7), 0.75);
    EXPECT_LT(table.at(7), 0.97);
    EXPECT_GT(table.at(20), 0.999);
    for (double v = 0; v <= 45; v += 0.5) {
        EXPECT_LE(table.at(v), 1.0 + 1e-12);
    }
    WindFarms farms = farm_at_10_m();
    const double alone = run(farms, windy({7}))(0, 0);
    farms.layout = {layout};
    EXPECT_NEAR(run(farms, windy({7}))(0, 0), alone * table.at(7), 1e-6 * alone);
}

// Jensen 1983, Nibe: a rotor of 40 m at Ct 8/9 and k 0.1 leaves 4.35 m/s of 8.1 at 40 m and 5.7 at 100 m (values of
// PyWake, tests/test_deficit_models/test_noj.py).
TEST(Wake, NibeIsThePublishedOne) {
    EXPECT_NEAR(8.1 * (1 - jensen_deficit(8.0 / 9.0, 40, 0.1, 40)), 4.35, 1e-12);
    EXPECT_NEAR(8.1 * (1 - jensen_deficit(8.0 / 9.0, 40, 0.1, 100)), 5.7, 1e-12);
}

// The direction of the hour decides where the site knows it and the layout has no rose.
TEST(Wake, FollowsTheDirectionOfTheHour) {
    WindFarms farms = farm_at_10_m();
    farms.layout = {{{0, 0}, {0, -750}, 150, 4, 0.075, {}}};
    WeatherYear w = windy({8, 8, 8, 8});
    const double all_alike = run(farms, w)(0, 0);
    w.wind_from_degree = {0, 90, 180, 2.5};
    const Series p = run(farms, w);
    const WakeTable table{farms.layout[0], *find_power_curve("nrel_4mw_150")};
    const double v_eq = density_equivalent_speed(8, w.air_density_kg_per_m3[0]);
    EXPECT_NEAR(p(0, 0) / p(0, 1), table.at(v_eq, 0), 1e-12);
    EXPECT_NEAR(p(0, 2), p(0, 0), 1e-9);
    EXPECT_GT(p(0, 3), p(0, 0));
    EXPECT_GT(all_alike, p(0, 0));
    farms.layout[0].rose.assign(4, 1.0); // a rose of its own stands for every hour
    EXPECT_NEAR(run(farms, w)(0, 0), run(farms, w)(0, 1), 1e-12);
}

// Hours that come from each direction as often as the rose says lose what the rose says.
TEST(Wake, HoursByTheRoseLoseWhatTheRoseLoses) {
    WindFarms farms = farm_at_10_m();
    farms.layout = {{{0, 100, 0, -300}, {0, -500, -1000, -1400}, 150, 4, 0.075, {}}};
    const std::vector<double> rose = {3, 1, 0.5, 1, 2, 1, 0.5, 1};
    std::vector<double> from;
    for (std::size_t d = 0; d < 72; ++d) { // as often as its sector asks for
        const auto sector = static_cast<std::size_t>((static_cast<double>(d) / 72 * 8) + 0.5) % 8;
        from.insert(from.end(), static_cast<std::size_t>(2 * rose[sector]),
                    static_cast<double>(d) * 5);
    }
    WeatherYear w = windy(std::vector<double>(from.size(), 7.0));
    w.wind_from_degree = from;
    const Series by_hour = run(farms, w);
    double mean = 0;
    for (const double p_mw : by_hour.values()) {
        mean += p_mw / static_cast<double>(from.size());
    }
    farms.layout[0].rose = rose;
    EXPECT_NEAR(run(farms, w)(0, 0), mean, 1e-9 * mean);
}

TEST(WindFarm, AfterAStormItWaitsForTheWindToDrop) {
    const Series p = run(farm_at_10_m(), windy({20, 26, 23, 22.5, 21.5, 23, 26}));
    EXPECT_GT(p(0, 0), 99);
    EXPECT_EQ(p(0, 1), 0.0);
    EXPECT_EQ(p(0, 2), 0.0); // below the cut-out of 24.75 m/s, not yet below 21.75
    EXPECT_EQ(p(0, 3), 0.0);
    EXPECT_GT(p(0, 4), 99);
    EXPECT_GT(p(0, 5), 99);
    EXPECT_EQ(p(0, 6), 0.0);
}

TEST(WindFarm, AfterTheColdItWaitsForTwoKelvin) {
    const Series p = run(farm_at_10_m(), windy({12, 12, 12, 12}, {-19, -21, -19, -17.5}));
    EXPECT_GT(p(0, 0), 99);
    EXPECT_EQ(p(0, 1), 0.0);
    EXPECT_EQ(p(0, 2), 0.0);
    EXPECT_GT(p(0, 3), 99);
}

TEST(WindFarm, StateCarriesAStormFromBlockToBlock) {
    const WindFarms farms = farm_at_10_m();
    const WeatherYear w = windy({26, 23, 20});
    WindState state = make_wind_state(farms);
    Series first;
    Series second;
    compute_wind_power(farms, std::array{SiteIdx{0}}, std::array{w}, {0, 1}, 1.0, state, first);
    compute_wind_power(farms, std::array{SiteIdx{0}}, std::array{w}, {1, 2}, 1.0, state, second);
    EXPECT_EQ(second(0, 0), 0.0);
    EXPECT_GT(second(0, 1), 99);
}

TEST(WindFarm, TurbinesUnderRepairComeToTheirAvailability) {
    WindFarms farms = farm_at_10_m();
    farms.availability = {0.9};
    farms.turbines = {20};
    const Series p = run(farms, windy(std::vector<double>(8760, 12.0)));
    double sum = 0;
    double least = 1e9;
    double changes = 0;
    for (std::size_t t = 0; t < 8760; ++t) {
        sum += p(0, t) / 8760;
        least = std::min(least, p(0, t));
        changes += t > 0 && p(0, t) != p(0, t - 1) ? 1 : 0;
    }
    EXPECT_NEAR(sum, 90, 1.0);
    EXPECT_LT(least, 80);
    EXPECT_GT(changes, 100);
    EXPECT_LT(changes, 3000);
    EXPECT_EQ(p.values().size(),
              run(farms, windy(std::vector<double>(8760, 12.0))).values().size());
}

TEST(WindFarm, ACurveOfItsOwnReplacesTheLibrary) {
    WindFarms farms = farm_at_10_m();
    farms.curve_speed_m_per_s = {{3, 10, 20}};
    farms.curve_power = {{0, 1, 1}};
    const Series p = run(farms, windy({6.5, 15, 21}));
    const double v_eq = density_equivalent_speed(6.5, air_density_kg_per_m3(101325, 15, 0));
    EXPECT_NEAR(p(0, 0), 100 * (v_eq - 3) / 7, 1e-9);
    EXPECT_NEAR(p(0, 1), 100, 1e-9);
    EXPECT_EQ(p(0, 2), 0.0);
}

} // namespace
} // namespace yuanwang::models
