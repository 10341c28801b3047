#include "models/storage/shared_storage.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

double sum(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

Batteries battery_of(double p_mw, double e_mwh, double eta_charge, double eta_discharge,
                     double self_discharge_per_h) {
    return {.p_charge_max_mw = {p_mw},
            .p_discharge_max_mw = {0.9 * p_mw},
            .e_max_mwh = {e_mwh},
            .soc_min = {0.1},
            .soc_max = {0.9},
            .soc_initial = {0.5},
            .eta_charge = {eta_charge},
            .eta_discharge = {eta_discharge},
            .self_discharge_per_h = {self_discharge_per_h}};
}

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    double between(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(engine_);
    }
    std::vector<double> shares(std::size_t n) {
        std::vector<double> values(n);
        for (double& value : values) {
            value = between(0.01, 1.0);
        }
        const double total = sum(values);
        for (double& value : values) {
            value /= total;
        }
        return values;
    }

  private:
    std::mt19937_64 engine_;
};

TEST(SharedStorage, SlicesSumToTheBatteryAndAccountsToZeroAtEveryStep) {
    for (unsigned seed = 0; seed < 60; ++seed) {
        Random random(seed);
        const double p_mw = random.between(1.0, 200.0);
        const Batteries battery =
            battery_of(p_mw, random.between(0.5, 6.0) * p_mw, random.between(0.8, 1.0),
                       random.between(0.8, 1.0), random.between(0.0, 1e-3));
        const auto n = static_cast<std::size_t>(random.between(1.0, 9.0));
        const TenantSlices slices = {random.shares(n), random.shares(n)};
        const double dt_h = seed % 2 == 0 ? 1.0 : 0.25;
        const double e_max = battery.e_max_mwh[0];
        std::vector<double> e_mwh(n);
        for (std::size_t i = 0; i < n; ++i) {
            e_mwh[i] = random.between(0.1, 0.9) * slices.energy_share[i] * e_max;
        }
        double e_battery = sum(e_mwh);
        std::vector<double> wish(n);
        std::vector<double> granted(n);
        Settlement accounts;
        for (int t = 0; t < 300; ++t) {
            for (double& value : wish) {
                value = random.between(-1.2, 1.2) * p_mw;
            }
            grant_wishes(battery, 0, slices, e_mwh, wish, dt_h, granted);
            const double p = sum(granted);
            EXPECT_LE(p, discharge_limit_mw(battery, 0, e_battery, dt_h) + 1e-9 * p_mw);
            EXPECT_GE(p, -charge_limit_mw(battery, 0, e_battery, dt_h) - 1e-9 * p_mw);
            advance_tenants(battery, 0, granted, dt_h, e_mwh);
            e_battery = advance(battery, 0, e_battery, p, dt_h);
            ASSERT_NEAR(sum(e_mwh), e_battery, 1e-10 * e_max);
            for (std::size_t i = 0; i < n; ++i) {
                const double slice = slices.energy_share[i] * e_max;
                EXPECT_LE(e_mwh[i], 0.9 * slice + 1e-10 * e_max);
                EXPECT_GE(e_mwh[i], (0.1 - 1e-3) * slice - 1e-10 * e_max); // rest may leak below
                EXPECT_LE(std::abs(granted[i]), std::abs(wish[i]));
            }
            settle(battery, 0, slices, {random.between(-100.0, 900.0), 12.0, 30.0}, granted, dt_h,
                   accounts);
            const double scale = std::abs(accounts.grid_cny) + std::abs(accounts.owner_cny) + 1.0;
            EXPECT_NEAR(sum(accounts.tenant_cny) + accounts.owner_cny + accounts.grid_cny, 0.0,
                        1e-9 * scale);
        }
    }
}

TEST(SharedStorage, ATenantAloneHasABatteryOfHisOwn) {
    const Batteries battery = battery_of(100.0, 200.0, 0.92, 0.94, 0.0005);
    const TenantSlices one = {{1.0}, {1.0}};
    std::vector<double> e_mwh = {100.0};
    double e = 100.0;
    for (int t = 0; t < 200; ++t) {
        const std::vector<double> wish = {150.0 * std::sin(0.3 * t)};
        std::vector<double> granted(1);
        grant_wishes(battery, 0, one, e_mwh, wish, 0.5, granted);
        const double expected = wish[0] >= 0
                                    ? std::min(wish[0], discharge_limit_mw(battery, 0, e, 0.5))
                                    : -std::min(-wish[0], charge_limit_mw(battery, 0, e, 0.5));
        EXPECT_NEAR(granted[0], expected, 1e-12);
        advance_tenants(battery, 0, granted, 0.5, e_mwh);
        e = advance(battery, 0, e, expected, 0.5);
        EXPECT_NEAR(e_mwh[0], e, 1e-10);
    }
}

TEST(SharedStorage, WhatPassesBetweenTenantsIsNotLost) {
    const Batteries battery = battery_of(100.0, 200.0, 0.9, 0.9, 0.0);
    const TenantSlices half = {{0.5, 0.5}, {0.5, 0.5}};
    std::vector<double> e_mwh = {50.0, 50.0};
    std::vector<double> granted(2);
    grant_wishes(battery, 0, half, e_mwh, std::vector<double>{20.0, -20.0}, 1.0, granted);
    advance_tenants(battery, 0, granted, 1.0, e_mwh);
    EXPECT_DOUBLE_EQ(e_mwh[0], 30.0);
    EXPECT_DOUBLE_EQ(e_mwh[1], 70.0);
    Settlement accounts;
    settle(battery, 0, half,
           {.price_cny_per_mwh = 400, .rent_cny_per_mw_h = 0, .wear_cny_per_mwh = 0}, granted, 1.0,
           accounts);
    EXPECT_DOUBLE_EQ(accounts.tenant_cny[0], 8000.0);
    EXPECT_DOUBLE_EQ(accounts.tenant_cny[1], -8000.0);
    EXPECT_DOUBLE_EQ(accounts.grid_cny, 0.0);
}

TEST(SharedStorage, ATenantCannotUseWhatBelongsToAnother) {
    const Batteries battery = battery_of(100.0, 200.0, 0.95, 0.95, 0.0);
    const TenantSlices slices = {{0.25, 0.75}, {0.25, 0.75}};
    const std::vector<double> e_mwh = {5.0, 135.0}; // the first is empty, the second full
    std::vector<double> granted(2);
    grant_wishes(battery, 0, slices, e_mwh, std::vector<double>{100.0, -100.0}, 1.0, granted);
    EXPECT_EQ(granted[0], 0.0);
    EXPECT_EQ(granted[1], 0.0);
    grant_wishes(battery, 0, slices, e_mwh, std::vector<double>{-100.0, 100.0}, 1.0, granted);
    EXPECT_EQ(granted[0], -25.0);
    EXPECT_EQ(granted[1], 67.5);
}

} // namespace
} // namespace yuanwang::models
