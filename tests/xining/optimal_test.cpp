// The home case planned at least cost: no dearer than by rules, and secure where rules are not.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

RunRecord run_by(const std::string& file, const std::string& method,
                 const std::vector<std::string>& more = {}, bool expect_relaxed = false) {
    std::vector<std::string> set = {"dispatch.method=" + method};
    set.insert(set.end(), more.begin(), more.end());
    return run(load(file, set).study, expect_relaxed);
}

double of(const RunRecord& record, const std::string& indicator) {
    return record.summary().indicators.at(indicator);
}

/// A January week with the loops open, when one bank cannot carry what the other leaves: a plan keeps that. In many hours
/// the load behind the pair Guolong–Dongchuan is itself more than one circuit carries, by up to a twentieth; no source can
/// help, and enterprises are not called for an outage that has not happened, so the plan pays the price of an overload.
/// Security has its price: what replaces energy held back by limits is dearer, and starts are not priced without commitment.
TEST(Optimal, AWeekWithOpenLoopsIsSecureButForOnePairThatNoSourceCanRelieve) {
    const std::vector<std::string> week = {"time.duration=7 d"};
    const RunRecord rules = run_by("xining-2025-open-loops.yaml", "rules", week);
    const RunRecord plan = run_by("xining-2025-open-loops.yaml", "optimal", week, true);
    EXPECT_LT(of(rules, "n1_secure_hours"), 84);
    EXPECT_GT(of(plan, "n1_secure_hours"), 2 * of(rules, "n1_secure_hours"));
    EXPECT_LT(of(plan, "n1_loading_max_percent"), 108); // in apparent power
    EXPECT_GT(of(rules, "n1_loading_max_percent"), 120);
    EXPECT_EQ(of(plan, "managed_mwh"), 0);
    for (const auto& limit : plan.summary().broken_limits) {
        EXPECT_EQ(limit.element, "l_guolong_dongchuan_2");
        EXPECT_EQ(limit.outage, limit.element) << "one circuit lost, the other overloaded";
        EXPECT_EQ(limit.hours, limit.hours_unavoidable);
        EXPECT_LT(limit.relaxation_mw, 55);
    }
    EXPECT_EQ(of(plan, "overload_hours"), 0);
    EXPECT_EQ(of(plan, "unserved_mwh"), 0);
    EXPECT_LE(of(plan, "cost_cny"), 1.05 * of(rules, "cost_cny"));
    EXPECT_LT(plan.summary().balance.at("dispatch_balance_mwh"), 1e-6);
    EXPECT_LT(plan.summary().balance.at("storage_balance_mwh"), 1e-6);
}

/// Two January days by quarter hours, in which a unit cannot ramp to its least output within a step.
TEST(Optimal, UnitsAreCommittedWithinEveryLimitOfTheGrid) {
    const RunRecord plan = run_by("xining-winter-week-15min.yaml", "optimal",
                                  {"time.duration=2 d", "dispatch.commitment=true"});
    EXPECT_EQ(of(plan, "plan_fell_back_blocks"), 0);
    EXPECT_EQ(of(plan, "commitment_failed_blocks"), 0);
    EXPECT_LT(of(plan, "commitment_gap_worst_percent"), 0.1);
    EXPECT_EQ(of(plan, "n1_secure_hours"), 48);
    EXPECT_EQ(of(plan, "unserved_mwh"), 0);
    EXPECT_LT(plan.summary().balance.at("dispatch_balance_mwh"), 1e-6);
}

TEST(OptimalStudy, AYearOfCommittedUnitsStatesItsGap) {
    const RunRecord plan = run_by("xining-2025.yaml", "optimal", {"dispatch.commitment=true"});
    EXPECT_EQ(of(plan, "plan_fell_back_blocks"), 0);
    EXPECT_EQ(of(plan, "commitment_failed_blocks"), 0);
    EXPECT_LT(of(plan, "commitment_gap_worst_percent"), 0.1);
    EXPECT_EQ(of(plan, "n1_secure_hours"), 8760);
}

/// The neighbours withhold their energy: a plan, which knows the day, serves all load as rules do and calls no more for it.
TEST(Optimal, AWeekOfScarcityIsServedWithNoMoreCallsThanByRules) {
    const RunRecord rules = run_by("xining-winter-scarcity.yaml", "rules");
    const RunRecord plan = run_by("xining-winter-scarcity.yaml", "optimal");
    EXPECT_GT(of(rules, "managed_mwh"), 500);
    EXPECT_LE(of(plan, "managed_mwh"), of(rules, "managed_mwh"));
    EXPECT_NEAR(of(plan, "unserved_mwh"), 0, 1e-6);
}

TEST(OptimalStudy, TheYearCostsLessThanByRulesAndKeepsEveryLimitInEveryHour) {
    const RunRecord plan = run_by("xining-2025.yaml", "optimal");
    EXPECT_LE(of(plan, "cost_cny"), of(home_year(), "cost_cny"));
    EXPECT_EQ(of(plan, "n1_secure_hours"), 8760);
    EXPECT_EQ(of(plan, "overload_hours"), 0);
    EXPECT_EQ(of(plan, "unserved_mwh"), 0);
    for (const auto& row : plan.summary().calibration) {
        EXPECT_TRUE(row.inside) << row.id << ": " << row.value;
    }
    // No saving from borrowed water: both years leave behind the dams what they found there, to 0.2 % of their hydro.
    const double hydro_mwh = 8760 * of(plan, "hydro_mean_mw");
    EXPECT_LT(std::abs(of(plan, "hydro_stored_change_mwh")), 0.002 * hydro_mwh);
    EXPECT_LT(std::abs(of(home_year(), "hydro_stored_change_mwh")), 0.002 * hydro_mwh);
    EXPECT_NEAR(of(plan, "reservoir_end_share_longyangxia"), 0.74, 0.01);
    EXPECT_LT(of(plan, "hydro_water_balance_hm3"), 1e-6);
}

} // namespace
} // namespace yuanwang::xining
