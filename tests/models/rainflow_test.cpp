#include "models/storage/rainflow.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

using testing::ElementsAre;

// ASTM E1049-85, figure 6, and a longer series; cycles and totals as printed in iamlikeme/rainflow,
// tests/test_rainflow.py.
const std::vector<double> standard = {-2, 1, -3, 5, -1, 3, -4, 4, -2};
const std::vector<double> longer = {-1.5, 1.0, -3.0, 10.0, -1.0, 3.0, -8.0, 4.0,
                                    -2.0, 6.0, -1.0, -4.0, -8.0, 2.0, 1.0,  -5.0,
                                    0.0,  2.5, -4.0, 1.0,  0.0,  2.0, -0.5};

TEST(Rainflow, CountsTheSeriesOfTheStandard) {
    EXPECT_THAT(count_rainflow(standard),
                ElementsAre(RainflowCycle{3, -0.5, 0.5, 0, 1}, RainflowCycle{4, -1, 0.5, 1, 2},
                            RainflowCycle{4, 1, 1, 4, 5}, RainflowCycle{8, 1, 0.5, 2, 3},
                            RainflowCycle{9, 0.5, 0.5, 3, 6}, RainflowCycle{8, 0, 0.5, 6, 7},
                            RainflowCycle{6, 1, 0.5, 7, 8}));
    EXPECT_THAT(sum_by_range(count_rainflow(standard)),
                ElementsAre(RangeCount{3, 0.5}, RangeCount{4, 1.5}, RangeCount{6, 0.5},
                            RangeCount{8, 1.0}, RangeCount{9, 0.5}));
}

TEST(Rainflow, CountsALongerSeries) {
    EXPECT_THAT(
        count_rainflow(longer),
        ElementsAre(RainflowCycle{2.5, -0.25, 0.5, 0, 1}, RainflowCycle{4, -1, 0.5, 1, 2},
                    RainflowCycle{4, 1, 1, 4, 5}, RainflowCycle{13, 3.5, 0.5, 2, 3},
                    RainflowCycle{6, 1, 1, 7, 8}, RainflowCycle{14, -1, 1, 6, 9},
                    RainflowCycle{7, -1.5, 1, 13, 15}, RainflowCycle{1, 0.5, 1, 19, 20},
                    RainflowCycle{18, 1, 0.5, 3, 12}, RainflowCycle{10.5, -2.75, 0.5, 12, 17},
                    RainflowCycle{6.5, -0.75, 0.5, 17, 18}, RainflowCycle{6, -1, 0.5, 18, 21},
                    RainflowCycle{2.5, 0.75, 0.5, 21, 22}));
    EXPECT_THAT(sum_by_range(count_rainflow(longer)),
                ElementsAre(RangeCount{1, 1}, RangeCount{2.5, 1}, RangeCount{4, 1.5},
                            RangeCount{6, 1.5}, RangeCount{6.5, 0.5}, RangeCount{7, 1},
                            RangeCount{10.5, 0.5}, RangeCount{13, 0.5}, RangeCount{14, 1},
                            RangeCount{18, 0.5}));
}

TEST(Rainflow, PlateausAndPointsOnTheWayChangeNothing) {
    std::vector<double> fine;
    for (std::size_t i = 0; i < standard.size(); ++i) {
        fine.insert(fine.end(), {standard[i], standard[i]});
        if (i + 1 < standard.size()) {
            fine.push_back(0.5 * (standard[i] + standard[i + 1]));
        }
    }
    EXPECT_EQ(sum_by_range(count_rainflow(fine)), sum_by_range(count_rainflow(standard)));
}

TEST(Rainflow, KeepsTheWayUpAndDown) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<double> series(1 + static_cast<std::size_t>(trial));
        double way = 0;
        for (std::size_t i = 0; i < series.size(); ++i) {
            series[i] = uniform(random);
            way += i > 0 ? std::abs(series[i] - series[i - 1]) : 0.0;
        }
        double counted = 0;
        for (const RainflowCycle& cycle : count_rainflow(series)) {
            counted += 2.0 * cycle.count * cycle.range;
        }
        EXPECT_NEAR(counted, way, 1e-11);
    }
}

TEST(Rainflow, NothingTurnsInAFlatOrEmptySeries) {
    EXPECT_THAT(count_rainflow({}), testing::IsEmpty());
    EXPECT_THAT(count_rainflow(std::vector<double>{0.5}), testing::IsEmpty());
    EXPECT_THAT(count_rainflow(std::vector<double>(24, 0.5)), testing::IsEmpty());
    EXPECT_THAT(count_rainflow(std::vector<double>{0.2, 0.9}),
                ElementsAre(RainflowCycle{0.9 - 0.2, 0.5 * (0.2 + 0.9), 0.5, 0, 1}));
}

} // namespace
} // namespace yuanwang::models
