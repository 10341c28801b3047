#include "engine/accounts/n1_account.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::N1Method;
using engine::Summary;
using namespace std::chrono_literals;

constexpr std::chrono::year_month_day day = 2025y / 6 / 21;
constexpr BusIdx north{0};
constexpr BusIdx city{1};
constexpr BusIdx plant{2};
constexpr LineIdx north_line{0};
constexpr LineIdx plant_line{1};

/// Runs a study whose outages, if any, are judged by DC.
Summary run(Study study, CollectingSink& sink) {
    study.n_1.method = study.n_1.method == N1Method::none ? N1Method::none : N1Method::dc;
    SilentProgress progress;
    return engine::simulate(study, sink, progress).summary;
}

void add_bank(System& system, const std::string& id, BusIdx hv, BusIdx lv, int units,
              double rate_mva) {
    network::Transformers& t = system.grid.transformers;
    name_element(t, id);
    t.hv.push_back(hv);
    t.lv.push_back(lv);
    t.units.push_back(units);
    t.rate_mva.push_back(rate_mva);
    t.rate_emergency_mva.push_back(1.2 * rate_mva);
    t.emergency_duration_h.push_back(2);
    t.uk_percent.push_back(10.5);
    t.ukr_percent.push_back(0.3);
    t.i0_percent.push_back(0.1);
    t.p_iron_kw.push_back(100);
    t.hv_kv.push_back(330);
    t.lv_kv.push_back(110);
    t.shift_degree.push_back(0);
    t.closed.push_back(true);
    network::TapChangers& tap = t.tap;
    tap.on_load.push_back(false);
    tap.side.push_back(network::TapSide::hv);
    tap.tap_min.push_back(0);
    tap.tap_max.push_back(0);
    tap.step_percent.push_back(1.25);
    tap.position.push_back(0);
    tap.regulated_bus.push_back({});
    tap.vm_target_pu.push_back(1);
    tap.dead_band_pu.push_back(0.01);
}

/// north ══2══ city ── plant, load in the city.
Study two_circuits(double load_mw, double rate_mva) {
    System system = tiny_system();
    system.grid.lines.rate_mva[north_line] = rate_mva;
    add_load(system, "town", city, load_mw);
    return tiny_study(system, day, 1);
}

TEST(N1, TheLossOfOneOfTwoCircuitsDoublesTheOther) {
    CollectingSink sink;
    const Summary summary = run(two_circuits(200, 250), sink);
    const BlockResult& block = sink.blocks.front();
    for (std::size_t t = 0; t < block.steps.count; ++t) {
        EXPECT_NEAR(block.line_n1_loading_percent(0, t), 100 * block.line_p_from_mw(0, t) / 250,
                    1e-9);
        EXPECT_EQ(block.line_n1_outage(0, t), 0.0); // its own other circuit
        EXPECT_NEAR(block.line_n1_loading_percent(0, t), 2 * block.line_loading_percent(0, t), 1.5);
    }
    EXPECT_EQ(summary.indicators.at("n1_secure_hours"), 24.0);
    EXPECT_EQ(summary.counts.at("n1_outages"), 2.0);
    EXPECT_THAT(sink.verdicts, testing::IsEmpty());
}

///        north ──── city          every side alike
///            ╲      ╱
///             plant
TEST(N1, InATriangleTheOtherWayRoundTakesEverything) {
    System system = tiny_system();
    system.grid.lines.circuits[north_line] = 1;
    add_line(system, "l_round", north, plant);
    add_load(system, "town", city, 200);
    CollectingSink sink;
    const Summary summary = run(tiny_study(system, day, 1), sink);
    const BlockResult& block = sink.blocks.front();
    for (std::size_t line = 0; line < 3; ++line) {
        EXPECT_NEAR(block.line_n1_loading_percent(line, 0), 20.0, 0.2); // 200 of 1000 MVA
    }
    EXPECT_EQ(block.line_n1_outage(1, 0), 0.0); // the detour fears for the direct line
    EXPECT_EQ(block.line_n1_outage(2, 0), 0.0);
    EXPECT_EQ(summary.counts.at("n1_outages"), 3.0);
    EXPECT_EQ(summary.counts.at("n1_bridges"), 0.0);
}

TEST(N1, AnOverloadAfterAnOutageIsAVerdictOfEveryStep) {
    CollectingSink sink;
    const Summary summary = run(two_circuits(200, 150), sink);
    EXPECT_EQ(summary.indicators.at("n1_secure_hours"), 0.0);
    EXPECT_EQ(summary.indicators.at("n1_secure_hours_strict"), 0.0);
    EXPECT_EQ(summary.indicators.at("overload_hours"), 0.0);
    ASSERT_EQ(sink.verdicts.size(), 24U);
    EXPECT_EQ(sink.verdicts[5].step, 5U);
    EXPECT_EQ(sink.verdicts[5].outage, "l_north");
    EXPECT_EQ(sink.verdicts[5].element, "l_north");
    EXPECT_EQ(sink.verdicts[5].kind, "overload");
    EXPECT_EQ(sink.verdicts[5].limit, 100.0);
    EXPECT_NEAR(sink.verdicts[5].value, 133.5, 1.0);

    ASSERT_EQ(summary.n1_worst.size(), 1U);
    EXPECT_EQ(summary.n1_worst[0].outage, "l_north");
    EXPECT_EQ(summary.n1_worst[0].element, "l_north");
    EXPECT_EQ(summary.n1_worst[0].hours_above_100, 24.0);
    EXPECT_EQ(summary.n1_worst[0].loading_percent, summary.indicators.at("n1_loading_max_percent"));
}

TEST(N1, AnExceptionIsLeftOutOfSecureHoursButNotOfStrictOnes) {
    Study study = two_circuits(200, 150);
    study.n_1.exceptions = {"l_north", "l_plant"};
    CollectingSink sink;
    const Summary summary = run(study, sink);
    EXPECT_EQ(summary.indicators.at("n1_secure_hours"), 24.0);
    EXPECT_EQ(summary.indicators.at("n1_secure_hours_strict"), 0.0);
    EXPECT_EQ(summary.counts.at("n1_exceptions"), 2.0);
    EXPECT_EQ(summary.counts.at("n1_exceptions_used"), 1.0);
    EXPECT_EQ(sink.verdicts.size(), 24U);
}

TEST(N1, TheEmergencyRatingIsWhatCounts) {
    Study study = two_circuits(200, 150);
    study.epochs[0].system.grid.lines.rate_emergency_mva[north_line] = 300;
    CollectingSink sink;
    const Summary summary = run(study, sink);
    EXPECT_EQ(summary.indicators.at("n1_secure_hours"), 24.0);
    EXPECT_NEAR(summary.indicators.at("n1_loading_max_percent"), 100 * 200.0 / 300, 0.5);
}

TEST(N1, ABankOfTwoUnitsIsNamedBehindTheLines) {
    System system = tiny_system();
    const BusIdx town = add_bus(system, "town_110", 110);
    add_bank(system, "t_town", city, town, 2, 100);
    add_load(system, "town", town, 150);
    CollectingSink sink;
    const Summary summary = run(tiny_study(system, day, 1), sink);
    const BlockResult& block = sink.blocks.front();
    EXPECT_NEAR(block.transformer_n1_loading_percent(0, 0),
                100 * block.transformer_p_hv_mw(0, 0) / 120, 1e-9);
    EXPECT_EQ(block.transformer_n1_outage(0, 0), 2.0); // after two lines
    EXPECT_EQ(summary.n1_worst.front().outage, "t_town");
    EXPECT_EQ(summary.indicators.at("n1_secure_hours"), 0.0);
}

TEST(N1, ABridgeIsCountedWithTheLoadBehindIt) {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    add_load(system, "works", plant, 120);
    CollectingSink sink;
    const Summary summary = run(tiny_study(system, day, 1), sink);
    EXPECT_EQ(summary.counts.at("n1_bridges"), 1.0);
    EXPECT_EQ(summary.counts.at("n1_outages"), 2.0);
    EXPECT_EQ(summary.indicators.at("n1_cut_off_max_mw"), 120.0);
    ASSERT_EQ(summary.n1_cut_off.size(), 1U);
    EXPECT_EQ(summary.n1_cut_off[0].outage, "l_plant");
    EXPECT_EQ(summary.n1_cut_off[0].load_mw, 120.0);
    // Losing a northern circuit changes nothing on the radial line.
    EXPECT_NEAR(sink.blocks[0].line_n1_loading_percent(1, 0),
                100 * std::abs(sink.blocks[0].line_p_from_mw(1, 0)) / 1000, 1e-9);
}

TEST(N1, ElementsOutOfServiceOrWithoutRatingHaveNoValue) {
    Study study = two_circuits(200, 250);
    study.epochs[0].system.grid.lines.closed[plant_line] = false;
    CollectingSink sink;
    const Summary summary = run(study, sink);
    EXPECT_TRUE(std::isnan(sink.blocks[0].line_n1_loading_percent(1, 0)));
    EXPECT_TRUE(std::isnan(sink.blocks[0].line_n1_outage(1, 0)));
    EXPECT_EQ(summary.counts.at("n1_bridges"), 0.0);
}

TEST(N1, NothingIsScreenedWhereTheStudyAsksForNone) {
    Study study = two_circuits(200, 150);
    study.n_1.method = N1Method::none;
    CollectingSink sink;
    const Summary summary = run(study, sink);
    EXPECT_FALSE(summary.indicators.contains("n1_secure_hours"));
    EXPECT_FALSE(summary.counts.contains("n1_outages"));
    EXPECT_THAT(summary.n1_worst, testing::IsEmpty());
    EXPECT_TRUE(std::isnan(sink.blocks[0].line_n1_loading_percent(0, 0)));
    EXPECT_THAT(sink.verdicts, testing::IsEmpty());
}

} // namespace
} // namespace yuanwang::test
