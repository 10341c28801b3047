#include "models/load/potline_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

/// 86 cells that make 100 kt a year.
PotlineCells one_line() {
    return {.n_cell = {86.0},
            .current_ka = {425.0},
            .voltage_v = {4.10},
            .external_v = {0.20},
            .current_efficiency = {0.93},
            .modulation_share = {0.25},
            .window_k = {10.0},
            .heat_capacity_kwh_per_k = {50.0},
            .loss_kw_per_k = {5.0}};
}

TEST(PotlineCell, FaradayGivesTheMetalOfAKiloampereDay) {
    EXPECT_NEAR(metal_kg_per_ka_day(), 8.054, 5e-4);
    EXPECT_NEAR(cell_current_ka(3.19, 0.93), 425.0, 1.0); // printed to 1 kA
    EXPECT_NEAR(cell_current_ka(100000.0 / 86.0 / 365.0, 0.93), 425.0, 1.0);
    EXPECT_NEAR(metal_t_per_h(one_line(), 0, 425.0) * 8760.0, 1e5, 200.0);
}

TEST(PotlineCell, ATonneTakes2980VoltsOverEfficiency) {
    EXPECT_NEAR(dc_energy_kwh_per_t(1.0, 1.0), 2980.0, 0.5);
    EXPECT_NEAR(dc_energy_kwh_per_t(4.10, 0.93), 2980.0 * 4.10 / 0.93, 1.0);
    EXPECT_NEAR(cell_voltage_v(dc_energy_kwh_per_t(4.10, 0.93), 0.93), 4.10, 1e-14);
    const double kwh_per_t =
        1000.0 * dc_power_mw(one_line(), 0, 425.0) / metal_t_per_h(one_line(), 0, 425.0);
    EXPECT_NEAR(kwh_per_t, dc_energy_kwh_per_t(4.10, 0.93), 1e-9);
}

TEST(PotlineCell, TheRetrofitOf333KilowattHoursIsATenthOfAVolt) {
    EXPECT_NEAR(cell_voltage_v(-333.0, 0.93), -0.104, 5e-4);
    PotlineCells after = one_line();
    after.voltage_v[0] += cell_voltage_v(-333.0, 0.93);
    const double saved_mw = dc_power_mw(one_line(), 0, 425.0) - dc_power_mw(after, 0, 425.0);
    EXPECT_NEAR(saved_mw, 3.80, 0.01); // 33.3 GWh a year on 100 kt
}

TEST(PotlineCell, HeatAgreesWithAPublishedBalance) {
    // Entner, AlPrg: 200 kA, 4.2 V, 95 %, 786 of 840 kW within the cell, 377 kW lost.
    PotlineCells line = one_line();
    line.current_ka[0] = 200.0;
    line.voltage_v[0] = 4.2;
    line.external_v[0] = 0.27;
    line.current_efficiency[0] = 0.95;
    line.n_cell[0] = 1.0;
    EXPECT_NEAR(dc_power_mw(line, 0, 200.0), 0.840, 1e-12);
    EXPECT_NEAR(cell_heat_kw(line, 0, 200.0), 377.0, 0.04 * 377.0);
}

TEST(PotlineCell, AtItsWorkingPointTheBathRests) {
    const PotlineCells line = one_line();
    EXPECT_EQ(advance_bath_k(line, 0, 0.0, 425.0, 24.0), 0.0);
    EXPECT_EQ(hold_h(line, 0, 0.0, 425.0), std::numeric_limits<double>::infinity());
    EXPECT_NEAR(advance_bath_k(line, 0, 8.0, 425.0, 10.0), 8.0 * std::exp(-1.0), 1e-12);
}

TEST(PotlineCell, ATenthOfTheCurrentCanBeMovedForTwoToFourHours) {
    for (const double share : {0.9, 1.1}) {
        const double hours = hold_h(one_line(), 0, 0.0, share * 425.0);
        EXPECT_GT(hours, 2.0);
        EXPECT_LT(hours, 4.0);
        EXPECT_NEAR(std::abs(advance_bath_k(one_line(), 0, 0.0, share * 425.0, hours)), 10.0,
                    1e-10);
    }
}

TEST(PotlineCell, TwoHalfStepsAreOneStep) {
    for (const double loss : {0.0, 5.0, 60.0}) {
        PotlineCells line = one_line();
        line.loss_kw_per_k[0] = loss;
        const double half = advance_bath_k(line, 0, 3.0, 380.0, 0.5);
        EXPECT_NEAR(advance_bath_k(line, 0, half, 380.0, 0.5),
                    advance_bath_k(line, 0, 3.0, 380.0, 1.0), 1e-12);
    }
}

TEST(PotlineCell, WhatIsNotLostHeatsTheBath) {
    const PotlineCells line = one_line();
    const double dt_h = 1e-4;
    double bath_k = 0;
    double lost_kwh = 0;
    for (int t = 0; t < 20000; ++t) {
        const double next = advance_bath_k(line, 0, bath_k, 450.0, dt_h);
        lost_kwh += 5.0 * 0.5 * (bath_k + next) * dt_h;
        bath_k = next;
    }
    const double brought = 2.0 * (cell_heat_kw(line, 0, 450.0) - cell_heat_kw(line, 0, 425.0));
    EXPECT_NEAR(brought, 50.0 * bath_k + lost_kwh, 1e-6);
}

TEST(PotlineCell, CurrentsOfTheRangeNeverLeaveTheWindow) {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    for (const double loss : {0.0, 5.0, 60.0}) {
        PotlineCells line = one_line();
        line.loss_kw_per_k[0] = loss;
        double bath_k = 0;
        for (int t = 0; t < 2000; ++t) {
            const CurrentRange range = current_range(line, 0, bath_k, 1.0);
            ASSERT_LE(range.min_ka, 425.0 + 1e-9);
            ASSERT_GE(range.max_ka, 425.0 - 1e-9);
            EXPECT_GE(range.min_ka, 0.75 * 425.0 - 1e-9);
            EXPECT_LE(range.max_ka, 1.25 * 425.0 + 1e-9);
            const double wish = (uniform(random) > 0.5 ? 1.3 : 0.7) * 425.0;
            bath_k =
                advance_bath_k(line, 0, bath_k, std::clamp(wish, range.min_ka, range.max_ka), 1.0);
            ASSERT_LE(std::abs(bath_k), 10.0 + 1e-9);
        }
    }
}

} // namespace
} // namespace yuanwang::models
