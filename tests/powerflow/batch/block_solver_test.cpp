/// The block solver against the reference solver: same voltages to 1e-9 pu in the same positions, both converged to
/// 1e-11, on every public case with and without reactive limits, with one slack and with a shared one.
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/batch/block_solver.hpp"
#include "powerflow/batch/compare_states.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::powerflow::batch {
namespace {

class BlockSolverCases : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (!has_public_cases()) {
            GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Public, BlockSolverCases,
                         ::testing::Values("case9", "case14", "case30", "case_ieee30", "case39",
                                           "case57", "case118", "case300", "case1354pegase"),
                         [](const auto& name) { return name.param; });

/// The case at several load levels, generation along with them.
BlockInjections swing(const BlockInjections& base, std::size_t n_step) {
    const auto column = [&](const Series& from, bool scaled) {
        Series to(from.n_element(), n_step);
        for (std::size_t t = 0; t < n_step; ++t) {
            const double factor = scaled ? 0.85 + 0.15 * std::sin(0.7 * static_cast<double>(t)) : 1;
            for (std::size_t i = 0; i < from.n_element(); ++i) {
                to(i, t) = factor * from(i, std::size_t{0});
            }
        }
        return to;
    };
    return {.load_p_mw = column(base.load_p_mw, true),
            .load_q_mvar = column(base.load_q_mvar, true),
            .unit_p_mw = column(base.unit_p_mw, true),
            .unit_on = column(base.unit_on, false),
            .unit_q_min_mvar = column(base.unit_q_min_mvar, false),
            .unit_q_max_mvar = column(base.unit_q_max_mvar, false)};
}

void expect_same(const PublicCase& c, const Units& units, const Options& options) {
    const BlockInjections block = swing(c.problem.injections, 20);
    ReferenceSolver reference(c.grid, units, options);
    BlockSolver batch(c.grid, units, options);
    BlockStates a;
    BlockStates b;
    reference.solve_block(block, a);
    batch.solve_block(block, b);
    const Difference difference = compare_states(a, b);
    EXPECT_EQ(difference.status, 0U);
    EXPECT_EQ(difference.moved, 0U);
    EXPECT_LT(difference.v_pu, 1e-9);
    EXPECT_GE(difference.in_lanes, 20U) << "of 20";
    for (const StepOutcome& outcome : b.outcome) {
        EXPECT_LT(outcome.max_mismatch_pu, 1.1e-11);
    }
}

TEST_P(BlockSolverCases, WithoutLimits) {
    const PublicCase c = load_case(GetParam());
    expect_same(c, c.problem.units,
                {.tolerance_pu = 1e-11, .q_limits = false, .distributed_slack = false});
}

TEST_P(BlockSolverCases, WithReactiveLimits) {
    const PublicCase c = load_case(GetParam());
    expect_same(c, c.problem.units, {.tolerance_pu = 1e-11, .distributed_slack = false});
}

TEST_P(BlockSolverCases, WithASharedSlack) {
    const PublicCase c = load_case(GetParam());
    Units units = c.problem.units;
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        const bool shares = units.mode[u] == ReactiveMode::voltage;
        units.participation[u] = shares ? 1.0 + static_cast<double>(u.row() % 3) : 0.0;
    }
    double sum = 0;
    for (const double share : units.participation) {
        sum += share;
    }
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        units.participation[u] /= sum;
    }
    expect_same(c, units, {.tolerance_pu = 1e-11, .q_limits = false});
    expect_same(c, units, {.tolerance_pu = 1e-11});
}

} // namespace
} // namespace yuanwang::powerflow::batch
