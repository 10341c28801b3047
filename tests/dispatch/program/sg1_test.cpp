/// SG-1 on case118 against its published answers, found by PyPSA with CBC and eight other pairs of formulation and solver.
#include <algorithm>
#include <filesystem>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "bench/workloads/dispatch_runs.hpp"
#include "bench/workloads/sg1.hpp"
#include "dispatch/program/clp_engine.hpp"

namespace yuanwang::workloads {
namespace {

using dispatch::program::Block;
using dispatch::program::ClpEngine;
using dispatch::program::Solution;
using dispatch::program::SolveStatus;

const std::filesystem::path case118 =
    std::filesystem::path{YUANWANG_SHARED_DIR} / "cases" / "case118.m";

class Sg1Answers : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(case118)) {
            GTEST_SKIP() << "reference cases are not beside the checkout";
        }
    }
    static Sg1 load(double limit_factor = 1) {
        return make_sg1(read_sg1_case(exchange::read_matpower(case118)), limit_factor);
    }
};
using Sg1Study = Sg1Answers;

double sum(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST_F(Sg1Answers, TheWorkloadIsTheOneDescribed) {
    const Sg1 sg1 = load();
    const auto& limits = sg1.system.branches.limit_mw;
    EXPECT_EQ(sg1.d0_mw, 4242);
    EXPECT_EQ(limits.size(), 186u);
    EXPECT_EQ(std::ranges::count(limits, 85.0), 161);
    EXPECT_EQ(sum(limits), 17470);

    const Block year = make_block(sg1, 0, 8760, 1);
    EXPECT_NEAR(std::ranges::min(year.demand_mw.values()), 2001.7, 0.05);
    EXPECT_NEAR(std::ranges::max(year.demand_mw.values()), 4346.2, 0.05);
    EXPECT_NEAR(sum(year.demand_mw.values()) / 1e3, 27893.9, 0.05);
    EXPECT_NEAR(sum(year.inflow_mw.values()) / 1e3, 1783.7, 0.05);
    double pv_mwh = 0;
    double wind_mwh = 0;
    for (std::size_t t = 0; t < 8760; ++t) {
        const auto renewable = year.p_max_mw.step(t).subspan(sg1.n_thermal);
        pv_mwh += sum(renewable.first(8));
        wind_mwh += sum(renewable.subspan(8));
    }
    EXPECT_NEAR(pv_mwh / 1e3, 3235.6, 0.05);
    EXPECT_NEAR(wind_mwh / 1e3, 7189.1, 0.05);
}

TEST_F(Sg1Answers, D1CostsAWeekWithLineLimits) {
    const Sg1 sg1 = load();
    const Solution week = make_engine(sg1, EngineKind::ptdf_dual)->solve(make_d1_block(sg1));
    ASSERT_EQ(week.status, SolveStatus::optimal);
    EXPECT_NEAR(week.objective, 8'580'031.155, 1e-7 * week.objective);
    EXPECT_NEAR(week.objective, week.bound, 1e-8 * week.objective);
    EXPECT_LT(week.max_violation_mw, 1e-6);
}

void expect_published(DispatchWorkload workload, const DispatchRunOptions& options,
                      double limit_factor = 1) {
    const Sg1 sg1 = make_sg1(read_sg1_case(exchange::read_matpower(case118)), limit_factor);
    const DispatchRun found = run(sg1, workload, options);
    const auto published = find_published("case118", workload, limit_factor, options.n_window);
    ASSERT_TRUE(published.has_value());
    EXPECT_EQ(found.status, SolveStatus::optimal);
    EXPECT_TRUE(agrees(found, *published))
        << found.objective << " against " << published->objective << ", "
        << found.window_objective_sum() << " against " << published->window_objective_sum;
    EXPECT_LT(found.max_infeasibility, 1e-5);
}

TEST_F(Sg1Answers, D2CostsTenWindowsWithStorageCarried) {
    expect_published(DispatchWorkload::d2, {.n_window = 1});
    expect_published(DispatchWorkload::d2, {.n_window = 5});
    expect_published(DispatchWorkload::d2, {.n_window = 10});
}

TEST_F(Sg1Answers, ALiveModelAndAColdOneAgreeOnEveryWindow) {
    const Sg1 sg1 = load();
    ClpEngine live{sg1.system};
    std::vector<double> e_mwh = half_full(sg1.system);
    for (const std::size_t day : {180u, 181u, 182u, 364u}) { // the last is shorter
        const Block window = make_window(sg1, day, e_mwh);
        const Solution warm = live.solve(window);
        const Solution cold = ClpEngine{sg1.system}.solve(window);
        ASSERT_EQ(warm.status, SolveStatus::optimal) << day;
        EXPECT_NEAR(warm.objective, cold.objective, 1e-9 * cold.objective) << day;
        const auto kept = warm.stored_mwh.step(23);
        e_mwh.assign(kept.begin(), kept.end());
    }
}

TEST_F(Sg1Answers, D3CostsAYearOnACopperPlate) {
    expect_published(DispatchWorkload::d3, {});
}

/// The two engines on windows from the same stored energies: the same cost, each proved by duals of its own.
void expect_engines_agree(const Sg1& sg1, const std::vector<std::size_t>& days) {
    const auto first = make_engine(sg1, EngineKind::ptdf_dual);
    const auto second = make_engine(sg1, EngineKind::cycle_flow_barrier);
    std::vector<double> e_mwh = half_full(sg1.system);
    for (const std::size_t day : days) {
        const Block window = make_window(sg1, day, e_mwh);
        const Solution one = first->solve(window);
        const Solution other = second->solve(window);
        ASSERT_EQ(one.status, SolveStatus::optimal) << day;
        ASSERT_EQ(other.status, SolveStatus::optimal) << day;
        EXPECT_NEAR(one.objective, other.objective, 1e-7 * one.objective) << day;
        EXPECT_NEAR(one.bound, other.bound, 1e-7 * one.objective) << day;
        const auto kept = one.stored_mwh.step(23);
        e_mwh.assign(kept.begin(), kept.end());
    }
}

TEST_F(Sg1Answers, TwoEnginesThatShareNoNetworkRowAgreeOnWindows) {
    expect_engines_agree(load(), {0, 1, 181, 182, 364});
}

TEST_F(Sg1Answers, AnUnknownCaseHasNoPublishedCost) {
    EXPECT_FALSE(find_published("case300", DispatchWorkload::d2, 1, 365).has_value());
    EXPECT_FALSE(find_published("case118", DispatchWorkload::d2, 1.1, 365).has_value());
    EXPECT_FALSE(find_published("case118", DispatchWorkload::d2, 1, 364).has_value());
    EXPECT_TRUE(find_published("case118", DispatchWorkload::d1, 1, 365).has_value());
}

TEST_F(Sg1Study, D1OfTheSecondEngineIsThePublishedOne) {
    expect_published(DispatchWorkload::d1, {.engine = EngineKind::cycle_flow_barrier});
}

TEST_F(Sg1Study, TwoEnginesAgreeOnEveryWindowOfTheYear) {
    std::vector<std::size_t> days(365);
    std::iota(days.begin(), days.end(), 0u);
    expect_engines_agree(load(), days);
}

TEST_F(Sg1Study, D2CostsAYearOfWindows) {
    expect_published(DispatchWorkload::d2, {});
}

TEST_F(Sg1Study, D2CostsAYearWithWiderLines) {
    expect_published(DispatchWorkload::d2, {}, 1.6);
}

} // namespace
} // namespace yuanwang::workloads
