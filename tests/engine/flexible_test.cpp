// Loads that move through a run: nothing is lost, no bath, room or basin leaves its bounds.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/flexible_town.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using namespace std::chrono_literals;

void run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    static_cast<void>(engine::simulate(study, sink, progress));
}

double fact(const CollectingSink& sink, const std::string& family, const std::string& id,
            const std::string& name) {
    return sink.summary.devices.at(family).at(id).at(name);
}

TEST(FlexibleLoads, WhatStaysUndoneIsNamedByItsLoad) {
    Random random{1, "town"};
    System system = flexible_town(random);
    system.sources.external_grids.grids.p_import_max_mw[0] = 10;
    Study study = tiny_study(std::move(system), 2025y / 1 / 8, 1);
    study.dispatch.method = engine::DispatchMethod::optimal;
    CollectingSink sink;
    run(study, sink);
    std::vector<std::string> undone;
    for (const engine::Explained& block : sink.summary.explanations.blocks) {
        for (const engine::Explained::Broken& broken : block.broken) {
            if (broken.what == "deadline") {
                undone.push_back(broken.text.en);
            }
        }
    }
    using testing::HasSubstr;
    EXPECT_THAT(undone, testing::Contains(HasSubstr("deferrable work of hall_")));
    EXPECT_THAT(undone, testing::Each(testing::AnyOf(HasSubstr("deferrable work of hall_"),
                                                     HasSubstr("metal and bath heat of line"),
                                                     HasSubstr("room heat of "),
                                                     HasSubstr("the basins of works"),
                                                     HasSubstr("the plan of output of "))));
}

TEST(FlexibleLoads, WorkMetalHeatAndWaterAreConservedOnRandomTowns) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Random random{seed, "town"};
        const System system = flexible_town(random);
        CollectingSink sink;
        run(tiny_study(system, 2025y / 1 / 8, 40), sink);
        const auto& balance = sink.summary.balance;
        EXPECT_LE(balance.at("dispatch_balance_mwh"), 1e-7);
        EXPECT_LE(balance.at("data_center_work_gap_mwh"), 1e-6);

        // jobs: all that arrived was done, wherever it ran
        double arrived = 0;
        double done = 0;
        for (int k = 0; k < 3; ++k) {
            arrived += fact(sink, "data_center", "hall_" + std::to_string(k), "work_arrived_mwh");
            done += fact(sink, "data_center", "hall_" + std::to_string(k), "work_done_mwh");
        }
        EXPECT_GT(arrived, 100.0);
        EXPECT_NEAR(arrived, done, 1e-6 * arrived);
        // none of it later than the shortest deadline of its pool, in steps of an hour
        EXPECT_EQ(balance.at("data_center_work_late_mwh"), 0.0);
        const models::DataCenterDetails& details = system.loads.data_centers.centers.details;
        for (std::size_t k = 0; k < 3; ++k) {
            EXPECT_LE(fact(sink, "data_center", "hall_" + std::to_string(k), "work_wait_max_h"),
                      details.deadline_h[k]);
        }

        // bath: inside its window by the exact equation; metal within what the line may be ahead
        const double window_k = system.loads.potlines.lines.window_k[0];
        EXPECT_GE(fact(sink, "potline", "line", "bath_min_k"), -window_k);
        EXPECT_LE(fact(sink, "potline", "line", "bath_max_k"), window_k);
        EXPECT_GT(fact(sink, "potline", "line", "moved_mwh"), 10.0);
        EXPECT_NEAR(fact(sink, "potline", "line", "made_t"),
                    fact(sink, "potline", "line", "nominal_t"),
                    0.005 * fact(sink, "potline", "line", "nominal_t"));

        // stocks of works stay within their hours, and what moved comes back but for them
        const models::ProcessWorks& works = system.loads.works.works;
        const double stock_mwh = works.flexible_h[0] * works.flexible_share[0] * 30.0;
        EXPECT_GE(fact(sink, "works", "mill", "stock_min_mwh"), -stock_mwh - 1e-6);
        EXPECT_LE(fact(sink, "works", "mill", "stock_max_mwh"), stock_mwh + 1e-6);
        EXPECT_LE(std::abs(fact(sink, "works", "mill", "net_mwh")), stock_mwh + 1e-6);
        EXPECT_GT(fact(sink, "works", "mill", "moved_mwh"), 1.0);

        // rooms and basins
        EXPECT_GE(fact(sink, "heating", "flats", "room_min_k"), -1.0 - 1e-9);
        EXPECT_LE(fact(sink, "heating", "flats", "room_max_k"), 1.0 + 1e-9);
        EXPECT_GT(fact(sink, "heating", "flats", "moved_mwh"), 1.0);
        const double mean_mw = 200000 * 0.35 / 24000.0;
        EXPECT_LE(std::abs(fact(sink, "sewage", "works", "net_mwh")),
                  system.loads.sewage.works.buffer_h[0] * mean_mw + 1e-6);
    }
}

/// What a load got over the run, MWh at steps of an hour.
double served_mwh(const CollectingSink& sink, const std::string& id) {
    const auto& loads = sink.axes.of(engine::Axis::load);
    const auto at = std::ranges::find(loads, id, &engine::AxisEntry::id);
    const auto row = static_cast<std::size_t>(at - loads.begin());
    const auto sum = [&](auto column) {
        const std::vector<double> p_mw = sink.over_time(column, row);
        return std::accumulate(p_mw.begin(), p_mw.end(), 0.0);
    };
    return sum(&BlockResult::load_p_mw) - sum(&BlockResult::load_unserved_mw);
}

// A town whose tie carries a tenth of what it needs at night.
TEST(FlexibleLoads, NothingIsMadeOfPowerThatWasCutOff) {
    for (const auto method : {engine::DispatchMethod::rules, engine::DispatchMethod::optimal}) {
        Random random{4, "town"};
        System system = flexible_town(random);
        system.sources.external_grids.grids.p_import_max_mw[0] = 20;
        Study study = tiny_study(std::move(system), 2025y / 6 / 8, 5);
        study.dispatch.method = method;
        CollectingSink sink;
        run(study, sink);
        ASSERT_GT(sink.summary.indicators.at("unserved_mwh"), 100.0);
        double arrived = 0;
        double done = 0;
        double lost = 0;
        for (int k = 0; k < 3; ++k) {
            const std::string id = "hall_" + std::to_string(k);
            EXPECT_NEAR(fact(sink, "data_center", id, "p_mwh"), served_mwh(sink, id), 1e-6);
            arrived += fact(sink, "data_center", id, "work_arrived_mwh");
            done += fact(sink, "data_center", id, "work_done_mwh");
            lost += fact(sink, "data_center", id, "work_lost_mwh");
        }
        EXPECT_GT(lost, 0.01 * arrived);
        EXPECT_LT(done, arrived - lost + 1e-6);
        EXPECT_LE(sink.summary.balance.at("data_center_work_gap_mwh"), 1e-6);

        const double made_t = fact(sink, "potline", "line", "made_t");
        EXPECT_NEAR(fact(sink, "potline", "line", "ac_kwh_per_t") * made_t / 1000.0,
                    served_mwh(sink, "line"), 1e-6);
        EXPECT_LT(made_t, 0.99 * fact(sink, "potline", "line", "nominal_t"));
        EXPECT_LT(fact(sink, "potline", "line", "bath_min_k"), 0.0);
    }
}

// A deadline of a day: work of the evening is done on the next day, by rule and by plan, and none of it late.
TEST(FlexibleLoads, WorkWaitsAcrossMidnight) {
    for (const auto method : {engine::DispatchMethod::rules, engine::DispatchMethod::optimal}) {
        Random random{4, "town"};
        System system = flexible_town(random);
        system.loads.data_centers.centers.details.deadline_h = {24, 24, 24};
        system.loads.data_centers.centers.details.work_pool = {"pool", "pool", "pool"};
        Study study = tiny_study(system, 2025y / 6 / 8, 20);
        study.dispatch.method = method;
        CollectingSink sink;
        run(study, sink);
        EXPECT_EQ(sink.summary.balance.at("data_center_work_late_mwh"), 0.0);
        EXPECT_LE(sink.summary.balance.at("data_center_work_gap_mwh"), 1e-6);
        EXPECT_LE(fact(sink, "data_center", "hall_0", "work_wait_max_h"), 24.0);
        std::vector<double> moved_mwh(20); // into (+) and out of a day, at the grid side
        for (std::size_t k = 0; k < sink.axes.of(engine::Axis::load).size(); ++k) {
            if (sink.axes.of(engine::Axis::load)[k].id.starts_with("hall_")) {
                const std::vector<double> moved = sink.over_time(&BlockResult::load_shifted_mw, k);
                for (std::size_t t = 0; t < moved.size(); ++t) {
                    moved_mwh[t / 24] += moved[t];
                }
            }
        }
        EXPECT_LT(std::ranges::min(moved_mwh), -5.0);
        EXPECT_GT(std::ranges::max(moved_mwh), 5.0);
    }
}

TEST(FlexibleLoads, WhatMovedIsWhatTheLoadColumnShows) {
    Random random{9, "town"};
    System moving = flexible_town(random);
    CollectingSink with;
    CollectingSink without;
    run(tiny_study(moving, 2025y / 6 / 8, 7), with);
    moving.loads.potlines.lines.n_cell = {0};
    moving.loads.heating.loads.comfort_k = {0};
    moving.loads.sewage.works.buffer_h = {0};
    moving.loads.works.works.flexible_share = {0};
    moving.loads.data_centers.centers.details.deferrable_share = {0, 0, 0};
    run(tiny_study(moving, 2025y / 6 / 8, 7), without);
    for (std::size_t k = 0; k < with.axes.of(engine::Axis::load).size(); ++k) {
        const std::vector<double> a = with.over_time(&BlockResult::load_p_mw, k);
        const std::vector<double> b = without.over_time(&BlockResult::load_p_mw, k);
        const std::vector<double> moved = with.over_time(&BlockResult::load_shifted_mw, k);
        for (std::size_t t = 0; t < a.size(); ++t) {
            EXPECT_NEAR(a[t] - b[t], moved[t], 1e-9);
        }
    }
    EXPECT_LE(with.summary.indicators.at("curtailed_mwh"),
              without.summary.indicators.at("curtailed_mwh") + 1e-6);
}

TEST(Works, BatchesThatMayNotBeCutAreCutLast) {
    System system = tiny_system();
    system.sources.external_grids.grids.firm_mw[0] = 100;
    add_load(system, "town", city, 120);
    engine::WorksFleet& fleet = system.loads.works;
    hang(fleet, "pullers", plant);
    fleet.works = {.category = {"mono_silicon"},
                   .output_per_year = {8760 * 40},
                   .kwh_per_unit = {1000},
                   .utilisation = {1},
                   .noise = {0},
                   .furnaces = {0},
                   .batch_h = {60},
                   .idle_h = {8},
                   .heat_h = {8},
                   .heat_ratio = {1.4},
                   .idle_ratio = {0.1},
                   .may_be_cut = {false}};
    CollectingSink sink;
    run(tiny_study(system, 2025y / 6 / 8, 1), sink);
    EXPECT_GT(sink.summary.indicators.at("unserved_mwh"), 24 * 55.0);
    EXPECT_EQ(sink.over_time(&BlockResult::load_unserved_mw, 1)[5], 0.0);
    EXPECT_NEAR(sink.summary.indicators.at("load_mean_mw_mono_silicon"), 40.0, 1e-9);
}

} // namespace
} // namespace yuanwang::test
