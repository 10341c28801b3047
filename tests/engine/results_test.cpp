#include "results/results.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/axes.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::ResultAxes;
using namespace std::chrono_literals;

TEST(ResultVariables, HaveUnitsSignsAndNamesOfTheirOwn) {
    std::set<std::string_view> names;
    std::set<const void*> columns;
    const engine::BlockResult result;
    for (const engine::Variable& v : engine::result_variables()) {
        EXPECT_FALSE(v.units.empty()) << v.name;
        EXPECT_FALSE(v.long_name.empty()) << v.name;
        EXPECT_FALSE(v.sign_convention.empty()) << v.name;
        EXPECT_GE(v.resolution, 0) << v.name;
        EXPECT_TRUE(names.insert(v.name).second) << v.name;
        EXPECT_TRUE(columns.insert(&(result.*v.column)).second) << v.name;
    }
    const std::size_t n_column = (sizeof(engine::BlockResult) - sizeof(StepRange)) / sizeof(Series);
    EXPECT_EQ(names.size(), n_column); // every column of a block is a variable
}

TEST(ResultVariables, WearTheirUnitInTheirName) {
    for (const engine::Variable& v : engine::result_variables()) {
        if (v.name.ends_with("_mw")) {
            EXPECT_EQ(v.units, "MW") << v.name;
        } else if (v.name.ends_with("_mvar")) {
            EXPECT_EQ(v.units, "Mvar") << v.name;
        } else if (v.name.ends_with("_mwh")) {
            EXPECT_TRUE(v.units == "MWh" || v.units == "CNY/MWh") << v.name;
        } else if (v.name.ends_with("_percent")) {
            EXPECT_EQ(v.units, "percent") << v.name;
        }
    }
}

TEST(ResultAxes, HoldEveryElementOfEveryEpochOnce) {
    System first = tiny_system();
    add_wind(first, "old", BusIdx{1}, 10);
    System second = tiny_system();
    add_solar(second, "roofs", BusIdx{1}, 5);
    add_wind(second, "old", BusIdx{1}, 30);
    add_wind(second, "new", BusIdx{1}, 20);
    Study study = tiny_study(first, 2025y / 1 / 1, 2);
    study.epochs = {{{0, 24}, first, {}}, {{24, 24}, second, {}}};

    const ResultAxes axes = engine::make_axes(study);
    const auto& sources = axes.of(Axis::source);
    ASSERT_EQ(sources.size(), 3U);
    EXPECT_EQ(sources[0].id, "old");
    EXPECT_EQ(sources[0].rating, 30); // the largest it had
    EXPECT_EQ(sources[1].id, "roofs");
    EXPECT_EQ(sources[2].id, "new");
    EXPECT_EQ(sources[2].zone, "zone_city_330");
    EXPECT_EQ(axes.of(Axis::line)[0].parallel, 2);
    EXPECT_EQ(axes.of(Axis::line)[0].rating, 2000);
    EXPECT_EQ(axes.of(Axis::tie)[0].from, "north_330");

    const engine::AxisMap map = engine::map_axes(axes, second);
    EXPECT_THAT(map.of(Axis::source), testing::ElementsAre(1, 0, 2));
    EXPECT_THAT(map.of(Axis::bus), testing::ElementsAre(0, 1, 2));
}

} // namespace
} // namespace yuanwang::test
