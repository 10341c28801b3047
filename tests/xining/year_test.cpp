// The year of the home case, run once and asked many questions; and its weeks, quick enough for every change.

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

using engine::Axis;
using engine::BlockResult;

struct Week {
    engine::Study study;
    RunRecord record;
};

Week run_week(const std::string& start) {
    Week week{load("xining-2025.yaml", {"time.start=" + start, "time.duration=3 d"}).study, {}};
    week.record = run(week.study);
    return week;
}

const Week& winter() {
    static const Week week = run_week("2025-01-13");
    return week;
}

const Week& summer() {
    static const Week week = run_week("2025-07-14");
    return week;
}

TEST(XiningDays, WinterIsSound) {
    expect_sound(winter().study, winter().record);
}

TEST(XiningDays, SummerIsSound) {
    expect_sound(summer().study, summer().record);
}

TEST(XiningDays, WinterAsksForMoreThanSummer) {
    EXPECT_GT(winter().record.summary().indicators.at("mean_demand_mw"),
              summer().record.summary().indicators.at("mean_demand_mw") + 200.0);
}

TEST(XiningDays, TheBasesSendSunAtNoonAndWaterComesAtNight) {
    const RunRecord& record = summer().record;
    const std::size_t hainan = record.row(Axis::tie, "hainan");
    EXPECT_GT(record.mean(&BlockResult::tie_p_mw, hainan, 12, 15),
              2.0 * record.mean(&BlockResult::tie_p_mw, hainan, 0, 5));
    const std::size_t laxiwa = record.row(Axis::source, "laxiwa");
    EXPECT_GT(record.mean(&BlockResult::source_p_mw, laxiwa, 20, 24),
              record.mean(&BlockResult::source_p_mw, laxiwa, 12, 15));
}

TEST(XiningDays, OtherVariantsLoad) {
    for (const char* file : {"xining-2025-open-loops.yaml", "xining-2025-all-projects.yaml",
                             "xining-winter-week-15min.yaml", "xining-summer-week-15min.yaml",
                             "teaching/two-valleys.yaml", "teaching/island-town.yaml"}) {
        EXPECT_NO_THROW(static_cast<void>(load(file))) << file;
    }
}

TEST(XiningDays, TeachingCasesRun) {
    for (const char* file : {"teaching/two-valleys.yaml", "teaching/island-town.yaml"}) {
        const engine::Study study = load(file).study;
        const RunRecord record = run(study);
        EXPECT_EQ(record.summary().steps.at("converged"), static_cast<double>(study.time.n_step))
            << file;
        EXPECT_EQ(record.summary().indicators.at("unserved_mwh"), 0.0) << file;
    }
}

TEST(XiningDays, ABatteryInTheMiddleOfTheRunSavesSun) {
    const auto curtailed_mwh = [](const std::vector<std::string>& set) {
        return run(load("teaching/island-town.yaml", set).study)
            .summary()
            .indicators.at("curtailed_mwh");
    };
    EXPECT_LT(curtailed_mwh({}), curtailed_mwh({"projects[battery_town].enabled=false"}) - 100.0);
}

const RunRecord& year() {
    return home_year();
}

TEST(XiningYear, IsSoundInEveryHour) {
    ASSERT_EQ(home_case().time.n_step, 8760U);
    expect_sound(home_case(), year());
}

TEST(XiningYear, FallsIntoEveryCalibrationBand) {
    EXPECT_GE(year().summary().calibration.size(), 20U);
    for (const auto& row : year().summary().calibration) {
        EXPECT_TRUE(row.inside) << row.id << ": " << row.value << " outside " << row.min << "…"
                                << row.max;
    }
}

TEST(XiningYearStudy, TiesKeepTheirLimits) {
    const std::map<std::string, double> limit_mw = {
        {"gansu", 4300}, {"hainan", 3000}, {"haixi", 2000}};
    for (const auto& [id, limit] : limit_mw) {
        const std::size_t tie = year().row(Axis::tie, id);
        for (std::size_t t = 0; t < year().n_step(); ++t) {
            ASSERT_LE(year().at(&BlockResult::tie_schedule_mw, tie, t), limit + 1e-6) << id;
            ASSERT_LE(year().at(&BlockResult::tie_p_mw, tie, t), limit + 1.0) << id; // AC
        }
    }
}

TEST(XiningYearStudy, NeedsNoManagedLoad) {
    EXPECT_NEAR(year().summary().indicators.at("managed_mwh"), 0.0, 1e-6); // round-off
}

TEST(XiningYearStudy, AcTiesFollowTheirSchedule) {
    EXPECT_LT(year().summary().indicators.at("tie_mismatch_mean_mw"), 30.0);
    EXPECT_LE(year().summary().balance.at("max_residual_mw"), 1e-3);
}

TEST(XiningYearStudy, HydroSpendsItsBudget) {
    const std::vector<std::string> dams = {"laxiwa", "longyangxia", "lijiaxia", "gongboxia",
                                           "jishixia"};
    const models::HydroPlants& plants = home_case().epochs.front().system.sources.hydro.plants;
    for (std::size_t k = 0; k < dams.size(); ++k) {
        double mean_mw = 0;
        for (const double month : plants.mean_mw[k]) {
            mean_mw += month / 12.0 * plants.city_share[k];
        }
        EXPECT_NEAR(year().mean(&BlockResult::source_p_mw, year().row(Axis::source, dams[k])),
                    mean_mw, 0.04 * mean_mw)
            << dams[k];
    }
}

TEST(XiningYearStudy, OneBankAtRiyueshanIsLoadedHarder) {
    const std::vector<std::string> noon = {"time.start=2025-06-10", "time.duration=2 d"};
    const auto loading = [&](const std::string& file) {
        const RunRecord record = run(load(file, noon).study);
        const std::size_t bank = record.row(Axis::transformer, "t_riyueshan");
        double worst = 0;
        for (std::size_t t = 0; t < record.n_step(); ++t) {
            worst = std::max(worst, record.at(&BlockResult::transformer_loading_percent, bank, t));
        }
        return worst;
    };
    EXPECT_GT(loading("xining-2025-one-riyueshan-bank.yaml"), 1.25 * loading("xining-2025.yaml"));
}

} // namespace
} // namespace yuanwang::xining
