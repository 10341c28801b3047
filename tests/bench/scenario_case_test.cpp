/// Scenarios as cases of the power-flow workloads.
#include "bench/workloads/scenario_case.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/workloads/batch_comparison.hpp"
#include "bench/workloads/dc_outages.hpp"
#include "core/error.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::workloads {
namespace {

namespace fs = std::filesystem;

const fs::path scenarios = fs::path{YUANWANG_SOURCE_DIR} / "scenarios";

double sum(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// The same case in our language: the year of W2a has the mean voltage that independent solvers agreed on for the file.
TEST(ScenarioCase, AnIeeeCaseInOurLanguageGivesThePublishedMean) {
    const FlowCase c = load_scenario_case(scenarios / "ieee/ieee118.yaml");
    EXPECT_EQ(c.grid.n_written_bus, 118U);
    const Comparison found = compare(c, FlowWorkload::w2a, {.rounds = 1});
    EXPECT_EQ(found.flows, 8760U);
    EXPECT_EQ(found.not_converged, 0U);
    EXPECT_EQ(found.disagreed, 0U);
    EXPECT_NEAR(found.mean_vm_pu, *find_check_value("case118", TimeSeries::w2a, 8760), 1e-9);
}

TEST(ScenarioCase, TheHomeGridIsSolvedAndEveryOutageAnswersTheReference) {
    const FlowCase c = load_scenario_case(scenarios / "xining-2025.yaml");
    const Comparison single = compare(c, FlowWorkload::w1, {.rounds = 1});
    EXPECT_EQ(single.not_converged, 0U);
    EXPECT_LT(single.largest_difference_pu, 1e-9);
    const Comparison outages = compare(c, FlowWorkload::w3, {.rounds = 1});
    EXPECT_GT(outages.flows, 400U);
    EXPECT_EQ(outages.not_converged, 0U);
    EXPECT_EQ(outages.disagreed, 0U);
    EXPECT_LT(outages.largest_difference_pu, 1e-8);
    const OutageComparison dc = compare_dc_outages(c, 1);
    EXPECT_EQ(dc.outages, outages.flows);
    EXPECT_LT(dc.largest_difference_mw, 1e-6);
}

/// What is served is made: without the slack's share the units miss the loads by the losses, a few per cent.
TEST(ScenarioCase, TheFirstStepIsBalancedByItsOwnDispatch) {
    const FlowCase c = load_scenario_case(scenarios / "starter.yaml");
    const double load_mw = sum(c.injections.load_p_mw.values());
    const double made_mw = sum(c.injections.unit_p_mw.values());
    EXPECT_GT(load_mw, 0);
    EXPECT_NEAR(made_mw, load_mw, 0.03 * load_mw);
    for (const double on : c.injections.unit_on.values()) {
        EXPECT_EQ(on, 1);
    }
    EXPECT_EQ(sum(c.units.participation.vector()), 1);
}

TEST(ScenarioCase, OverridesArriveBeforeTheFirstStep) {
    const FlowCase plain = load_scenario_case(scenarios / "starter.yaml");
    const FlowCase more = load_scenario_case(scenarios / "starter.yaml",
                                             {.set = {"loads.profiled[homes].p_mean_mw=150"}});
    EXPECT_NE(sum(plain.injections.load_p_mw.values()), sum(more.injections.load_p_mw.values()));
}

/// A case of our own as the verb reads it.
FlowCase load_text(const std::string& text) {
    const fs::path file = fs::path{::testing::TempDir()} / "some_case.m";
    std::ofstream{file} << text;
    FlowCase c = load_case(file);
    fs::remove(file);
    return c;
}

/// A ring 1–2–3 with the slack, a ring 4–5–6 with a unit of its own, and what `more` adds; a load at `last` in the dark.
FlowCase make_parts(const std::string& more_buses, const std::string& more_branches) {
    return load_text(fmt::format(R"(function mpc = parts
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [{}
1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 30 8 0 0 1 1 0 110 1 1.1 0.9; 3 1 20 5 0 0 1 1 0 110 1 1.1 0.9;
4 2 0 0 0 0 1 1 0 110 1 1.1 0.9; 5 1 25 6 0 0 1 1 0 110 1 1.1 0.9; 6 1 15 4 0 0 1 1 0 110 1 1.1 0.9];
mpc.gen = [4 30 0 99 -99 1.02 100 1 99 0; 1 50 0 99 -99 1.01 100 1 99 0];
mpc.branch = [{}
1 2 0.01 0.1 0.02 0 0 0 0 0 1; 2 3 0.01 0.2 0.02 0 0 0 0 0 1; 1 3 0.02 0.1 0.02 0 0 0 0 0 1;
4 5 0.01 0.1 0.02 0 0 0 0 0 1; 5 6 0.01 0.2 0.02 0 0 0 0 0 1; 4 6 0.02 0.1 0.02 0 0 0 0 0 1];
)",
                                 more_buses, more_branches));
}

void expect_answers(const FlowCase& c, std::size_t n_outage, double mean_vm_pu) {
    for (const FlowWorkload workload :
         {FlowWorkload::w1, FlowWorkload::w2a, FlowWorkload::w2b, FlowWorkload::w3}) {
        const Comparison found = compare(c, workload, {.n_step = 24, .rounds = 1});
        EXPECT_EQ(found.not_converged, 0U) << to_string(workload);
        EXPECT_TRUE(found.agrees()) << to_string(workload);
        if (workload == FlowWorkload::w1) {
            EXPECT_NEAR(found.mean_vm_pu, mean_vm_pu, 1e-9);
        }
        if (workload == FlowWorkload::w3) {
            EXPECT_EQ(found.flows, n_outage);
        }
    }
    const OutageComparison dc = compare_dc_outages(c, 1);
    EXPECT_EQ(dc.outages, n_outage);
    EXPECT_LT(dc.largest_difference_mw, 1e-9);
}

TEST(PartsOfAGrid, AreSolvedEachWithItsOwnSlackAndTheDarkOnesLeftOut) {
    const FlowCase two = make_parts("", "");
    const double mean_vm_pu =
        compare(two, FlowWorkload::w1, {.rounds = 1}).mean_vm_pu; // of six buses that live
    EXPECT_GT(mean_vm_pu, 0.99);
    expect_answers(two, 6, mean_vm_pu);
    // First in the table: a bus alone; two buses with a load that nothing feeds.
    expect_answers(make_parts("9 1 0 0 0 0 1 1 0 110 1 1.1 0.9;", ""), 6, mean_vm_pu);
    expect_answers(make_parts("8 1 0 0 0 0 1 1 0 110 1 1.1 0.9; 9 1 3 1 0 0 1 1 0 110 1 1.1 0.9;",
                              "8 9 0.01 0.1 0 0 0 0 0 0 1; 9 8 0.01 0.1 0 0 0 0 0 0 1;"),
                   8, mean_vm_pu);
}

TEST(VectorGroups, OfThirtyDegreesAreFollowedFromTheFlatStart) {
    // slack ── 10 steps of 30° ── load: from angle 0 Newton would not find it
    std::string buses = "1 3 0 0 0 0 1 1 0 110 1 1.1 0.9;";
    std::string branches;
    for (int i = 2; i <= 11; ++i) {
        buses += fmt::format("{} 1 2 1 0 0 1 1 0 110 1 1.1 0.9;", i);
        branches += fmt::format("{} {} 0.001 0.02 0 0 0 0 1 30 1;", i - 1, i);
    }
    const FlowCase c = load_text(fmt::format(
        "function mpc = groups\nmpc.version = '2';\nmpc.baseMVA = 100;\nmpc.bus = [{}];\n"
        "mpc.gen = [1 0 0 99 -99 1 100 1 99 0];\nmpc.branch = [{}];\n",
        buses, branches));
    const Comparison found = compare(c, FlowWorkload::w1, {.rounds = 1});
    EXPECT_EQ(found.not_converged, 0U);
    EXPECT_TRUE(found.agrees());
}

/// A feeder: one slack, then branch after branch. `x_pu` is the reactance of the last.
FlowCase make_feeder(double x_pu) {
    const fs::path file = fs::path{::testing::TempDir()} / "feeder.m";
    std::ofstream{file} << fmt::format(R"(function mpc = feeder
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [1 3 0 0 0 0 1 1 0 12.66 1 1 1; 2 1 0.1 0.06 0 0 1 1 0 12.66 1 1.1 0.9; 3 1 0.09 0.04 0 0 1 1 0 12.66 1 1.1 0.9];
mpc.gen = [1 0 0 10 -10 1 100 1 10 0];
mpc.branch = [1 2 0.0058 0.0029 0 0 0 0 0 0 1; 2 3 0.0308 {} 0 0 0 0 0 0 1];
)",
                                       x_pu);
    FlowCase c = load_case(file);
    fs::remove(file);
    return c;
}

TEST(RadialCase, IsSolvedAndHasNoOutageToLose) {
    const FlowCase c = make_feeder(0.0157);
    EXPECT_EQ(compare(c, FlowWorkload::w1, {.rounds = 1}).not_converged, 0U);
    const Comparison year = compare(c, FlowWorkload::w2b, {.n_step = 24, .rounds = 1});
    EXPECT_EQ(year.not_converged, 0U);
    EXPECT_TRUE(year.agrees());
    EXPECT_EQ(compare(c, FlowWorkload::w3, {.rounds = 1}).flows, 0U);
    EXPECT_EQ(compare_dc_outages(c, 1).outages, 0U);
}

TEST(RadialCase, WithoutReactanceIsSolvedByAcAndHasADcFlowByItsResistance) {
    const FlowCase c = make_feeder(0);
    EXPECT_EQ(compare(c, FlowWorkload::w1, {.rounds = 1}).not_converged, 0U);
    EXPECT_EQ(compare_dc_outages(c, 1).outages, 0U);
}

} // namespace
} // namespace yuanwang::workloads
