#include "security/outage_worst.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "powerflow/batch/public_case.hpp"
#include "powerflow/reference_solver.hpp"
#include "security/outage_estimate.hpp"

namespace yuanwang::security {
namespace {

using powerflow::batch::OutageSolver;
using powerflow::batch::PublicCase;

/// A public case solved, every branch lost in turn.
struct SolvedCase {
    PublicCase loaded;
    powerflow::BlockStates base;
    OutageSolver solver;

    explicit SolvedCase(const std::string& name)
        : loaded{powerflow::batch::load_case(name)}, base{solve(loaded)},
          solver{loaded.grid, loaded.problem.units,
                 powerflow::batch::list_branch_outages(loaded.grid)} {
        solver.solve(loaded.problem.injections, base, 0);
    }
    static powerflow::BlockStates solve(const PublicCase& loaded) {
        powerflow::ReferenceSolver reference(loaded.grid, loaded.problem.units, {});
        powerflow::BlockStates states;
        reference.solve_block(loaded.problem.injections, states);
        return states;
    }
    /// Apparent power at the worse end after an outage, MVA.
    [[nodiscard]] double s_mva(std::size_t outage, BranchIdx k) const {
        const OutageSolver::Flow flow = solver.flow(outage, k);
        return std::max(std::abs(flow.from_mva), std::abs(flow.to_mva));
    }
};

class PublicCases : public ::testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        if (!powerflow::batch::has_public_cases()) {
            GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Cases, PublicCases, ::testing::Values("case57", "case118"));

class OutageWorstOf : public PublicCases {};
INSTANTIATE_TEST_SUITE_P(Cases, OutageWorstOf, ::testing::Values("case57", "case118"));

TEST_P(OutageWorstOf, EqualsLookingAtOneOutageAfterTheOther) {
    const SolvedCase solved{GetParam()};
    const network::Network& grid = solved.loaded.grid;
    const std::vector<double> rate(grid.n_branch(), 100.0);
    OutageWorst worst{grid, rate, {{{BranchIdx{0}, 1.0}, {BranchIdx{3}, -1.0}}}};
    WorstOutcomes found;
    worst.find(solved.solver, found);
    const std::size_t n_outage = solved.solver.outages().size();
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        double largest = 0;
        for (std::size_t c = 0; c < n_outage; ++c) {
            largest = std::max(largest, solved.s_mva(c, k));
        }
        EXPECT_NEAR(found.loading_percent[k.row()].value, largest, 1e-9 * (1 + largest));
        const auto outage = static_cast<std::size_t>(found.loading_percent[k.row()].outage);
        EXPECT_NEAR(solved.s_mva(outage, k), largest, 1e-9 * (1 + largest));
    }
    double section_max_mw = -1e9;
    for (std::size_t c = 0; c < n_outage; ++c) {
        if (!solved.solver.node_voltages(c).empty()) {
            const double p = solved.solver.flow(c, BranchIdx{0}).from_mva.real() -
                             solved.solver.flow(c, BranchIdx{3}).from_mva.real();
            section_max_mw = std::max(section_max_mw, p);
        }
    }
    EXPECT_NEAR(found.section_max_mw[0].value, section_max_mw, 1e-7);
    for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
        double low = 9;
        double high = 0;
        for (std::size_t c = 0; c < n_outage; ++c) {
            const double vm = std::abs(solved.solver.V(c, i));
            low = std::isnan(vm) ? low : std::min(low, vm);
            high = std::isnan(vm) ? high : std::max(high, vm);
        }
        EXPECT_NEAR(found.vm_min_pu[i.row()].value, low, 1e-12);
        EXPECT_NEAR(found.vm_max_pu[i.row()].value, high, 1e-12);
    }
}

/// Limits that some outages break: what each does by AC above 1 % and 0.5 % must be among those called near.
TEST_P(PublicCases, TheScreenPassesOnEveryOutageThatDoesHarm) {
    const SolvedCase solved{GetParam()};
    const network::Network& grid = solved.loaded.grid;
    const std::size_t n_outage = solved.solver.outages().size();
    std::vector<double> rate;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const double from = std::hypot(solved.base.p_from_mw(k, 0), solved.base.q_from_mvar(k, 0));
        const double to = std::hypot(solved.base.p_to_mw(k, 0), solved.base.q_to_mvar(k, 0));
        rate.push_back(1.6 * std::max(from, to) + 20);
    }
    std::vector<Bounds> bands;
    for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
        bands.push_back({solved.base.vm_pu(i, 0) - 0.04, solved.base.vm_pu(i, 0) + 0.04});
    }
    OutageEstimate estimate{
        grid, solved.loaded.problem.units, solved.solver.outages(), rate, bands, {}, {}};
    estimate.prepare(solved.loaded.problem.injections, solved.base);
    std::vector<std::size_t> near;
    WorstOutcomes rest;
    EstimateScratch scratch;
    estimate.choose(solved.base, 0, scratch, near, rest);

    std::size_t n_harmful = 0;
    for (std::size_t c = 0; c < n_outage; ++c) {
        bool harmful = solved.solver.outcome()[c].status != StepStatus::converged;
        for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
            harmful = harmful || solved.s_mva(c, k) > 1.01 * rate[k.row()];
        }
        for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
            const double vm = std::abs(solved.solver.V(c, i));
            harmful = harmful || vm < bands[i.row()].min - 0.005 || vm > bands[i.row()].max + 0.005;
        }
        n_harmful += harmful ? 1U : 0U;
        EXPECT_TRUE(!harmful || std::ranges::binary_search(near, c)) << "outage " << c;
    }
    EXPECT_GT(n_harmful, 2U);
    EXPECT_LT(near.size(), n_outage * 4 / 5) << "a screen that lets everything through is none";
}

} // namespace
} // namespace yuanwang::security
