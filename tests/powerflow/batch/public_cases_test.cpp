/// The batch against the reference solver on public cases, both converged to 1e-11 pu, and its outages against the known
/// count of those without a solution (agreed by several tools for these files from base-case voltages).
#include <cmath>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "network/topology.hpp"
#include "powerflow/batch/batch_solver.hpp"
#include "powerflow/batch/instruction_set.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::powerflow::batch {
namespace {

class PublicCases : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(std::filesystem::path{YUANWANG_SHARED_DIR} / "cases")) {
            GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Batch, PublicCases,
                         ::testing::Values("case9", "case14", "case30", "case_ieee30", "case39",
                                           "case57", "case118", "case300", "case1354pegase"),
                         [](const auto& name) { return name.param; });

/// The case at several load levels.
BlockInjections scale(const BlockInjections& base, const std::vector<double>& factor) {
    const std::size_t n_bus = base.load_p_mw.n_element();
    const std::size_t n_unit = base.unit_p_mw.n_element();
    const std::size_t n_step = factor.size();
    BlockInjections block{.load_p_mw = Series(n_bus, n_step),
                          .load_q_mvar = Series(n_bus, n_step),
                          .unit_p_mw = Series(n_unit, n_step),
                          .unit_on = Series(n_unit, n_step, 1.0),
                          .unit_q_min_mvar = Series(n_unit, n_step, -1e9),
                          .unit_q_max_mvar = Series(n_unit, n_step, 1e9)};
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < n_bus; ++i) {
            block.load_p_mw(i, t) = factor[t] * base.load_p_mw(i, 0);
            block.load_q_mvar(i, t) = factor[t] * base.load_q_mvar(i, 0);
        }
        for (std::size_t u = 0; u < n_unit; ++u) {
            block.unit_p_mw(u, t) = factor[t] * base.unit_p_mw(u, 0);
        }
    }
    return block;
}

TEST_P(PublicCases, BatchEqualsReference) {
    const PublicCase public_case = load_case(GetParam());
    std::vector<double> factor;
    for (int t = 0; t < 20; ++t) {
        factor.push_back(0.7 + 0.3 * t / 19.0);
    }
    const BlockInjections block = scale(public_case.problem.injections, factor);
    ReferenceSolver reference(public_case.grid, public_case.problem.units,
                              {.tolerance_pu = 1e-11,
                               .q_limits = false,
                               .taps = false,
                               .shunts = false,
                               .distributed_slack = false});
    BlockStates states;
    reference.solve_block(block, states);

    const Injections injections =
        gather_injections(public_case.grid, public_case.problem.units, block);
    const std::size_t n_bus = public_case.grid.n_bus;
    for (const Precision precision : {Precision::float_factor, Precision::double_factor}) {
        BatchSolver solver(public_case.y, public_case.setup.type,
                           {.limits = {.tolerance_pu = 1e-11}, .precision = precision});
        BatchResult result;
        solver.solve({.n_case = factor.size(),
                      .p_pu = injections.p_pu,
                      .q_pu = injections.q_pu,
                      .start = public_case.setup.flat,
                      .chain_length = 2},
                     result);
        for (std::size_t t = 0; t < factor.size(); ++t) {
            ASSERT_EQ(states.outcome[t].status, StepStatus::converged);
            ASSERT_EQ(result.outcome[t].status, StepStatus::converged);
            for (std::size_t i = 0; i < n_bus; ++i) {
                const std::complex<double> V = std::polar(states.vm_pu(i, t), states.va_rad(i, t));
                EXPECT_NEAR(std::abs(result.V[t * n_bus + i] - V), 0, 1e-9) << t << ' ' << i;
            }
        }
    }
}

TEST_P(PublicCases, OneLaneAloneSaysTheSame) {
    const PublicCase public_case = load_case(GetParam());
    const Injections injections = gather_injections(public_case.grid, public_case.problem.units,
                                                    public_case.problem.injections);
    const BatchProblem problem{.n_case = 1,
                               .p_pu = injections.p_pu,
                               .q_pu = injections.q_pu,
                               .start = public_case.setup.flat};
    SingleSolver single(public_case.y, public_case.setup.type, {.tolerance_pu = 1e-11});
    BatchSolver batch(public_case.y, public_case.setup.type, {.limits = {.tolerance_pu = 1e-11}});
    BatchResult one;
    BatchResult many;
    single.solve(problem, one);
    batch.solve(problem, many);
    ASSERT_EQ(one.outcome[0].status, StepStatus::converged);
    ASSERT_EQ(many.outcome[0].status, StepStatus::converged);
    for (std::size_t i = 0; i < one.V.size(); ++i) {
        EXPECT_NEAR(std::abs(one.V[i] - many.V[i]), 0, 1e-9);
    }
}

/// Pins an instruction set for as long as it lives.
struct Pin {
    explicit Pin(std::string_view name) { EXPECT_TRUE(pin_instruction_set(name)); }
    ~Pin() { pin_instruction_set({}); }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;
};

TEST_P(PublicCases, EveryInstructionSetSaysTheSame) {
    const PublicCase public_case = load_case(GetParam());
    const std::vector<double> factor = {1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.76};
    const Injections injections = gather_injections(public_case.grid, public_case.problem.units,
                                                    scale(public_case.problem.injections, factor));
    const BatchProblem problem{.n_case = factor.size(),
                               .p_pu = injections.p_pu,
                               .q_pu = injections.q_pu,
                               .start = public_case.setup.flat,
                               .chain_length = 3};
    for (const Precision precision : {Precision::float_factor, Precision::double_factor}) {
        const BatchOptions options{.limits = {.tolerance_pu = 1e-11}, .precision = precision};
        BatchSolver best(public_case.y, public_case.setup.type, options);
        BatchResult expected;
        best.solve(problem, expected);
        for (const std::string& name : list_instruction_sets()) {
            const Pin pin(name);
            EXPECT_EQ(instruction_set(), name);
            BatchSolver solver(public_case.y, public_case.setup.type, options);
            BatchResult result;
            solver.solve(problem, result);
            for (std::size_t i = 0; i < expected.V.size(); ++i) {
                ASSERT_NEAR(std::abs(result.V[i] - expected.V[i]), 0, 1e-9) << name << ' ' << i;
            }
        }
    }
}

TEST(InstructionSet, AnUnknownOneIsRefused) {
    EXPECT_FALSE(pin_instruction_set("abacus"));
    EXPECT_EQ(instruction_set(), list_instruction_sets().front());
}

struct Outages {
    std::string name;
    std::size_t n_outage;   ///< branches that are no bridges
    std::size_t n_unsolved; ///< without a solution in any tool
};
void PrintTo(const Outages& outages, std::ostream* stream) {
    *stream << outages.name;
}

class PublicOutages : public ::testing::TestWithParam<Outages> {};
INSTANTIATE_TEST_SUITE_P(Batch, PublicOutages,
                         ::testing::Values(Outages{"case118", 177, 0}, Outages{"case300", 322, 16},
                                           Outages{"case1354pegase", 1430, 2}),
                         [](const auto& outages) { return outages.param.name; });

TEST_P(PublicOutages, ThoseWithoutASolutionAreNamed) {
    if (!std::filesystem::exists(std::filesystem::path{YUANWANG_SHARED_DIR} / "cases")) {
        GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
    }
    const PublicCase public_case = load_case(GetParam().name);
    const network::Network& grid = public_case.grid;
    const Injections injections =
        gather_injections(grid, public_case.problem.units, public_case.problem.injections);
    SingleSolver single(public_case.y, public_case.setup.type);
    BatchResult base;
    single.solve({.n_case = 1,
                  .p_pu = injections.p_pu,
                  .q_pu = injections.q_pu,
                  .start = public_case.setup.flat},
                 base);

    std::vector<bool> is_bridge(grid.n_branch(), false);
    for (const BranchIdx k : network::find_bridges(grid)) {
        is_bridge[k.row()] = true;
    }
    std::vector<AdmittanceEntry> change;
    std::vector<std::int32_t> change_start = {0};
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (!is_bridge[k.row()]) {
            append_outage(grid, k, change);
            change_start.push_back(static_cast<std::int32_t>(change.size()));
        }
    }
    const std::size_t n_outage = change_start.size() - 1;
    EXPECT_EQ(n_outage, GetParam().n_outage);
    for (const Precision precision : {Precision::float_factor, Precision::double_factor}) {
        BatchSolver solver(public_case.y, public_case.setup.type,
                           {.limits = {}, .precision = precision});
        BatchResult result;
        solver.solve({.n_case = n_outage,
                      .p_pu = injections.p_pu,
                      .q_pu = injections.q_pu,
                      .start = base.V,
                      .change_start = change_start,
                      .change = change},
                     result);
        std::size_t n_unsolved = 0;
        for (const CaseOutcome& outcome : result.outcome) {
            EXPECT_NE(outcome.status, StepStatus::not_run);
            n_unsolved += outcome.status != StepStatus::converged ? 1U : 0U;
        }
        EXPECT_EQ(n_unsolved, GetParam().n_unsolved);
    }
}

} // namespace
} // namespace yuanwang::powerflow::batch
