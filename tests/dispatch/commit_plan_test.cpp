/// Units of thermal plants committed within a plan: published optima, closed forms, what passes from block to block.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using program::SolveStatus;
using test::Tiny;
using ::testing::Each;
using ::testing::ElementsAre;

constexpr PlanSettings committed{.commitment = true};

PlanOutcome plan(Tiny& tiny, const PlanSettings& settings = committed) {
    if (tiny.state.e_mwh.size() != tiny.table.storages.size()) {
        tiny.state = make_initial_state(tiny.table);
    }
    PlanSettings with_step = settings;
    with_step.dt_h = tiny.input.dt_h;
    const std::vector<const BlockInput*> blocks = {&tiny.input};
    Planner planner{tiny.table, {}, with_step};
    PlanOutcome outcome;
    planner.plan(tiny.table, blocks, {}, tiny.state, tiny.schedule, outcome);
    return outcome;
}

std::vector<double> row(const Series& series, std::size_t k) {
    std::vector<double> values;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        values.push_back(std::round(1e6 * series(k, t)) / 1e6);
    }
    return values;
}

void ask(Tiny& tiny, const std::vector<double>& demand_mw) {
    for (std::size_t t = 0; t < demand_mw.size(); ++t) {
        tiny.input.demand_mw(0, t) = demand_mw[t];
    }
}

/// Coal of 10 GW (least output 30 %, 20/MWh), gas of 1 GW (10 %, 70/MWh).
Tiny coal_and_gas(const std::vector<double>& demand_mw) {
    Tiny tiny{0, demand_mw.size()};
    tiny.add_thermal(1, 10000, 3000, 20);
    tiny.add_thermal(1, 1000, 100, 70);
    ask(tiny, demand_mw);
    return tiny;
}

/// PyPSA test/test_lopf_unit_commitment.py, part load.
TEST(CommitPlan, CoalStopsWhereItsLeastOutputIsTooMuch) {
    Tiny tiny = coal_and_gas({4000, 6000, 5000, 800});
    const PlanOutcome outcome = plan(tiny);
    ASSERT_EQ(outcome.commitment.status, SolveStatus::optimal);
    EXPECT_THAT(row(tiny.schedule.thermal_units_on, 0), ElementsAre(1, 1, 1, 0));
    EXPECT_THAT(row(tiny.schedule.thermal_units_on, 1), ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(row(tiny.schedule.thermal_mw, 1), ElementsAre(0, 0, 0, 800));
    EXPECT_NEAR(outcome.commitment.energy_cost_cny, 15000 * 20 + 800 * 70, 1e-3);
    EXPECT_LT(outcome.commitment.gap_percent(), 0.1);
}

/// PyPSA test/test_lopf_unit_commitment.py, minimum up time.
TEST(CommitPlan, AMinimumUpTimeMakesGasBeginBeforeItIsNeeded) {
    Tiny tiny = coal_and_gas({4000, 800, 5000, 3000});
    tiny.table.thermals.min_up_h = {0, 3};
    const PlanOutcome outcome = plan(tiny);
    ASSERT_EQ(outcome.commitment.status, SolveStatus::optimal);
    EXPECT_THAT(row(tiny.schedule.thermal_mw, 0), ElementsAre(3900, 0, 4900, 3000));
    EXPECT_THAT(row(tiny.schedule.thermal_mw, 1), ElementsAre(100, 800, 100, 0));
}

/// 100 MW by day, a valley of h hours at 60: a tie of 60 MW at 280, a plant that cannot run below 40 MW at 300. Staying on
/// through the valley costs 40 (300 − 280) an hour, coming back one start.
TEST(CommitPlan, AUnitIdlesThroughAValleyAsLongAsThatIsCheaperThanAStart) {
    for (const int hours : {2, 4, 6}) {
        for (const double start_cny : {0.9 * 800 * hours, 1.1 * 800 * hours}) {
            Tiny tiny{100, 24};
            tiny.add_thermal(1, 100, 40, 300);
            tiny.add_tie({.import_mw = 60, .firm_mw = 60, .firm_price = 280});
            tiny.table.thermals.start_cost_cny = {start_cny};
            for (int t = 10; t < 10 + hours; ++t) {
                tiny.input.demand_mw(0, static_cast<std::size_t>(t)) = 60;
            }
            PlanSettings exact = committed;
            exact.commitment_gap = 0;
            const PlanOutcome outcome = plan(tiny, exact);
            ASSERT_EQ(outcome.commitment.status, SolveStatus::optimal);
            const bool stays = start_cny > 800 * hours;
            EXPECT_EQ(tiny.schedule.thermal_units_on(0, 11), stays ? 1 : 0) << start_cny;
            EXPECT_EQ(outcome.commitment.start_cost_cny, stays ? 0 : start_cny);
            const double day_cny = (24 - hours) * (40 * 300 + 60 * 280) + hours * 60 * 280;
            EXPECT_NEAR(outcome.commitment.energy_cost_cny,
                        day_cny + std::min(800.0 * hours, start_cny), 1e-3);
        }
    }
}

/// Idling counts whatever the output: with 1000 CNY an hour on top of 800 the same valley is worth a dearer start.
TEST(CommitPlan, IdleCostIsPaidByRunningUnits) {
    for (const double start_cny : {7000.0, 7400.0}) { // 4 (800 + 1000) = 7200
        Tiny tiny{100, 24};
        tiny.add_thermal(1, 100, 40, 300);
        tiny.add_tie({.import_mw = 60, .firm_mw = 60, .firm_price = 280});
        tiny.table.thermals.start_cost_cny = {start_cny};
        tiny.table.thermals.idle_cost_cny_per_h = {1000};
        for (std::size_t t = 10; t < 14; ++t) {
            tiny.input.demand_mw(0, t) = 60;
        }
        PlanSettings exact = committed;
        exact.commitment_gap = 0;
        ASSERT_EQ(plan(tiny, exact).commitment.status, SolveStatus::optimal);
        EXPECT_EQ(tiny.schedule.thermal_units_on(0, 11), start_cny > 7200 ? 1 : 0);
    }
}

/// Started at 20:00 for the evening, twelve hours at least: it runs until 8:00 of the next block.
TEST(CommitPlan, AMinimumUpTimeReachesOverTheSeamOfBlocks) {
    Tiny tiny{60, 24};
    tiny.add_thermal(1, 100, 25, 300);
    tiny.add_tie({.import_mw = 60, .firm_mw = 60, .firm_price = 280});
    tiny.table.thermals.min_up_h = {12};
    tiny.table.thermals.start_cost_cny = {1000};
    for (std::size_t t = 20; t < 24; ++t) {
        tiny.input.demand_mw(0, t) = 90;
    }
    ASSERT_EQ(plan(tiny).commitment.status, SolveStatus::optimal);
    EXPECT_EQ(tiny.schedule.thermal_units_on(0, 19), 0);
    EXPECT_EQ(tiny.schedule.thermal_units_on(0, 20), 1);
    tiny.input.demand_mw.fill(60);
    const PlanOutcome second = plan(tiny);
    ASSERT_EQ(second.commitment.status, SolveStatus::optimal);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_EQ(tiny.schedule.thermal_units_on(0, t), t < 8 ? 1 : 0) << t;
    }
    EXPECT_EQ(second.commitment.start_cost_cny, 0) << "it was running";
}

/// Stopped at 20:00 where nothing takes its least output, eight hours off at least: the dear tie serves until 4:00.
TEST(CommitPlan, AMinimumDownTimeReachesOverTheSeamOfBlocks) {
    Tiny tiny{90, 24};
    tiny.add_thermal(1, 100, 80, 300);
    tiny.add_tie({.import_mw = 100, .firm_mw = 100, .firm_price = 500});
    tiny.table.thermals.min_down_h = {8};
    for (std::size_t t = 20; t < 24; ++t) {
        tiny.input.demand_mw(0, t) = 50;
    }
    ASSERT_EQ(plan(tiny).commitment.status, SolveStatus::optimal);
    EXPECT_EQ(tiny.schedule.thermal_units_on(0, 19), 1);
    EXPECT_EQ(tiny.schedule.thermal_units_on(0, 20), 0);
    tiny.input.demand_mw.fill(90);
    ASSERT_EQ(plan(tiny).commitment.status, SolveStatus::optimal);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_EQ(tiny.schedule.thermal_units_on(0, t), t < 4 ? 0 : 1) << t;
    }
}

/// The city's minimum is carried by the cheap plant, though heat plants come first without commitment: the next block begins
/// where this one ended, not with heat plants that no ramp could bring up within its first quarter of an hour.
TEST(CommitPlan, TheNextPlanBeginsWithTheUnitsThatRan) {
    Tiny tiny{900, 16};
    tiny.input.dt_h = 0.25;
    tiny.input.steps_per_day = 96;
    tiny.add_thermal(2, 350, 175, 330, true);
    tiny.add_thermal(2, 660, 264, 285);
    tiny.add_tie({.import_mw = 900, .firm_mw = 900, .firm_price = 280});
    tiny.table.thermals.ramp_mw_per_h = {0.9 * 700, 0.9 * 1320};
    tiny.table.thermals.start_cost_cny = {180000, 300000};
    tiny.input.thermal_minimum_mw.assign(16, 700);
    tiny.input.heating_season.assign(16, true);
    for (int block = 0; block < 3; ++block) {
        const PlanOutcome outcome = plan(tiny);
        EXPECT_FALSE(outcome.fell_back) << block;
        ASSERT_EQ(outcome.commitment.status, SolveStatus::optimal) << block;
        EXPECT_THAT(row(tiny.schedule.thermal_mw, 0), Each(0)) << block;
        EXPECT_THAT(row(tiny.schedule.thermal_mw, 1), Each(700)) << block;
    }
}

TEST(CommitPlan, ReserveIsTheRoomOfUnitsThatRun) {
    Tiny tiny{90, 6};
    tiny.add_thermal(2, 100, 10, 300);
    PlanSettings settings = committed;
    settings.reserve_share = 0.3; // 27 MW above 90: more than one unit reaches
    ASSERT_EQ(plan(tiny, settings).commitment.status, SolveStatus::optimal);
    EXPECT_THAT(row(tiny.schedule.thermal_units_on, 0), Each(2));
    settings.reserve_share = 0.1;
    ASSERT_EQ(plan(tiny, settings).commitment.status, SolveStatus::optimal);
    EXPECT_THAT(row(tiny.schedule.thermal_units_on, 0), Each(1));
}

/// Heat asks for the plant, its least time off forbids it: no commitment, which is said; the plan without one stands.
TEST(CommitPlan, WhereNoCommitmentKeepsItsTimesThePlanWithoutStandsAndSaysSo) {
    Tiny tiny{60, 6};
    tiny.add_thermal(1, 100, 20, 300);
    tiny.add_tie({.import_mw = 60, .firm_mw = 60, .firm_price = 280});
    tiny.table.thermals.min_down_h = {4};
    tiny.input.thermal_min_mw = Series(1, 6, 30);
    tiny.input.thermal_max_mw = Series(1, 6, 100);
    tiny.state = make_initial_state(tiny.table);
    tiny.state.thermal_mw = {0};
    tiny.state.units_before = Series(1, 4, 0);
    tiny.state.units_before(0, 0) = tiny.state.units_before(0, 1) = 1; // off for two hours
    const PlanOutcome outcome = plan(tiny);
    EXPECT_EQ(outcome.status, SolveStatus::optimal);
    EXPECT_TRUE(outcome.commitment.asked);
    EXPECT_EQ(outcome.commitment.status, SolveStatus::infeasible);
    EXPECT_THAT(row(tiny.schedule.thermal_mw, 0), Each(30));
}

double count_starts(const Series& units, std::size_t k, double before) {
    double starts = 0;
    for (std::size_t t = 0; t < units.n_step(); ++t) {
        starts += std::max(0.0, units(k, t) - before);
        before = units(k, t);
    }
    return starts;
}

/// A tie, wind, water and two plants of a few units; fifteen-minute steps in which a unit cannot ramp to its least output.
Tiny random_city(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::uniform_real_distribution<double> share(0, 1);
    Tiny tiny{100, 48};
    tiny.input.dt_h = 0.25;
    tiny.input.steps_per_day = 96;
    tiny.add_wind(0);
    tiny.add_hydro(12 * 10 + 40, 10, 40);
    tiny.add_thermal(2, 40, 12 + 8 * share(random), 290 + 40 * share(random));
    tiny.add_thermal(1, 60, 25, 310 + 40 * share(random));
    tiny.add_tie({.import_mw = 60, .firm_mw = 40, .firm_price = 280 + 60 * share(random)});
    tiny.add_battery(10, 20);
    Thermals& th = tiny.table.thermals;
    th.start_cost_cny = {8000 * share(random), 9000 * share(random)};
    th.idle_cost_cny_per_h = {300 * share(random), 0};
    th.min_up_h = {2 * share(random), 3};
    th.min_down_h = {1, 2 * share(random)};
    th.ramp_mw_per_h = {60, std::numeric_limits<double>::infinity()};
    const double windy = share(random);
    for (std::size_t t = 0; t < 48; ++t) {
        const double hour = static_cast<double>(t) / 4;
        tiny.input.demand_mw(0, t) = 90 + 40 * std::sin(hour / 2) + 10 * share(random);
        tiny.input.variable_mw(0, t) = 70 * windy * share(random);
    }
    return tiny;
}

TEST(CommitPlanProperties, UnitsKeepBandsTimesAndRampsFromBlockToBlock) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Tiny tiny = random_city(seed);
        const Thermals& th = tiny.table.thermals;
        std::vector<std::vector<double>> units(2);
        std::vector<std::vector<double>> p_mw(2);
        for (int block = 0; block < 3; ++block) {
            const PlanOutcome outcome = plan(tiny);
            ASSERT_EQ(outcome.status, SolveStatus::optimal) << seed;
            ASSERT_EQ(outcome.commitment.status, SolveStatus::optimal) << seed << " " << block;
            EXPECT_LE(outcome.commitment.gap_percent(), 3) << seed;
            for (std::size_t t = 0; t < 48; ++t) {
                EXPECT_NEAR(tiny.imbalance_mw(0, t), 0, 1e-9);
                for (std::size_t k = 0; k < 2; ++k) {
                    const double on = tiny.schedule.thermal_units_on(k, t);
                    EXPECT_GE(tiny.schedule.thermal_mw(k, t), on * th.unit_p_min_mw[k] - 1e-5);
                    EXPECT_LE(tiny.schedule.thermal_mw(k, t), on * th.unit_p_max_mw[k] + 1e-5);
                    units[k].push_back(on);
                    p_mw[k].push_back(tiny.schedule.thermal_mw(k, t));
                }
            }
            std::ranges::rotate(tiny.input.demand_mw.values(),
                                tiny.input.demand_mw.values().begin() + 7);
        }
        const double unit_ramp_mw = 60 * 0.25 / 2;
        for (std::size_t t = 1; t < units[0].size(); ++t) {
            const double started = std::max(0.0, units[0][t] - units[0][t - 1]);
            const double stopped = std::max(0.0, units[0][t - 1] - units[0][t]);
            const double start_mw = std::max(unit_ramp_mw, th.unit_p_min_mw[0]);
            EXPECT_LE(p_mw[0][t] - p_mw[0][t - 1],
                      unit_ramp_mw * units[0][t - 1] + start_mw * started + 1e-4)
                << seed << " " << t;
            EXPECT_LE(p_mw[0][t - 1] - p_mw[0][t],
                      unit_ramp_mw * units[0][t] + start_mw * stopped + 1e-4)
                << seed << " " << t;
        }
        // Equal units take turns: whoever started within the least time on still runs, whoever stopped still rests.
        for (std::size_t k = 0; k < 2; ++k) {
            for (std::size_t t = 1; t < units[k].size(); ++t) {
                double started = 0;
                double stopped = 0;
                for (std::size_t back = 0; back < t; ++back) {
                    const double hours = 0.25 * static_cast<double>(back);
                    const double change = units[k][t - back] - units[k][t - back - 1];
                    started += hours < th.min_up_h[k] - 1e-9 ? std::max(0.0, change) : 0.0;
                    stopped += hours < th.min_down_h[k] - 1e-9 ? std::max(0.0, -change) : 0.0;
                }
                EXPECT_LE(started, units[k][t]) << seed << " plant " << k << " step " << t;
                EXPECT_LE(stopped, th.units[k] - units[k][t])
                    << seed << " plant " << k << " step " << t;
            }
        }
    }
}

/// The plan with bands, its starts counted, is a commitment among others where no times are asked for.
TEST(CommitPlanProperties, NoPlanWithoutCommitmentIsCheaperThanTheGapStated) {
    for (std::uint64_t seed = 20; seed < 32; ++seed) {
        Tiny with = random_city(seed);
        for (auto* times : {&with.table.thermals.min_up_h, &with.table.thermals.min_down_h}) {
            times->assign(2, 0);
        }
        with.table.thermals.ramp_mw_per_h.assign(2, std::numeric_limits<double>::infinity());
        Tiny without = with;
        const PlanOutcome outcome = plan(with);
        const PlanOutcome plain = plan(without, PlanSettings{});
        ASSERT_EQ(outcome.commitment.status, SolveStatus::optimal) << seed;
        double plain_cny = plain.objective;
        double with_cny = outcome.objective;
        const Thermals& th = with.table.thermals;
        const auto add_units = [&](const Tiny& tiny, double& cny) {
            for (std::size_t k = 0; k < 2; ++k) {
                // both start from what the plain plan runs first
                const double before = without.schedule.thermal_units_on(k, 0);
                cny +=
                    th.start_cost_cny[k] * count_starts(tiny.schedule.thermal_units_on, k, before);
                cny += 0.25 * th.idle_cost_cny_per_h[k] *
                       Tiny::sum(row(tiny.schedule.thermal_units_on, k));
            }
        };
        add_units(without, plain_cny);
        add_units(with, with_cny);
        EXPECT_GE(plain_cny, with_cny - outcome.commitment.gap_cny - 1e-3) << seed;
        EXPECT_LE(with_cny, plain_cny + 1e-3 * outcome.commitment.energy_cost_cny) << seed;
    }
}

TEST(CommitPlanProperties, TwoRunsGiveTheSameBytes) {
    const auto run = [] {
        Tiny tiny = random_city(3);
        plan(tiny);
        const auto values = tiny.schedule.thermal_mw.values();
        return std::vector<double>(values.begin(), values.end());
    };
    EXPECT_EQ(run(), run());
}

} // namespace
} // namespace yuanwang::dispatch
