/// What power flow and security do inside the block loop allocates nothing once each has seen a block.
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/batch/block_solver.hpp"
#include "powerflow/batch/outage_solver.hpp"
#include "powerflow/batch/public_case.hpp"
#include "security/outage_estimate.hpp"
#include "security/outage_screen.hpp"
#include "security/outage_worst.hpp"
#include "support/counting_new.hpp"

namespace yuanwang::security {
namespace {

using powerflow::batch::PublicCase;
using yuanwang::testing::count_allocations;

constexpr std::size_t n_step = 5;

/// The case, its loads and units falling from step to step.
powerflow::BlockInjections make_block(const PublicCase& loaded, double most) {
    const powerflow::BlockInjections& base = loaded.problem.injections;
    const auto repeat = [&](const Series& column, bool falls) {
        Series series(column.n_element(), n_step);
        for (std::size_t t = 0; t < n_step; ++t) {
            const double share = falls ? most * (1.0 - 0.01 * static_cast<double>(t)) : 1.0;
            for (std::size_t i = 0; i < column.n_element(); ++i) {
                series(i, t) = share * column(i, 0);
            }
        }
        return series;
    };
    return {.load_p_mw = repeat(base.load_p_mw, true),
            .load_q_mvar = repeat(base.load_q_mvar, true),
            .unit_p_mw = repeat(base.unit_p_mw, true),
            .unit_on = repeat(base.unit_on, false),
            .unit_q_min_mvar = repeat(base.unit_q_min_mvar, false),
            .unit_q_max_mvar = repeat(base.unit_q_max_mvar, false)};
}

TEST(Allocation, AWarmBlockOfPowerFlowsAndOutagesAllocatesNothing) {
    if (!powerflow::batch::has_public_cases()) {
        GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
    }
    const PublicCase loaded = powerflow::batch::load_case("case118");
    const network::Network& grid = loaded.grid;
    const std::vector<double> rate(grid.n_branch(), 600.0);
    const std::vector<std::vector<SectionBranch>> sections = {{{BranchIdx{0}, 1.0}}};
    const auto outages = powerflow::batch::list_branch_outages(grid);
    powerflow::batch::BlockSolver solver(grid, loaded.problem.units, {});
    OutageFactors factors(grid, BusIdx{0});
    OutageScreen screen(factors, rate);
    OutageEstimate estimate(grid, loaded.problem.units, outages, rate,
                            std::vector<Bounds>(grid.n_written_bus, {0.85, 1.15}), sections,
                            {{-2000, 2000}});
    powerflow::batch::OutageSolver outage_solver(grid, loaded.problem.units, outages);
    OutageWorst worst(grid, rate, sections);

    powerflow::BlockStates states;
    Series loading_percent;
    BasicSeries<std::int32_t> worst_outage;
    EstimateScratch scratch;
    std::vector<std::size_t> near;
    WorstOutcomes rest;
    WorstOutcomes found;
    const powerflow::batch::OutageColumns none;
    const powerflow::BlockInjections first = make_block(loaded, 1.0);
    const powerflow::BlockInjections second = make_block(loaded, 0.98);
    const auto judge_steps = [&](const powerflow::BlockInjections& block) {
        for (std::size_t t = 0; t < n_step; ++t) {
            estimate.choose(states, t, scratch, near, rest);
            outage_solver.solve(block, states, t, none, near);
            worst.find(outage_solver, found);
            widen(found, rest);
            outage_solver.solve(block, states, t, none);
            worst.find(outage_solver, found);
        }
    };

    solver.solve_block(first, states);
    screen.screen(states.p_from_mw, loading_percent, worst_outage);
    estimate.prepare(first, states);
    judge_steps(first);
    ASSERT_EQ(states.outcome.back().status, StepStatus::converged);
    ASSERT_FALSE(near.empty());
    ASSERT_LT(near.size(), outages.size());

    std::size_t before = count_allocations();
    solver.solve_block(second, states);
    EXPECT_EQ(count_allocations() - before, 0U) << "power flows of a block";
    before = count_allocations();
    screen.screen(states.p_from_mw, loading_percent, worst_outage);
    EXPECT_EQ(count_allocations() - before, 0U) << "DC screen";
    before = count_allocations();
    estimate.prepare(second, states);
    EXPECT_EQ(count_allocations() - before, 0U) << "sensitivities of the block";
    before = count_allocations();
    judge_steps(second);
    EXPECT_EQ(count_allocations() - before, 0U) << "outages, screened and all";
}

} // namespace
} // namespace yuanwang::security
