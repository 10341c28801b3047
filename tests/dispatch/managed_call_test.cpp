// Load management: classes, rounds, notice, quotas, rests and what comes back.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "dispatch/rules/managed_call.hpp"
#include "dispatch/tiny_table.hpp"

namespace yuanwang::test {
namespace {

/// A register of `n` records a group over the classes of a tiny table whose demand is all that is to be met.
Tiny with_register(std::vector<int> classes, int n, double p_group_mw, double demand_mw) {
    Tiny tiny{demand_mw};
    dispatch::ManagedLoads& m = tiny.table.managed;
    models::CallTerms& terms = m.terms;
    for (const int shed_class : classes) {
        tiny.add_managed(shed_class, p_group_mw);
        terms.notice_h.push_back(0);
        terms.rounds.push_back(2);
        terms.quota_h.push_back(1000);
        terms.call_max_h.push_back(1000);
        terms.rest_h.push_back(0);
        terms.recovery_share.push_back(0);
        terms.recovery_h.push_back(4);
    }
    const std::vector<int> records(classes.size(), n);
    const std::vector<std::vector<BusIdx>> buses(classes.size(), {BusIdx{std::size_t{0}}});
    m.records = models::expand_records(records, m.p_mw, buses, terms, 1);
    return tiny;
}

TEST(ManagedRegistry, RecordsSumToTheirGroupAndShareItsBusesAndRounds) {
    models::CallTerms terms;
    terms.rounds = {3, 1};
    terms.notice_h = {0, 0};
    const std::vector<std::vector<BusIdx>> buses = {
        {BusIdx{std::size_t{4}}, BusIdx{std::size_t{9}}}, {BusIdx{std::size_t{2}}}};
    const models::ManagedRecords records = models::expand_records(
        std::vector<int>{600, 7}, std::vector<double>{43.1, 2.5}, buses, terms, 1);
    ASSERT_EQ(records.size(), 607U);
    EXPECT_NEAR(std::accumulate(records.p_mw.begin(), records.p_mw.begin() + 600, 0.0), 43.1, 1e-9);
    EXPECT_NEAR(std::accumulate(records.p_mw.begin() + 600, records.p_mw.end(), 0.0), 2.5, 1e-12);
    EXPECT_EQ(std::count(records.bus.begin(), records.bus.end(), BusIdx{std::size_t{4}}), 300);
    for (std::uint32_t round = 0; round < 3; ++round) {
        EXPECT_EQ(std::count(records.round.begin(), records.round.begin() + 600, round), 200);
    }
    EXPECT_GT(*std::ranges::max_element(records.p_mw), 2 * 43.1 / 600);
}

TEST(ManagedCall, NeverAHigherClassBeforeALowerOneHasQuotaLeft) {
    Tiny tiny = with_register({2, 1, 3}, 40, 20, 0);
    Random random{3, "need"};
    for (std::size_t t = 0; t < 24; ++t) {
        tiny.input.demand_mw(0, t) = 70.0 * random.uniform();
    }
    tiny.table.managed.terms.quota_h = {10, 8, 6};
    tiny.run();
    const models::ManagedRecords& records = tiny.table.managed.records;
    // Replay the order with a register of our own.
    std::vector<double> used_h(records.size());
    std::size_t next = 0;
    for (std::size_t t = 0; t < 24; ++t) {
        std::map<std::size_t, double> called;
        int highest = 0;
        for (; next < tiny.schedule.calls.size() && tiny.schedule.calls[next].step == t; ++next) {
            const dispatch::ManagedCall& call = tiny.schedule.calls[next];
            EXPECT_TRUE(called.emplace(call.record, call.mw).second);
            highest = std::max(highest, tiny.table.managed.shed_class[records.group[call.record]]);
        }
        double given_mw = 0;
        for (const auto& [r, mw] : called) {
            EXPECT_LE(mw, records.p_mw[r] + 1e-12);
            used_h[r] += 1;
            EXPECT_LE(used_h[r], tiny.table.managed.terms.quota_h[records.group[r]]);
            given_mw += mw;
        }
        for (std::size_t r = 0; r < records.size(); ++r) {
            const std::size_t g = records.group[r];
            const bool has_quota = used_h[r] < tiny.table.managed.terms.quota_h[g];
            if (tiny.table.managed.shed_class[g] < highest && has_quota) {
                EXPECT_NEAR(called.count(r) ? called[r] : 0.0, records.p_mw[r], 1e-9)
                    << "step " << t << " record " << r;
            }
        }
        EXPECT_NEAR(given_mw + tiny.schedule.unserved_mw(0, t), tiny.input.demand_mw(0, t), 1e-8);
        EXPECT_NEAR(tiny.imbalance_mw(0, t), 0.0, 1e-8);
    }
    EXPECT_EQ(next, tiny.schedule.calls.size());
}

TEST(ManagedCall, NoticeRestAndLongestCallAreKept) {
    Tiny tiny = with_register({1}, 10, 20, 5);
    dispatch::ManagedLoads& m = tiny.table.managed;
    m.terms.notice_h = {6};
    m.terms.call_max_h = {3};
    m.terms.rest_h = {5};
    tiny.run();
    std::map<std::size_t, std::vector<std::size_t>> steps;
    for (const dispatch::ManagedCall& call : tiny.schedule.calls) {
        EXPECT_GE(static_cast<double>(call.step) + dispatch::plan_lead_h, 6.0);
        steps[call.record].push_back(call.step);
    }
    for (const auto& [record, at] : steps) {
        std::size_t length = 1;
        for (std::size_t i = 1; i < at.size(); ++i) {
            length = at[i] == at[i - 1] + 1 ? length + 1 : 1;
            EXPECT_LE(length, 3U);
            EXPECT_TRUE(at[i] == at[i - 1] + 1 || at[i] > at[i - 1] + 5) << record;
        }
    }
    EXPECT_GT(tiny.schedule.unserved_mw(0, 0), 0.0); // nobody knew in time
    EXPECT_EQ(tiny.schedule.unserved_mw(0, 2), 0.0);
}

TEST(ManagedCall, TheBurdenGoesRound) {
    Tiny tiny = with_register({1}, 30, 30, 6);
    tiny.table.managed.terms.call_max_h = {2};
    for (int day = 0; day < 10; ++day) {
        tiny.run();
    }
    const std::vector<double>& used_h = tiny.state.managed.used_h;
    const auto [least, most] = std::ranges::minmax(used_h);
    EXPECT_LE(most - least, 4.0); // at most two calls apart after 240 hours
    EXPECT_GT(least, 0.0);
}

TEST(ManagedCall, WhatIsGivenUpComesBackInItsShare) {
    Tiny tiny = with_register({1, 2}, 20, 20, 0);
    tiny.table.managed.terms.recovery_share = {0.5, 0.8};
    tiny.table.managed.terms.recovery_h = {4, 6};
    for (const std::size_t t : {2U, 3U, 4U, 9U}) {
        tiny.input.demand_mw(0, t) = 30;
    }
    tiny.add_thermal(1, 100, 0, 300);
    for (std::size_t t = 0; t < 24; ++t) { // plenty but for the four hours
        tiny.input.demand_mw(0, t) += tiny.input.demand_mw(0, t) > 0 ? 100 : 0;
    }
    tiny.run();
    double given = 0;
    double back = 0;
    for (std::size_t t = 0; t < 24; ++t) {
        for (std::size_t g = 0; g < 2; ++g) {
            const double share = tiny.table.managed.terms.recovery_share[g];
            given += share * tiny.schedule.managed_mw(g, t);
            back += tiny.schedule.recovery_mw(g, t);
        }
    }
    EXPECT_GT(given, 10.0);
    EXPECT_NEAR(given, back, 1e-9);
    EXPECT_EQ(tiny.schedule.recovery_mw(0, 3), 0.0); // not while the call runs
    EXPECT_GT(tiny.schedule.recovery_mw(0, 6), 0.0);
}

TEST(ManagedCall, QuotasBeginAnewWithTheYearOfTheRun) {
    Tiny tiny = with_register({1}, 4, 20, 20);
    tiny.table.managed.terms.quota_h = {24};
    for (int day = 0; day < 365; ++day) {
        tiny.run();
        EXPECT_EQ(tiny.schedule.calls.empty(), day > 0) << day;
        tiny.schedule.calls.clear();
    }
    tiny.run();
    tiny.run();
    EXPECT_FALSE(tiny.schedule.calls.empty());
}

} // namespace
} // namespace yuanwang::test
