/// Seams: a year in windows, each with the value of stored energy of the one before at its end, against the year in one program.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "dispatch/program/clp_engine.hpp"
#include "tiny_program.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr std::size_t n_year = 8760;

/// A copper plate of three plants and wind, a battery of four hours and a reservoir of two days.
System make_city() {
    System system;
    system.generators.bus = {0, 0, 0, 0};
    system.storages = {.bus = {0, 0},
                       .charge_max_mw = {20, 0},
                       .discharge_max_mw = {20, 25},
                       .spill_max_mw = {0, 1000},
                       .e_min_mwh = {0, 0},
                       .e_max_mwh = {80, 600},
                       .eta_charge = {0.95, 1},
                       .eta_discharge = {0.95, 0.9},
                       .retention = {1, 1}};
    system.sheds = {.bus = {0}, .p_max_mw = {500}, .price_per_mwh = {3000}};
    return system;
}

/// Hours `first` … of the year: demand by day and season, weather that comes and goes within days.
Block make_hours(const System& system, std::size_t first, std::size_t n_step,
                 const std::vector<double>& weather) {
    Block block = make_empty_block(system, n_step);
    const std::vector<double> rating = {60, 60, 80};
    const std::vector<double> price = {200, 320, 650};
    for (std::size_t t = 0; t < n_step; ++t) {
        const auto hour = static_cast<double>(first + t);
        const double day = 2 * std::numbers::pi * (std::fmod(hour, 24) - 9) / 24;
        const double season = 2 * std::numbers::pi * hour / 8760;
        block.demand_mw(0, t) = 110 + 30 * std::sin(day) + 15 * std::cos(season);
        for (std::size_t k = 0; k < rating.size(); ++k) {
            block.p_max_mw(k, t) = rating[k];
            block.price_per_mwh(k, t) = price[k] + 0.01 * std::fmod(hour * 0.618, 1);
        }
        block.p_max_mw(3, t) = 90 * weather[first + t];
        block.price_per_mwh(3, t) = 0;
        block.discharge_price_per_mwh(0, t) = 0.5;
        block.inflow_mw(1, t) = 8;
    }
    return block;
}

std::vector<double> draw_weather() {
    std::mt19937_64 random{2025};
    std::vector<double> weather(n_year);
    double before = 0.4;
    for (double& w : weather) {
        const double draw = static_cast<double>(random() >> 11U) * 0x1.0p-53;
        before = std::clamp(0.97 * before + 0.03 * 0.4 + 0.14 * (draw - 0.5), 0.0, 1.0);
        w = before;
    }
    return weather;
}

/// Cost of the year in windows of `n_step` hours, a day of each kept.
double run_windows(const System& system, const std::vector<double>& weather, std::size_t n_step,
                   std::vector<double>& e_mwh) {
    ClpEngine engine{system};
    std::vector<double> value = {250, 250};
    double cost = 0;
    for (std::size_t first = 0; first < n_year; first += 24) {
        Block block = make_hours(system, first, std::min(n_step, n_year - first), weather);
        block.seam = Seam::valued;
        block.e_start_mwh = e_mwh;
        block.end_value_per_mwh = value;
        const Solution window = engine.solve(block);
        EXPECT_EQ(window.status, SolveStatus::optimal) << first;
        cost += std::accumulate(window.step_cost.begin(), window.step_cost.begin() + 24, 0.0);
        for (std::size_t s = 0; s < e_mwh.size(); ++s) {
            e_mwh[s] = window.stored_mwh(s, 23);
            value[s] = std::max(0.0, window.storage_value(s, 23));
        }
    }
    return cost;
}

TEST(RollingYear, CostsWithinAPercentOfTheYearInOneProgram) {
    const System system = make_city();
    const std::vector<double> weather = draw_weather();
    Block year = make_hours(system, 0, n_year, weather);
    year.seam = Seam::fixed;
    year.e_start_mwh = {40, 300};
    year.e_end_mwh = {40, 300};
    const Solution whole = ClpEngine{system}.solve(year);
    ASSERT_EQ(whole.status, SolveStatus::optimal);

    std::vector<double> e_mwh = year.e_start_mwh;
    const double rolled = run_windows(system, weather, 48, e_mwh);
    // Energy the rolling year ends without is charged at the dearest plant's price; what it ends with beyond is no credit.
    const double left_mwh = (e_mwh[0] - 40) * 0.95 + (e_mwh[1] - 300) * 0.9;
    const double settled = rolled + 650 * std::max(0.0, -left_mwh);
    RecordProperty("dearer_by_ppm", static_cast<int>(1e6 * (settled / whole.objective - 1)));
    EXPECT_GT(settled, whole.objective * (1 - 1e-3));
    EXPECT_LT(settled, whole.objective * 1.01);
    EXPECT_GE(e_mwh[1], 0);
}

} // namespace
} // namespace yuanwang::dispatch::program
