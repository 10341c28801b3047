/// A step has a solution or none, whatever the steps before it were: what fails at the scheduled positions is taken up from a
/// part of its load, with its controls.
#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/batch/block_solver.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

/// A line of 0.5 pu to a bus with fifty banks of 2 Mvar, none in as scheduled. Without them it carries 100 MW, V²/2X; with
/// n of them V²/(2X(1 − 0.01 n)).
struct Feeder : TinyCase {
    BusIdx a = bus("a");
    BusIdx b = bus("b");
    Feeder() {
        branch(a, b, 0, 0.5);
        source(a, 0);
        shunt(b, 2, 50);
        load(b, 100);
    }
};

TEST(TakeUp, BanksThatAreOutAsScheduledAreSwitchedInBeforeTheStepIsGivenUp) {
    const Feeder feeder;
    for (const double share : {0.5, 1.02, 1.1, 1.3}) {
        const BlockStates alone = feeder.solve({}, {share});
        ASSERT_EQ(alone.outcome[0].status, StepStatus::converged) << share;
        const double v = alone.vm_pu(std::size_t{1}, 0);
        EXPECT_GE(v, 0.97) << share;
        EXPECT_LE(v, 1.07) << share;
        // Closed form at the banks it has found: V² = V'²/2 + √(V'⁴/4 − X'²P²).
        const double left = 1 - 0.01 * alone.shunt_steps(std::size_t{0}, 0);
        const double open = 1 / left;
        const double x = 0.5 / left;
        EXPECT_NEAR(v * v,
                    open * open / 2 + std::sqrt(std::pow(open, 4) / 4 - std::pow(x * share, 2)),
                    1e-7);
    }
}

TEST(TakeUp, WithoutBanksToSwitchThereIsNoSolutionAndNoneIsInvented) {
    EXPECT_EQ(Feeder().solve({.shunts = false}, {0.99}).outcome[0].status, StepStatus::converged);
    EXPECT_NE(Feeder().solve({.shunts = false}, {1.01}).outcome[0].status, StepStatus::converged);
    EXPECT_NE(Feeder().solve({}, {2.01}).outcome[0].status, StepStatus::converged);
}

TEST(TakeUp, AStepIsSolvedAloneWhereItIsSolvedWithinADay) {
    const Feeder feeder;
    const network::Network grid = network::make_network(feeder.grid);
    const std::vector<double> day{0.6, 0.9, 1.1, 1.3, 1.2, 1.0, 0.8};
    for (const bool chronological : {false, true}) {
        const Options options{.chronological = chronological};
        batch::BlockSolver lanes{grid, feeder.units, options};
        BlockStates whole;
        lanes.solve_block(feeder.injections(grid.n_bus, day), whole);
        for (std::size_t t = 0; t < day.size(); ++t) {
            BlockStates alone;
            lanes.solve_block(feeder.injections(grid.n_bus, {day[t]}), alone);
            EXPECT_EQ(whole.outcome[t].status, StepStatus::converged) << t;
            EXPECT_EQ(alone.outcome[0].status, StepStatus::converged) << t;
        }
    }
}

TEST(TakeUp, WhatTheLastHolderGivesBeyondItsRangeIsSaid) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.branch(a, b, 0, 0.1);
    const UnitIdx tie = tiny.source(a, 0, 1.0, -3, 8);
    tiny.load(a, 10, 20);
    tiny.load(b, 10, 0);
    const network::Network grid = network::make_network(tiny.grid);
    batch::BlockSolver lanes{grid, tiny.units};
    BlockStates in_lanes;
    lanes.solve_block(tiny.injections(grid.n_bus, {1, 0.1, -1}), in_lanes);
    const BlockStates scalar = tiny.solve({}, {1, 0.1, -1});
    const BlockStates* const both[] = {&in_lanes, &scalar};
    for (const BlockStates* states : both) {
        EXPECT_EQ(states->outcome[0].q_beyond_unit, tie);
        EXPECT_NEAR(states->outcome[0].q_beyond_mvar, states->unit_q_mvar(tie, 0) - 8, 1e-9);
        EXPECT_GT(states->outcome[0].q_beyond_mvar, 12);
        EXPECT_EQ(states->outcome[1].q_beyond_mvar, 0);
        EXPECT_NEAR(states->outcome[2].q_beyond_mvar, states->unit_q_mvar(tie, 2) + 3, 1e-9);
        EXPECT_LT(states->outcome[2].q_beyond_mvar, -16);
    }
}

} // namespace
} // namespace yuanwang::powerflow
