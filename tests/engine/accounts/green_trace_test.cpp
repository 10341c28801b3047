#include "engine/accounts/green_trace.hpp"

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using namespace std::chrono_literals;

constexpr BusIdx north{0};
constexpr BusIdx city{1};
constexpr BusIdx plant{2};

engine::Summary run(const System& system, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(tiny_study(system, 2025y / 6 / 21, 1), sink, progress).summary;
}

/// A dam at the plant's bus feeds a smelter there and, over the line, a town that also takes from Gansu (45 % green).
TEST(GreenTrace, WhoStandsBesideTheDamIsGreenerThanTheTown) {
    System system = tiny_system();
    add_hydro(system, "dam", plant, 200, 80);
    system.sources.hydro.plants.flexible_share[0] = 0;
    add_load(system, "smelter", plant, 60);
    add_load(system, "town", city, 100);
    CollectingSink sink;
    const engine::Summary summary = run(system, sink);
    const std::size_t t = 12;
    // 20 MW of the dam go to the town; but for what the line loses they arrive, the rest comes from Gansu.
    const auto at_plant = sink.over_time(&BlockResult::bus_green_share, plant.row());
    const auto at_city = sink.over_time(&BlockResult::bus_green_share, city.row());
    const auto at_north = sink.over_time(&BlockResult::bus_green_share, north.row());
    EXPECT_DOUBLE_EQ(at_plant[t], 1);
    EXPECT_NEAR(at_north[t], 0.45, 1e-12);
    EXPECT_NEAR(at_city[t], 0.45 + 0.55 * 20 / 100, 2e-3);
    EXPECT_NEAR(summary.indicators.at("green_share_traced"),
                (60 * at_plant[t] + 100 * at_city[t]) / 160, 1e-3);
    EXPECT_NEAR(summary.devices.at("zone").at("zone_plant_330").at("green_share_traced"), 1, 1e-9);
    EXPECT_NEAR(summary.devices.at("zone").at("zone_plant_330").at("green_share_hourly"),
                summary.indicators.at("green_share_hourly"), 1e-3);
}

/// What is traced to the loads and what the losses take along is what came in.
TEST(GreenTrace, TheCityTracedIsTheCityMatchedWhereNothingLeavesIt) {
    System system = tiny_system();
    add_solar(system, "park", plant, 150);
    add_load(system, "town", city, 180);
    add_load(system, "works", plant, 60);
    CollectingSink sink;
    const engine::Summary summary = run(system, sink);
    // They differ by who pays the losses: by the wires the load far away does.
    EXPECT_NEAR(summary.indicators.at("green_share_traced"),
                summary.indicators.at("green_share_hourly"), 2e-3);
}

} // namespace
} // namespace yuanwang::test
