/// Dispatch that plans, through the engine: limits of the grid, prices, handing over between blocks and epochs.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::BlockResult;
using engine::DispatchMethod;
using engine::RunReport;
using namespace std::chrono_literals;

constexpr std::chrono::year_month_day summer_day = 2025y / 6 / 21;
constexpr BusIdx north{0};
constexpr BusIdx city{1};
constexpr BusIdx plant{2};

RunReport run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

/// Imports at 320 over two circuits of 150 MVA, coal in the city at 400: what is lost with a circuit the other has to
/// carry, so that no more than 150 MVA may come.
Study narrow_study(std::size_t days = 1) {
    System system;
    add_bus(system, "north_330", 330, network::SubstationKind::boundary);
    add_bus(system, "city_330", 330);
    add_bus(system, "plant_330", 330, network::SubstationKind::plant);
    add_line(system, "l_north", north, city, 2, 20, 150);
    add_line(system, "l_plant", plant, city, 2);
    add_external(system, "gansu", {north}, 600, 400);
    add_load(system, "town", city, 240, 20);
    add_thermal(system, "coal", city, 3, 60, 10, 400);
    Study study = tiny_study(system, summer_day, days);
    study.dispatch.method = DispatchMethod::optimal;
    return study;
}

TEST(OptimalDispatch, NoSingleOutageOverloadsWhatDispatchCouldHaveSpared) {
    Study study = narrow_study();
    study.dispatch.method = DispatchMethod::rules;
    CollectingSink by_rules;
    const RunReport rules = run(study, by_rules);
    EXPECT_GT(rules.summary.indicators.at("n1_loading_max_percent"), 150);

    study.dispatch.method = DispatchMethod::optimal;
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    EXPECT_LE(report.summary.indicators.at("n1_loading_max_percent"), 100);
    EXPECT_GT(report.summary.indicators.at("n1_loading_max_percent"), 99);
    EXPECT_EQ(report.summary.indicators.at("n1_secure_hours"), 24);
    EXPECT_LT(report.summary.balance.at("dispatch_balance_mwh"), 1e-9);
    EXPECT_EQ(report.summary.indicators.at("unserved_mwh"), 0);

    // 320 at the tie, 400 behind the circuit the other has to be able to replace.
    const BlockResult& block = sink.blocks.front();
    EXPECT_NEAR(block.bus_price_cny_per_mwh(north, 5), 320, 1e-6);
    EXPECT_NEAR(block.bus_price_cny_per_mwh(city, 5), 400, 1e-6);
    EXPECT_NEAR(block.bus_price_cny_per_mwh(plant, 5), 400, 1e-6);
    ASSERT_EQ(report.summary.binding_limits.size(), 1U);
    const auto& limit = report.summary.binding_limits.front();
    EXPECT_EQ(limit.element, "l_north");
    EXPECT_EQ(limit.outage, "l_north");
    EXPECT_NEAR(limit.value_cny_per_mw, 24 * 80, 1e-3);
    EXPECT_NEAR(limit.max_cny_per_mwh, 80, 1e-6);
    EXPECT_TRUE(std::isnan(by_rules.blocks.front().bus_price_cny_per_mwh(city, 5)));
}

/// The town asks for more than the tie's second circuit and all coal can bring: 240 − 3 · 20 MW over one circuit of 150.
TEST(OptimalDispatch, ALimitNobodyCanKeepIsListedWithTheSmallestRelaxation) {
    Study study = narrow_study();
    System& system = study.epochs.front().system;
    system.sources.thermal.plants.p_rated_mw.front() = 20;
    system.sources.thermal.reactive
        .front() = {}; // reactive power over the line is that of the town
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_EQ(report.summary.broken_limits.size(), 1U);
    const auto& limit = report.summary.broken_limits.front();
    EXPECT_EQ(limit.element, "l_north");
    EXPECT_EQ(limit.outage, "l_north");
    EXPECT_EQ(limit.hours, 24);
    EXPECT_EQ(limit.hours_unavoidable, 24);
    const double left_mw = std::sqrt(150.0 * 150 - 20 * 20);
    EXPECT_NEAR(limit.relaxation_mw, 240 - 60 - left_mw, 1.5); // and losses
    EXPECT_NEAR(limit.worst_percent, 100.0 * 180 / left_mw, 1.5);
    EXPECT_EQ(report.summary.indicators.at("unserved_mwh"), 0);

    CollectingSink enough;
    EXPECT_TRUE(run(narrow_study(), enough).summary.broken_limits.empty());
}

TEST(OptimalDispatch, TheBaseStateIsKeptInApparentPower) {
    Study study = narrow_study();
    study.dispatch.n_1_limits = false;
    study.epochs.front().system.grid.lines.rate_mva[LineIdx{0}] =
        100; // 200 MVA for 220 MW and 20 Mvar
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    const std::vector<double> loading = sink.over_time(&BlockResult::line_loading_percent, 0);
    EXPECT_LE(*std::ranges::max_element(loading), 100);
    EXPECT_GT(*std::ranges::max_element(loading), 99);
}

TEST(OptimalDispatch, WithoutLimitsTheCheapTieServesAll) {
    Study study = narrow_study();
    study.dispatch.n_limits = study.dispatch.n_1_limits = false;
    CollectingSink sink;
    run(study, sink);
    const std::vector<double> coal = sink.over_time(&BlockResult::source_p_mw, 0);
    EXPECT_NEAR(*std::ranges::max_element(coal), 0, 1e-6);
}

/// The grid loses a circuit's rating half-way: each step is planned with the grid of its own epoch.
TEST(OptimalDispatch, EveryEpochIsPlannedWithItsOwnGridAndKeepsTheStoredEnergy) {
    Study study = narrow_study(4);
    add_battery(study.epochs.front().system, "cells", city, 20, 60);
    engine::Epoch later = study.epochs.front();
    later.steps = {60, 36}; // noon of the third day
    later.system.grid.lines.rate_mva[LineIdx{0}] = 120;
    study.epochs.front().steps = {0, 60};
    study.epochs.push_back(later);
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    EXPECT_LE(report.summary.indicators.at("n1_loading_max_percent"), 100);
    EXPECT_LT(report.summary.balance.at("storage_balance_mwh"), 1e-9);
    const std::vector<double> coal = sink.over_time(&BlockResult::source_p_mw, 0);
    const double before = std::accumulate(coal.begin() + 24, coal.begin() + 48, 0.0);
    const double after = std::accumulate(coal.begin() + 72, coal.begin() + 96, 0.0);
    EXPECT_GT(after, before + 24 * 25);
}

/// A weak morning of an epoch of its own makes coal start; its twelve hours at least reach into the next epoch.
TEST(OptimalDispatch, UnitsThatRanAreKnownInTheNextEpoch) {
    Study study = narrow_study(3);
    study.dispatch.n_limits = study.dispatch.n_1_limits = false;
    study.dispatch.commitment = true;
    System& system = study.epochs.front().system;
    models::ThermalPlants& coal = system.sources.thermal.plants;
    coal.min_up_h = {12};
    coal.start_cost_cny = {1000};
    engine::Epoch weak = study.epochs.front();
    weak.steps = {24, 6};
    weak.system.sources.external_grids.grids.p_import_max_mw = {200};
    engine::Epoch after = study.epochs.front();
    after.steps = {30, 42};
    study.epochs.front().steps = {0, 24};
    study.epochs.push_back(weak);
    study.epochs.push_back(after);
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    const std::vector<double> on = sink.over_time(&BlockResult::source_units_on, 0);
    for (std::size_t t = 0; t < on.size(); ++t) {
        EXPECT_EQ(on[t], t >= 24 && t < 36 ? 1 : 0) << t;
    }
    EXPECT_EQ(report.summary.indicators.at("thermal_starts"), 1);
}

/// Four days, the second half with another system.
Study change_after_two_days(const System& before, const System& after) {
    Study study = tiny_study(before, summer_day, 4);
    study.dispatch.method = DispatchMethod::optimal;
    engine::Epoch later{{48, 48}, after, {}};
    study.epochs.front().steps = {0, 48};
    study.epochs.push_back(later);
    return study;
}

/// Coal at 100 closes after two days, imports cost 320 from then on.
TEST(OptimalDispatch, ABatteryIsFullBeforeItsCheapStationCloses) {
    System before = tiny_system();
    add_load(before, "town", city, 100);
    add_battery(before, "cells", city, 20, 60);
    System after = before;
    add_thermal(before, "old", city, 1, 200, 0, 100);
    CollectingSink sink;
    const RunReport report = run(change_after_two_days(before, after), sink);
    ASSERT_TRUE(report.all_converged);
    const std::vector<double> e_mwh = sink.over_time(&BlockResult::storage_e_mwh, 0);
    const models::Batteries& cells = before.batteries.batteries;
    EXPECT_NEAR(e_mwh[47], cells.soc_max[0] * 60, 1e-6);
    EXPECT_LT(report.summary.balance.at("dispatch_balance_mwh"), 1e-9);
    EXPECT_LT(report.summary.balance.at("storage_balance_mwh"), 1e-9);

    Study blind = change_after_two_days(before, after);
    blind.dispatch.horizon_h = 24;
    CollectingSink by_day;
    EXPECT_LE(report.summary.indicators.at("cost_cny"),
              run(blind, by_day).summary.indicators.at("cost_cny") + 1e-6);
}

/// Behind a narrow line coal at 400 is dear; from the third day on all imports come at 320, so nothing is kept for them.
TEST(OptimalDispatch, NothingIsStoredForTheDayALineOpens) {
    Study study = narrow_study(4);
    add_battery(study.epochs.front().system, "cells", city, 20, 60);
    engine::Epoch later = study.epochs.front();
    later.system.grid.lines.rate_mva[LineIdx{0}] = 1000;
    later.steps = {48, 48};
    study.epochs.front().steps = {0, 48};
    study.epochs.push_back(later);
    CollectingSink sink;
    const RunReport report = run(study, sink);
    ASSERT_TRUE(report.all_converged);
    const std::vector<double> e_mwh = sink.over_time(&BlockResult::storage_e_mwh, 0);
    const models::Batteries& cells = later.system.batteries.batteries;
    EXPECT_NEAR(e_mwh[47], cells.soc_min[0] * 60, 1e-6);
    EXPECT_LE(report.summary.indicators.at("n1_loading_max_percent"), 100);
    EXPECT_TRUE(report.summary.broken_limits.empty());
}

TEST(OptimalDispatch, TwoRunsGiveTheSameNumbers) {
    const auto once = [] {
        Study study = narrow_study(2);
        add_battery(study.epochs.front().system, "cells", city, 20, 60);
        CollectingSink sink;
        run(study, sink);
        return sink.over_time(&BlockResult::storage_p_mw, 0);
    };
    EXPECT_EQ(once(), once());
}

} // namespace
} // namespace yuanwang::test
