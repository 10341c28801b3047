/// Unit commitment from a scenario file to its results: published optima, starts in the cost, units over the border of epochs.
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "scenario/files.hpp"
#include "scenario/load_study.hpp"
#include "support/collecting_sink.hpp"

namespace yuanwang::scenario {
namespace {

using engine::BlockResult;
using ::testing::ElementsAre;

/// Coal of 1000 MW (least output 30 %, 20 CNY/MWh) and gas of 100 MW (10 %, 70) behind a line without resistance; a load
/// with the given first four hours, in hundreds of MW.
std::string coal_and_gas(const std::vector<double>& hours, const std::string& gas_more) {
    std::string day;
    double sum = 0;
    for (std::size_t h = 0; h < 24; ++h) {
        const double value = h < hours.size() ? hours[h] : 1.0;
        day += (h == 0 ? "" : ", ") + std::to_string(value);
        sum += value;
    }
    return R"(
scenario: {id: commitment}
time: {start: 2025-06-02, step: 1 h, duration: 4 h}
weather:
  sites:
    - {id: here, latitude_degree: 36.6, longitude_degree: 101.8, altitude_m: 2261, normals: {ghi_kwh_per_m2: [80, 101, 130, 164, 170, 170, 195, 153, 114, 111, 90, 76], temperature_c: [-6, -4, 3, 9, 13, 16, 18, 17, 12, 6, 0, -5], temperature_range_k: [14, 14, 13, 12, 12, 11, 11, 11, 11, 12, 13, 14], relative_humidity: [0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.6, 0.6, 0.5], wind_speed_m_per_s: [3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3]}}
grid:
  substations:
    - {id: a, zone: a, kind: plant, in_city: true, latitude_degree: 36.6, longitude_degree: 101.8, levels_kv: [330]}
    - {id: b, zone: b, kind: public, in_city: true, latitude_degree: 36.7, longitude_degree: 101.8, levels_kv: [330]}
  lines:
    - {id: l_ab, from: a_330, to: b_330, circuits: 3, length_km: 5, r_ohm_per_km: 0, x_ohm_per_km: 0.3, b_us_per_km: 0, rate_mva: 900}
sources:
  thermal:
    - {id: coal, bus: a_330, p_rated_mw: 1000, units: 1, p_min_mw: 300, chp: false, coal_g_per_kwh: 300, price_cny_per_mwh: 20, reactive: {mode: voltage, vm_set_pu: 1.02, q_min_mvar: -600, q_max_mvar: 600}}
    - {id: gas, bus: a_330, p_rated_mw: 100, units: 1, p_min_mw: 10, chp: false, coal_g_per_kwh: 200, price_cny_per_mwh: 70, )" +
           gas_more +
           R"(reactive: {mode: voltage, vm_set_pu: 1.02, q_min_mvar: -60, q_max_mvar: 60}}
loads:
  profiles:
    - {id: hours, workday: [)" +
           day + "], weekend: [" + day + R"(]}
  profiled:
    - {id: town, category: residential, bus: b_330, p_mean_mw: )" +
           std::to_string(100 * sum / 24) +
           R"(, profile: hours, noise: 0, large_works: false, power_factor: 1}
dispatch: {method: optimal, commitment: true, loss_share_initial: 0}
)";
}

struct Done {
    test::CollectingSink sink;
    engine::RunReport report;
    explicit Done(const std::string& text) {
        const testing::Folder folder;
        const LoadedScenario loaded = load_scenario(folder.write("commitment.yaml", text), {});
        SilentProgress progress;
        report = engine::simulate(loaded.study, sink, progress);
    }
    /// Rounded to 0.01.
    [[nodiscard]] std::vector<double> row(Series BlockResult::*column, std::size_t k) const {
        std::vector<double> values;
        for (const double value : sink.over_time(column, k)) {
            values.push_back(std::round(100 * value) / 100);
        }
        return values;
    }
    [[nodiscard]] double of(const std::string& indicator) const {
        return report.summary.indicators.at(indicator);
    }
};

/// PyPSA test/test_lopf_unit_commitment.py, part load, a tenth of it.
TEST(CommitmentRun, PartLoadAsPublished) {
    const Done run{coal_and_gas({4, 6, 5, 0.8}, "")};
    EXPECT_THAT(run.row(&BlockResult::source_units_on, 0), ElementsAre(1, 1, 1, 0));
    EXPECT_THAT(run.row(&BlockResult::source_units_on, 1), ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(run.row(&BlockResult::source_p_mw, 0), ElementsAre(400, 600, 500, 0));
    EXPECT_THAT(run.row(&BlockResult::source_p_mw, 1), ElementsAre(0, 0, 0, 80));
    EXPECT_NEAR(run.of("cost_cny"), 1500 * 20 + 80 * 70, 0.1);
    EXPECT_LT(run.of("commitment_gap_worst_percent"), 0.1);
    EXPECT_EQ(run.of("commitment_failed_blocks"), 0);
    EXPECT_EQ(run.of("plan_fell_back_blocks"), 0);
}

/// The same file, minimum up time: gas has to run three hours, so it begins before it is needed.
TEST(CommitmentRun, MinimumUpTimeAsPublished) {
    const Done run{coal_and_gas({4, 0.8, 5, 3}, "min_up_h: 3, ")};
    EXPECT_THAT(run.row(&BlockResult::source_p_mw, 0), ElementsAre(390, 0, 490, 300));
    EXPECT_THAT(run.row(&BlockResult::source_p_mw, 1), ElementsAre(10, 80, 10, 0));
}

TEST(CommitmentRun, StartsAndIdlingAreCountedIntoTheCost) {
    const Done run{
        coal_and_gas({4, 6, 5, 0.8}, "start_cost_cny: 5000, idle_cost_cny_per_h: 300, ")};
    EXPECT_EQ(run.of("thermal_starts"), 1);
    EXPECT_EQ(run.of("thermal_start_cost_cny"), 5000);
    EXPECT_NEAR(run.of("cost_cny"), 1500 * 20 + 80 * 70 + 5000 + 300, 0.1);
}

/// Solver trouble is a status of the block, in the summary and in every step: never a crash, never an unproved answer.
TEST(CommitmentRun, ABlockTheSolverDoesNotFinishIsDispatchedByRulesAndSaysSo) {
    std::string text = coal_and_gas({4, 6, 5, 0.8}, "");
    text.replace(text.find("commitment: true"), 16, "commitment: true, max_iterations: 1");
    const Done run{text};
    EXPECT_TRUE(run.report.all_converged);
    EXPECT_EQ(run.of("plan_fell_back_blocks"), 1);
    EXPECT_EQ(run.of("plan_blocks_iteration_limit"), 1);
    for (const double status : run.sink.over_time(&BlockResult::plan_status)) {
        EXPECT_EQ(status, 3);
    }
    EXPECT_LT(run.report.summary.balance.at("dispatch_balance_mwh"), 1e-9);
}

/// Units on and output of a week of the town, with a project that adds 1e-6 MW on the given day or none.
std::vector<std::vector<double>> commit_week(const std::string& project_day) {
    std::string text = coal_and_gas({4, 6, 5, 0.8, 3, 0.9, 0.7, 2.5},
                                    "min_up_h: 5, min_down_h: 4, start_cost_cny: 4000, ");
    text.replace(text.find("duration: 4 h"), 13, "duration: 7 d");
    if (!project_day.empty()) {
        text += "projects:\n  - {id: nothing, class: other, in_service: " + project_day +
                ", changes: {loads: {static: [{id: mouse, bus: b_330, p_mw: 1e-6, q_mvar: 0}]}}}\n";
    }
    const Done run{text};
    std::vector<std::vector<double>> rows;
    for (const std::size_t k : {0U, 1U}) {
        rows.push_back(run.row(&BlockResult::source_units_on, k));
        rows.push_back(run.row(&BlockResult::source_p_mw, k));
    }
    return rows;
}

/// What runs, for how long it has, and what was planned ahead go on across the date.
TEST(CommitmentRun, AProjectThatChangesNothingLeavesTheCommitmentAsItIs) {
    const auto without = commit_week("");
    EXPECT_EQ(commit_week("2025-06-05"), without);
    EXPECT_EQ(commit_week("2025-06-08"), without);
}

TEST(CommitmentRun, WithoutCommitmentNoGapIsStated) {
    std::string text = coal_and_gas({4, 6, 5, 0.8}, "");
    text.replace(text.find("commitment: true"), 16, "commitment: false");
    const Done run{text};
    EXPECT_FALSE(run.report.summary.indicators.contains("commitment_gap_worst_percent"));
    EXPECT_TRUE(std::isnan(run.sink.over_time(&BlockResult::commitment_gap_percent).front()));
    EXPECT_EQ(run.sink.over_time(&BlockResult::plan_status).front(), 0);
}

} // namespace
} // namespace yuanwang::scenario
