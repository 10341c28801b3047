// A week in which the neighbours cannot help: who is called, in which order, and whether the order can be replayed.
// And the computing center on its own clean microgrid.
#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "dispatch/rules/managed_call.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

using engine::Axis;
using engine::BlockResult;

struct Week {
    engine::Study study;
    test::CollectingSink sink;
};

const Week& scarcity() {
    static const Week week = [] {
        Week made{load("xining-winter-scarcity.yaml").study, {}};
        SilentProgress progress;
        static_cast<void>(engine::simulate(made.study, made.sink, progress));
        return made;
    }();
    return week;
}

TEST(XiningScarcity, EnterprisesAreCalledAndTheBooksBalance) {
    const Week& week = scarcity();
    EXPECT_GT(week.sink.managed_calls.size(), 1000U);
    EXPECT_GT(week.sink.summary.indicators.at("managed_mwh"), 500.0);
    EXPECT_LE(week.sink.summary.balance.at("dispatch_balance_mwh"), 1e-6);
    double called_mwh = 0;
    for (const engine::ManagedCallRow& row : week.sink.managed_calls) {
        called_mwh += row.mw;
    }
    EXPECT_NEAR(called_mwh, week.sink.summary.indicators.at("managed_mwh"), 1e-6 * called_mwh);
}

// Plays the order back against a register of its own: terms, classes and power of every enterprise.
TEST(XiningScarcity, TheOrderCanBeReplayed) {
    const Week& week = scarcity();
    const engine::Study& study = week.study;
    const engine::ResultAxes axes = engine::make_axes(study);
    const engine::EpochModel model = engine::make_epoch_model(study, study.epochs.front(), axes);
    const dispatch::ManagedLoads& managed = model.dispatch.rows.managed;
    const models::ManagedRecords& records = managed.records;
    ASSERT_EQ(records.size(), 9363U);
    const engine::ManagedLoads& groups = study.epochs.front().system.loads.managed;
    std::map<std::string, std::size_t> group_of;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        group_of[groups.id[g]] = g;
    }
    std::vector<double> used_h(records.size());
    std::vector<double> call_h(records.size());
    std::vector<double> rest_h(records.size());
    std::size_t next = 0;
    const auto& rows = week.sink.managed_calls;
    for (std::uint32_t t = 0; t < study.time.n_step; ++t) {
        std::vector<double> given(records.size());
        int highest = 0;
        for (; next < rows.size() && rows[next].step == t; ++next) {
            const std::size_t g = group_of.at(rows[next].group);
            const std::size_t r = records.first_of_group[g] + rows[next].record;
            ASSERT_LT(r, records.first_of_group[g + 1]);
            EXPECT_EQ(rows[next].bus,
                      study.epochs.front().system.grid.buses.id[records.bus[r].row()]);
            EXPECT_EQ(rows[next].round, records.round[r]);
            EXPECT_LE(rows[next].mw, records.p_mw[r] + 1e-9);
            given[r] = rows[next].mw;
            highest = std::max(highest, managed.shed_class[g]);
        }
        for (std::size_t r = 0; r < records.size(); ++r) {
            const std::size_t g = records.group[r];
            const models::CallTerms& terms = managed.terms;
            const bool free = terms.notice_h[g] <= dispatch::plan_lead_h + t % 24 + 1e-9 &&
                              rest_h[r] <= 1e-9 && used_h[r] + 1 <= terms.quota_h[g] &&
                              call_h[r] + 1 <= terms.call_max_h[g];
            if (given[r] > 0) {
                EXPECT_TRUE(free) << "step " << t << " record " << r;
            } else if (free && managed.shed_class[g] < highest) {
                ADD_FAILURE() << "step " << t << ": class " << highest << " before "
                              << groups.id[g];
            }
            rest_h[r] = std::max(0.0, rest_h[r] - 1);
            if (given[r] > 0) {
                used_h[r] += 1;
                call_h[r] += 1;
            } else if (call_h[r] > 0) {
                call_h[r] = 0;
                rest_h[r] = std::max(0.0, terms.rest_h[g] - 1);
            }
        }
        if (testing::Test::HasFailure()) {
            return;
        }
    }
    EXPECT_EQ(next, rows.size());
}

TEST(XiningRegister, RecordsOfAZoneSumToItsManagedPower) {
    const engine::Study& study = home_case();
    const engine::EpochModel model =
        engine::make_epoch_model(study, study.epochs.front(), engine::make_axes(study));
    const engine::System& system = study.epochs.front().system;
    const models::ManagedRecords& records = model.dispatch.rows.managed.records;
    ASSERT_EQ(records.size(), 9363U);
    std::map<std::string, double> by_zone;
    for (std::size_t r = 0; r < records.size(); ++r) {
        const SubstationIdx s = system.grid.buses.substation[records.bus[r]];
        ASSERT_TRUE(s.valid());
        by_zone[system.grid.substations.zone[s.row()]] += records.p_mw[r];
    }
    const engine::ManagedLoads& managed = system.loads.managed;
    for (std::size_t g = 0; g < managed.size(); ++g) {
        by_zone[managed.zone[g]] -= managed.p_managed_mw[g];
    }
    EXPECT_EQ(by_zone.size(), 7U);
    for (const auto& [zone, mw] : by_zone) {
        EXPECT_NEAR(mw, 0.0, 1e-8) << zone;
    }
}

// press S2: 全清洁能源微电网算力中心, on its own
TEST(CleanMicrogrid, CarriesItsCenterAsLongAsSunWindAndBatteryAllow) {
    const engine::Study study = load("teaching/clean-microgrid.yaml").study;
    test::CollectingSink sink;
    SilentProgress progress;
    const engine::RunReport report = engine::simulate(study, sink, progress);
    EXPECT_TRUE(report.all_converged);
    EXPECT_LE(sink.summary.balance.at("dispatch_balance_mwh"), 1e-8);
    EXPECT_LE(sink.summary.balance.at("data_center_work_gap_mwh"), 1e-8);
    const std::vector<double> unserved = sink.over_time(&BlockResult::load_unserved_mw);
    const std::vector<double> load_mw = sink.over_time(&BlockResult::load_p_mw);
    const std::vector<double> e_mwh = sink.over_time(&BlockResult::storage_e_mwh);
    std::size_t carried = 0;
    for (std::size_t t = 0; t < unserved.size(); ++t) {
        carried += unserved[t] < 1e-6 ? 1U : 0U;
        if (unserved[t] > 1e-6) { // says which: only when the battery is down
            EXPECT_LT(e_mwh[t], 0.11 * 48.0) << t;
            EXPECT_LE(unserved[t], load_mw[t] + 1e-9);
        }
    }
    EXPECT_GT(carried, unserved.size() / 2);
}

// The microgrid of the home case, cut off for the year: every hour balances, and is short only where sun and wind are all
// used and the battery has given what it can. The summary counts the hours that the series show.
TEST(CleanMicrogrid, OfXiningSaysWhichHoursOfTheYearItCarries) {
    const engine::Study study = load("xining-2025-microgrid-island.yaml").study;
    test::CollectingSink sink;
    SilentProgress progress;
    EXPECT_TRUE(engine::simulate(study, sink, progress).all_converged);
    EXPECT_LE(sink.summary.balance.at("dispatch_balance_mwh"), 1e-8);
    EXPECT_LE(sink.summary.balance.at("data_center_work_gap_mwh"), 1e-7);
    EXPECT_EQ(sink.summary.balance.at("data_center_work_late_mwh"), 0.0);
    const std::size_t n_load =
        sink.axes.of(Axis::load).size(); // the center, the battery's auxiliaries
    std::vector<double> drawn(8760);
    std::vector<double> unserved(8760);
    for (std::size_t k = 0; k < n_load; ++k) {
        const std::vector<double> p_mw = sink.over_time(&BlockResult::load_p_mw, k);
        const std::vector<double> cut_mw = sink.over_time(&BlockResult::load_unserved_mw, k);
        for (std::size_t t = 0; t < 8760; ++t) {
            drawn[t] += p_mw[t];
            unserved[t] += cut_mw[t];
        }
    }
    const std::vector<double> sun = sink.over_time(&BlockResult::source_p_mw, 0);
    const std::vector<double> wind = sink.over_time(&BlockResult::source_p_mw, 1);
    const std::vector<double> sun_could = sink.over_time(&BlockResult::source_available_mw, 0);
    const std::vector<double> wind_could = sink.over_time(&BlockResult::source_available_mw, 1);
    const std::vector<double> battery = sink.over_time(&BlockResult::storage_p_mw);
    const std::vector<double> e_mwh = sink.over_time(&BlockResult::storage_e_mwh);
    double carried_h = 0;
    double unserved_mwh = 0;
    for (std::size_t t = 0; t < 8760; ++t) {
        ASSERT_NEAR(sun[t] + wind[t] + battery[t], drawn[t] - unserved[t], 1e-6) << t;
        carried_h += unserved[t] <= 1e-6 ? 1 : 0;
        unserved_mwh += unserved[t];
        if (unserved[t] > 1e-6) {
            ASSERT_NEAR(sun[t] + wind[t], sun_could[t] + wind_could[t], 1e-6) << t;
            ASSERT_LT(e_mwh[t], 0.125 * 48.0) << t; // its power tapers below 0.12
        }
    }
    const auto& facts = sink.summary.devices.at("microgrid").at("huangyuan_clean_microgrid");
    EXPECT_EQ(facts.at("carried_hours"), carried_h);
    EXPECT_EQ(facts.at("short_hours"), 8760 - carried_h);
    EXPECT_NEAR(facts.at("unserved_mwh"), unserved_mwh, 1e-6);
    EXPECT_NEAR(carried_h, 5812, 150); // two hours in three
    EXPECT_GT(facts.at("longest_carried_h"), 48);
    EXPECT_LT(facts.at("longest_short_h"), 48);
}

} // namespace
} // namespace yuanwang::xining
