#include "engine/simulator.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::BlockResult;
using engine::RunReport;
using namespace std::chrono_literals;
using std::chrono::year_month_day;

constexpr year_month_day summer_day = 2025y / 6 / 21;
constexpr year_month_day winter_day = 2025y / 1 / 10;
constexpr BusIdx city{1};
constexpr BusIdx plant{2};

RunReport run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

double sum(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// A city with one of everything.
System whole_city() {
    System system = tiny_system();
    add_load(system, "town", city, 150, 30);
    add_profiled(system, "smelter", plant, 120, "silicon", true);
    add_solar(system, "roofs", city, 300);
    add_wind(system, "ridge", plant, 120);
    add_hydro(system, "gorge", plant, 100, 40);
    add_thermal(system, "coal", city, 2, 150, 60, 300);
    add_battery(system, "cells", city, 50, 200);
    return system;
}

// Balances

TEST(Simulator, ServesAPlainLoadFromTheTieAndClosesItsBalances) {
    System system = tiny_system();
    add_load(system, "town", city, 200, 40);
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 1), sink);

    EXPECT_TRUE(report.all_converged);
    EXPECT_FALSE(report.relaxed);
    EXPECT_EQ(sink.finished, 1);
    ASSERT_EQ(sink.blocks.size(), 1U);
    const BlockResult& block = sink.blocks.front();
    EXPECT_DOUBLE_EQ(block.demand_mw(0, 3), 200);
    EXPECT_GT(block.losses_mw(0, 3), 0);
    EXPECT_NEAR(block.tie_p_mw(0, 3), 200 + block.losses_mw(0, 3), 1e-6);
    EXPECT_NEAR(block.tie_p_mw(0, 3), block.tie_schedule_mw(0, 3), 0.06);
    EXPECT_LT(report.summary.balance.at("max_bus_mismatch_mw"), 1e-6);
    EXPECT_LT(report.summary.balance.at("dispatch_balance_mwh"), 1e-9);
    EXPECT_NEAR(report.summary.indicators.at("demand_mwh"), 24 * 200, 1e-9);
    EXPECT_NEAR(report.summary.indicators.at("green_share_hourly"), 0.45, 1e-12);
}

TEST(Simulator, WhatSourcesTiesAndStorageGiveIsWhatLoadsAndLossesTake) {
    CollectingSink sink;
    Study study = tiny_study(whole_city(), summer_day, 3);
    study.dispatch.thermal_minimum_summer_mw = 80;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    for (const BlockResult& block : sink.blocks) {
        for (std::size_t t = 0; t < block.steps.count; ++t) {
            double supply_mw = block.tie_p_mw(0, t) + block.storage_p_mw(0, t);
            for (const double p_mw : block.source_p_mw.step(t)) {
                supply_mw += p_mw;
            }
            EXPECT_NEAR(supply_mw, block.demand_mw(0, t) + block.losses_mw(0, t), 1e-5);
        }
    }
    EXPECT_LT(report.summary.balance.at("storage_balance_mwh"), 1e-9);
    EXPECT_LT(report.summary.balance.at("max_residual_mw"), 1e-5);
    EXPECT_LT(report.summary.indicators.at("tie_mismatch_mean_mw"), 0.1);
}

TEST(Simulator, FedBackLossesBringTheTieToItsSchedule) {
    const auto mismatch_after = [](int rounds) {
        Study study = tiny_study(whole_city(), winter_day, 1);
        study.dispatch.loss_rounds = rounds;
        study.dispatch.loss_share_initial = 0.1;
        CollectingSink sink;
        return run(study, sink).summary.indicators.at("tie_mismatch_mean_mw");
    };
    EXPECT_GT(mismatch_after(0), 10);
    EXPECT_LT(mismatch_after(1), 2);
    EXPECT_LT(mismatch_after(3), 0.06);
}

// Ordinary and extraordinary hours

TEST(Simulator, KeepsTheThermalMinimumWithUnitsAboveTheirLeastOutput) {
    Study study = tiny_study(whole_city(), winter_day, 1);
    study.dispatch.thermal_minimum_heating_mw = 130;
    CollectingSink sink;
    run(study, sink);
    const std::size_t coal = 3; // solar, wind, hydro, thermal
    ASSERT_EQ(sink.axes.of(Axis::source)[coal].id, "coal");
    for (const double p_mw : sink.over_time(&BlockResult::source_p_mw, coal)) {
        EXPECT_GE(p_mw, 130 - 1e-9);
    }
}

TEST(Simulator, CurtailsASunnyNoonAndTheLedgerSumsToTheTotal) {
    System system = tiny_system();
    add_load(system, "village", city, 60, 10);
    add_solar(system, "park", city, 400);
    add_battery(system, "cells", city, 30, 60);
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 2), sink);
    ASSERT_TRUE(report.all_converged);

    double ledger_mwh = 0;
    std::map<std::string, double> by_cause;
    for (const engine::CurtailmentRow& row : sink.curtailment) {
        EXPECT_EQ(row.source, 0U);
        ledger_mwh += row.mwh;
        by_cause[row.cause] += row.mwh;
    }
    EXPECT_GT(ledger_mwh, 100);
    EXPECT_NEAR(ledger_mwh, sum(sink.over_time(&BlockResult::source_curtailed_mw)), 1e-9);
    EXPECT_NEAR(ledger_mwh, report.summary.indicators.at("curtailed_mwh"), 1e-9);
    EXPECT_GT(by_cause["storage_full"], 0);
    EXPECT_GT(by_cause["surplus"], 0);
    EXPECT_NEAR(report.summary.curtailed_mwh_by_cause.at("surplus"), by_cause["surplus"], 1e-9);
    EXPECT_LT(report.summary.indicators.at("utilisation_rate_solar"), 0.9);
}

TEST(Simulator, NoWindAndNoSunAtNightMeansNoCurtailment) {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    add_solar(system, "roofs", city, 50);
    CollectingSink sink;
    run(tiny_study(system, winter_day, 1), sink);
    EXPECT_DOUBLE_EQ(sink.blocks.front().source_p_mw(0, 2), 0);
    EXPECT_DOUBLE_EQ(sink.blocks.front().source_curtailed_mw(0, 2), 0);
    EXPECT_TRUE(sink.curtailment.empty());
}

TEST(Simulator, UsesTheDaysWaterAndNoMore) {
    CollectingSink sink;
    run(tiny_study(whole_city(), winter_day, 2), sink);
    const std::vector<double> hydro_mw = sink.over_time(&BlockResult::source_p_mw, 2);
    ASSERT_EQ(hydro_mw.size(), 48U);
    const double first_day_mwh = std::accumulate(hydro_mw.begin(), hydro_mw.begin() + 24, 0.0);
    EXPECT_NEAR(first_day_mwh, 24 * 40, 1);
    EXPECT_LE(first_day_mwh, 24 * 40 + 1e-6);
}

TEST(Simulator, LoadOfACutOffIslandIsUnservedAndTheRestIsSolved) {
    System system = whole_city();
    const BusIdx lost = add_bus(system, "lost_330", 330);
    add_load(system, "hamlet", lost, 7);
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 1), sink);
    EXPECT_TRUE(report.relaxed);
    EXPECT_NEAR(report.summary.indicators.at("unserved_mwh"), 24 * 7, 0.1);
    EXPECT_NEAR(sink.blocks.front().load_unserved_mw(1, 5), 7, 0.01);
    EXPECT_TRUE(std::isfinite(sink.blocks.front().bus_vm_pu(1, 5)));
    EXPECT_TRUE(report.all_converged);
}

TEST(Simulator, StepsWithoutASolutionHoldNaNAndTheRunGoesOn) {
    System system = tiny_system();
    add_load(system, "town", city, 3000);
    system.sources.external_grids.grids.p_import_max_mw[0] = 5000;
    system.sources.external_grids.grids.firm_mw[0] = 5000;
    system.grid.lines.length_km[LineIdx{0}] = 400; // far beyond what carries 3000 MW
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 2), sink);
    EXPECT_FALSE(report.all_converged);
    EXPECT_EQ(report.summary.steps.at("total"), 48);
    EXPECT_LT(report.summary.steps.at("converged"), 48);
    EXPECT_NE(sink.blocks.back().step_status(0, 0), 0);
    EXPECT_TRUE(std::isnan(sink.blocks.back().bus_vm_pu(1, 0)));
    EXPECT_DOUBLE_EQ(sink.blocks.back().demand_mw(0, 0), 3000);
    ASSERT_FALSE(sink.verdicts.empty());
    EXPECT_EQ(sink.verdicts.front().kind, "non_convergence");
}

TEST(Simulator, OverloadsAndVoltagesOutOfBandAreVerdicts) {
    System system = tiny_system();
    add_load(system, "town", city, 300, 60);
    system.grid.lines.rate_mva[LineIdx{0}] = 100;
    system.grid.buses.vm_max_pu[BusIdx{0}] = 1.01; // the tie holds 1.03
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 1), sink);
    EXPECT_EQ(report.summary.indicators.at("overload_hours"), 24);
    EXPECT_EQ(report.summary.indicators.at("voltage_violation_hours"), 24);
    const auto overload = std::ranges::find(sink.verdicts, "overload", &engine::VerdictRow::kind);
    ASSERT_NE(overload, sink.verdicts.end());
    EXPECT_EQ(overload->element, "l_north");
    EXPECT_GT(overload->value, 100);
    const auto voltage = std::ranges::find(sink.verdicts, "voltage", &engine::VerdictRow::kind);
    ASSERT_NE(voltage, sink.verdicts.end());
    EXPECT_EQ(voltage->element, "north_330");
    EXPECT_NEAR(voltage->value, 1.03, 1e-9);
    EXPECT_EQ(voltage->limit, 1.01);
}

TEST(Simulator, ASectionThatClosesOffTheTieLimitsItsSchedule) {
    System system = tiny_system();
    add_load(system, "town", city, 500);
    network::Sections& sections = system.grid.sections;
    name_element(sections, "gansu_section");
    sections.branch.push_back({"l_north"});
    sections.sign.push_back({1});
    sections.limit_mw.push_back(350);
    sections.limit_reverse_mw.push_back(std::nullopt);
    sections.limit_n1_mw.push_back(std::nullopt);
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 1), sink);
    EXPECT_DOUBLE_EQ(sink.blocks.front().tie_schedule_mw(0, 4), 350);
    EXPECT_NEAR(sink.blocks.front().section_p_mw(0, 4), 350, 0.1);
    EXPECT_GT(report.summary.indicators.at("unserved_mwh"), 24 * 150);
}

// Epochs

TEST(Simulator, StoredEnergyOutlivesAChangeOfTheGridWithinADay) {
    Study study = tiny_study(whole_city(), summer_day, 2);
    System larger = whole_city();
    add_wind(larger, "new_ridge", city, 80);
    add_battery(larger, "new_cells", plant, 20, 40);
    study.epochs = {{{0, 30}, study.epochs[0].system, {}}, {{30, 18}, larger, {"ridge_project"}}};
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_EQ(sink.blocks.size(), 3U); // 24 + 6 + 18 steps
    EXPECT_EQ(sink.blocks[1].steps.count, 6U);
    EXPECT_TRUE(report.all_converged);

    ASSERT_EQ(sink.axes.of(Axis::storage).size(), 2U);
    const auto e_mwh = sink.over_time(&BlockResult::storage_e_mwh, 0);
    const auto p_mw = sink.over_time(&BlockResult::storage_p_mw, 0);
    for (std::size_t t = 1; t < e_mwh.size(); ++t) {
        const double expected = e_mwh[t - 1] * (1 - 0.0001) + 0.95 * std::max(0.0, -p_mw[t]) -
                                std::max(0.0, p_mw[t]) / 0.94;
        EXPECT_NEAR(e_mwh[t], expected, 1e-9) << t;
    }
    EXPECT_TRUE(std::isnan(sink.over_time(&BlockResult::storage_e_mwh, 1)[29]));
    EXPECT_TRUE(std::isfinite(sink.over_time(&BlockResult::storage_e_mwh, 1)[30]));
    EXPECT_TRUE(std::isnan(sink.over_time(&BlockResult::source_p_mw, 4)[29]));
    EXPECT_EQ(sink.axes.of(Axis::source)[4].id, "new_ridge");
    EXPECT_EQ(report.summary.counts.at("epochs"), 2);
}

TEST(Simulator, ShortStepsAndHoursAgreeOnASteadyLoad) {
    System system = tiny_system();
    add_load(system, "town", city, 200, 40);
    CollectingSink hourly;
    CollectingSink quarterly;
    run(tiny_study(system, summer_day, 1), hourly);
    run(tiny_study(system, summer_day, 1, 15), quarterly);
    EXPECT_NEAR(hourly.summary.indicators.at("demand_mwh"),
                quarterly.summary.indicators.at("demand_mwh"), 1e-6);
    EXPECT_NEAR(hourly.summary.indicators.at("losses_mwh"),
                quarterly.summary.indicators.at("losses_mwh"), 1e-3);
    EXPECT_EQ(quarterly.summary.steps.at("total"), 96);
}

// Running

TEST(Simulator, TwoRunsGiveTheSameColumnsAndSummary) {
    CollectingSink a;
    CollectingSink b;
    run(tiny_study(whole_city(), summer_day, 2), a);
    run(tiny_study(whole_city(), summer_day, 2), b);
    const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    for (std::size_t k = 0; k < a.blocks.size(); ++k) {
        for (const engine::Variable& variable : engine::result_variables()) {
            const Series& x = a.blocks[k].*variable.column;
            const Series& y = b.blocks[k].*variable.column;
            EXPECT_TRUE(std::ranges::equal(x.values(), y.values(), same)) << variable.name;
        }
    }
    EXPECT_EQ(a.summary.indicators, b.summary.indicators);
}

TEST(Simulator, ThrowsInterruptedAtTheNextSeamAndNeverFinishes) {
    class StopAtSteps final : public Progress {
      public:
        void update(std::string_view stage, std::size_t done, std::size_t) override {
            stop_ = stage == "steps" && done >= 24;
        }
        [[nodiscard]] bool stop_requested() const override { return stop_; }

      private:
        bool stop_ = false;
    };
    StopAtSteps progress;
    CollectingSink sink;
    const Study study = tiny_study(whole_city(), summer_day, 3);
    EXPECT_THROW((void)engine::simulate(study, sink, progress), Interrupted);
    EXPECT_EQ(sink.blocks.size(), 1U);
    EXPECT_EQ(sink.finished, 0);
}

TEST(Simulator, SetPowersLeaveTheRestToTheSlack) {
    System system;
    const BusIdx one = add_bus(system, "one", 345);
    const BusIdx two = add_bus(system, "two", 345);
    add_line(system, "l", one, two);
    add_load(system, "town", two, 90, 30);
    engine::GeneratorFleet& g = system.sources.generators;
    for (const double p_mw : {0.0, 40.0}) {
        place(g, p_mw == 0 ? "slack" : "unit", p_mw == 0 ? one : two, hold_voltage(1.0, 300));
        g.p_mw.push_back(p_mw);
        g.p_min_mw.push_back(0);
        g.p_max_mw.push_back(250);
        g.slack.push_back(p_mw == 0);
        g.price_cny_per_mwh.push_back(0);
        g.co2_t_per_mwh.push_back(0);
        g.green_share.push_back(0);
    }
    Study study = tiny_study(system, summer_day, 1);
    study.dispatch.method = engine::DispatchMethod::none;
    study.powerflow.distributed_slack = false;
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    const BlockResult& block = sink.blocks.front();
    EXPECT_NEAR(block.source_p_mw(0, 0), 50 + block.losses_mw(0, 0), 1e-6);
    EXPECT_DOUBLE_EQ(block.source_p_mw(1, 0), 40);
    EXPECT_EQ(report.summary.indicators.at("unserved_mwh"), 0);
}

} // namespace
} // namespace yuanwang::test
