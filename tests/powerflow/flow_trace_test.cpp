#include "powerflow/flow_trace.hpp"

#include <cmath>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "exchange/matpower.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/tiny_case.hpp"
#include "support/counting_new.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

std::vector<double> trace(const TinyCase& c, const std::vector<double>& unit_share,
                          std::size_t* n_looped = nullptr) {
    const network::Network grid = network::make_network(c.grid);
    const BlockStates states = c.solve();
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
    FlowTrace tracer{grid, c.units};
    std::vector<double> share(grid.n_bus);
    tracer.trace(c.injections(grid.n_bus), states, 0, unit_share, share);
    if (n_looped != nullptr) {
        *n_looped = tracer.n_looped();
    }
    return share;
}

/// sun 60 MW         coal 140 MW, takes the losses
///    a ──────── c ──────── b
///             200 MW
TEST(FlowTrace, AnEndThatTwoFeedTakesWhatEachDelivers) {
    TinyCase c;
    const BusIdx a = c.bus("a");
    const BusIdx b = c.bus("b");
    const BusIdx end = c.bus("c");
    c.branch(a, end, 0.01, 0.1);
    c.branch(b, end, 0.01, 0.1);
    c.load(end, 200);
    c.source(a, 60, 1.0, -1e4, 1e4, 0);
    c.source(b, 140, 1.0, -1e4, 1e4, 1);
    const std::vector<double> share = trace(c, {1, 0});
    const BlockStates states = c.solve();
    EXPECT_DOUBLE_EQ(share[a.row()], 1);
    EXPECT_DOUBLE_EQ(share[b.row()], 0);
    EXPECT_NEAR(share[end.row()], -states.p_to_mw(std::size_t{0}, 0) / 200, 1e-9);
}

/// coal 100 MW and sun 50 MW at a, of which a itself uses 30 MW: what leaves for b is a third sun, as is what stays.
TEST(FlowTrace, ANodeHandsOnTheMixItUses) {
    TinyCase c;
    const BusIdx a = c.bus("a");
    const BusIdx b = c.bus("b");
    const BusIdx last = c.bus("c");
    c.branch(a, b, 0.0, 0.1);
    c.branch(b, last, 0.0, 0.1);
    c.load(a, 30);
    c.load(b, 20);
    c.load(last, 100);
    c.source(a, 100, 1.0, -1e4, 1e4, 1);
    c.source(a, 50);
    for (const double share : trace(c, {0, 1})) {
        EXPECT_NEAR(share, 1.0 / 3, 1e-9);
    }
}

TEST(FlowTrace, WhatNothingFeedsHasNoShare) {
    TinyCase c;
    const BusIdx a = c.bus("a");
    const BusIdx idle = c.bus("idle");
    c.branch(a, idle, 0.01, 0.1);
    c.source(a, 0, 1.0, -1e4, 1e4, 1);
    const std::vector<double> share = trace(c, {1});
    EXPECT_TRUE(std::isnan(share[idle.row()]));
}

/// A phase shifter drives 80 MW and more round a triangle; the shares still are those of the linear equations.
TEST(FlowTrace, ALoopOfPowerIsSolvedTogether) {
    TinyCase c;
    const BusIdx a = c.bus("a");
    const BusIdx b = c.bus("b");
    const BusIdx end = c.bus("c");
    c.branch(a, b, 0.0, 0.1);
    c.branch(b, end, 0.0, 0.1);
    c.branch(end, a, 0.0, 0.1);
    c.grid.branches.shift_degree[0] = -30;
    c.load(end, 40);
    c.source(a, 30, 1.0, -1e4, 1e4, 1);
    c.source(b, 10);
    std::size_t n_looped = 0;
    const std::vector<double> share = trace(c, {1, 0}, &n_looped);
    EXPECT_EQ(n_looped, 3U);
    const BlockStates states = c.solve();
    const double ab = states.p_from_mw(std::size_t{0}, 0);
    const double bc = states.p_from_mw(std::size_t{1}, 0);
    const double ca = states.p_from_mw(std::size_t{2}, 0);
    ASSERT_GT(std::min({ab, bc, ca}), 0);
    Eigen::Matrix3d m;
    m << 30 + ca, 0, -ca, -ab, 10 + ab, 0, 0, -bc, bc;
    const Eigen::Vector3d exact = m.partialPivLu().solve(Eigen::Vector3d{30, 0, 0});
    EXPECT_NEAR(share[a.row()], exact[0], 1e-9);
    EXPECT_NEAR(share[b.row()], exact[1], 1e-9);
    EXPECT_NEAR(share[end.row()], exact[2], 1e-9);
}

struct Traced {
    batch::PublicCase c;
    BlockStates states;
    std::vector<double> unit_share;
    std::vector<double> share; ///< [n_bus]
    double brought_mw = 0;     ///< of the marked kind
    [[nodiscard]] const BlockInjections& injections() const { return c.problem.injections; }
};

Traced trace_public(const std::string& name) {
    Traced traced{batch::load_case(name), {}, {}, {}, 0};
    const auto& [grid, problem, y, setup] = traced.c;
    ReferenceSolver solver(
        grid, problem.units,
        {.q_limits = false, .taps = false, .shunts = false, .distributed_slack = false});
    solver.solve_block(problem.injections, traced.states);
    EXPECT_EQ(traced.states.outcome[0].status, StepStatus::converged);
    for (const UnitIdx u : rows<UnitIdx>(problem.units.size())) {
        const double share = 0.1 * static_cast<double>(u.row() % 11);
        traced.unit_share.push_back(share);
        traced.brought_mw += std::max(0.0, traced.states.unit_p_mw(u, 0)) * share;
    }
    FlowTrace tracer{grid, problem.units};
    traced.share.resize(grid.n_bus);
    tracer.trace(problem.injections, traced.states, 0, traced.unit_share, traced.share);
    return traced;
}

/// What leaves the grid of the marked kind: each use with the mix of its bus.
double sum_uses(const Traced& traced) {
    const network::Network& grid = traced.c.grid;
    const BlockStates& states = traced.states;
    double used_mw = 0;
    const auto use = [&](BusIdx i, double p_mw) {
        used_mw += p_mw > 1e-9 ? p_mw * traced.share[i.row()] : 0.0;
    };
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        const double vm = states.vm_pu(i, 0);
        use(i, traced.injections().load_p_mw(i, 0));
        use(i, 100 * grid.g_fixed_pu[i] * vm * vm);
    }
    for (const UnitIdx u : rows<UnitIdx>(traced.c.problem.units.size())) {
        use(traced.c.problem.units.bus[u], -states.unit_p_mw(u, 0));
    }
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const double from_mw = states.p_from_mw(k, 0);
        const double to_mw = states.p_to_mw(k, 0);
        const bool through = from_mw * to_mw < 0;
        const BusIdx from = grid.branches.from[k];
        const BusIdx to = grid.branches.to[k];
        use(from_mw > to_mw ? from : to, through ? from_mw + to_mw : std::max(from_mw, to_mw));
        use(from_mw > to_mw ? to : from, through ? 0.0 : std::min(from_mw, to_mw));
    }
    return used_mw;
}

TEST(FlowTrace, NothingOfTheMarkedKindIsLostOnPublicGrids) {
    if (!batch::has_public_cases()) {
        GTEST_SKIP() << "reference cases are not beside the checkout";
    }
    for (const char* name : {"case14", "case_ieee30", "case57", "case118", "case300"}) {
        const Traced traced = trace_public(name);
        EXPECT_NEAR(sum_uses(traced), traced.brought_mw, 1e-6 * traced.brought_mw) << name;
    }
}

TEST(FlowTrace, AllocatesNothing) {
    if (!batch::has_public_cases()) {
        GTEST_SKIP() << "reference cases are not beside the checkout";
    }
    Traced traced = trace_public("case118");
    FlowTrace tracer{traced.c.grid, traced.c.problem.units};
    const std::size_t before = yuanwang::testing::count_allocations();
    tracer.trace(traced.injections(), traced.states, 0, traced.unit_share, traced.share);
    EXPECT_EQ(yuanwang::testing::count_allocations() - before, 0U);
}

} // namespace
} // namespace yuanwang::powerflow
