#include "engine/accounts/fault_account.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::ShortCircuitMethod;
using engine::Summary;
using namespace std::chrono_literals;
using Complex = std::complex<double>;

constexpr std::chrono::year_month_day day = 2025y / 6 / 21;
constexpr BusIdx city{1};
constexpr BusIdx plant{2};

/// gansu ══2══ city (wind) ──── plant (coal, dearer than the 400 MW that Gansu offers)
Study with_coal(double load_mw) {
    System system = tiny_system();
    add_load(system, "town", city, load_mw);
    add_wind(system, "farm", city, 100);
    add_thermal(system, "coal", plant, 1, 300, 100, 500);
    Study study = tiny_study(system, day, 1);
    study.short_circuit.method = ShortCircuitMethod::iec60909;
    return study;
}

Summary run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress).summary;
}

/// Impedance of the city with the least feeder, by hand, pu; the network's long-line correction of 15 ppm left out.
Complex city_impedance(bool coal_on) {
    const double base_ohm = 330 * 330 / 100.0;
    const double z_q = 100 / (std::numbers::sqrt3 * 330 * 15);
    const double x_q = z_q / std::hypot(1, 0.1);
    const Complex line = 20.0 * Complex{0.05, 0.32} / base_ohm;
    const Complex from_north = Complex{0.1 * x_q, x_q} + line / 2.0;
    if (!coal_on) {
        return from_north;
    }
    // 300 MW at 0.9, x"d 20 %, R_Gf 5 %, unit transformer 14 % with 363 kV, off-circuit taps −5 %
    const double s_mva = 300 / 0.9;
    const double k_so = 330 / 363.0 * 0.95 * 1.1 / (1 + 0.2 * std::sqrt(1 - 0.81));
    const double u_t = 14 * 0.025;
    const Complex plate =
        Complex{0.05 * 0.2 + u_t / 100, 0.2 + std::sqrt(14.0 * 14.0 - u_t * u_t) / 100};
    const Complex unit = k_so * plate * (363.0 * 363.0 / s_mva) / base_ohm;
    return 1.0 / (1.0 / from_north + 1.0 / (unit + line));
}

TEST(FaultAccount, TheRatioOfAStationFollowsTheMachinesThatRun) {
    CollectingSink idle;
    const Summary without = run(with_coal(250), idle);
    CollectingSink busy;
    const Summary with = run(with_coal(650), busy);
    ASSERT_EQ(without.system_strength.size(), 1U);
    EXPECT_NEAR(without.system_strength[0].scr_min, 1 / std::abs(city_impedance(false)), 2e-3);
    EXPECT_NEAR(with.system_strength[0].scr_min, 1 / std::abs(city_impedance(true)), 2e-3);
    EXPECT_NEAR(with.system_strength[0].mrscr_min, with.system_strength[0].scr_min, 1e-9);
    EXPECT_EQ(with.counts.at("commitment_patterns"), 1);
    for (const double ratio : busy.over_time(&BlockResult::source_short_circuit_ratio)) {
        EXPECT_NEAR(ratio, with.system_strength[0].scr_min, 1e-12);
    }
}

TEST(FaultAccount, OnlyWindAndSunHaveARatio) {
    CollectingSink sink;
    run(with_coal(250), sink);
    for (const double ratio : sink.over_time(&BlockResult::source_short_circuit_ratio, 1)) {
        EXPECT_TRUE(std::isnan(ratio)); // coal
    }
}

TEST(FaultAccount, TheLeastCurrentIsThatOfTheMachinesThatRun) {
    CollectingSink sink;
    const Summary summary = run(with_coal(250), sink);
    const auto& level = summary.fault_levels[city.row()];
    const double base_ka = 100 / (std::numbers::sqrt3 * 330);
    EXPECT_EQ(level.bus, "city_330");
    EXPECT_NEAR(level.ik3_min_ka, base_ka / std::abs(city_impedance(false)), 1e-3);
    EXPECT_NEAR(level.ik2_min_ka, level.ik3_min_ka * std::numbers::sqrt3 / 2, 1e-9);
    EXPECT_GT(level.ik3_max_ka, level.ik3_min_ka); // all machines on, c = 1.1, more feeder
    EXPECT_NEAR(level.sk_max_mva, std::numbers::sqrt3 * 330 * level.ik3_max_ka, 1e-6);
}

TEST(FaultAccount, AVariantShowsWhatOpeningALineTakesAway) {
    Study study = with_coal(250);
    study.short_circuit.variants = {{"open", {"Open", "开环"}, {"l_plant"}}};
    CollectingSink sink;
    const Summary summary = run(study, sink);
    ASSERT_EQ(summary.switching_variants.size(), 1U);
    for (const auto& level : summary.fault_levels) {
        ASSERT_EQ(level.variant_ik3_ka.size(), 1U);
        EXPECT_LT(level.variant_ik3_ka[0], level.ik3_max_ka) << level.bus;
    }
    EXPECT_GT(summary.fault_levels[plant.row()].variant_ik3_ka[0], 0); // its own machine remains
}

TEST(FaultAccount, CountsBusesAboveTheirBreakers) {
    Study study = with_coal(250);
    CollectingSink sink;
    const Summary before = run(study, sink);
    EXPECT_FALSE(before.indicators.contains("short_circuit_over_rating_buses"));
    EXPECT_TRUE(std::isnan(before.fault_levels[0].breaker_ka));
    std::vector<double> currents;
    for (const auto& level : before.fault_levels) {
        currents.push_back(level.ib_ka);
    }
    std::ranges::sort(currents);
    study.short_circuit.breakers = {{330, (currents[0] + currents[1]) / 2}};
    EXPECT_EQ(run(study, sink).indicators.at("short_circuit_over_rating_buses"), 2);
}

TEST(FaultAccount, SaysNothingWhereNothingWasAsked) {
    Study study = with_coal(250);
    study.short_circuit.method = ShortCircuitMethod::none;
    CollectingSink sink;
    const Summary summary = run(study, sink);
    EXPECT_TRUE(summary.fault_levels.empty());
    EXPECT_FALSE(summary.indicators.contains("scr_min"));
}

} // namespace
} // namespace yuanwang::test
