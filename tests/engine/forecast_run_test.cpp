/// Forecasts and the ledger of plans through the engine: balanced, accounted for, named.
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::DispatchMethod;
using engine::RunReport;
using namespace std::chrono_literals;

constexpr BusIdx north{0};
constexpr BusIdx city{1};
constexpr BusIdx plant{2};

/// Wind at the end of a line of `rate_mva`, a town, a tie, a battery.
Study windy_study(std::size_t days, double rate_mva) {
    System system;
    add_bus(system, "north_330", 330, network::SubstationKind::boundary);
    add_bus(system, "city_330", 330);
    add_bus(system, "plant_330", 330, network::SubstationKind::plant);
    add_line(system, "l_north", north, city, 2);
    add_line(system, "l_plant", plant, city, 1, 20, rate_mva);
    add_external(system, "gansu", {north}, 600, 400);
    add_load(system, "town", city, 240, 20);
    add_wind(system, "farm", plant, 200);
    add_battery(system, "cells", city, 20, 60);
    Study study = tiny_study(system, 2025y / 4 / 1, days);
    study.dispatch.method = DispatchMethod::optimal;
    study.dispatch.n_1_limits = false;
    return study;
}

RunReport run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

TEST(ForecastRun, WhatIsDoneBalancesWithWhatCame) {
    for (const auto method :
         {dispatch::ForecastMethod::persistence, dispatch::ForecastMethod::errors}) {
        Study study = windy_study(4, 1000);
        study.dispatch.forecast = {.method = method, .spread = 0.4};
        CollectingSink sink;
        const RunReport report = run(study, sink);
        ASSERT_TRUE(report.all_converged);
        EXPECT_LT(report.summary.balance.at("dispatch_balance_mwh"), 1e-6);
        EXPECT_LT(report.summary.balance.at("storage_balance_mwh"), 1e-6);
        EXPECT_EQ(report.summary.indicators.at("unserved_mwh"), 0);
        EXPECT_GT(report.summary.indicators.at("forecast_error_percent"), 5);
        EXPECT_TRUE(report.summary.indicators.contains("forecast_cost_cny"));
    }
}

TEST(ForecastRun, PerfectForesightHasNoForecastCost) {
    const Study study = windy_study(2, 1000);
    CollectingSink sink;
    EXPECT_FALSE(run(study, sink).summary.indicators.contains("forecast_cost_cny"));
}

/// What the line holds back is what a run without its rating does not lose.
TEST(ForecastRun, TheLedgerNamesTheLineAndWhatItCosts) {
    CollectingSink held_sink;
    CollectingSink free_sink;
    const RunReport held = run(windy_study(3, 60), held_sink);
    const RunReport free = run(windy_study(3, 1000), free_sink);
    ASSERT_TRUE(held.all_converged);
    const double lost = held.summary.indicators.at("curtailed_mwh");
    ASSERT_GT(lost, 10);
    const auto& causes = held.summary.curtailed_mwh_by_cause;
    ASSERT_TRUE(causes.contains("branch_n"));
    double sum = 0;
    for (const auto& [cause, mwh] : causes) {
        sum += mwh;
    }
    EXPECT_NEAR(sum, lost, 1e-9 * lost);
    EXPECT_NEAR(causes.at("branch_n"), lost - free.summary.indicators.at("curtailed_mwh"),
                1e-3 * lost);
    ASSERT_TRUE(held.summary.devices.contains("limit"));
    const auto& limit = held.summary.devices.at("limit");
    ASSERT_TRUE(limit.contains("l_plant"));
    EXPECT_NEAR(limit.at("l_plant").at("freed_mwh"), causes.at("branch_n"), 1e-6 * lost);
    EXPECT_GT(limit.at("l_plant").at("saved_cny"), 0);
}

} // namespace
} // namespace yuanwang::test
