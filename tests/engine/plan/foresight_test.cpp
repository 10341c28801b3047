/// Dispatch by forecast: balanced with what came, as good as knowing where the forecast is right, dearer where it is not.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "dispatch/tiny_table.hpp"
#include "engine/plan/foresight.hpp"

namespace yuanwang::engine {
namespace {

using dispatch::BlockInput;
using dispatch::ForecastMethod;
using dispatch::ForecastSettings;
using test::Tiny;

/// Wind by day, a cheap and a dear plant, a battery.
Tiny make_city(double wind_mw) {
    Tiny tiny{60, 24};
    tiny.add_thermal(1, 40, 0, 200);
    tiny.add_thermal(1, 60, 0, 600);
    tiny.add_wind(0);
    tiny.add_battery(15, 60);
    for (std::size_t t = 6; t < 14; ++t) {
        tiny.input.variable_mw(0, t) = wind_mw;
    }
    for (std::size_t t = 18; t < 22; ++t) {
        tiny.input.demand_mw(0, t) = 80;
    }
    tiny.state = dispatch::make_initial_state(tiny.table);
    return tiny;
}

struct Days {
    std::map<std::string, double> indicators;
    dispatch::Schedule last;
    double worst_imbalance_mw = 0;

    explicit Days(const ForecastSettings& settings, int n_day = 4) {
        Tiny city = make_city(50);
        dispatch::Planner planner{city.table};
        Foresight foresight{settings, {}};
        for (int day = 0; day < n_day; ++day) {
            Tiny today = make_city(day % 2 == 0 ? 50 : 20);
            const std::array<const BlockInput*, 2> blocks = {&today.input, &today.input};
            dispatch::PlanOutcome outcome;
            foresight.plan(city.table, {}, blocks, {}, static_cast<std::size_t>(day), planner,
                           city.state, city.schedule, outcome);
            foresight.account(today.input);
            today.schedule = city.schedule;
            for (std::size_t t = 0; t < 24; ++t) {
                worst_imbalance_mw =
                    std::max(worst_imbalance_mw, std::abs(today.imbalance_mw(0, t)));
            }
        }
        last = city.schedule;
        foresight.finish(indicators);
    }
};

TEST(Foresight, WhatComesIsBalancedWhateverWasBelieved) {
    for (const ForecastMethod method : {ForecastMethod::persistence, ForecastMethod::errors}) {
        const Days run{{.method = method, .spread = 0.5}};
        EXPECT_LT(run.worst_imbalance_mw, 1e-9);
    }
}

TEST(Foresight, AForecastWithoutErrorsCostsNothing) {
    const Days run{{.method = ForecastMethod::errors, .spread = 0, .spread_demand = 0}};
    EXPECT_EQ(run.indicators.at("forecast_error_percent"), 0);
    EXPECT_NEAR(run.indicators.at("forecast_cost_cny"), 0, 1);
}

TEST(Foresight, BelievingInYesterdaysWindCosts) {
    const Days run{{.method = ForecastMethod::persistence}, 8};
    EXPECT_GT(run.indicators.at("forecast_error_percent"),
              50); // 30 of 50 or 20 MW, but for the first day
    EXPECT_GT(run.indicators.at("forecast_cost_cny"), 0);
}

} // namespace
} // namespace yuanwang::engine
