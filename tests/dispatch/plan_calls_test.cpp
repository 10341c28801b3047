/// Registered enterprises in plans: quotas, notice, rounds and recovery of the records themselves.
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/rules/managed_call.hpp"
#include "dispatch/tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using program::SolveStatus;
using test::Tiny;

/// A city of `supply_mw` firm power; groups of equal records are added to it.
Tiny short_city(double supply_mw, double demand_mw, std::size_t n_step = 24) {
    Tiny tiny{demand_mw, n_step};
    tiny.add_thermal(1, supply_mw, 0, 300);
    return tiny;
}

struct Terms {
    double notice_h = 0;
    int rounds = 1;
    double quota_h = 1e6;
    double call_max_h = 1e6;
    double rest_h = 0;
    double recovery_share = 0;
    double recovery_h = 1;
};

void add_group(Tiny& tiny, int shed_class, double p_mw, int n_record, const Terms& t = {}) {
    tiny.add_managed(shed_class, p_mw);
    ManagedLoads& managed = tiny.table.managed;
    managed.terms.notice_h.push_back(t.notice_h);
    managed.terms.rounds.push_back(t.rounds);
    managed.terms.quota_h.push_back(t.quota_h);
    managed.terms.call_max_h.push_back(t.call_max_h);
    managed.terms.rest_h.push_back(t.rest_h);
    managed.terms.recovery_share.push_back(t.recovery_share);
    managed.terms.recovery_h.push_back(t.recovery_h);
    models::ManagedRecords& records = managed.records;
    if (records.first_of_group.empty()) {
        records.first_of_group.push_back(0);
    }
    for (int r = 0; r < n_record; ++r) {
        records.group.push_back(static_cast<std::uint32_t>(managed.size() - 1));
        records.bus.push_back(BusIdx{std::size_t{0}});
        records.p_mw.push_back(p_mw / n_record);
        records.round.push_back(static_cast<std::uint32_t>(r % t.rounds));
    }
    records.first_of_group.push_back(records.size());
}

PlanOutcome plan(Tiny& tiny) {
    if (tiny.state.e_mwh.size() != tiny.table.storages.size()) {
        tiny.state = make_initial_state(tiny.table);
    }
    Planner planner{tiny.table};
    PlanOutcome outcome;
    const std::vector<const BlockInput*> blocks = {&tiny.input};
    planner.plan(tiny.table, blocks, {}, tiny.state, tiny.schedule, outcome);
    return outcome;
}

double unserved_mwh(const Tiny& tiny) {
    return Tiny::sum(tiny.schedule.unserved_mw.values());
}

void expect_balanced(const Tiny& tiny) {
    for (std::size_t t = 0; t < tiny.input.n_step; ++t) {
        EXPECT_NEAR(tiny.imbalance_mw(0, t), 0, 1e-8) << t;
        double called_mw = 0;
        for (const ManagedCall& call : tiny.schedule.calls) {
            called_mw += call.step == t ? call.mw : 0;
        }
        EXPECT_NEAR(called_mw, Tiny::sum(tiny.schedule.managed_mw.step(t)), 1e-9) << t;
    }
}

TEST(PlanCalls, AQuotaOfThreeHoursIsCalledForThreeHoursAYear) {
    Tiny tiny = short_city(90, 100);
    add_group(tiny, 1, 10, 4, {.quota_h = 3});
    plan(tiny);
    expect_balanced(tiny);
    EXPECT_NEAR(Tiny::sum(tiny.schedule.managed_mw.values()), 3 * 10, 1e-6);
    EXPECT_NEAR(unserved_mwh(tiny), 21 * 10, 1e-6);
    plan(tiny); // nothing is left for the next day
    EXPECT_NEAR(Tiny::sum(tiny.schedule.managed_mw.values()), 0, 1e-9);
    EXPECT_NEAR(unserved_mwh(tiny), 24 * 10, 1e-6);
}

/// Orders go out four hours before the day: a group with six hours' notice gives up nothing before 2:00.
TEST(PlanCalls, NobodyIsCalledBeforeHisNotice) {
    Tiny tiny = short_city(90, 100, 6);
    add_group(tiny, 1, 10, 2, {.notice_h = 6});
    plan(tiny);
    expect_balanced(tiny);
    for (std::size_t t = 0; t < 6; ++t) {
        EXPECT_NEAR(tiny.schedule.managed_mw(0, t), t < 2 ? 0 : 10, 1e-6) << t;
    }
}

/// A battery is filled before the hours in which nobody can be called yet, not kept for those in which somebody can.
TEST(PlanCalls, APlanKeepsItsBatteryForTheHoursNobodyCanHelpIn) {
    Tiny tiny = short_city(90, 100, 6);
    add_group(tiny, 1, 10, 2, {.notice_h = 6});
    tiny.add_battery(10, 100, 0.9);
    tiny.table.storages.batteries.self_discharge_per_h[0] = 0;
    plan(tiny);
    expect_balanced(tiny);
    EXPECT_NEAR(tiny.schedule.storage_mw(0, 0), 10, 1e-6);
    EXPECT_NEAR(tiny.schedule.storage_mw(0, 1), 10, 1e-6);
    EXPECT_NEAR(unserved_mwh(tiny), 0, 1e-6);
}

TEST(PlanCalls, NoHigherClassIsCalledWhileALowerOneHasQuotaLeft) {
    Tiny tiny = short_city(85, 100);
    add_group(tiny, 2, 20, 4);
    add_group(tiny, 1, 10, 3, {.quota_h = 8});
    plan(tiny);
    expect_balanced(tiny);
    std::size_t hours_of_lower = 0;
    for (std::size_t t = 0; t < 24; ++t) {
        const double lower_mw = tiny.schedule.managed_mw(1, t);
        hours_of_lower += lower_mw > 1e-6 ? 1 : 0;
        EXPECT_NEAR(tiny.schedule.managed_mw(0, t) + lower_mw, 15, 1e-6);
        EXPECT_TRUE(lower_mw > 10 - 1e-6 || lower_mw < 1e-6);
    }
    EXPECT_EQ(hours_of_lower, 8u);
}

/// All that was given up comes back within two hours after the call, which is demand the plan serves.
TEST(PlanCalls, LoadThatComesBackIsDemandOfThePlan) {
    Tiny tiny = short_city(100, 90, 12);
    for (std::size_t t = 4; t < 6; ++t) {
        tiny.input.demand_mw(0, t) = 110;
    }
    add_group(tiny, 1, 20, 5, {.recovery_share = 1, .recovery_h = 2});
    plan(tiny);
    expect_balanced(tiny);
    EXPECT_NEAR(Tiny::sum(tiny.schedule.managed_mw.values()), 20, 1e-6);
    EXPECT_NEAR(Tiny::sum(tiny.schedule.recovery_mw.values()), 20, 1e-6);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 7), 100, 1e-6) << "90 of its own and 10 that come back";
    EXPECT_NEAR(unserved_mwh(tiny), 0, 1e-6);
}

/// What comes back does not fit under the supply either: the calls go on, or somebody is cut off, but nothing is lost.
TEST(PlanCalls, RecoveryThatMeetsScarcityIsBalancedAllTheSame) {
    Tiny tiny = short_city(100, 99, 24);
    for (std::size_t t = 4; t < 8; ++t) {
        tiny.input.demand_mw(0, t) = 112;
    }
    add_group(tiny, 1, 15, 5,
              {.call_max_h = 4, .rest_h = 6, .recovery_share = 0.8, .recovery_h = 2});
    plan(tiny);
    expect_balanced(tiny);
    const double given_mwh = Tiny::sum(tiny.schedule.managed_mw.values());
    double owed_mwh = tiny.state.managed.owed_mwh[0];
    for (const ManagedState::Recovery& r : tiny.state.managed.recoveries) {
        owed_mwh += r.mw * r.left_h;
    }
    EXPECT_NEAR(Tiny::sum(tiny.schedule.recovery_mw.values()) + owed_mwh, 0.8 * given_mwh, 1e-6);
}

/// Seeded days of scarcity by rules and by plan: records keep their terms, and a plan cuts nobody off that rules would serve.
TEST(PlanCallsProperties, AWeekOfScarcityKeepsEveryTermAndServesNoLessThanRules) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::mt19937_64 random{seed};
        std::uniform_real_distribution<double> share(0, 1);
        Tiny by_plan = short_city(100, 100);
        by_plan.add_battery(10, 30);
        by_plan.add_hydro(24 * 5 + 40, 5, 20);
        for (int c = 1; c <= 3; ++c) {
            add_group(by_plan, c, 6 + 8 * share(random), 7,
                      {.notice_h = 6 * share(random),
                       .rounds = 3,
                       .quota_h = 10 + 20 * share(random),
                       .call_max_h = 2 + std::floor(4 * share(random)),
                       .rest_h = std::floor(5 * share(random)),
                       .recovery_share = 0.5 * share(random),
                       .recovery_h = 3});
        }
        Tiny by_rules = by_plan;
        double plan_mwh = 0;
        double rules_mwh = 0;
        std::vector<double> used_h(by_plan.table.managed.records.size(), 0);
        for (int day = 0; day < 7; ++day) {
            for (std::size_t t = 0; t < 24; ++t) {
                const double hour = static_cast<double>(t);
                by_plan.input.demand_mw(0, t) =
                    100 + 22 * std::sin((hour - 11) / 3.8) + 14 * share(random);
            }
            by_rules.input = by_plan.input;
            by_rules.run();
            ASSERT_EQ(plan(by_plan).status, SolveStatus::optimal) << seed << " " << day;
            expect_balanced(by_plan);
            plan_mwh += unserved_mwh(by_plan);
            rules_mwh += unserved_mwh(by_rules);
            const ManagedLoads& managed = by_plan.table.managed;
            for (const ManagedCall& call : by_plan.schedule.calls) {
                const std::uint32_t g = managed.records.group[call.record];
                used_h[call.record] += 1;
                EXPECT_LE(used_h[call.record], managed.terms.quota_h[g] + 1e-9);
                EXPECT_GE(plan_lead_h + static_cast<double>(call.step),
                          managed.terms.notice_h[g] - 1e-9);
            }
        }
        EXPECT_LE(plan_mwh, rules_mwh + 1e-6) << seed;
    }
}

} // namespace
} // namespace yuanwang::dispatch
