#include "powerflow/marginal_losses.hpp"

#include <cmath>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "exchange/powerflow_problem.hpp"
#include "powerflow/reference_solver.hpp"
#include "powerflow/tiny_case.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

std::vector<double> compute(const network::Network& grid, const Units& units,
                            const BlockInjections& injections, const BlockStates& states,
                            bool distributed_slack = true) {
    MarginalLosses losses{grid, units, distributed_slack};
    std::vector<double> factor(grid.n_bus);
    EXPECT_TRUE(losses.compute(injections, states, 0, factor));
    return factor;
}

/// slack a ── r + jx ── b, both hold their voltage:  L = g (Va² + Vb² − 2 Va Vb cos δ),  dL/dP_b = 2 r sin δ / (r sin δ + x cos δ)
TEST(MarginalLosses, OfTwoBusesInClosedForm) {
    for (const double p_mw : {-150.0, -40.0, 0.0, 120.0}) {
        TinyCase c;
        const BusIdx a = c.bus("a");
        const BusIdx b = c.bus("b");
        const double r = 0.03;
        const double x = 0.12;
        c.branch(a, b, r, x);
        c.source(a, 0, 1.02, -1e4, 1e4, 1);
        c.source(b, p_mw, 0.99);
        const network::Network grid = network::make_network(c.grid);
        const BlockStates states = c.solve();
        const std::vector<double> factor = compute(grid, c.units, c.injections(grid.n_bus), states);
        const double delta = states.va_rad(b, 0) - states.va_rad(a, 0);
        const double closed_form =
            2 * r * std::sin(delta) / (r * std::sin(delta) + x * std::cos(delta));
        EXPECT_NEAR(factor[b.row()], closed_form, 1e-12) << p_mw;
        EXPECT_NEAR(factor[a.row()], 0, 1e-12) << p_mw;
    }
}

/// Losses of the AC solution with `more_mw` injected at a bus.
double solve_losses(ReferenceSolver& solver, BlockInjections injections, BusIdx bus,
                    double more_mw) {
    injections.load_p_mw(bus, 0) -= more_mw;
    BlockStates states;
    solver.solve_block(injections, states);
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
    return states.losses_mw(std::size_t{0}, 0);
}

/// ℓ against central differences of AC solutions, the error of which falls with the square of their step.
void expect_differences(const network::Network& grid, const Units& units,
                        const BlockInjections& injections, const Options& options) {
    ReferenceSolver solver{grid, units, options};
    BlockStates states;
    solver.solve_block(injections, states);
    const std::vector<double> factor =
        compute(grid, units, injections, states, options.distributed_slack);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        constexpr double step_mw = 0.2;
        const double difference = (solve_losses(solver, injections, i, step_mw) -
                                   solve_losses(solver, injections, i, -step_mw)) /
                                  (2 * step_mw);
        EXPECT_NEAR(factor[i.row()], difference, 2e-6) << i.row();
    }
}

struct Ieee14 {
    engine::Study study = scenario::load_scenario(std::filesystem::path{YUANWANG_SOURCE_DIR} /
                                                  "scenarios" / "ieee" / "ieee14.yaml")
                              .study;
    network::Network grid = network::make_network(study.epochs.front().system.grid);
    exchange::PowerflowProblem problem = exchange::make_problem(study.epochs.front().system, grid);
};

TEST(MarginalLosses, OfIeee14AreTheDifferencesOfAcSolutions) {
    Ieee14 c;
    const Options options{.tolerance_pu = 1e-12, .q_limits = false, .taps = false, .shunts = false};
    expect_differences(c.grid, c.problem.units, c.problem.injections, options);
}

TEST(MarginalLosses, OfUnitsAtTheirLimitsToo) {
    Ieee14 c;
    const Options options{.tolerance_pu = 1e-12, .taps = false, .shunts = false};
    for (std::size_t i = 0; i < c.grid.n_bus; ++i) {
        c.problem.injections.load_q_mvar(i, 0) *= 1.8;
    }
    ReferenceSolver solver{c.grid, c.problem.units, options};
    BlockStates states;
    solver.solve_block(c.problem.injections, states);
    int at_limit = 0;
    for (const UnitIdx u : rows<UnitIdx>(c.problem.units.size())) {
        const double vm_pu = states.vm_pu(c.problem.units.bus[u], 0);
        at_limit += c.problem.units.mode[u] == ReactiveMode::voltage &&
                    std::abs(vm_pu - c.problem.units.vm_set_pu[u]) > 1e-4;
    }
    ASSERT_GT(at_limit, 0);
    expect_differences(c.grid, c.problem.units, c.problem.injections, options);
}

TEST(MarginalLosses, WhereSeveralUnitsTakeWhatIsLacking) {
    Ieee14 c;
    const Options options{.tolerance_pu = 1e-12, .q_limits = false, .taps = false, .shunts = false};
    c.problem.units.participation[UnitIdx{0}] = 0.4;
    c.problem.units.participation[UnitIdx{1}] = 0.6;
    expect_differences(c.grid, c.problem.units, c.problem.injections, options);
}

TEST(MarginalLosses, AreNoneWithoutASolution) {
    TinyCase c;
    const BusIdx a = c.bus("a");
    const BusIdx b = c.bus("b");
    c.branch(a, b, 0.03, 0.12);
    c.source(a, 0, 1.0, -1e4, 1e4, 1);
    c.load(b, 5000);
    const network::Network grid = network::make_network(c.grid);
    MarginalLosses losses{grid, c.units, true};
    std::vector<double> factor(grid.n_bus, 1.0);
    EXPECT_FALSE(losses.compute(c.injections(grid.n_bus), c.solve(), 0, factor));
    EXPECT_EQ(factor, std::vector<double>(grid.n_bus, 0.0));
}

} // namespace
} // namespace yuanwang::powerflow
