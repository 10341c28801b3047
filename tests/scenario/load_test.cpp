#include <filesystem>

#include <gtest/gtest.h>

#include "scenario/load_study.hpp"

namespace yuanwang::scenario {
namespace {

const std::filesystem::path starter =
    std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios/starter.yaml";

TEST(Load, TheStarterScenarioIsAWeekOfFourBuses) {
    const LoadedScenario loaded = load_scenario(starter);
    EXPECT_EQ(loaded.study.time.n_step, 168U);
    ASSERT_EQ(loaded.study.epochs.size(), 1U);
    EXPECT_EQ(loaded.study.epochs[0].system.grid.buses.id,
              (std::vector<std::string>{"gate_330", "gate_110", "town_110", "hill_110"}));
    EXPECT_EQ(loaded.study.name, (Name{"Starter town", "入门小城"}));
}

} // namespace
} // namespace yuanwang::scenario
