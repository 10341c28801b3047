#include "powerflow/batch/outage_solver.hpp"

#include <cmath>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "network/topology.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/reference_solver.hpp"
#include "powerflow/tiny_case.hpp"
#include "support/counting_new.hpp"

namespace yuanwang::powerflow::batch {
namespace {

using yuanwang::testing::count_allocations;
using yuanwang::testing::TinyCase;

constexpr Options uncontrolled{.tolerance_pu = 1e-11,
                               .q_limits = false,
                               .taps = false,
                               .shunts = false,
                               .distributed_slack = false};
constexpr Options regulated{.tolerance_pu = 1e-11, .taps = false, .shunts = false};
constexpr OutageOptions tight{.batch = {.limits = {.tolerance_pu = 1e-11}},
                              .slack_tolerance_pu = 1e-10};
constexpr OutageOptions tight_uncontrolled{
    .batch = {.limits = {.tolerance_pu = 1e-11}}, .q_limits = false, .distributed_slack = false};

/// A step solved by the reference solver.
BlockStates solve(const network::Network& grid, const Units& units,
                  const BlockInjections& injections, const Options& options) {
    ReferenceSolver solver(grid, units, options);
    BlockStates states;
    solver.solve_block(injections, states);
    return states;
}

/// The same step written without what the outage takes, solved from nothing.
BlockStates solve_without(network::Network grid, const Units& units, BlockInjections injections,
                          const Outage& outage, const Options& options) {
    for (const BranchIdx k : outage.branches) {
        grid.branches.in_service[k] = false;
    }
    for (const UnitIdx u : outage.units) {
        injections.unit_p_mw(u, 0) = 0;
        injections.unit_on(u, 0) = 0;
    }
    for (const BusIdx i : outage.load_buses) {
        injections.load_p_mw(i, 0) = 0;
        injections.load_q_mvar(i, 0) = 0;
    }
    return solve(grid, units, injections, options);
}

/// Every voltage and flow after the outage equals the grid without it; dark buses are dark in both.
void expect_equal(const OutageSolver& solver, std::size_t c, const network::Network& grid,
                  const BlockStates& states, double tolerance = 1e-8) {
    const StepStatus status = states.outcome[0].status;
    ASSERT_TRUE(status == StepStatus::converged || status == StepStatus::islanded);
    ASSERT_EQ(solver.outcome()[c].status, StepStatus::converged) << c;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        if (std::isnan(states.vm_pu(i, 0))) {
            EXPECT_TRUE(std::isnan(solver.V(c, i).real())) << c << ' ' << grid.bus_id[i];
        } else {
            EXPECT_NEAR(std::abs(solver.V(c, i)), states.vm_pu(i, 0), tolerance)
                << c << ' ' << grid.bus_id[i];
        }
    }
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const OutageSolver::Flow flow = solver.flow(c, k);
        EXPECT_NEAR(flow.from_mva.real(), states.p_from_mw(k, 0), 1e3 * tolerance);
        EXPECT_NEAR(flow.from_mva.imag(), states.q_from_mvar(k, 0), 1e3 * tolerance);
        EXPECT_NEAR(flow.to_mva.real(), states.p_to_mw(k, 0), 1e3 * tolerance);
    }
}

class PublicOutage : public ::testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        if (!has_public_cases()) {
            GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Cases, PublicOutage, ::testing::Values("case14", "case57", "case118"));

TEST_P(PublicOutage, OfABranchEqualsTheGridWithoutIt) {
    const PublicCase public_case = load_case(GetParam());
    const Units& units = public_case.problem.units;
    const BlockInjections& injections = public_case.problem.injections;
    const BlockStates base = solve(public_case.grid, units, injections, uncontrolled);
    OutageSolver solver(public_case.grid, units, list_branch_outages(public_case.grid),
                        tight_uncontrolled);
    solver.solve(injections, base, 0);
    for (std::size_t c = 0; c < solver.outages().size(); ++c) {
        const BlockStates states =
            solve_without(public_case.grid, units, injections, solver.outages()[c], uncontrolled);
        if (states.outcome[0].status == StepStatus::iteration_limit) {
            EXPECT_NE(solver.outcome()[c].status, StepStatus::converged) << c;
        } else {
            expect_equal(solver, c, public_case.grid, states);
        }
    }
}

/// Grids whose outages are hard: bridges, a slack behind one, parallel units on different taps, a path of high reactance.
class HardOutage : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Cases, HardOutage,
                         ::testing::Values("n1_near_bridge_high_reactance_path",
                                           "n1_parallel_pair_one_tap", "n1_ring",
                                           "n1_slack_behind_bridge", "n1_unit_behind_bridge",
                                           "n1_with_bridge_to_load"));

TEST_P(HardOutage, OfABranchEqualsTheGridWithoutIt) {
    const PublicCase hard = load_file(std::filesystem::path{YUANWANG_SOURCE_DIR} /
                                      "tests/faults/power-flow" / (std::string{GetParam()} + ".m"));
    const Units& units = hard.problem.units;
    const BlockInjections& injections = hard.problem.injections;
    const BlockStates base = solve(hard.grid, units, injections, uncontrolled);
    ASSERT_EQ(base.outcome[0].status, StepStatus::converged);
    OutageSolver solver(hard.grid, units, list_branch_outages(hard.grid), tight_uncontrolled);
    solver.solve(injections, base, 0);
    for (std::size_t c = 0; c < solver.outages().size(); ++c) {
        const BlockStates states =
            solve_without(hard.grid, units, injections, solver.outages()[c], uncontrolled);
        const StepStatus alone = states.outcome[0].status;
        if (alone != StepStatus::converged && alone != StepStatus::islanded) {
            EXPECT_NE(solver.outcome()[c].status, StepStatus::converged) << c;
        } else {
            expect_equal(solver, c, hard.grid, states, 1e-6);
        }
    }
}

/// Every bus of every case, with reactive limits: what joins it, feeds it and hangs on it goes.
TEST_P(PublicOutage, OfABusbarEqualsTheGridWithoutIt) {
    const PublicCase public_case = load_case(GetParam());
    const network::Network& grid = public_case.grid;
    const Units& units = public_case.problem.units;
    const BlockInjections& injections = public_case.problem.injections;
    const BlockStates base = solve(grid, units, injections, regulated);
    ASSERT_EQ(base.outcome[0].status, StepStatus::converged);
    std::vector<Outage> outages;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        Outage& outage = outages.emplace_back();
        outage.load_buses = {i};
        for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
            if (grid.branches.from[k] == i || grid.branches.to[k] == i) {
                outage.branches.push_back(k);
            }
        }
        for (const UnitIdx u : rows<UnitIdx>(units.size())) {
            if (units.bus[u] == i) {
                outage.units.push_back(u);
            }
        }
    }
    OutageSolver solver(grid, units, outages, tight);
    solver.solve(injections, base, 0);
    std::size_t n_in_lanes = 0;
    for (std::size_t c = 0; c < outages.size(); ++c) {
        const BlockStates states = solve_without(grid, units, injections, outages[c], regulated);
        if (states.outcome[0].status == StepStatus::converged ||
            states.outcome[0].status == StepStatus::islanded) {
            expect_equal(solver, c, grid, states, 1e-6);
            n_in_lanes += solver.outcome()[c].by_reference ? 0U : 1U;
        } else {
            EXPECT_NE(solver.outcome()[c].status, StepStatus::converged) << c;
        }
    }
    EXPECT_GT(4 * n_in_lanes, grid.n_bus);
}

TEST_P(PublicOutage, OfAUnitEqualsTheGridWithoutIt) {
    const PublicCase public_case = load_case(GetParam());
    const network::Network& grid = public_case.grid;
    Units units = public_case.problem.units;
    for (const UnitIdx u : rows<UnitIdx>(units.size())) { // all of them share
        units.participation[u] = 1.0 / static_cast<double>(units.size());
    }
    const BlockInjections& injections = public_case.problem.injections;
    const BlockStates base = solve(grid, units, injections, regulated);
    ASSERT_EQ(base.outcome[0].status, StepStatus::converged);
    std::vector<Outage> outages;
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        outages.push_back({.units = {u}});
    }
    OutageSolver solver(grid, units, outages, tight);
    solver.solve(injections, base, 0);
    for (std::size_t c = 0; c < outages.size(); ++c) {
        const BlockStates states = solve_without(grid, units, injections, outages[c], regulated);
        if (states.outcome[0].status == StepStatus::converged) {
            expect_equal(solver, c, grid, states, 1e-6);
        }
    }
}

///   a (slack) ═══ b ═══ c        two circuits each, 330 kV; load at c; d hangs on one circuit
///                 └──── d
struct Radial {
    TinyCase tiny;
    network::Network grid;
    BlockInjections injections;
    Radial() {
        const BusIdx a = tiny.bus("a", 330);
        const BusIdx b = tiny.bus("b", 330);
        const BusIdx c = tiny.bus("c", 330);
        const BusIdx d = tiny.bus("d", 330);
        tiny.line(a, b, 80, 2);
        tiny.line(b, c, 60, 2);
        tiny.line(b, d, 40, 1);
        tiny.source(a, 0, 1.02);
        tiny.source(c, 50, 1.02, -1, 1); // stands at its limit
        tiny.load(c, 200, 60);
        tiny.load(d, 40, 10);
        grid = network::make_network(tiny.grid);
        injections = tiny.injections(grid.n_bus);
    }
};

TEST(OutageSolver, ARadialLineLeavesItsLoadInTheDark) {
    const Radial radial;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    OutageSolver solver(radial.grid, radial.tiny.units, list_branch_outages(radial.grid), tight);
    solver.solve(radial.injections, base, 0);
    const OutageOutcome& outcome = solver.outcome()[4];
    EXPECT_EQ(outcome.status, StepStatus::converged);
    EXPECT_FALSE(outcome.by_reference);
    EXPECT_EQ(outcome.lost_load_mw, 40.0);
    EXPECT_TRUE(std::isnan(solver.V(4, BusIdx{3}).real()));
    expect_equal(solver, 4, radial.grid,
                 solve_without(radial.grid, radial.tiny.units, radial.injections,
                               solver.outages()[4], regulated));
    EXPECT_EQ(solver.outcome()[0].lost_load_mw, 0.0);
}

TEST(OutageSolver, AUnitAtItsLimitStaysThere) {
    const Radial radial;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    ASSERT_LT(base.vm_pu(2, 0), 1.019) << "the unit at c does not hold its voltage";
    OutageSolver solver(radial.grid, radial.tiny.units, {{.branches = {BranchIdx{2}}}}, tight);
    solver.solve(radial.injections, base, 0);
    ASSERT_EQ(solver.outcome()[0].status, StepStatus::converged);
    // Power that reaches c: what the load draws less what the unit gives.
    const OutageSolver::Flow flow = solver.flow(0, BranchIdx{3});
    EXPECT_NEAR(-flow.to_mva.real(), 200 - 50, 1e-6);
    EXPECT_NEAR(-flow.to_mva.imag(), 60 - base.unit_q_mvar(1, 0), 1e-6);
    EXPECT_LT(std::abs(solver.V(0, BusIdx{2})), base.vm_pu(2, 0));
}

TEST(OutageSolver, AUnitThatHoldsMeetsItsLimitAfterTheLoss) {
    Radial radial;
    const UnitIdx unit{1};
    radial.injections.unit_q_min_mvar(unit, 0) = -300;
    radial.injections.unit_q_max_mvar(unit, 0) = 300;
    const Options exact{.tolerance_pu = 1e-11};
    const double q_mvar =
        solve(radial.grid, radial.tiny.units, radial.injections, exact).unit_q_mvar(unit, 0);
    radial.injections.unit_q_max_mvar(unit, 0) = q_mvar + 2; // enough while nothing is lost
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, exact);
    ASSERT_NEAR(base.vm_pu(2, 0), 1.02, 1e-9);
    const Outage lost{.branches = {BranchIdx{0}, BranchIdx{2}}};
    OutageSolver solver(radial.grid, radial.tiny.units, {lost}, tight);
    solver.solve(radial.injections, base, 0);
    EXPECT_LT(std::abs(solver.V(0, BusIdx{2})), 1.02 - 1e-4);
    EXPECT_FALSE(solver.outcome()[0].by_reference);
    expect_equal(solver, 0, radial.grid,
                 solve_without(radial.grid, radial.tiny.units, radial.injections, lost, regulated));
}

TEST(OutageSolver, AnIslandWithASourceOfItsOwnIsSolved) {
    Radial radial;
    radial.tiny.units.participation[UnitIdx{1}] = 0.5;
    const Outage cut{.branches = {BranchIdx{2}, BranchIdx{3}}};
    radial.injections.unit_q_max_mvar(UnitIdx{1}, 0) = 500;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    OutageSolver solver(radial.grid, radial.tiny.units, {cut}, tight);
    solver.solve(radial.injections, base, 0);
    EXPECT_TRUE(solver.outcome()[0].by_reference);
    EXPECT_EQ(solver.outcome()[0].lost_load_mw, 0.0);
    EXPECT_NEAR(std::abs(solver.V(0, BusIdx{2})), 1.02, 1e-9);
    EXPECT_NEAR(std::abs(solver.V(0, BusIdx{0})), 1.02, 1e-9);
}

TEST(OutageSolver, ADoubleCircuitMayBeLostAtOnce) {
    Radial radial;
    radial.tiny.line(BusIdx{0}, BusIdx{2}, 100, 1);
    const network::Network grid = network::make_network(radial.tiny.grid);
    const BlockStates base = solve(grid, radial.tiny.units, radial.injections, {});
    OutageSolver solver(grid, radial.tiny.units, {{.branches = {BranchIdx{2}, BranchIdx{3}}}},
                        tight);
    solver.solve(radial.injections, base, 0);
    ASSERT_EQ(solver.outcome()[0].status, StepStatus::converged);
    EXPECT_EQ(solver.flow(0, BranchIdx{2}).from_mva, std::complex<double>(0, 0));
    EXPECT_NEAR(-solver.flow(0, BranchIdx{5}).to_mva.real(), 150, 1e-6);
}

TEST(OutageSolver, PartOfALoadMayTripWithTheBranch) {
    const Radial radial;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    const OutageColumns shed{
        .shed_p_mw = Series(1, 1, 80), .shed_q_mvar = Series(1, 1, 20), .room = {}};
    const Outage lost{.branches = {BranchIdx{2}}, .shed = {{.bus = BusIdx{2}, .row = 0}}};
    OutageSolver solver(radial.grid, radial.tiny.units, {lost}, tight);
    solver.solve(radial.injections, base, 0, shed);
    EXPECT_NEAR(-solver.flow(0, BranchIdx{3}).to_mva.real(), 200 - 80 - 50, 1e-6);
    EXPECT_EQ(solver.outcome()[0].lost_load_mw, 0.0); // by agreement, not by accident
}

/// Two buses, one line left: v² from the quadratic of a lossless line, v⁴ − v²(E² − 2 x q) + x²(p² + q²) = 0.
TEST(OutageSolver, TwoBusesHaveTheClosedForm) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a", 330);
    const BusIdx b = tiny.bus("b", 330);
    tiny.line(a, b, 100, 2);
    tiny.source(a, 0, 1.0);
    tiny.load(b, 300, 100);
    network::Network grid = network::make_network(tiny.grid);
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        grid.branches.r_pu[k] = 0;
        grid.branches.g_from_pu[k] = grid.branches.g_to_pu[k] = 0;
        grid.branches.b_from_pu[k] = grid.branches.b_to_pu[k] = 0;
    }
    const BlockInjections injections = tiny.injections(grid.n_bus);
    const BlockStates base = solve(grid, tiny.units, injections, {.tolerance_pu = 1e-12});
    OutageSolver solver(grid, tiny.units, list_branch_outages(grid), tight);
    solver.solve(injections, base, 0);
    const double x = grid.branches.x_pu[BranchIdx{0}];
    const double half = 0.5 * (1.0 - 2 * x * 1.0);
    const double vm = std::sqrt(half + std::sqrt(half * half - x * x * (9.0 + 1.0)));
    EXPECT_NEAR(std::abs(solver.V(0, b)), vm, 1e-9);
    EXPECT_NEAR(std::abs(solver.V(1, b)), vm, 1e-9);
}

TEST(OutageSolver, ACollapseIsNamedAndLeavesTheOthersUnharmed) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a", 330);
    const BusIdx b = tiny.bus("b", 330);
    const BusIdx c = tiny.bus("c", 330);
    tiny.line(a, b, 250, 2);
    tiny.line(a, c, 50, 2);
    tiny.source(a, 0, 1.0);
    tiny.load(b, 800, 0); // two circuits carry it, one does not
    tiny.load(c, 100, 0);
    const network::Network grid = network::make_network(tiny.grid);
    const BlockInjections injections = tiny.injections(grid.n_bus);
    const BlockStates base = solve(grid, tiny.units, injections, {});
    ASSERT_EQ(base.outcome[0].status, StepStatus::converged);
    OutageSolver solver(grid, tiny.units, list_branch_outages(grid), tight);
    solver.solve(injections, base, 0);
    for (const std::size_t lost : {0U, 1U}) {
        EXPECT_NE(solver.outcome()[lost].status, StepStatus::converged);
        EXPECT_TRUE(solver.outcome()[lost].by_reference) << "asked before it is given up";
        EXPECT_TRUE(solver.node_voltages(lost).empty());
    }
    for (const std::size_t lost : {2U, 3U}) {
        expect_equal(
            solver, lost, grid,
            solve_without(grid, tiny.units, injections, solver.outages()[lost], regulated));
    }
}

TEST(OutageSolver, SomeOfThemAreTheSameAsAllOfThem) {
    const Radial radial;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    OutageSolver all(radial.grid, radial.tiny.units, list_branch_outages(radial.grid));
    OutageSolver some(radial.grid, radial.tiny.units, list_branch_outages(radial.grid));
    all.solve(radial.injections, base, 0);
    const std::vector<std::size_t> chosen{1, 3};
    some.solve(radial.injections, base, 0, {}, chosen);
    for (std::size_t c = 0; c < all.outages().size(); ++c) {
        if (c != 1 && c != 3) {
            EXPECT_EQ(some.outcome()[c].status, StepStatus::not_run);
            EXPECT_TRUE(some.node_voltages(c).empty());
            continue;
        }
        for (const BusIdx i : rows<BusIdx>(radial.grid.n_bus)) {
            EXPECT_EQ(some.V(c, i), all.V(c, i)); // to the last bit
        }
    }
}

TEST(OutageSolver, AWarmSolverAllocatesNothing) {
    Radial radial;
    radial.injections = radial.tiny.injections(radial.grid.n_bus, {1.0, 0.9, 0.8});
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    OutageSolver solver(radial.grid, radial.tiny.units, list_branch_outages(radial.grid));
    const OutageColumns none;
    solver.solve(radial.injections, base, 0, none);
    const std::size_t before = count_allocations();
    solver.solve(radial.injections, base, 1, none);
    solver.solve(radial.injections, base, 2, none);
    EXPECT_EQ(count_allocations(), before);
}

} // namespace
} // namespace yuanwang::powerflow::batch
