#include "dispatch/rules/commitment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/tiny_table.hpp"

namespace yuanwang::test {
namespace {

struct Committed {
    std::vector<double> units_on;
    std::vector<double> p_mw;
};

Committed commit(const dispatch::Thermals& thermals, double minimum_mw, bool heating) {
    Committed c{std::vector<double>(thermals.size()), std::vector<double>(thermals.size())};
    dispatch::commit_minimum(thermals, minimum_mw, heating, c.units_on, c.p_mw);
    return c;
}

/// Large units, cheap; a CHP plant, dearer; small units, dearest.
dispatch::Thermals city_fleet() {
    Tiny tiny{0};
    tiny.add_thermal(2, 660, 264, 280);
    tiny.add_thermal(2, 350, 175, 300, true);
    tiny.add_thermal(2, 300, 120, 310);
    return tiny.table.thermals;
}

TEST(Commitment, SharesTheMinimumByAsManyUnitsAsItCarries) {
    const Committed c = commit(city_fleet(), 600, false);
    EXPECT_THAT(c.units_on, testing::ElementsAre(2, 0, 0));
    EXPECT_NEAR(c.p_mw[0], 600, 1e-9);
}

TEST(Commitment, PutsHeatFirstInTheHeatingSeason) {
    const Committed c = commit(city_fleet(), 1000, true);
    EXPECT_THAT(c.units_on, testing::ElementsAre(2, 2, 1)); // 350 + 528 + 120 MW at least
    EXPECT_NEAR(c.p_mw[0] + c.p_mw[1] + c.p_mw[2], 1000, 1e-9);
    EXPECT_GE(c.p_mw[0], 2 * 264);
    EXPECT_GE(c.p_mw[1], 2 * 175);
}

TEST(Commitment, RunsOneUnitAtItsLeastOutputUnderATinyMinimum) {
    const Committed c = commit(city_fleet(), 10, false);
    EXPECT_THAT(c.units_on, testing::ElementsAre(1, 0, 0));
    EXPECT_NEAR(c.p_mw[0], 264, 1e-9);
}

TEST(Commitment, StartsMoreWhereRatingsDoNotReach) {
    Tiny tiny{0};
    tiny.add_thermal(3, 100, 95, 280);
    const Committed c = commit(tiny.table.thermals, 270, false);
    EXPECT_THAT(c.units_on, testing::ElementsAre(3));
    EXPECT_NEAR(c.p_mw[0], 285, 1e-9);
}

TEST(Commitment, EmptyFleetAndNoMinimumAreOrdinary) {
    EXPECT_THAT(commit({}, 100, true).p_mw, testing::IsEmpty());
    EXPECT_THAT(commit(city_fleet(), 0, true).units_on, testing::Each(0));
}

// The city's minimum is 1000 MW; heat asks 500 MW of the CHP plant, and the others give back what that is too much.
TEST(Commitment, HeatTakesItsPlaceWithinTheMinimum) {
    const dispatch::Thermals fleet = city_fleet();
    Committed c = commit(fleet, 1000, true);
    const std::vector<double> least = {0, 500, 0};
    const std::vector<double> most = {1320, 650, 600};
    dispatch::keep_heat_band(fleet, least, most, 1000, c.units_on, c.p_mw);
    EXPECT_NEAR(c.p_mw[1], 500, 1e-9);
    EXPECT_GE(c.p_mw[0], 2 * 264 - 1e-9);
    EXPECT_GE(c.p_mw[2], 120 - 1e-9);
    EXPECT_NEAR(c.p_mw[0] + c.p_mw[1] + c.p_mw[2], 528 + 500 + 120, 1e-9); // all the rest at least
}

} // namespace
} // namespace yuanwang::test
