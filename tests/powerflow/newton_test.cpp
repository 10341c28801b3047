#include "powerflow/newton.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyGrid;

/// Four buses in a ring with a chord, a tapped phase shifter between 2 and 3:
///
///     0 ── 1
///     │ ╲  │
///     3 ── 2
network::Network make_ring() {
    TinyGrid tiny;
    for (int i = 0; i < 4; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    tiny.branch(BusIdx{0}, BusIdx{1}, 0.01, 0.08, 0.04);
    tiny.branch(BusIdx{1}, BusIdx{2}, 0.02, 0.10, 0.02);
    const std::size_t shifter = tiny.branch(BusIdx{2}, BusIdx{3}, 0.00, 0.05);
    tiny.branch(BusIdx{3}, BusIdx{0}, 0.02, 0.12, 0.03);
    tiny.branch(BusIdx{0}, BusIdx{2}, 0.03, 0.15, 0.05);
    tiny.grid.branches.ratio[shifter] = 0.97;
    tiny.grid.branches.shift_degree[shifter] = 7;
    return network::make_network(tiny.grid);
}

/// Node 0 is the gauge and holds V, node 1 holds V, both take λ; 2 and 3 are loads.
NodeProblem make_problem() {
    NodeProblem problem(4);
    problem.p = {0.2, 0.5, -0.6, -0.4};
    problem.q = {0, 0, -0.2, -0.1};
    problem.type = {NodeType::pv, NodeType::pv, NodeType::pq, NodeType::pq};
    problem.vm_set = {1.02, 1.01, 1, 1};
    problem.slack_weight = {0.7, 0.3, 0, 0};
    return problem;
}

SlackLayout make_layout() {
    return {.island_of_node = {0, 0, 0, 0}, .gauge = {0}, .participants = {{0, 1}}};
}

TEST(Newton, TheJacobianIsTheDerivativeOfTheMismatch) {
    const network::Network network = make_ring();
    const NodalMatrix matrix(network);
    const NodeProblem problem = make_problem();
    Newton newton(matrix, make_layout());
    const std::vector<double> vm{1.02, 1.01, 0.97, 1.04};
    const std::vector<double> va{0.0, -0.11, 0.23, -0.3};
    newton.start_from(vm, va);
    ASSERT_TRUE(newton.choose_pivots(problem));

    // J d = r, so the mismatch along d must change by r; the part of λ is linear and taken out.
    Random random(7);
    for (int trial = 0; trial < 5; ++trial) {
        std::vector<double> r(8);
        for (double& value : r) {
            value = random.normal();
        }
        r[1] = r[3] = 0; // V is held
        std::vector<double> d = r;
        newton.solve_linear(d);
        const double h = 1e-6;
        const auto mismatch_at = [&](double step) {
            std::vector<double> moved_vm = vm;
            std::vector<double> moved_va = va;
            for (std::size_t i = 0; i < 4; ++i) {
                moved_va[i] += i == 0 ? 0 : step * d[2 * i];
                moved_vm[i] *= 1 + step * d[2 * i + 1];
            }
            newton.start_from(moved_vm, moved_va);
            const std::span<const double> F = newton.evaluate(problem);
            return std::vector<double>(F.begin(), F.end());
        };
        const std::vector<double> ahead = mismatch_at(h);
        const std::vector<double> behind = mismatch_at(-h);
        for (std::size_t row = 0; row < 8; ++row) {
            const double weight = row % 2 == 0 ? problem.slack_weight[row / 2] : 0;
            EXPECT_NEAR((ahead[row] - behind[row]) / (2 * h) - weight * d[0], r[row], 1e-7) << row;
        }
    }
}

TEST(Newton, TheMismatchFallsQuadratically) {
    const network::Network network = make_ring();
    const NodalMatrix matrix(network);
    NodeProblem problem = make_problem();
    problem.p = {0.2, 1.5, -2.2, -1.4};
    Newton newton(matrix, make_layout());
    std::vector<double> mismatch;
    for (int iterations = 0; iterations < 6; ++iterations) {
        newton.start_flat(problem);
        mismatch.push_back(newton.solve(problem, {.tolerance_pu = 0, .max_iterations = iterations})
                               .max_mismatch_pu);
    }
    ASSERT_LT(mismatch[4], 1e-8);
    for (std::size_t k = 1; mismatch[k] > 1e-7; ++k) {
        EXPECT_LT(mismatch[k + 1], 2 * mismatch[k] * mismatch[k]) << k;
    }
}

TEST(Newton, ADistributedSlackConvergesAsFastAsASingleOne) {
    const network::Network network = make_ring();
    const NodalMatrix matrix(network);
    NodeProblem shared = make_problem();
    NodeProblem single = make_problem();
    single.slack_weight = {1, 0, 0, 0};
    Newton newton(matrix, make_layout());
    newton.start_flat(shared);
    const NewtonOutcome together = newton.solve(shared, {});
    ASSERT_EQ(together.status, StepStatus::converged);
    const double lambda = newton.lambda(0);
    EXPECT_NEAR(newton.p()[0], 0.2 + 0.7 * lambda, 1e-8);
    EXPECT_NEAR(newton.p()[1], 0.5 + 0.3 * lambda, 1e-8);
    newton.start_flat(single);
    EXPECT_EQ(newton.solve(single, {}).iterations, together.iterations);
}

TEST(Newton, AnglesFollowTheVectorGroupsFromTheStart) {
    // Two Yd11 transformers in series turn the far end by 60°: from angle 0 Newton would not get there.
    TinyGrid tiny;
    for (int i = 0; i < 3; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    for (int i = 0; i < 2; ++i) {
        tiny.branch(BusIdx{i}, BusIdx{i + 1}, 0, 0.1);
        tiny.grid.branches.shift_degree[static_cast<std::size_t>(i)] = 30;
    }
    const network::Network network = network::make_network(tiny.grid);
    const NodalMatrix matrix(network);
    NodeProblem problem(3);
    problem.type[0] = NodeType::pv;
    problem.slack_weight[0] = 1;
    problem.p[2] = -0.5;
    Newton newton(matrix, {.island_of_node = {0, 0, 0}, .gauge = {0}, .participants = {{0}}});
    newton.start_flat(problem);
    const NewtonOutcome outcome = newton.solve(problem, {});
    ASSERT_EQ(outcome.status, StepStatus::converged);
    EXPECT_LE(outcome.iterations, 4);
    EXPECT_NEAR(newton.va()[2] * 180 / 3.14159265358979, -60 - 5.77, 0.1);
}

TEST(Newton, AFailedStartCanBeDamped) {
    const network::Network network = make_ring();
    const NodalMatrix matrix(network);
    const NodeProblem problem = make_problem();
    Newton newton(matrix, make_layout());
    newton.start_from(std::vector<double>{1, 1, 0.3, 0.4}, std::vector<double>{0, 1.2, -1.4, 0.9});
    const NewtonOutcome outcome = newton.solve(problem, {.pivoting = true, .damped = true});
    EXPECT_EQ(outcome.status, StepStatus::converged);
}

} // namespace
} // namespace yuanwang::powerflow
