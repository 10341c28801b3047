/// Without reactive limits the solver leaves out of its matrices what only a PQ node needs. The answer must not show it.
#include <algorithm>
#include <cstddef>
#include <filesystem>

#include <gtest/gtest.h>

#include "exchange/powerflow_problem.hpp"
#include "network/network.hpp"
#include "powerflow/reference_solver.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::powerflow {
namespace {

/// The IEEE 14 bus case over three steps; in the second the unit that holds bus 6 stands still, so bus 6 is PQ.
struct ThreeSteps {
    network::Network grid;
    Units units;
    BlockInjections injections;
};

ThreeSteps make_three_steps() {
    const std::filesystem::path file =
        std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios" / "ieee" / "ieee14.yaml";
    const engine::Study study = scenario::load_scenario(file).study;
    ThreeSteps steps;
    steps.grid = network::make_network(study.epochs.front().system.grid);
    exchange::PowerflowProblem problem =
        exchange::make_problem(study.epochs.front().system, steps.grid);
    steps.units = problem.units;
    const auto repeat = [](const Series& one) {
        Series three(one.n_element(), 3);
        for (std::size_t t = 0; t < 3; ++t) {
            std::ranges::copy(one.step(0), three.step(t).begin());
        }
        return three;
    };
    const BlockInjections& one = problem.injections;
    steps.injections = {.load_p_mw = repeat(one.load_p_mw),
                        .load_q_mvar = repeat(one.load_q_mvar),
                        .unit_p_mw = repeat(one.unit_p_mw),
                        .unit_on = repeat(one.unit_on),
                        .unit_q_min_mvar = Series(steps.units.size(), 3, -1e6),
                        .unit_q_max_mvar = Series(steps.units.size(), 3, 1e6)};
    constexpr std::size_t unit_at_bus_6 = 3;
    steps.injections.unit_on(unit_at_bus_6, 1) = 0;
    return steps;
}

BlockStates solve(const ThreeSteps& steps, bool q_limits) {
    const Options options{.tolerance_pu = 1e-11,
                          .q_limits = q_limits,
                          .taps = false,
                          .shunts = false,
                          .distributed_slack = false};
    ReferenceSolver solver{steps.grid, steps.units, options};
    BlockStates states;
    solver.solve_block(steps.injections, states);
    return states;
}

TEST(HeldNodes, GiveTheStateOfTheFullMatrixAlsoWhereAUnitStandsStill) {
    const ThreeSteps steps = make_three_steps();
    const BlockStates lean = solve(steps, false);
    const BlockStates full = solve(steps, true); // limits that never bind
    for (std::size_t t = 0; t < 3; ++t) {
        ASSERT_EQ(lean.outcome[t].status, StepStatus::converged);
        for (std::size_t i = 0; i < steps.grid.n_bus; ++i) {
            EXPECT_NEAR(lean.vm_pu(i, t), full.vm_pu(i, t), 1e-11) << i << " " << t;
            EXPECT_NEAR(lean.va_rad(i, t), full.va_rad(i, t), 1e-11) << i << " " << t;
        }
    }
    EXPECT_NE(lean.vm_pu(std::size_t{5}, 1), lean.vm_pu(std::size_t{5}, 0));
    EXPECT_NEAR(lean.vm_pu(std::size_t{5}, 2), lean.vm_pu(std::size_t{5}, 0), 1e-11);
}

} // namespace
} // namespace yuanwang::powerflow
