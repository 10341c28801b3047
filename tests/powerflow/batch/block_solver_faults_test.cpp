/// What a block with a bad step does to the others: nothing. Statuses are those of the reference solver.
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/batch/block_solver.hpp"
#include "powerflow/batch/compare_states.hpp"
#include "powerflow/batch/instruction_set.hpp"
#include "powerflow/reference_solver.hpp"
#include "powerflow/tiny_case.hpp"
#include "support/counting_new.hpp"

namespace yuanwang::powerflow::batch {
namespace {

using yuanwang::testing::TinyCase;

/// a (slack) ──80 km── b (unit −5…5 Mvar) ──transformer with taps── c (load, switched shunt)
struct Town : TinyCase {
    BusIdx a = bus("a", 330);
    BusIdx b = bus("b", 330);
    BusIdx c = bus("c", 110);
    Town() {
        line(a, b, 80, 2);
        transformer(b, c, 2);
        shunt(c, 10, 5);
        source(a, 0, 1.02, -1e4, 1e4, 0.6);
        source(b, 20, 1.02, -5, 5, 0.4);
        load(c, 100, 50);
    }
    [[nodiscard]] network::Network network() const { return network::make_network(grid); }
    /// Two days of load with a morning and an evening.
    [[nodiscard]] BlockInjections days(std::size_t n_bus) const {
        std::vector<double> scale;
        for (int t = 0; t < 48; ++t) {
            scale.push_back(0.9 + 0.5 * std::sin(0.26 * t) + 0.1 * std::sin(2.1 * t));
        }
        return injections(n_bus, scale);
    }
};

Difference solve_both(const network::Network& network, const Units& units,
                      const BlockInjections& block, const Options& options, BlockStates& batch) {
    ReferenceSolver reference(network, units, options);
    BlockSolver solver(network, units, options);
    BlockStates expected;
    reference.solve_block(block, expected);
    solver.solve_block(block, batch);
    return compare_states(expected, batch);
}

bool same_bytes(const BlockStates& a, const BlockStates& b, std::size_t t) {
    const auto same = [t](const Series& x, const Series& y) {
        return std::ranges::equal(x.step(t), y.step(t));
    };
    return same(a.vm_pu, b.vm_pu) && same(a.va_rad, b.va_rad) && same(a.tap, b.tap) &&
           same(a.unit_q_mvar, b.unit_q_mvar) && same(a.p_from_mw, b.p_from_mw);
}

class BlockSolverModes : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Chronological, BlockSolverModes, ::testing::Bool());

TEST_P(BlockSolverModes, MovesWhatTheReferenceMoves) {
    const Town town;
    const network::Network network = town.network();
    BlockStates states;
    const Difference difference =
        solve_both(network, town.units, town.days(network.n_bus),
                   {.tolerance_pu = 1e-11, .chronological = GetParam()}, states);
    EXPECT_EQ(difference.status, 0U);
    EXPECT_EQ(difference.moved, 0U);
    EXPECT_LT(difference.v_pu, 1e-9);
    EXPECT_GE(difference.in_lanes, 46U);
    const auto [low, high] = std::ranges::minmax(states.tap.values());
    EXPECT_LT(low, high) << "taps are part of the proof";
}

TEST_P(BlockSolverModes, ABadStepLeavesTheOthersAlone) {
    const Town town;
    const network::Network network = town.network();
    const Options options{.chronological = GetParam()};
    const BlockInjections healthy = town.days(network.n_bus);
    BlockInjections block = healthy;
    block.load_p_mw(2, 5) = std::numeric_limits<double>::quiet_NaN();
    block.load_p_mw(2, 11) = 1e4; // voltage collapse
    block.unit_p_mw(1, 17) = std::numeric_limits<double>::infinity();
    block.unit_on(0, 23) = block.unit_on(1, 23) = 0; // nothing left to hold the voltage
    BlockStates states;
    const Difference difference = solve_both(network, town.units, block, options, states);
    EXPECT_EQ(difference.status, 0U);
    EXPECT_EQ(states.outcome[5].status, StepStatus::not_finite);
    EXPECT_TRUE(std::isnan(states.vm_pu(1, 5)));
    EXPECT_NE(states.outcome[11].status, StepStatus::converged);
    EXPECT_EQ(states.outcome[17].status, StepStatus::not_finite);
    EXPECT_EQ(states.outcome[23].status, StepStatus::islanded);
    EXPECT_LT(difference.v_pu, 1e-7);
    if (!GetParam()) { // memoryless: not a bit of the others moves
        BlockSolver solver(network, town.units, options);
        BlockStates untouched;
        solver.solve_block(healthy, untouched);
        for (const std::size_t t : {0U, 4U, 6U, 10U, 12U, 16U, 18U, 22U, 24U, 47U}) {
            EXPECT_TRUE(same_bytes(states, untouched, t)) << t;
        }
    }
}

TEST(BlockSolverFaults, WhereEveryStepDivergesEveryStepSaysSo) {
    const Town town;
    const network::Network network = town.network();
    BlockSolver solver(network, town.units);
    BlockStates states;
    solver.solve_block(town.injections(network.n_bus, std::vector<double>(40, 100.0)), states);
    for (const StepOutcome& outcome : states.outcome) {
        EXPECT_NE(outcome.status, StepStatus::converged);
        EXPECT_TRUE(outcome.by_reference);
    }
    solver.solve_block(town.injections(network.n_bus, {1.0}), states);
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged)
        << "the next block is none the worse";
}

TEST(BlockSolverFaults, AnIsolatedBusIsDarkAndTheRestIsSolvedInLanes) {
    Town town;
    const BusIdx lonely = town.bus("lonely", 110);
    town.load(lonely, 3, 1);
    const network::Network network = town.network();
    BlockStates states;
    const Difference difference =
        solve_both(network, town.units, town.days(network.n_bus), {.tolerance_pu = 1e-11}, states);
    EXPECT_EQ(difference.status, 0U);
    EXPECT_LT(difference.v_pu, 1e-9);
    EXPECT_GE(difference.in_lanes, 46U);
    EXPECT_EQ(states.outcome[0].status, StepStatus::islanded);
    EXPECT_TRUE(std::isnan(states.vm_pu(lonely, 0)));
}

TEST(BlockSolverFaults, WithoutAnySlackEveryStepIsIslanded) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.line(a, b, 20);
    tiny.load(b, 10, 3);
    tiny.unit(a, ReactiveMode::reactive, 10);
    const network::Network network = network::make_network(tiny.grid);
    BlockStates states;
    const Difference difference =
        solve_both(network, tiny.units, tiny.injections(network.n_bus, std::vector<double>(5, 1.0)),
                   {}, states);
    EXPECT_EQ(difference.status, 0U);
    EXPECT_EQ(states.outcome[3].status, StepStatus::islanded);
}

TEST(BlockSolverFaults, AnImpedanceOfZeroIsAJumper) {
    Town town;
    const BusIdx d = town.bus("d", 110);
    town.branch(town.c, d, 0, 0);
    town.load(d, 10, 3);
    const network::Network network = town.network();
    BlockStates states;
    const Difference difference =
        solve_both(network, town.units, town.days(network.n_bus), {}, states);
    EXPECT_EQ(difference.status + difference.moved, 0U);
    EXPECT_LT(difference.v_pu, 1e-6);
    EXPECT_EQ(difference.solved, 48U);
    EXPECT_NEAR(states.vm_pu(d, 12), states.vm_pu(town.c, 12), 1e-6);
}

TEST(BlockSolver, UnitsMayStopAndStart) {
    const Town town;
    const network::Network network = town.network();
    BlockInjections block = town.days(network.n_bus);
    for (std::size_t t = 10; t < 20; ++t) {
        block.unit_on(1, t) = 0;
    }
    for (const bool q_limits : {false, true}) {
        BlockStates states;
        const Difference difference = solve_both(
            network, town.units, block, {.tolerance_pu = 1e-11, .q_limits = q_limits}, states);
        EXPECT_EQ(difference.status, 0U);
        EXPECT_EQ(difference.moved, 0U);
        EXPECT_LT(difference.v_pu, 1e-9);
        EXPECT_GE(difference.in_lanes, 46U);
    }
}

TEST(BlockSolver, AnyNumberOfThreadsGivesTheSameBytes) {
    const Town town;
    const network::Network network = town.network();
    const BlockInjections block = town.days(network.n_bus);
    const Options options{.chronological = true};
    BlockStates alone;
    BlockSolver{network, town.units, options}.solve_block(block, alone);
    for (const int n_thread : {2, 4}) {
        BlockStates states;
        BlockSolver{network, town.units, options, n_thread}.solve_block(block, states);
        for (std::size_t t = 0; t < block.n_step(); ++t) {
            ASSERT_TRUE(same_bytes(alone, states, t)) << n_thread << " threads, step " << t;
        }
    }
}

TEST(BlockSolver, EveryInstructionSetSaysTheSame) {
    const Town town;
    const network::Network network = town.network();
    const BlockInjections block = town.days(network.n_bus);
    const Options options{.tolerance_pu = 1e-11, .chronological = true};
    BlockStates best;
    BlockSolver{network, town.units, options}.solve_block(block, best);
    for (const std::string& name : list_instruction_sets()) {
        ASSERT_TRUE(pin_instruction_set(name));
        BlockStates states;
        BlockSolver{network, town.units, options}.solve_block(block, states);
        const Difference difference = compare_states(best, states);
        EXPECT_EQ(difference.status + difference.moved, 0U) << name;
        EXPECT_LT(difference.v_pu, 1e-9) << name;
    }
    pin_instruction_set({});
}

TEST(BlockSolver, TheSecondBlockAllocatesNothing) {
    const Town town;
    const network::Network network = town.network();
    const BlockInjections block = town.days(network.n_bus);
    for (const bool chronological : {false, true}) {
        BlockSolver solver(network, town.units, {.chronological = chronological});
        BlockStates states;
        solver.solve_block(block, states);
        ASSERT_GT(states.outcome[12].control_rounds, 0) << "the controls are part of the proof";
        const std::size_t before = yuanwang::testing::count_allocations();
        solver.solve_block(block, states);
        EXPECT_EQ(yuanwang::testing::count_allocations() - before, 0U);
    }
}

} // namespace
} // namespace yuanwang::powerflow::batch
