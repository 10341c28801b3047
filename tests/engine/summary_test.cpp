#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/accounts/indicators.hpp"
#include "engine/simulator.hpp"
#include "results/counts.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::Summary;
using namespace std::chrono_literals;

TEST(Calibration, LooksAtIndicatorsThenCountsAndSaysWhatIsMissing) {
    Study study;
    study.calibration = {{"a", {}, "peak_demand_mw", 10, 20, "S1"},
                         {"b", {}, "buses", 5, 6, "S2"},
                         {"c", {}, "no_such_number", 0, 1, "S3"}};
    Summary summary;
    summary.indicators["peak_demand_mw"] = 12;
    summary.counts["buses"] = 7;
    engine::calibrate(study, summary);
    ASSERT_EQ(summary.calibration.size(), 3U);
    EXPECT_TRUE(summary.calibration[0].inside);
    EXPECT_EQ(summary.calibration[0].source, "S1");
    EXPECT_EQ(summary.calibration[1].value, 7);
    EXPECT_FALSE(summary.calibration[1].inside);
    EXPECT_TRUE(std::isnan(summary.calibration[2].value));
    EXPECT_FALSE(summary.calibration[2].inside);
}

TEST(Calibration, BandsOfAYearJudgeNoWeek) {
    Summary summary;
    summary.indicators["energy_mwh"] = 12;
    summary.counts["buses"] = 7;
    for (const std::size_t days : {std::size_t{7}, std::size_t{364}, std::size_t{365}}) {
        Study study;
        study.time.n_step = 24 * days;
        study.calibration = {{"a", {}, "energy_mwh", 10, 20, ""},
                             {"b", {}, "buses", 5, 6, ""},
                             {"c", {}, "summer_mean_c", 17, 19, ""}}; // a week has none
        summary.calibration.clear();
        engine::calibrate(study, summary);
        EXPECT_EQ(summary.calibration[0].judged, days == 365) << days;
        EXPECT_TRUE(summary.calibration[1].judged);
        EXPECT_EQ(summary.calibration[2].judged, days == 365) << days;
    }
}

TEST(Counts, StationsCountOnceAtTheirHighestLevelAndOnlyInTheCity) {
    System system = tiny_system(); // one public 330 kV station, a plant, a boundary
    system.grid.substations.levels_kv[1] = {110, 330};
    add_bus(system, "small", 110);
    add_line(system, "l", BusIdx{1}, BusIdx{3});
    add_solar(system, "a", BusIdx{3}, 5);
    add_solar(system, "b", BusIdx{3}, 5);
    const Study study = tiny_study(system, 2025y / 1 / 1, 1);
    const auto counts = engine::count_elements(study, network::make_network(system.grid));
    EXPECT_EQ(counts.at("substations_330kv"), 1);
    EXPECT_EQ(counts.at("substations_110kv"), 1);
    EXPECT_EQ(counts.at("substations_750kv"), 0);
    EXPECT_EQ(counts.at("distributed_pv_stations"), 1);
    EXPECT_EQ(counts.at("external_grids"), 1);
    EXPECT_EQ(counts.at("branches"), 4); // a double circuit and two lines
}

TEST(TypicalDays, ComeFromTheSeasonsTheRunTouches) {
    System system = tiny_system();
    add_profiled(system, "town", BusIdx{1}, 100, "residential", false);
    add_solar(system, "roofs", BusIdx{1}, 30);
    CollectingSink sink;
    SilentProgress progress;
    (void)engine::simulate(tiny_study(system, 2025y / 5 / 30, 5), sink, progress);
    std::vector<std::string> ids;
    for (const Summary::TypicalDay& day : sink.summary.typical_days) {
        ids.push_back(day.id);
        EXPECT_EQ(day.steps.count, 24U);
    }
    EXPECT_THAT(ids, testing::ElementsAre("summer_noon", "spring_night", "lowest_net_load"));
    EXPECT_GE(sink.summary.typical_days[0].steps.first, 48U); // June
    EXPECT_LT(sink.summary.typical_days[1].steps.first, 48U); // May
}

TEST(Indicators, SplitDemandByWorksAndHomes) {
    System system = tiny_system();
    add_profiled(system, "silicon", BusIdx{1}, 100, "polysilicon", true);
    add_profiled(system, "homes", BusIdx{1}, 50, "residential", false);
    CollectingSink sink;
    SilentProgress progress;
    (void)engine::simulate(tiny_study(system, 2025y / 5 / 30, 2), sink, progress);
    const auto& i = sink.summary.indicators;
    EXPECT_NEAR(i.at("large_works_mean_mw"), i.at("load_mean_mw_polysilicon"), 1e-9);
    EXPECT_NEAR(i.at("household_service_mean_mw"), i.at("load_mean_mw_residential"), 1e-9);
    EXPECT_NEAR(i.at("large_works_mean_mw") + i.at("household_service_mean_mw"),
                i.at("mean_demand_mw"), 1e-9);
    EXPECT_NEAR(i.at("import_mwh") - i.at("losses_mwh"), i.at("demand_mwh"), 1e-3);
    EXPECT_NEAR(i.at("self_sufficiency"), 0, 1e-3);
}

} // namespace
} // namespace yuanwang::test
