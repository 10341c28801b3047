/// Sections in a plan: both directions for themselves, the limit after an outage, what a lost unit sends through them.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::DispatchMethod;
using namespace std::chrono_literals;

constexpr std::chrono::year_month_day day = 2025y / 6 / 21;
constexpr BusIdx north{0};
constexpr BusIdx city{1};
constexpr BusIdx plant{2};
constexpr LineIdx north_line{0};

void add_section(System& system, const std::string& branch, int sign, double limit_mw,
                 std::optional<double> reverse_mw, std::optional<double> n1_mw) {
    network::Sections& sections = system.grid.sections;
    name_element(sections, "watched");
    sections.branch.push_back({branch});
    sections.sign.push_back({sign});
    sections.limit_mw.push_back(limit_mw);
    sections.limit_reverse_mw.push_back(reverse_mw);
    sections.limit_n1_mw.push_back(n1_mw);
}

struct Outcome {
    CollectingSink sink;
    engine::Summary summary;
    [[nodiscard]] double source_mw(std::size_t source) const {
        return sink.blocks.front().source_p_mw(source, 0);
    }
};

Outcome plan(System system, bool n_1 = false) {
    Study study = tiny_study(std::move(system), day, 1, 240);
    study.dispatch.method = DispatchMethod::optimal;
    study.dispatch.n_1_limits = n_1;
    study.n_1.method = engine::N1Method::ac;
    Outcome outcome;
    SilentProgress progress;
    outcome.summary = engine::simulate(study, outcome.sink, progress).summary;
    return outcome;
}

/// Cheap coal of 100 MW at the plant, 200 MW of load in the city.
System with_coal() {
    System system = tiny_system();
    add_load(system, "town", city, 200);
    add_thermal(system, "coal", plant, 1, 100, 0, 1);
    return system;
}

TEST(SectionLimits, EachDirectionHasItsOwn) {
    System forward = with_coal();
    add_section(forward, "l_plant", 1, 45, 200, std::nullopt);
    EXPECT_NEAR(plan(forward).source_mw(0), 45, 0.1);
    System reverse = with_coal();
    add_section(reverse, "l_plant", -1, 45, 200, std::nullopt);
    EXPECT_NEAR(plan(reverse).source_mw(0), 100, 1e-6);
    System both = with_coal();
    add_section(both, "l_plant", -1, 200, 45, std::nullopt);
    EXPECT_NEAR(plan(both).source_mw(0), 45, 0.1);
}

/// north ──── city, and round by the plant; the section watches the direct line, coal in the city is dear.
System triangle() {
    System system = tiny_system();
    system.grid.lines.circuits[north_line] = 1;
    add_line(system, "l_round", north, plant);
    add_load(system, "town", city, 200);
    add_thermal(system, "coal", city, 1, 100, 0, 900);
    add_section(system, "l_north", 1, 170, std::nullopt, 190);
    return system;
}

TEST(SectionLimits, APlanKeepsTheLimitAfterAnOutage) {
    const Outcome without = plan(triangle(), false);
    EXPECT_NEAR(without.source_mw(0), 0, 1e-6);
    EXPECT_EQ(without.summary.indicators.at("n1_section_violation_hours"), 24.0);
    const Outcome with = plan(triangle(), true);
    EXPECT_NEAR(with.source_mw(0), 10, 1.5);
    EXPECT_EQ(with.summary.indicators.at("n1_section_violation_hours"), 0.0);
}

/// Two plants at the plant's bus feed the city over the section; losing one brings the rest from the north, the other way round.
TEST(SectionLimits, APlanKeepsRoomForWhatALostUnitBringsThrough) {
    System system = tiny_system();
    system.grid.lines.circuits[north_line] = 1;
    system.sources.external_grids.grids.firm_price_cny_per_mwh[0] = 100;
    add_load(system, "town", city, 300);
    add_thermal(system, "city_coal", city, 1, 200, 0, 10);
    add_thermal(system, "dear", city, 2, 100, 0, 900);
    system.grid.lines.rate_mva[north_line] = 250;
    const Outcome without = plan(system, false);
    EXPECT_GT(without.summary.indicators.at("n1_loading_max_percent"), 100.0);
    const Outcome with = plan(system, true);
    EXPECT_LE(with.summary.indicators.at("n1_loading_max_percent"), 100.0 + 1e-6);
    EXPECT_NEAR(with.source_mw(0), 200, 60);
}

} // namespace
} // namespace yuanwang::test
