/// Phase shifters in loops and vector groups in trees: the power flow ends where the shifts would lead it if they rose from
/// nothing, which a slow twin does in small steps.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "network/topology.hpp"
#include "powerflow/batch/block_solver.hpp"
#include "powerflow/batch/outage_solver.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/node_units.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

constexpr double degree = std::numbers::pi / 180;

/// A ring of three short lines that a shifter of high reactance closes:
///
///     0 ── 1 ── 2 ── 3      0.001 pu each
///     └──── shifter ──┘     0.02 pu
TinyCase make_short_ring(double shift_degree) {
    TinyCase tiny;
    for (int i = 0; i < 4; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    for (int i = 0; i < 3; ++i) {
        tiny.branch(BusIdx{i}, BusIdx{i + 1}, 0.0001, 0.001);
        tiny.load(BusIdx{i + 1}, 40, 15);
    }
    const std::size_t shifter = tiny.branch(BusIdx{0}, BusIdx{3}, 0.001, 0.02);
    tiny.grid.branches.shift_degree[shifter] = shift_degree;
    tiny.source(BusIdx{0}, 0, 1.02);
    return tiny;
}

TEST(PhaseShifter, ARingOfShortLinesIsNotTornAlongTheShift) {
    // Newton of another program from V = 1, angle 0, to four digits
    const BlockStates states = make_short_ring(-30).solve({.q_limits = false});
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    const std::vector<double> vm{1.0200, 1.0148, 1.0102, 1.0063};
    for (std::size_t i = 0; i < vm.size(); ++i) {
        EXPECT_NEAR(states.vm_pu(i, 0), vm[i], 5e-5) << i;
    }
}

TEST(PhaseShifter, LanesTakeTheRingThemselves) {
    const TinyCase tiny = make_short_ring(-30);
    const network::Network grid = network::make_network(tiny.grid);
    batch::BlockSolver solver{grid, tiny.units};
    BlockStates states;
    solver.solve_block(tiny.injections(grid.n_bus), states);
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_FALSE(states.outcome[0].by_reference);
    EXPECT_NEAR(states.vm_pu(std::size_t{3}, 0), 1.0063, 5e-5);
}

TEST(PhaseShifter, AnOutageOfTheRingIsAFreshSolutionWithoutTheBranch) {
    TinyCase tiny = make_short_ring(-30);
    tiny.branch(BusIdx{1}, BusIdx{3}, 0.001, 0.015);
    const network::Network grid = network::make_network(tiny.grid);
    batch::BlockSolver solver{grid, tiny.units};
    BlockStates states;
    const BlockInjections injections = tiny.injections(grid.n_bus);
    solver.solve_block(injections, states);
    batch::OutageSolver outages{grid, tiny.units, batch::list_branch_outages(grid)};
    outages.solve(injections, states, 0);
    for (std::size_t k = 0; k < grid.n_branch(); ++k) {
        TinyCase without = tiny;
        without.grid.branches.closed[k] = false;
        const BlockStates fresh = without.solve();
        ASSERT_EQ(outages.outcome()[k].status, StepStatus::converged);
        for (std::size_t i = 0; i < 4; ++i) {
            EXPECT_NEAR(std::abs(outages.V(k, BusIdx{i})), fresh.vm_pu(i, 0), 1e-7);
        }
    }
}

TEST(PhaseShifter, ParallelShiftersKeepTheirOwnShift) {
    // Two buses, two branches of 0.2 pu with 0° and 20°: the flat start stands half way, and without load the current
    // circulates: I = (1 − e^{j20°}) / j0.4.
    TinyCase tiny;
    tiny.bus("a");
    tiny.bus("b");
    tiny.branch(BusIdx{0}, BusIdx{1}, 0, 0.2);
    const std::size_t shifter = tiny.branch(BusIdx{0}, BusIdx{1}, 0, 0.2);
    tiny.grid.branches.shift_degree[shifter] = 20;
    tiny.source(BusIdx{0}, 0);
    const network::Network grid = network::make_network(tiny.grid);
    const NodalMatrix matrix{grid};
    StartAngles start{matrix, {0}};
    EXPECT_NEAR(start.follow_shifts()[1], -10 * degree, 1e-12);
    const BlockStates states = tiny.solve({.q_limits = false});
    EXPECT_NEAR(states.vm_pu(std::size_t{1}, 0), std::cos(10 * degree), 1e-9);
}

TEST(PhaseShifter, VectorGroupsAlongATreeAreFollowedToTheDigit) {
    TinyCase tiny;
    double expected = 0;
    tiny.bus("n0");
    for (int i = 1; i <= 6; ++i) {
        tiny.bus("n" + std::to_string(i));
        const std::size_t k = tiny.branch(BusIdx{i - 1}, BusIdx{i}, 0.01, i % 2 == 0 ? -0.02 : 0.1);
        tiny.grid.branches.shift_degree[k] = i % 3 == 0 ? -150 : 30;
        tiny.load(BusIdx{i}, 5, 2);
        expected -= tiny.grid.branches.shift_degree[k];
    }
    tiny.source(BusIdx{0}, 0);
    const network::Network grid = network::make_network(tiny.grid);
    const NodalMatrix matrix{grid};
    EXPECT_NEAR(StartAngles(matrix, {0}).follow_shifts()[6], expected * degree, 1e-12);
    const BlockStates states = tiny.solve({.q_limits = false});
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_GT(states.vm_pu(std::size_t{6}, 0), 0.9);
}

TEST(PhaseShifter, ShiftsThatMakeAFullTurnLeaveNothingToSpread) {
    TinyCase tiny;
    for (int i = 0; i < 3; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    for (int i = 0; i < 3; ++i) {
        const std::size_t k = tiny.branch(BusIdx{i}, BusIdx{(i + 1) % 3}, 0.01, 0.1);
        tiny.grid.branches.shift_degree[k] = 120;
    }
    tiny.load(BusIdx{1}, 20, 5);
    tiny.load(BusIdx{2}, 20, 5);
    tiny.source(BusIdx{0}, 0, 1.02);
    const BlockStates turned = tiny.solve({.q_limits = false});
    for (double& shift : tiny.grid.branches.shift_degree) {
        shift = 0;
    }
    const BlockStates plain = tiny.solve({.q_limits = false});
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(turned.vm_pu(i, 0), plain.vm_pu(i, 0), 1e-9);
    }
}

// Public cases with shifters drawn by seed.

struct Twin {
    bool found = false;
    std::vector<std::complex<double>> V; ///< [n_node]
};

/// Shifts rise from zero in small steps, every step from the one before: where the solution stays high, there is one.
Twin raise_shifts(network::Network grid, const exchange::PowerflowProblem& problem, int n_step) {
    const Column<BranchIdx, double> whole = grid.branches.shift_rad;
    Twin twin;
    std::vector<double> vm;
    std::vector<double> va;
    for (int step = 0; step <= n_step; ++step) {
        for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
            grid.branches.shift_rad[k] = whole[k] * step / n_step;
        }
        const NodalMatrix matrix{grid};
        NodeUnits units{grid, matrix, problem.units, false};
        EXPECT_TRUE(units.gather(problem.injections, 0));
        Newton newton{matrix, units.slack_layout(false)};
        newton.start_level(units.problem());
        if (step > 0) {
            newton.start_from(vm, va);
        }
        const NewtonOutcome outcome =
            newton.solve(units.problem(), {.tolerance_pu = 1e-9, .pivoting = true});
        if (outcome.status != StepStatus::converged ||
            std::ranges::any_of(newton.vm(), [](double v) { return v < 0.7; })) {
            return twin;
        }
        vm.assign(newton.vm().begin(), newton.vm().end());
        va.assign(newton.va().begin(), newton.va().end());
    }
    twin.found = true;
    for (std::size_t i = 0; i < vm.size(); ++i) {
        twin.V.push_back(std::polar(vm[i], va[i]));
    }
    return twin;
}

/// Gives some branches that lie in loops a shift of 10 to 60 degrees either way.
void draw_shifters(network::Network& grid, Random& random, int n_shifter) {
    const std::vector<BranchIdx> bridges = network::find_bridges(grid);
    for (int n = 0; n < n_shifter;) {
        const BranchIdx k{
            static_cast<std::size_t>(random.uniform() * static_cast<double>(grid.n_branch()))};
        ++n;
        if (!std::ranges::binary_search(bridges, k)) {
            const double size = 10 + 50 * random.uniform();
            grid.branches.shift_rad[k] = (random.uniform() < 0.5 ? -size : size) * degree;
        }
    }
}

/// How many of the twin's solutions the solver misses.
void compare_with_twin(const std::string& name, int n_seed, int n_step) {
    const batch::PublicCase loaded = batch::load_case(name);
    int n_found = 0;
    for (int seed = 1; seed <= n_seed; ++seed) {
        Random random(static_cast<std::uint64_t>(seed));
        network::Network grid = loaded.grid;
        draw_shifters(grid, random, 1 + seed % 6);
        const Twin twin = raise_shifts(grid, loaded.problem, n_step);
        if (!twin.found) {
            continue;
        }
        ++n_found;
        const Options options{.q_limits = false,
                              .taps = false,
                              .shunts = false,
                              .distributed_slack = false,
                              .branch_flows = false};
        ReferenceSolver solver{grid, loaded.problem.units, options};
        BlockStates states;
        solver.solve_block(loaded.problem.injections, states);
        ASSERT_EQ(states.outcome[0].status, StepStatus::converged) << name << " seed " << seed;
        double worst = 0;
        const NodalMatrix matrix{grid};
        for (std::size_t i = 0; i < twin.V.size(); ++i) {
            const BusIdx bus = matrix.bus_of_node[i];
            worst = std::max(worst, std::abs(twin.V[i] - std::polar(states.vm_pu(bus, 0),
                                                                    states.va_rad(bus, 0))));
        }
        EXPECT_LT(worst, 1e-6) << name << " seed " << seed;
    }
    ::testing::Test::RecordProperty(name, n_found);
    std::printf("%s: twin solves %d of %d\n", name.c_str(), n_found, n_seed);
    EXPECT_GE(n_found, n_seed / 4);
}

class PhaseShifterStudy : public ::testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(PhaseShifterStudy, ShiftersInLoopsEndWhereRisingShiftsLead) {
    if (!batch::has_public_cases()) {
        GTEST_SKIP() << "no public cases here";
    }
    compare_with_twin(GetParam().first, GetParam().second, 30);
}

INSTANTIATE_TEST_SUITE_P(PublicCases, PhaseShifterStudy,
                         ::testing::Values(std::pair{"case30", 100}, std::pair{"case57", 100},
                                           std::pair{"case118", 100}, std::pair{"case300", 60},
                                           std::pair{"case1354pegase", 10},
                                           std::pair{"case2383wp", 5}));

} // namespace
} // namespace yuanwang::powerflow
