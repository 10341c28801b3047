/// Two solutions of a line and a load: the upper one is believed, the lower one marked.
#include "powerflow/plausibility.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace yuanwang::powerflow {
namespace {

/// Source at 1 pu, reactance x, load p at unity power factor: V⁴ − V² + (p x)² = 0.
double solve_pair(double p_pu, double x_pu, double sign) {
    return std::sqrt((1 + sign * std::sqrt(1 - std::pow(2 * p_pu * x_pu, 2))) / 2);
}

TEST(Plausibility, MarksTheLowerOfTwoSolutionsWithItsBus) {
    const std::array upper = {1.0, solve_pair(0.8, 0.5, +1)};
    const std::array lower = {1.0, solve_pair(0.8, 0.5, -1)};
    EXPECT_NEAR(upper[1], std::sqrt(0.8), 1e-12);
    EXPECT_NEAR(lower[1], std::sqrt(0.2), 1e-12);
    EXPECT_FALSE(find_doubt(upper, 0, 80, 0.7));
    const auto doubt = find_doubt(lower, 0, 80, 0.7);
    ASSERT_TRUE(doubt);
    EXPECT_EQ(doubt->bus, BusIdx{1});
    EXPECT_EQ(doubt->vm_pu, lower[1]);
}

TEST(Plausibility, MarksLossesBeyondTheLoadWhereVoltagesAreLow) {
    EXPECT_TRUE(find_doubt(std::array{1.0, 0.8}, 120, 100, 0.7));
    EXPECT_FALSE(find_doubt(std::array{1.0, 0.8}, 90, 100, 0.7));
    EXPECT_FALSE(find_doubt(std::array{1.0, 0.98}, 120, 100, 0.7)) << "long line, little load";
    EXPECT_FALSE(find_doubt(std::array{1.0, 1.08}, 0.3, 0, 0.7)) << "energised, no load at all";
}

TEST(Plausibility, BelievesEverythingWhereTheUserSaysSoAndLooksAtEnergisedBusesOnly) {
    EXPECT_FALSE(find_doubt(std::array{1.0, 0.3}, 120, 100, 0.0));
    EXPECT_FALSE(find_doubt(std::array{1.0, 0.55}, 10, 100, 0.5));
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(find_doubt(std::array{1.0, nan, 0.0}, 10, 100, 0.7));
}

} // namespace
} // namespace yuanwang::powerflow
