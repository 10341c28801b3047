/// Unit commitment against published optima, cases solved on paper, and every commitment of small fleets tried one by one.
#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/program/clp_engine.hpp"
#include "dispatch/program/unit_commitment.hpp"
#include "dispatch/program/unit_runs.hpp"
#include "tiny_program.hpp"

namespace yuanwang::dispatch::program {
namespace {

using ::testing::ElementsAre;

/// Coal 10 GW (least output 30 %, 20/MWh) and gas 1 GW (10 %, 70/MWh) on one bus.
struct CoalAndGas {
    System system;
    UnitGroups groups{.generator = {0, 1},
                      .units = {1, 1},
                      .unit_p_min_mw = {3000, 100},
                      .unit_p_max_mw = {10000, 1000},
                      .start_cost = {0, 0},
                      .idle_cost = {0, 0},
                      .min_up_steps = {1, 1},
                      .min_down_steps = {1, 1}};
    UnitCounts before{2, 1};

    CoalAndGas() { system.generators.bus = {0, 0}; }

    [[nodiscard]] Block block(const std::vector<double>& load_mw) const {
        Block block = make_empty_block(system, load_mw.size());
        for (std::size_t t = 0; t < load_mw.size(); ++t) {
            block.demand_mw(0, t) = load_mw[t];
            block.p_max_mw(0, t) = 10000;
            block.p_max_mw(1, t) = 1000;
            block.price_per_mwh(0, t) = 20;
            block.price_per_mwh(1, t) = 70;
        }
        return block;
    }
    [[nodiscard]] Commitment solve(const std::vector<double>& load_mw,
                                   const CommitmentOptions& options = {}) const {
        ClpEngine engine{system};
        return commit(system, {}, block(load_mw), groups, before, engine, options);
    }
};

std::vector<int> counts(const Commitment& answer, std::size_t group) {
    std::vector<int> row;
    for (std::size_t t = 0; t < answer.on.n_step(); ++t) {
        row.push_back(answer.on(group, t));
    }
    return row;
}

std::vector<double> output(const Commitment& answer, std::size_t k) {
    std::vector<double> row;
    for (std::size_t t = 0; t < answer.on.n_step(); ++t) {
        row.push_back(answer.schedule.generation_mw(k, t));
    }
    return row;
}

/// PyPSA test/test_lopf_unit_commitment.py, part load.
TEST(UnitCommitment, CoalStopsWhereItsLeastOutputIsTooMuch) {
    CoalAndGas fleet;
    fleet.before.fill(1);
    const Commitment answer = fleet.solve({4000, 6000, 5000, 800});
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_THAT(counts(answer, 0), ElementsAre(1, 1, 1, 0));
    EXPECT_THAT(counts(answer, 1), ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(output(answer, 0), ElementsAre(4000, 6000, 5000, 0));
    EXPECT_THAT(output(answer, 1), ElementsAre(0, 0, 0, 800));
    EXPECT_DOUBLE_EQ(answer.cost, 15000 * 20 + 800 * 70);
    EXPECT_LT(answer.gap(), 2e-6);
}

/// PyPSA test/test_lopf_unit_commitment.py, minimum up time: gas has to run three hours, so it begins before it is needed.
TEST(UnitCommitment, AMinimumUpTimeMakesGasRunThreeHours) {
    CoalAndGas fleet;
    fleet.groups.min_up_steps[1] = 3;
    fleet.before.fill(0);
    const Commitment answer = fleet.solve({4000, 800, 5000, 3000});
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_THAT(counts(answer, 0), ElementsAre(1, 0, 1, 1));
    EXPECT_THAT(output(answer, 1), ElementsAre(100, 800, 100, 0));
    EXPECT_THAT(output(answer, 0), ElementsAre(3900, 0, 4900, 3000));
    EXPECT_LT(answer.gap(), 2e-6);
}

/// Coal has stopped an hour ago and has to rest two more; gas alone reaches 1000.
TEST(UnitCommitment, AMinimumDownTimeFromBeforeTheBlockCounts) {
    CoalAndGas fleet;
    fleet.groups.min_down_steps[0] = 3;
    fleet.system.sheds = {.bus = {0}, .p_max_mw = {20000}, .price_per_mwh = {3000}};
    fleet.before = UnitCounts(2, 2);
    fleet.before(0, 0) = 1; // ran, then stopped
    const Commitment answer = fleet.solve({4000, 4000, 4000});
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_THAT(counts(answer, 0), ElementsAre(0, 0, 1));
    EXPECT_NEAR(answer.schedule.shed_mw(0, 0), 3000, 1e-6);
    EXPECT_NEAR(answer.schedule.shed_mw(0, 1), 3000, 1e-6);
}

/// Stopping coal for one hour saves 3000 MW · 50 of gas over … nothing; a start of 1e6 is dearer than gas for the valley.
TEST(UnitCommitment, StartsAreWeighedAgainstIdling) {
    CoalAndGas fleet;
    fleet.groups.idle_cost[0] = 1000;
    fleet.before.fill(0);
    fleet.before(0, 0) = 1;
    // 500 MW can be served by gas only; 5000 by coal only. Dumping is not allowed, so coal stops, whatever a start costs.
    fleet.groups.start_cost[0] = 1e6;
    const Commitment forced = fleet.solve({5000, 500, 5000});
    ASSERT_EQ(forced.status, SolveStatus::optimal);
    EXPECT_THAT(counts(forced, 0), ElementsAre(1, 0, 1));
    EXPECT_DOUBLE_EQ(forced.cost, 10000 * 20 + 500 * 70 + 1e6 + 2 * 1000);
    // With a valley both could serve it is the start that keeps coal on through it, and gas off.
    fleet.groups.unit_p_min_mw[0] = 400;
    const Commitment through = fleet.solve({5000, 500, 5000});
    EXPECT_THAT(counts(through, 0), ElementsAre(1, 1, 1));
    EXPECT_DOUBLE_EQ(through.cost, 10500 * 20 + 3 * 1000);
    // Idling dearer than start and gas together: coal stops.
    fleet.groups.start_cost[0] = 100;
    fleet.groups.idle_cost[0] = 1e5;
    EXPECT_THAT(counts(fleet.solve({5000, 500, 5000}), 0), ElementsAre(1, 0, 1));
}

TEST(UnitCommitment, LeastOutputsBeyondTheLoadHaveNoAnswer) {
    CoalAndGas fleet;
    fleet.groups.min_up_steps[0] = 4; // coal has just started
    fleet.before = UnitCounts(2, 2);
    fleet.before(0, 1) = 1;
    EXPECT_EQ(fleet.solve({4000, 800}).status, SolveStatus::infeasible);
}

/// Cheapest commitment of all there are, each priced by a linear program.
double try_all(const CoalAndGas& fleet, const Block& block) {
    const std::size_t n_step = block.n_step;
    const std::size_t n_group = fleet.groups.size();
    double cheapest = std::numeric_limits<double>::infinity();
    for (std::size_t code = 0; code < (1u << (n_group * n_step)); ++code) {
        UnitCounts on(n_group, n_step);
        double starts = 0;
        bool keeps = true;
        for (std::size_t i = 0; i < n_group; ++i) {
            std::vector<int> row(n_step);
            int ran = fleet.before(i, fleet.before.n_step() - 1);
            for (std::size_t t = 0; t < n_step; ++t) {
                row[t] = on(i, t) = static_cast<int>(code >> (i * n_step + t) & 1u);
                starts += fleet.groups.start_cost[i] * std::max(0, row[t] - ran);
                ran = row[t];
            }
            const int past = fleet.before(i, 0);
            keeps = keeps &&
                    keeps_times({1, fleet.groups.min_up_steps[i], fleet.groups.min_down_steps[i]},
                                std::span{&past, 1}, row);
        }
        if (keeps) {
            const Solution answer = ClpEngine{fleet.system}.solve(
                fix_units(fleet.system, block, fleet.groups, fleet.before, on));
            if (answer.status == SolveStatus::optimal) {
                cheapest = std::min(cheapest, answer.objective + starts);
            }
        }
    }
    return cheapest;
}

TEST(UnitCommitment, FindsTheCheapestOfAllCommitments) {
    std::mt19937_64 random{5};
    std::uniform_real_distribution<double> share(0, 1);
    for (int trial = 0; trial < 12; ++trial) {
        CoalAndGas fleet;
        fleet.system.sheds = {.bus = {0}, .p_max_mw = {20000}, .price_per_mwh = {3000}};
        fleet.groups.min_up_steps = {2, 2 + static_cast<std::size_t>(trial) % 2};
        fleet.groups.min_down_steps = {2, 1};
        fleet.groups.start_cost = {1e5 * share(random), 1e4 * share(random)};
        fleet.before(0, 0) = trial % 2;
        std::vector<double> load_mw;
        for (int t = 0; t < 5; ++t) {
            load_mw.push_back(500 + 6000 * share(random));
        }
        const double cheapest = try_all(fleet, fleet.block(load_mw));
        const Commitment answer = fleet.solve(load_mw);
        if (answer.status != SolveStatus::optimal) {
            EXPECT_EQ(cheapest, std::numeric_limits<double>::infinity()) << trial;
            continue;
        }
        EXPECT_NEAR(answer.cost, cheapest, 1e-6 * cheapest) << trial;
        EXPECT_LE(answer.bound, cheapest * (1 + 1e-9)) << trial;
        EXPECT_LT(answer.gap(), 3e-6) << trial;
        // the heuristic alone states an honest gap
        const Commitment rough = fleet.solve(load_mw, {.exact_units = 0});
        EXPECT_LE(rough.bound, cheapest * (1 + 1e-9)) << trial;
        EXPECT_GE(rough.cost, cheapest * (1 - 1e-9)) << trial;
    }
}

/// Behind a full line only the dear unit serves bus 1: search on the flow grid commits it, a copper plate would not see why.
TEST(UnitCommitment, TheNetworkDecidesAsWell) {
    System system = two_buses();
    Block block = make_empty_block(system, 2);
    for (std::size_t t = 0; t < 2; ++t) {
        block.demand_mw(1, t) = 80;
    }
    FlowGrid grid{.node = {0, 1},
                  .from = {0},
                  .to = {1},
                  .x_pu = {0.1},
                  .shift_rad = {0},
                  .in_service = {1},
                  .loops = {}};
    UnitGroups groups{.generator = {0, 1},
                      .units = {2, 2},
                      .unit_p_min_mw = {10, 10},
                      .unit_p_max_mw = {50, 50},
                      .start_cost = {100, 100},
                      .idle_cost = {0, 0},
                      .min_up_steps = {1, 1},
                      .min_down_steps = {1, 1}};
    ClpEngine engine{system};
    const Commitment answer = commit(system, grid, block, groups, UnitCounts(2, 1), engine);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_THAT(counts(answer, 0), ElementsAre(1, 1));
    EXPECT_THAT(counts(answer, 1), ElementsAre(1, 1));
    EXPECT_NEAR(answer.cost, 2 * (50 * 10 + 30 * 30) + 200, 1e-6);
}

TEST(UnitRuns, RepairKeepsTimesWhateverComes) {
    std::mt19937_64 random{3};
    std::uniform_int_distribution<int> up_to(0, 3);
    for (int trial = 0; trial < 2000; ++trial) {
        const RunTimes times{.units = 3,
                             .min_up_steps = static_cast<std::size_t>(up_to(random)) + 1,
                             .min_down_steps = static_cast<std::size_t>(up_to(random)) + 1};
        std::vector<int> on(12);
        std::ranges::generate(on, [&] { return up_to(random); });
        const std::vector<int> before(4, up_to(random));
        for (const Repair how : {Repair::keep_on, Repair::leave_out}) {
            std::vector<int> repaired = on;
            repair_runs(times, before, how, repaired);
            EXPECT_TRUE(keeps_times(times, before, repaired)) << trial;
        }
    }
}

TEST(UnitRuns, WhatKeepsItsTimesIsLeftAlone) {
    const RunTimes times{.units = 1, .min_up_steps = 2, .min_down_steps = 2};
    std::vector<int> on = {0, 0, 1, 1, 0, 0, 0, 1};
    const std::vector<int> as_it_was = on;
    repair_runs(times, std::vector<int>{0}, Repair::keep_on, on);
    EXPECT_EQ(on, as_it_was);
}

} // namespace
} // namespace yuanwang::dispatch::program
