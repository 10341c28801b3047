#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/result_folder.hpp"
#include "report/run_folder.hpp"
#include "report/sha256.hpp"
#include "report/summary_json.hpp"
#include "report/temporary_folder.hpp"

namespace yuanwang::report {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

engine::Summary make_summary() {
    engine::Summary s;
    s.scenario_id = "town";
    s.scenario_name = {"Town", "小城"};
    s.counts = {{"buses", 14}};
    s.steps = {{"converged", 8760}, {"total", 8760}};
    s.balance = {{"dispatch_balance_mwh", 6e-11},
                 {"max_bus_mismatch_mw", 3.5e-8},
                 {"max_residual_mw", 2e-7}};
    s.indicators = {{"peak_demand_mw", 6897.25},
                    {"demand_mwh", 52431987.5},
                    {"green_share_annual", 0.7912},
                    {"n1_secure_hours", 8712},
                    {"summer_mean_c", std::numeric_limits<double>::quiet_NaN()}};
    s.curtailed_mwh_by_cause = {{"surplus", 12.5}};
    s.energy_mwh_by_kind = {{"hydro", 9e6}};
    s.calibration = {
        {"peak", {"Peak", "最大负荷"}, "peak_demand_mw", 6897.25, 6500, 7200, true, "facts"},
        {"loss", {"Losses", "网损"}, "loss_rate", 0.01, 0.02, 0.05, false, "assumed"}};
    s.typical_days = {{"winter_peak", {"Winter peak", "冬季高峰"}, {240, 24}}};
    s.n1_worst = {{"t_west", "t_east", 17, 104.25, 48}};
    s.binding_limits = {{"l_north", "t_west", 12, 0, 3'450'000, 0}};
    s.broken_limits = {{"l_north", "", 3, 2, 101.5, 4.25, 17}};
    return s;
}

TEST(SummaryJson, HasTheStableNamesInOrder) {
    const auto s = nlohmann::ordered_json::parse(format_summary_json(make_summary()));
    std::vector<std::string> names;
    for (const auto& [key, value] : s.items()) {
        names.push_back(key);
    }
    EXPECT_THAT(names,
                ElementsAre("scenario", "counts", "steps", "findings", "balance", "indicators",
                            "curtailed", "calibration", "typical_days", "n1_covers", "n1_worst",
                            "n1_voltage", "n1_unsolved", "n1_cut_off", "binding_limits",
                            "broken_limits", "relaxed_blocks", "explanations", "devices"));
    EXPECT_EQ(s["scenario"]["name"]["zh"], "小城");
    EXPECT_EQ(s["indicators"]["peak_demand_mw"], 6897.25);
    EXPECT_EQ(s["indicators"]["curtailed_mwh_by_cause"]["surplus"], 12.5);
    EXPECT_EQ(s["calibration"][1]["inside"], false);
    EXPECT_EQ(s["typical_days"][0]["first_step"], 240);
    EXPECT_EQ(s["broken_limits"][0]["hours_unavoidable"], 2);
    EXPECT_EQ(s["broken_limits"][0]["relaxation_mw"], 4.25);
}

TEST(SummaryJson, CountsAreWholeAndMissingNumbersNull) {
    const std::string text = format_summary_json(make_summary());
    EXPECT_THAT(text, HasSubstr("\"buses\": 14\n"));
    EXPECT_THAT(text, HasSubstr("\"summer_mean_c\": null"));
    EXPECT_EQ(json::parse(text)["balance"]["max_bus_mismatch_mw"], 3.5e-8);
}

TEST(SummaryJson, TheSameSummaryGivesTheSameBytes) {
    EXPECT_EQ(format_summary_json(make_summary()), format_summary_json(make_summary()));
}

TEST(RunJson, TellsVersionInputsSeedAndTimes) {
    const test::TemporaryFolder folder;
    write_file(folder.path() / "grid.yaml", "grid: {}\n");
    const json run = json::parse(format_run_json({.command_line = "yuanwang run town.yaml",
                                                  .scenario_id = "town",
                                                  .seed = 7,
                                                  .inputs = {folder.path() / "grid.yaml"},
                                                  .stage_seconds = {{"powerflow", 1.5}},
                                                  .steps = {{"converged", 24}},
                                                  .started_utc = "2025-01-01T00:00:00Z"}));
    EXPECT_EQ(run["version"], program_version());
    EXPECT_EQ(run["command_line"], "yuanwang run town.yaml");
    EXPECT_EQ(run["seed"], 7);
    EXPECT_EQ(run["inputs"][0]["bytes"], 9);
    EXPECT_EQ(run["inputs"][0]["sha256"], hash_text("grid: {}\n"));
    EXPECT_EQ(run["stage_seconds"]["powerflow"], 1.5);
    EXPECT_EQ(run["steps"]["converged"], 24);
    EXPECT_FALSE(run["instruction_set"].get<std::string>().empty());
    EXPECT_GT(run["peak_memory_mb"], 0);
}

TEST(TextSummary, ReadsInEnglish) {
    EXPECT_EQ(format_summary(make_summary(), Language::en), R"(Town
  Steps converged                      8760 / 8760 
  Worst bus mismatch                       3.5e-08 MW
  Worst system residual                    2.0e-07 MW
  Energy the schedule misses               6.0e-11 MWh
  Demand                                  52 432.0 GWh
  Peak demand                              6 897.2 MW
  Green share, annual matched                79.12 %
  Hours secure after any outage              8 712 h
  Heaviest outage: t_west lost, t_east at 104.2 %
  Dearest limit of the grid: l_north after t_west, 12 h, 3.45 M CNY
  Calibration targets met                    1 / 2 
    Losses: 0.01 is not in 0.02 … 0.05
)");
}

TEST(TextSummary, ReadsInChineseWithAlignedColumns) {
    const std::string text = format_summary(make_summary(), Language::zh);
    EXPECT_THAT(text, HasSubstr("小城\n"));
    EXPECT_THAT(text, HasSubstr("  最大负荷                                 6 897.2 MW\n"));
    EXPECT_THAT(text, HasSubstr("  失去 t_west 后 t_east 达 104.2 %\n"));
    EXPECT_THAT(text, HasSubstr("    网损: 0.01 不在 0.02 … 0.05\n"));
}

} // namespace
} // namespace yuanwang::report
