/// SG-1 on case118 against its published answers, found by PyPSA with CBC and eight other pairs of formulation and solver.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "bench/workloads/sg1.hpp"

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
        return make_sg1(exchange::read_matpower(case118), limit_factor);
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
    const Solution week = run_d1(load());
    ASSERT_EQ(week.status, SolveStatus::optimal);
    EXPECT_NEAR(week.objective, 8'580'031.155, 1e-7 * week.objective);
    EXPECT_NEAR(week.objective, week.bound, 1e-8 * week.objective);
    EXPECT_LT(week.max_violation_mw, 1e-6);
}

TEST_F(Sg1Answers, D2CostsTenWindowsWithStorageCarried) {
    const std::vector<Window> windows = run_d2(load(), 10);
    ASSERT_EQ(windows.size(), 10u);
    const std::map<std::size_t, double> published = {
        {1, 1'754'197.672}, {5, 9'233'616.33}, {10, 18'220'321.8}};
    double kept = 0;
    for (std::size_t w = 0; w < windows.size(); ++w) {
        ASSERT_EQ(windows[w].status, SolveStatus::optimal) << w;
        kept += windows[w].kept_cost;
        if (const auto at = published.find(w + 1); at != published.end()) {
            EXPECT_NEAR(kept, at->second, 1e-7 * kept) << w;
        }
    }
}

TEST_F(Sg1Answers, ALiveModelAndAColdOneAgreeOnEveryWindow) {
    const Sg1 sg1 = load();
    ClpEngine live{sg1.system};
    std::vector<double> e_mwh = sg1.system.storages.e_max_mwh;
    std::ranges::transform(e_mwh, e_mwh.begin(), [](double e) { return e / 2; });
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
    const Solution year = run_d3(load());
    ASSERT_EQ(year.status, SolveStatus::optimal);
    EXPECT_NEAR(year.objective, 514'358'810.7, 1e-7 * year.objective);
    EXPECT_EQ(*std::ranges::max_element(year.shed_mw.values()), 0);
}

void expect_year(const std::vector<Window>& windows, double kept_cost, double objectives) {
    ASSERT_EQ(windows.size(), 365u);
    double kept = 0;
    double total = 0;
    for (const Window& window : windows) {
        ASSERT_EQ(window.status, SolveStatus::optimal);
        EXPECT_LT(window.max_violation_mw, 1e-5);
        kept += window.kept_cost;
        total += window.objective;
    }
    EXPECT_NEAR(kept, kept_cost, 1e-5 * kept_cost);
    EXPECT_NEAR(total, objectives, 1e-5 * objectives);
}

TEST_F(Sg1Study, D2CostsAYearOfWindows) {
    expect_year(run_d2(load(), 365), 554'821'848.4, 1'109'307'008);
}

TEST_F(Sg1Study, D2CostsAYearWithWiderLines) {
    expect_year(run_d2(load(1.6), 365), 521'663'771.8, 1'043'807'008);
}

} // namespace
} // namespace yuanwang::workloads
