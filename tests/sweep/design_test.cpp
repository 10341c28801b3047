/// How points become members.
#include <algorithm>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/design.hpp"

namespace yuanwang::sweep {
namespace {

using ::testing::ElementsAre;

Axis list_axis(const std::string& name, const std::vector<std::string>& values) {
    Axis axis{.name = name, .path = name};
    for (const std::string& value : values) {
        axis.points.push_back({value, {}});
    }
    return axis;
}

std::vector<std::string> join(const std::vector<Combination>& members) {
    std::vector<std::string> lines;
    for (const Combination& member : members) {
        std::string line;
        for (const Written& point : member) {
            line += (line.empty() ? "" : " ") + point.text;
        }
        lines.push_back(line);
    }
    return lines;
}

TEST(Design, FullTurnsTheLastAxisFastest) {
    const SweepFile sweep{.axes = {list_axis("a", {"1", "2"}), list_axis("b", {"x", "y", "z"})}};
    EXPECT_THAT(join(lay_out(sweep)), ElementsAre("1 x", "1 y", "1 z", "2 x", "2 y", "2 z"));
}

TEST(Design, ZipTakesPointsSideBySide) {
    const SweepFile sweep{.axes = {list_axis("a", {"1", "2"}), list_axis("b", {"x", "y"})},
                          .design = Design::zip};
    EXPECT_THAT(join(lay_out(sweep)), ElementsAre("1 x", "2 y"));
}

TEST(Design, AHypercubeMeetsEveryPartOfEveryAxisOnce) {
    constexpr std::size_t n = 50;
    Axis range{.name = "r", .path = "r", .range = Range{10, 20, {}}};
    const SweepFile sweep{.axes = {range, list_axis("l", {"a", "b", "c", "d", "e"})},
                          .design = Design::latin_hypercube,
                          .n_member = n,
                          .seed = 3};
    const std::vector<Combination> members = lay_out(sweep);
    std::set<int> parts;
    std::multiset<std::string> words;
    for (const Combination& member : members) {
        parts.insert(static_cast<int>((std::stod(member[0].text) - 10) / 10 * n));
        words.insert(member[1].text);
    }
    EXPECT_EQ(members.size(), n);
    EXPECT_EQ(parts.size(), n);
    EXPECT_EQ(*parts.begin(), 0);
    EXPECT_EQ(*parts.rbegin(), static_cast<int>(n) - 1);
    EXPECT_EQ(words.count("a"), n / 5);
    EXPECT_EQ(words.count("e"), n / 5);
}

TEST(Design, AnAxisOfAHypercubeDoesNotFeelTheOthers) {
    const Axis range{.name = "r", .path = "r", .range = Range{0, 1, {}}};
    SweepFile sweep{.axes = {range}, .design = Design::latin_hypercube, .n_member = 8, .seed = 5};
    const auto alone = lay_out(sweep);
    sweep.axes.insert(sweep.axes.begin(), list_axis("l", {"a", "b"}));
    const auto beside = lay_out(sweep);
    for (std::size_t k = 0; k < alone.size(); ++k) {
        EXPECT_EQ(alone[k][0].text, beside[k][1].text);
    }
    sweep.seed = 6;
    EXPECT_NE(join(lay_out(sweep)), join(beside));
}

} // namespace
} // namespace yuanwang::sweep
