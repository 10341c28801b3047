#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::N1Method;
using engine::Summary;
using engine::VerdictRow;
using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

constexpr std::chrono::year_month_day day = 2025y / 6 / 21;
constexpr BusIdx north{0};
constexpr BusIdx city{1};
constexpr BusIdx plant{2};
constexpr LineIdx north_line{0};
constexpr LineIdx plant_line{1};

struct Outcome {
    CollectingSink sink;
    Summary summary;
    [[nodiscard]] const BlockResult& block() const { return sink.blocks.front(); }
    /// Verdicts of the first step.
    [[nodiscard]] std::vector<VerdictRow> verdicts() const {
        std::vector<VerdictRow> rows;
        std::ranges::copy_if(sink.verdicts, std::back_inserter(rows),
                             [](const VerdictRow& row) { return row.step == 0; });
        return rows;
    }
};

Outcome run(const Study& study) {
    Outcome outcome;
    SilentProgress progress;
    outcome.summary = engine::simulate(study, outcome.sink, progress).summary;
    return outcome;
}

/// Six hours are enough.
Study ac_study(System system) {
    Study study = tiny_study(std::move(system), day, 1, 240);
    study.n_1.method = N1Method::ac;
    return study;
}

auto is_verdict(const char* outage, const char* element, const char* kind) {
    return testing::AllOf(Field(&VerdictRow::outage, outage), Field(&VerdictRow::element, element),
                          Field(&VerdictRow::kind, kind));
}

/// north ══2══ city ── plant
System two_circuits(double load_mw, double rate_mva) {
    System system = tiny_system();
    system.grid.lines.rate_mva[north_line] = rate_mva;
    system.grid.lines.closed[plant_line] = false;
    add_load(system, "town", city, load_mw, 0.2 * load_mw);
    return system;
}

TEST(N1Ac, TheCircuitThatStaysCarriesApparentPowerOfBoth) {
    const Outcome outcome = run(ac_study(two_circuits(200, 250)));
    const BlockResult& b = outcome.block();
    for (std::size_t t = 0; t < b.steps.count; ++t) {
        EXPECT_EQ(b.line_n1_outage(0, t), 0.0);
        EXPECT_GT(b.line_n1_loading_percent(0, t), 100 * 200.0 / 250); // Q comes on top
        EXPECT_NEAR(b.line_n1_loading_percent(0, t), 2 * b.line_loading_percent(0, t), 3.0);
        EXPECT_LT(b.bus_n1_vm_min_pu(1, t), b.bus_vm_pu(1, t));
        EXPECT_NEAR(b.bus_n1_vm_min_pu(0, t), 1.03, 1e-9); // held
    }
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 24.0);
    EXPECT_EQ(outcome.summary.counts.at("n1_outages"), 2.0);
    EXPECT_EQ(outcome.summary.counts.at("n1_power_flows"), 12.0);
    EXPECT_EQ(outcome.summary.counts.at("n1_by_reference"), 0.0);
    EXPECT_THAT(outcome.sink.verdicts, IsEmpty());
    ASSERT_FALSE(outcome.summary.n1_voltage.empty());
    EXPECT_EQ(outcome.summary.n1_voltage[0].outage, "l_north");
}

TEST(N1Ac, WithinTheEmergencyRatingTheElementAsksForReliefInItsTime) {
    System system = two_circuits(200, 190);
    system.grid.lines.rate_emergency_mva[north_line] = 260;
    system.grid.lines.emergency_duration_h[north_line] = 0.5;
    const Outcome outcome = run(ac_study(system));
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 24.0);
    EXPECT_EQ(outcome.summary.indicators.at("n1_relief_hours"), 24.0);
    EXPECT_THAT(outcome.sink.verdicts, IsEmpty());
    const auto& worst = outcome.summary.n1_worst.at(0);
    EXPECT_GT(worst.normal_percent, 100 * 200.0 / 190);
    EXPECT_DOUBLE_EQ(worst.normal_percent, worst.loading_percent * 260 / 190);
    EXPECT_EQ(worst.emergency_duration_h, 0.5);

    const Outcome without = run(ac_study(two_circuits(200, 260)));
    EXPECT_EQ(without.summary.indicators.at("n1_relief_hours"), 0.0);
    EXPECT_EQ(without.summary.n1_worst.at(0).emergency_duration_h, 0.0);
}

TEST(N1Ac, EveryNthStepIsJudgedWhereTheStudySaysSo) {
    Study study = ac_study(two_circuits(200, 150));
    study.n_1.every = 3;
    const Outcome outcome = run(study);
    EXPECT_EQ(outcome.summary.indicators.at("n1_judged_hours"), 8.0);
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 0.0);
    EXPECT_EQ(outcome.sink.verdicts.size(), 2U);
    EXPECT_TRUE(std::isnan(outcome.block().line_n1_loading_percent(0, 1)));
}

TEST(N1Ac, LoadBehindARadialLineIsLost) {
    System system = two_circuits(100, 1000);
    system.grid.lines.closed[plant_line] = true;
    add_load(system, "works", plant, 120);
    Study study = ac_study(system);
    const Outcome outcome = run(study);
    EXPECT_THAT(outcome.verdicts(), Contains(is_verdict("l_plant", "l_plant", "lost_load")));
    EXPECT_EQ(outcome.verdicts().front().value, 120.0);
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 0.0);
    EXPECT_EQ(outcome.summary.indicators.at("n1_cut_off_max_mw"), 120.0);
    EXPECT_EQ(outcome.summary.n1_cut_off.at(0).outage, "l_plant");
    study.n_1.exceptions = {"l_plant"};
    EXPECT_EQ(run(study).summary.indicators.at("n1_secure_hours"), 24.0);
}

TEST(N1Ac, AVoltageBelowItsBandAfterAnOutageIsAVerdict) {
    System system = two_circuits(400, 1000);
    system.grid.lines.length_km[north_line] = 120;
    system.grid.buses.vm_emergency_min_pu[city] = 0.99;
    system.grid.buses.vm_min_pu[city] = 0.9;
    const Outcome outcome = run(ac_study(system));
    ASSERT_THAT(outcome.verdicts(), Contains(is_verdict("l_north", "city_330", "voltage")));
    EXPECT_LT(outcome.verdicts().front().value, 0.99);
    EXPECT_EQ(outcome.verdicts().front().limit, 0.99);
    EXPECT_EQ(outcome.summary.indicators.at("n1_voltage_violation_hours"), 24.0);
    EXPECT_EQ(outcome.summary.n1_voltage.at(0).hours_outside, 24.0);
    EXPECT_EQ(outcome.summary.indicators.at("voltage_violation_hours"), 0.0);
}

///        north ──── city
///            ╲      ╱            the section watches the direct line
///             plant
TEST(N1Ac, ASectionKeepsItsLimitAfterAnOutage) {
    System system = tiny_system();
    system.grid.lines.circuits[north_line] = 1;
    add_line(system, "l_round", north, plant);
    add_load(system, "town", city, 200);
    network::Sections& sections = system.grid.sections;
    name_element(sections, "direct");
    sections.branch.push_back({"l_north"});
    sections.sign.push_back({1});
    sections.limit_mw.push_back(170);
    sections.limit_reverse_mw.push_back(std::nullopt);
    sections.limit_n1_mw.push_back(190);
    const Outcome outcome = run(ac_study(system));
    EXPECT_EQ(outcome.summary.indicators.at("section_violation_hours"), 0.0);
    ASSERT_THAT(outcome.verdicts(), Contains(is_verdict("l_round", "direct", "section")));
    EXPECT_NEAR(outcome.verdicts().front().value, 200, 2);
    EXPECT_EQ(outcome.verdicts().front().limit, 190.0);
}

/// A plant of 100 MW at the end of its line and 300 MW of load: losing it brings all of them over the northern circuits.
System with_plant() {
    System system = two_circuits(300, 160);
    system.grid.lines.closed[plant_line] = true;
    add_thermal(system, "coal", plant, 1, 100, 100, 1);
    return system;
}

TEST(N1Ac, APlantMayBeLost) {
    Study study = ac_study(with_plant());
    study.n_1.branches = study.n_1.transformers = study.n_1.generators = false;
    EXPECT_EQ(run(study).summary.counts.at("n1_outages"), 0.0);
    study.n_1.generators = true;
    const Outcome outcome = run(study);
    EXPECT_EQ(outcome.summary.counts.at("n1_outages"), 1.0);
    EXPECT_EQ(outcome.block().line_n1_outage(0, 0), 2.0); // source axis, behind two lines
    EXPECT_NEAR(outcome.block().line_n1_loading_percent(0, 0), 100 * 0.5 * 306 / 160, 2);
    EXPECT_EQ(outcome.summary.n1_worst.at(0).outage, "coal");
}

TEST(N1Ac, ABusbarTakesAllThatHangsOnIt) {
    Study study = ac_study(with_plant());
    study.n_1.branches = study.n_1.transformers = study.n_1.generators = false;
    study.n_1.busbars = true;
    const Outcome outcome = run(study);
    EXPECT_EQ(outcome.summary.counts.at("n1_outages"), 3.0);
    // The city's own load goes with its bus: that is no verdict. Without the northern bus the plant cannot carry 300 MW.
    EXPECT_THAT(outcome.verdicts(),
                Each(testing::Not(is_verdict("city_330", "city_330", "lost_load"))));
    EXPECT_THAT(outcome.verdicts(),
                Each(testing::Not(is_verdict("plant_330", "plant_330", "lost_load"))));
    ASSERT_THAT(outcome.verdicts(), Contains(is_verdict("north_330", "north_330", "lost_load")));
    EXPECT_NEAR(outcome.verdicts().front().value, 200, 1);
    EXPECT_EQ(outcome.summary.indicators.at("n1_cut_off_max_mw"), 300.0);
    // The bus of the plant takes its line and its power along.
    const double n_axis_row = 2 + 1 + 0 + 2; // lines, sources, batteries, third bus
    EXPECT_EQ(outcome.block().line_n1_outage(0, 0), n_axis_row);
}

TEST(N1Ac, AListedPairIsLostAtOnce) {
    Study study = ac_study(with_plant());
    study.n_1.branches = study.n_1.transformers = study.n_1.generators = false;
    study.n_1.pairs = {{.id = "tower", .name = {}, .elements = {"l_north", "coal"}},
                       {.id = "gone", .name = {}, .elements = {"l_of_another_year", "no_plant"}}};
    const Outcome outcome = run(study);
    EXPECT_EQ(outcome.summary.counts.at("n1_outages"), 1.0);
    EXPECT_EQ(outcome.summary.n1_worst.at(0).outage, "tower");
    EXPECT_NEAR(outcome.block().line_n1_loading_percent(0, 0), 100 * 306.0 / 160, 5);
}

TEST(N1Ac, BothCircuitsOfALineAreLostByNamingItTwice) {
    Study study = ac_study(two_circuits(200, 150));
    study.n_1.branches = study.n_1.transformers = false;
    study.n_1.pairs = {{.id = "tower", .name = {}, .elements = {"l_north", "l_north"}}};
    const Outcome outcome = run(study);
    EXPECT_THAT(outcome.verdicts(), Contains(is_verdict("tower", "tower", "lost_load")));
    EXPECT_EQ(outcome.verdicts().front().value, 200.0);
}

TEST(N1Ac, SheddingLoadTurnsAnOverloadIntoSecurity) {
    System system = two_circuits(200, 150);
    add_load(system, "mill", city, 40);
    system.grid.lines.rate_mva[north_line] = 220;
    EXPECT_THAT(run(ac_study(system)).verdicts(),
                Contains(is_verdict("l_north", "l_north", "overload")));
    network::RemedialActions& actions = system.grid.remedial_actions;
    name_element(actions, "a_mill");
    actions.outage.push_back("l_north");
    actions.shed.push_back({"mill"});
    const Outcome outcome = run(ac_study(system));
    EXPECT_THAT(outcome.verdicts(), IsEmpty());
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 24.0);
    EXPECT_NEAR(outcome.block().line_n1_loading_percent(0, 0), 100 * std::hypot(204, 47) / 220, 3);
}

TEST(N1Ac, TrippingAPlantTurnsAnOverloadIntoSecurity) {
    System system = tiny_system(); // the plant's two circuits carry 150 MW away
    system.grid.lines.circuits[plant_line] = 2;
    system.grid.lines.rate_mva[plant_line] = 100;
    add_load(system, "town", city, 300);
    add_thermal(system, "coal", plant, 1, 75, 75, 1);
    add_thermal(system, "lignite", plant, 1, 75, 75, 1);
    EXPECT_THAT(run(ac_study(system)).verdicts(),
                Contains(is_verdict("l_plant", "l_plant", "overload")));
    network::RemedialActions& actions = system.grid.remedial_actions;
    name_element(actions, "a_coal");
    actions.outage.push_back("l_plant");
    actions.shed.push_back({"coal"});
    EXPECT_THAT(run(ac_study(system)).verdicts(), IsEmpty());
}

TEST(N1Ac, AnOutageWithoutASolutionIsNamed) {
    System system = two_circuits(560, 5000);
    system.grid.lines.length_km[north_line] = 400;
    system.grid.buses.vm_min_pu[city] = system.grid.buses.vm_emergency_min_pu[city] = 0.3;
    const Outcome outcome = run(ac_study(system));
    ASSERT_EQ(outcome.summary.steps.at("converged"), 6.0);
    EXPECT_THAT(outcome.verdicts(), Contains(Field(&VerdictRow::kind, "non_convergence")));
    EXPECT_EQ(outcome.summary.counts.at("n1_not_converged"), 12.0);
    EXPECT_EQ(outcome.summary.counts.at("n1_by_reference"), 12.0);
    ASSERT_EQ(outcome.summary.n1_unsolved.size(), 1U);
    EXPECT_EQ(outcome.summary.n1_unsolved[0].outage, "l_north");
    EXPECT_EQ(outcome.summary.n1_unsolved[0].hours, 48.0); // either circuit, 24 h
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 0.0);
}

TEST(N1Ac, AnyNumberOfThreadsFindsTheSame) {
    Study study = ac_study(with_plant());
    study.n_1.generators = study.n_1.busbars = true;
    std::vector<Outcome> outcomes;
    for (const std::size_t n_thread : {1U, 4U}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, n_thread);
        outcomes.push_back(run(study));
    }
    const auto& a = outcomes[0];
    const auto& b = outcomes[1];
    EXPECT_EQ(a.block().line_n1_loading_percent, b.block().line_n1_loading_percent);
    EXPECT_EQ(a.block().line_n1_outage, b.block().line_n1_outage);
    EXPECT_EQ(a.block().bus_n1_vm_min_pu, b.block().bus_n1_vm_min_pu);
    ASSERT_EQ(a.sink.verdicts.size(), b.sink.verdicts.size());
    for (std::size_t k = 0; k < a.sink.verdicts.size(); ++k) {
        EXPECT_EQ(a.sink.verdicts[k].outage, b.sink.verdicts[k].outage);
        EXPECT_EQ(a.sink.verdicts[k].value, b.sink.verdicts[k].value);
    }
}

} // namespace
} // namespace yuanwang::test
