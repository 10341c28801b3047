/// Limits of single units: ramps between starts and stops, units that run whatever is called, load that may be reduced.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/tiny_table.hpp"
#include "dispatch/unit_limits.hpp"

namespace yuanwang::dispatch {
namespace {

using program::SolveStatus;
using test::Tiny;
using ::testing::Each;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double tight = 1e-5;

/// Plans the block of `tiny`, and as many more as `ahead`.
PlanOutcome plan(Tiny& tiny, std::size_t ahead = 0) {
    if (tiny.state.e_mwh.size() != tiny.table.storages.size()) {
        tiny.state = make_initial_state(tiny.table);
    }
    Planner planner{tiny.table, {}, {.dt_h = tiny.input.dt_h}};
    const std::vector<const BlockInput*> blocks(1 + ahead, &tiny.input);
    PlanOutcome outcome;
    planner.plan(tiny.table, blocks, {}, tiny.state, tiny.schedule, outcome);
    return outcome;
}

std::vector<double> row(const Series& series, std::size_t k) {
    std::vector<double> values;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        values.push_back(std::round(1e5 * series(k, t)) / 1e5);
    }
    return values;
}

/// Coal of 100 MW, least output 50, 6 MW/h, at 200; a unit without limits at 500. 40 MW by night, 90 by day.
Tiny slow_coal(double dt_h) {
    const auto n_step = static_cast<std::size_t>(std::lround(24 / dt_h));
    Tiny tiny{40, n_step};
    tiny.input.dt_h = dt_h;
    tiny.input.steps_per_day = n_step;
    for (std::size_t t = n_step / 4; t < n_step - n_step / 12; ++t) {
        tiny.input.demand_mw(0, t) = 90;
    }
    tiny.add_thermal(1, 100, 50, 200);
    tiny.add_thermal(1, 200, 0, 500);
    tiny.table.thermals.ramp_mw_per_h = {6, infinity};
    return tiny;
}

/// Steps of one unit: within its ramp while it runs, within its least output where it starts or stops.
void expect_ramps(const std::vector<double>& p_mw, double ramp_mw, double start_mw) {
    for (std::size_t t = 1; t < p_mw.size(); ++t) {
        const bool both = p_mw[t] > tight && p_mw[t - 1] > tight;
        const double most_mw = both ? ramp_mw : start_mw;
        EXPECT_LE(std::abs(p_mw[t] - p_mw[t - 1]), most_mw + 1e-4)
            << t << ": " << p_mw[t - 1] << " to " << p_mw[t];
    }
}

TEST(UnitLimits, AUnitWhoseLeastOutputIsAboveItsRampKeepsTheRampWhileItRuns) {
    for (const double dt_h : {1.0, 0.5, 0.25}) {
        Tiny tiny = slow_coal(dt_h);
        std::vector<double> p_mw;
        for (int day = 0; day < 3; ++day) {
            ASSERT_EQ(plan(tiny, 1).status, SolveStatus::optimal);
            const std::vector<double> today = row(tiny.schedule.thermal_mw, 0);
            p_mw.insert(p_mw.end(), today.begin(), today.end());
            for (std::size_t t = 0; t < tiny.input.n_step; ++t) {
                EXPECT_NEAR(tiny.imbalance_mw(0, t), 0, 1e-6);
            }
        }
        expect_ramps(p_mw, 6 * dt_h, 50);
        EXPECT_GT(std::ranges::max(p_mw), 50 + tight);
    }
}

TEST(UnitLimits, ByRulesAUnitRisesFromItsLeastOutputByItsRamp) {
    for (const double dt_h : {1.0, 0.5, 0.25}) {
        Tiny tiny = slow_coal(dt_h);
        tiny.run();
        const std::size_t first = tiny.input.n_step / 4;
        for (std::size_t t = first; t < first + 6; ++t) {
            EXPECT_NEAR(tiny.schedule.thermal_mw(0, t),
                        50 + 6 * dt_h * static_cast<double>(t - first), 1e-9);
        }
    }
}

/// 16 h of 90 MW: the unit starts at 50, rises by 6 MW/h and is back at 50 in its last hour. Full at 90 from the eighth hour
/// on: 50, 56, …, 86, 90, 90, 86, …, 50; the two hours at 90 are what 16 − 14 leaves.
TEST(UnitLimits, ThePlanOfADayIsTheTrapezoidOfTheRamp) {
    Tiny tiny = slow_coal(1);
    ASSERT_EQ(plan(tiny).status, SolveStatus::optimal);
    double energy_mwh = 0;
    for (const double p_mw : row(tiny.schedule.thermal_mw, 0)) {
        energy_mwh += p_mw;
    }
    const double slopes_mwh = 2 * (50 + 56 + 62 + 68 + 74 + 80 + 86);
    EXPECT_NEAR(energy_mwh, slopes_mwh + 2 * 90, 1e-3);
}

TEST(UnitLimits, DeclaredLimitsHoldWhereAUnitStartsAndStops) {
    Tiny tiny = slow_coal(1);
    tiny.table.thermals.start_up_limit_mw = {70, 0};
    tiny.table.thermals.shut_down_limit_mw = {62, 0};
    ASSERT_EQ(plan(tiny).status, SolveStatus::optimal);
    const std::vector<double> p_mw = row(tiny.schedule.thermal_mw, 0);
    EXPECT_NEAR(p_mw[6], 70, 1e-4);
    EXPECT_NEAR(p_mw[7], 76, 1e-4);
    EXPECT_NEAR(p_mw[21], 62, 1e-4);
    EXPECT_NEAR(p_mw[22], 0, 1e-4);
}

/// A unit from −30 to −30 MW draws 30 whatever the method, and is served like load.
TEST(UnitLimits, AUnitThatAlwaysDrawsKeepsItsSign) {
    for (const bool by_rules : {true, false}) {
        Tiny tiny{20, 4};
        tiny.add_thermal(1, 100, 0, 100);
        tiny.add_thermal(1, -30, -30, 0);
        tiny.table.thermals.least_units = {1, 1};
        tiny.table.thermals.counts_as_thermal = {false, false};
        by_rules ? static_cast<void>(tiny.run()) : static_cast<void>(plan(tiny));
        EXPECT_THAT(row(tiny.schedule.thermal_mw, 0), Each(50)) << by_rules;
        EXPECT_THAT(row(tiny.schedule.thermal_mw, 1), Each(-30)) << by_rules;
        EXPECT_THAT(row(tiny.schedule.thermal_units_on, 1), Each(1)) << by_rules;
    }
}

/// Load worth 250 CNY/MWh draws while energy costs 200, and is reduced before energy of 300 is called.
TEST(UnitLimits, LoadThatMayBeReducedIsAnOfferAtItsPrice) {
    for (const bool by_rules : {true, false}) {
        for (const double price : {200.0, 300.0}) {
            Tiny tiny{20, 4};
            tiny.add_thermal(1, 100, 0, price);
            tiny.add_thermal(1, 0, -30, 250);
            tiny.table.thermals.least_units = {1, 1};
            tiny.table.thermals.counts_as_thermal = {false, false};
            by_rules ? static_cast<void>(tiny.run()) : static_cast<void>(plan(tiny));
            EXPECT_THAT(row(tiny.schedule.thermal_mw, 1), Each(price < 250 ? -30 : 0)) << by_rules;
            EXPECT_THAT(row(tiny.schedule.thermal_mw, 0), Each(price < 250 ? 50 : 20)) << by_rules;
        }
    }
}

/// Wind would serve all of the load; the unit that holds the island runs at its least output where the load takes that.
TEST(UnitLimits, TheUnitThatHoldsAnIslandRunsWhateverIsCalled) {
    for (const bool by_rules : {true, false}) {
        Tiny tiny{20, 3};
        tiny.input.demand_mw(0, 2) = 5; // less than the least output
        tiny.add_wind(60);
        tiny.add_thermal(2, 50, 10, 300);
        tiny.table.thermals.least_units = {1};
        by_rules ? static_cast<void>(tiny.run()) : static_cast<void>(plan(tiny));
        EXPECT_THAT(row(tiny.schedule.thermal_mw, 0), ::testing::ElementsAre(10, 10, 0));
        EXPECT_THAT(row(tiny.schedule.thermal_units_on, 0), ::testing::ElementsAre(1, 1, 0));
        EXPECT_THAT(row(tiny.schedule.variable_mw, 0), ::testing::ElementsAre(10, 10, 5));
    }
}

/// Paid 100 CNY for every MWh drawn, room for 100 MWh, 10 MW both ways, η 0.9: with C drawn and D given in 48 h, full at the end,
/// D = 0.9 (0.9 C − 100) and C − D = 0.19 C + 90. n hours of charging: C ≤ 10 n and D ≤ 10 (48 − n), so C = 310 at n = 31 and the
/// most is 148.9 MWh.
TEST(UnitLimits, AStorageThatIsPaidToDrawNeverDoesBothAtOnce) {
    Tiny tiny{20, 48};
    tiny.add_thermal(1, 60, 0, -100);
    tiny.add_battery(10, 100, 0);
    models::Batteries& b = tiny.table.storages.batteries;
    b.soc_min = {0};
    b.soc_max = {1};
    b.eta_charge = b.eta_discharge = {0.9};
    b.self_discharge_per_h = {0};
    ASSERT_EQ(plan(tiny).status, SolveStatus::optimal);
    double drawn_mwh = 0;
    double e_mwh = 0;
    for (std::size_t t = 0; t < 48; ++t) {
        const double p_mw = tiny.schedule.storage_mw(0, t);
        drawn_mwh -= p_mw;
        e_mwh += p_mw < 0 ? -0.9 * p_mw : -p_mw / 0.9;
        EXPECT_NEAR(tiny.schedule.storage_e_mwh(0, t), e_mwh, 1e-4) << t;
    }
    EXPECT_NEAR(drawn_mwh, 148.9, 1e-4);
}

} // namespace
} // namespace yuanwang::dispatch
