#include "report/element_statistics.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace yuanwang::report {
namespace {

TEST(ElementStatistics, OneToAHundredHasItsNearestRanks) {
    Series series(1, 100);
    for (std::size_t t = 0; t < 100; ++t) {
        series(std::size_t{0}, t) =
            static_cast<double>((t * 37) % 100 + 1); // 37 and 100 share no factor
    }
    const ElementStatistics s = measure_elements(series).front();
    EXPECT_EQ(s.n_value, 100U);
    EXPECT_EQ(s.min, 1);
    EXPECT_EQ(s.max, 100);
    EXPECT_EQ(s.percentile_1, 1);
    EXPECT_EQ(s.percentile_50, 50);
    EXPECT_EQ(s.percentile_99, 99);
    EXPECT_DOUBLE_EQ(s.mean, 50.5);
    EXPECT_EQ(s.step_of_min, 0U);
    EXPECT_EQ(series(std::size_t{0}, s.step_of_max), 100);
}

TEST(ElementStatistics, MissingStepsAreLeftOut) {
    Series series(2, 3, std::numeric_limits<double>::quiet_NaN());
    series(std::size_t{0}, 1) = -5;
    const auto rows = measure_elements(series);
    EXPECT_EQ(rows[0].n_value, 1U);
    EXPECT_EQ(rows[0].max, -5);
    EXPECT_EQ(rows[0].step_of_max, 1U);
    EXPECT_EQ(rows[1].n_value, 0U);
    EXPECT_TRUE(std::isnan(rows[1].max) && std::isnan(rows[1].percentile_99));
}

TEST(ElementStatistics, HoursCountStepsBeyondTheLevelOnly) {
    Series series(1, 4);
    const std::size_t e = 0;
    series(e, 0) = 80;
    series(e, 1) = 80.1;
    series(e, 2) = std::numeric_limits<double>::quiet_NaN();
    series(e, 3) = 120;
    EXPECT_EQ(count_hours_above(series, e, 80, 0.25), 0.5);
    EXPECT_EQ(count_hours_below(series, e, 80, 0.25), 0);
}

} // namespace
} // namespace yuanwang::report
