#include "powerflow/batch/outage_solver.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "network/topology.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/reference_solver.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow::batch {
namespace {

using yuanwang::testing::TinyCase;

constexpr Options uncontrolled{.tolerance_pu = 1e-11,
                               .q_limits = false,
                               .taps = false,
                               .shunts = false,
                               .distributed_slack = false};
constexpr BatchOptions tight{.limits = {.tolerance_pu = 1e-11}};

/// A step solved by the reference solver.
BlockStates solve(const network::Network& grid, const Units& units,
                  const BlockInjections& injections, const Options& options) {
    ReferenceSolver solver(grid, units, options);
    BlockStates states;
    solver.solve_block(injections, states);
    return states;
}

TEST(OutageSolver, EqualsTheReferenceWithoutTheBranch) {
    if (!has_public_cases()) {
        GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
    }
    const PublicCase public_case = load_case("case57");
    const Units& units = public_case.problem.units;
    const BlockInjections& injections = public_case.problem.injections;
    const BlockStates base = solve(public_case.grid, units, injections, uncontrolled);
    OutageSolver outages(public_case.grid, units, list_branch_outages(public_case.grid), tight);
    outages.solve(injections, base, 0);

    std::size_t n_compared = 0;
    for (std::size_t c = 0; c < outages.outages().size(); ++c) {
        network::Network without = public_case.grid;
        const BranchIdx lost = outages.outages()[c].front();
        without.branches.in_service[lost] = false;
        if (outages.outcome()[c].status == StepStatus::islanded) {
            EXPECT_GT(network::find_islands(without).count, 1) << c;
            continue;
        }
        const BlockStates states = solve(without, units, injections, uncontrolled);
        ASSERT_EQ(outages.outcome()[c].status == StepStatus::converged,
                  states.outcome[0].status == StepStatus::converged)
            << c;
        if (states.outcome[0].status != StepStatus::converged) {
            continue;
        }
        ++n_compared;
        for (const BusIdx i : rows<BusIdx>(without.n_bus)) {
            EXPECT_NEAR(std::abs(outages.V(c, i)), states.vm_pu(i, 0), 1e-9);
        }
        for (const BranchIdx k : rows<BranchIdx>(without.n_branch())) {
            const OutageSolver::Flow flow = outages.flow(c, k);
            EXPECT_NEAR(flow.from_mva.real(), states.p_from_mw(k, 0), 1e-6);
            EXPECT_NEAR(flow.from_mva.imag(), states.q_from_mvar(k, 0), 1e-6);
            EXPECT_NEAR(flow.to_mva.real(), states.p_to_mw(k, 0), 1e-6);
        }
    }
    EXPECT_GT(n_compared, 70U);
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

TEST(OutageSolver, TheWorstOfEachBranchIsTheLossOfItsTwin) {
    const Radial radial;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    ASSERT_EQ(base.outcome[0].status, StepStatus::converged);
    OutageSolver outages(radial.grid, radial.tiny.units, list_branch_outages(radial.grid), tight);
    outages.solve(radial.injections, base, 0);
    WorstOutcomes worst;
    outages.find_worst(worst);
    // Circuits 0 and 1 between a and b, 2 and 3 between b and c, 4 to d.
    EXPECT_EQ(worst.s_outage[BranchIdx{0}], 1);
    EXPECT_EQ(worst.s_outage[BranchIdx{1}], 0);
    EXPECT_EQ(worst.s_outage[BranchIdx{2}], 3);
    EXPECT_EQ(worst.s_outage[BranchIdx{3}], 2);
    const double s_base = std::hypot(base.p_from_mw(0, 0), base.q_from_mvar(0, 0));
    EXPECT_GT(worst.s_mva[BranchIdx{0}], 1.9 * s_base);           // it carries both circuits' power
    EXPECT_EQ(outages.outcome()[4].status, StepStatus::islanded); // d goes dark
    EXPECT_TRUE(std::isnan(outages.V(4, BusIdx{0}).real()));
}

TEST(OutageSolver, AUnitAtItsLimitStaysThere) {
    const Radial radial;
    const BlockStates base = solve(radial.grid, radial.tiny.units, radial.injections, {});
    ASSERT_LT(base.vm_pu(2, 0), 1.019) << "the unit at c does not hold its voltage";
    OutageSolver outages(radial.grid, radial.tiny.units, {{BranchIdx{2}}}, tight);
    outages.solve(radial.injections, base, 0);
    ASSERT_EQ(outages.outcome()[0].status, StepStatus::converged);
    // Power that reaches c: what the load draws less what the unit gave.
    const OutageSolver::Flow flow = outages.flow(0, BranchIdx{3});
    EXPECT_NEAR(-flow.to_mva.real(), 200 - 50, 1e-6);
    EXPECT_NEAR(-flow.to_mva.imag(), 60 - base.unit_q_mvar(1, 0), 1e-6);
    EXPECT_LT(std::abs(outages.V(0, BusIdx{2})), base.vm_pu(2, 0));
}

TEST(OutageSolver, ADoubleCircuitMayBeLostAtOnce) {
    Radial radial;
    radial.tiny.line(BusIdx{0}, BusIdx{2}, 100, 1);
    const network::Network grid = network::make_network(radial.tiny.grid);
    const BlockStates base = solve(grid, radial.tiny.units, radial.injections, {});
    OutageSolver outages(grid, radial.tiny.units, {{BranchIdx{2}, BranchIdx{3}}}, tight);
    outages.solve(radial.injections, base, 0);
    ASSERT_EQ(outages.outcome()[0].status, StepStatus::converged);
    EXPECT_EQ(outages.flow(0, BranchIdx{2}).from_mva, std::complex<double>(0, 0));
    EXPECT_NEAR(-outages.flow(0, BranchIdx{5}).to_mva.real(), 150, 1e-6);
}

} // namespace
} // namespace yuanwang::powerflow::batch
