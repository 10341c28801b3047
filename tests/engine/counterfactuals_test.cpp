/// The ledger against runs of the whole study without the limits: energy by cause is the difference of consecutive runs.
#include <cmath>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::DispatchMethod;
using engine::RunReport;
using namespace std::chrono_literals;

RunReport run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

double curtailed_mwh(const Study& study) {
    CollectingSink sink;
    return run(study, sink).summary.indicators.at("curtailed_mwh");
}

/// Sun on a hill behind two unlike circuits, a town with coal and a battery, a province that takes what is left over.
///
///     province ══ town ══ hill (sun, battery)
Study draw_study(std::mt19937_64& random, DispatchMethod method) {
    std::uniform_real_distribution<double> share(0, 1);
    const auto between = [&](double least, double most) {
        return least + (most - least) * share(random);
    };
    System system;
    const BusIdx north = add_bus(system, "north_330", 330, network::SubstationKind::boundary);
    const BusIdx town = add_bus(system, "town_330", 330);
    const BusIdx hill = add_bus(system, "hill_330", 330, network::SubstationKind::plant);
    add_line(system, "l_north", north, town, 2, 20, between(80, 200));
    add_line(system, "l_hill", town, hill, 2, 30, between(60, 160));
    add_line(system, "l_valley", town, hill, 1, 45, between(40, 120));
    add_external(system, "province", {north}, 300, 200);
    system.sources.external_grids.grids.p_export_max_mw.back() = between(20, 200);
    add_solar(system, "sun", hill, between(250, 450));
    add_load(system, "homes", town, between(80, 150), 20);
    add_thermal(system, "coal", town, 2, 40, between(5, 20), 300);
    add_battery(system, "battery", hill, between(20, 60), between(40, 200));
    Study study = tiny_study(system, 2025y / 6 / 21, 3);
    study.dispatch.method = method;
    study.dispatch.thermal_minimum_summer_mw = share(random) < 0.5 ? 0 : between(10, 60);
    return study;
}

/// Energy by cause from runs of the study, each with one cause more taken away.
std::map<std::string, double> run_without(Study study) {
    System& system = study.epochs.front().system;
    std::map<std::string, double> caused;
    double before_mwh = curtailed_mwh(study);
    const auto without = [&](const std::string& cause) {
        const double mwh = curtailed_mwh(study);
        caused[cause] = before_mwh - mwh;
        before_mwh = mwh;
    };
    study.dispatch.n_limits = false;
    without("branch_n");
    study.dispatch.n_1_limits = false;
    without("branch_n1");
    system.sources.external_grids.grids.p_export_max_mw.back() = 1e5;
    without("section");
    system.sources.thermal.plants.p_min_mw.assign(1, 0);
    study.dispatch.thermal_minimum_summer_mw = 0;
    without("minimum_output");
    const double least_mwh =
        system.batteries.batteries.soc_min[0] * system.batteries.batteries.e_max_mwh[0];
    const double start_mwh =
        system.batteries.batteries.soc_initial[0] * system.batteries.batteries.e_max_mwh[0];
    system.batteries.batteries.e_max_mwh[0] = 1e6;
    system.batteries.batteries.soc_min[0] = least_mwh / 1e6;
    system.batteries.batteries.soc_initial[0] = start_mwh / 1e6;
    system.batteries.batteries.soc_max[0] = 1;
    without("storage_full");
    caused["surplus"] = before_mwh;
    return caused;
}

void compare(std::uint64_t seed, DispatchMethod method) {
    std::mt19937_64 random{seed};
    const Study study = draw_study(random, method);
    CollectingSink sink;
    const RunReport report = run(study, sink);
    const auto& by_cause = report.summary.curtailed_mwh_by_cause;
    const double total_mwh = report.summary.indicators.at("curtailed_mwh");
    for (const auto& [cause, mwh] : run_without(study)) {
        const auto at = by_cause.find(cause);
        EXPECT_NEAR(at == by_cause.end() ? 0.0 : at->second, mwh, 0.01 * total_mwh + 1e-3)
            << seed << " " << cause << " of " << total_mwh;
    }
    double booked_mwh = 0;
    for (const auto& row : sink.curtailment) {
        EXPECT_GT(row.mwh, 0);
        EXPECT_EQ(row.outage.empty(), row.cause != "branch_n1") << row.cause;
        EXPECT_EQ(row.branch.empty(), !row.cause.starts_with("branch") && row.cause != "section")
            << row.cause;
        booked_mwh += row.mwh;
    }
    EXPECT_NEAR(booked_mwh, total_mwh, 1e-6 * (1 + total_mwh)) << seed;
}

TEST(Counterfactuals, CausesAreTheDifferencesOfRunsWithoutThem) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        compare(seed, DispatchMethod::optimal);
        compare(seed, DispatchMethod::rules);
    }
}

TEST(CounterfactualsStudy, ThirtyCongestedCasesByPlanAndByRules) {
    for (std::uint64_t seed = 101; seed <= 130; ++seed) {
        compare(seed, DispatchMethod::optimal);
        compare(seed, DispatchMethod::rules);
    }
}

/// Rules know no limits of branches: taking them away changes nothing, and none is a cause.
TEST(Counterfactuals, RulesNameNoBranch) {
    std::mt19937_64 random{1};
    CollectingSink sink;
    const RunReport report = run(draw_study(random, DispatchMethod::rules), sink);
    EXPECT_FALSE(report.summary.curtailed_mwh_by_cause.contains("branch_n"));
    EXPECT_FALSE(report.summary.curtailed_mwh_by_cause.contains("branch_n1"));
}

} // namespace
} // namespace yuanwang::test
