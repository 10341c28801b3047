/// What a plan is told: the day before, or what will be with errors of a given spread and correlation.
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "dispatch/plan/forecast.hpp"
#include "tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using test::Tiny;

Tiny make_day(double wind_mw) {
    Tiny tiny{100, 24};
    tiny.add_wind(wind_mw);
    tiny.add_tie({.surplus_mw = 30, .import_mw = 50});
    return tiny;
}

TEST(Forecast, PerfectIsWhatWillBe) {
    const Tiny today = make_day(40);
    const Tiny yesterday = make_day(10);
    BlockInput forecast;
    make_forecast({}, today.input, &yesterday.input, 3, forecast);
    EXPECT_EQ(forecast.variable_mw(0, 5), 40);
}

TEST(Forecast, PersistenceIsTheDayBeforeAndTodayOnTheFirstDay) {
    const Tiny today = make_day(40);
    const Tiny yesterday = make_day(10);
    BlockInput forecast;
    make_forecast({.method = ForecastMethod::persistence}, today.input, &yesterday.input, 3,
                  forecast);
    EXPECT_EQ(forecast.variable_mw(0, 5), 10);
    make_forecast({.method = ForecastMethod::persistence}, today.input, nullptr, 0, forecast);
    EXPECT_EQ(forecast.variable_mw(0, 5), 40);
}

/// Over 400 days the drawn errors have the spread and the correlation asked for, and the same seed draws the same.
TEST(Forecast, ErrorsHaveTheirSpreadAndCorrelation) {
    const ForecastSettings settings{
        .method = ForecastMethod::errors, .spread = 0.2, .correlation = 0.8, .seed = 7};
    const Tiny today = make_day(40);
    double sum = 0;
    double squares = 0;
    double products = 0;
    double n = 0;
    double pairs = 0;
    for (std::size_t day = 0; day < 400; ++day) {
        BlockInput forecast;
        BlockInput again;
        make_forecast(settings, today.input, nullptr, day, forecast);
        make_forecast(settings, today.input, nullptr, day, again);
        double before = 0;
        for (std::size_t t = 0; t < 24; ++t) {
            EXPECT_EQ(forecast.variable_mw(0, t), again.variable_mw(0, t));
            const double error = forecast.variable_mw(0, t) / 40 - 1;
            sum += error;
            squares += error * error;
            n += 1;
            products += t > 0 ? error * before : 0;
            pairs += t > 0 ? 1 : 0;
            before = error;
        }
    }
    const double variance = squares / n;
    EXPECT_NEAR(sum / n, 0, 0.015);
    EXPECT_NEAR(std::sqrt(variance), 0.2, 0.01);
    EXPECT_NEAR(products / pairs / variance, 0.8, 0.03);
}

TEST(Forecast, NeverBelowZeroAndAnotherSeedDrawsOthers) {
    const Tiny today = make_day(40);
    BlockInput one;
    BlockInput other;
    make_forecast({.method = ForecastMethod::errors, .spread = 2, .seed = 1}, today.input, nullptr,
                  0, one);
    make_forecast({.method = ForecastMethod::errors, .spread = 2, .seed = 2}, today.input, nullptr,
                  0, other);
    EXPECT_NE(one.variable_mw(0, 0), other.variable_mw(0, 0));
    for (const double mw : one.variable_mw.values()) {
        EXPECT_GE(mw, 0);
    }
}

TEST(Forecast, AStepOfABlockIsABlockOfItsOwn) {
    Tiny tiny = make_day(40);
    tiny.input.variable_mw(0, 7) = 55;
    tiny.input.thermal_minimum_mw[7] = 12;
    const BlockInput step = cut_step(tiny.input, 7);
    EXPECT_EQ(step.n_step, 1u);
    EXPECT_EQ(step.first_step_of_day, 7u);
    EXPECT_EQ(step.variable_mw(0, 0), 55);
    EXPECT_EQ(step.thermal_minimum_mw[0], 12);
    EXPECT_TRUE(step.thermal_max_mw.empty());
}

} // namespace
} // namespace yuanwang::dispatch
