#include "models/storage/battery.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace yuanwang::models {
namespace {

Batteries one_battery(double self_discharge_per_h = 0.0) {
    return {.p_charge_max_mw = {100.0},
            .p_discharge_max_mw = {100.0},
            .e_max_mwh = {200.0},
            .soc_min = {0.1},
            .soc_max = {0.9},
            .soc_initial = {0.5},
            .eta_charge = {0.92},
            .eta_discharge = {0.94},
            .self_discharge_per_h = {self_discharge_per_h}};
}

TEST(Battery, RoundTripLosesBothEfficiencies) {
    const Batteries battery = one_battery();
    const double full = advance(battery, 0, 40.0, -50.0, 1.0);
    EXPECT_DOUBLE_EQ(full, 40.0 + 0.92 * 50.0);
    EXPECT_NEAR(advance(battery, 0, full, 0.92 * 0.94 * 50.0, 1.0), 40.0, 1e-12);
}

TEST(Battery, LimitsLeadExactlyToTheBounds) {
    for (const double sigma : {0.0, 0.001}) {
        const Batteries battery = one_battery(sigma);
        for (const double dt_h : {1.0, 0.25, 1.0 / 12.0}) {
            for (const double e : {20.0, 25.0, 100.0, 178.0, 180.0}) {
                const double charge = charge_limit_mw(battery, 0, e, dt_h);
                const double discharge = discharge_limit_mw(battery, 0, e, dt_h);
                EXPECT_GE(charge, 0.0);
                EXPECT_LE(charge, 100.0);
                EXPECT_GE(discharge, 0.0);
                EXPECT_LE(discharge, 100.0);
                EXPECT_LE(advance(battery, 0, e, -charge, dt_h), 180.0 + 1e-9);
                if (discharge > 0) {
                    EXPECT_GE(advance(battery, 0, e, discharge, dt_h), 20.0 - 1e-9);
                }
            }
        }
    }
}

TEST(Battery, FullOnesTakeNothingAndEmptyOnesGiveNothing) {
    const Batteries battery = one_battery();
    EXPECT_EQ(charge_limit_mw(battery, 0, 180.0, 1.0), 0.0);
    EXPECT_EQ(discharge_limit_mw(battery, 0, 20.0, 1.0), 0.0);
    EXPECT_EQ(discharge_limit_mw(battery, 0, 19.0, 1.0),
              0.0); // below its floor after self-discharge
}

TEST(Battery, TerminalEnergyIsStoredOrLost) {
    const Batteries battery = one_battery(0.0005);
    double e = 100.0;
    double terminal_mwh = 0; // out of the grid
    double lost = 0;
    for (int t = 0; t < 500; ++t) {
        const double wanted = 90.0 * std::sin(0.3 * t);
        const double p = wanted > 0 ? std::min(wanted, discharge_limit_mw(battery, 0, e, 0.5))
                                    : -std::min(-wanted, charge_limit_mw(battery, 0, e, 0.5));
        const double loss = loss_mwh(battery, 0, e, p, 0.5);
        EXPECT_GE(loss, -1e-12);
        lost += loss;
        terminal_mwh -= p * 0.5;
        e = advance(battery, 0, e, p, 0.5);
    }
    EXPECT_NEAR(terminal_mwh, e - 100.0 + lost, 1e-9);
}

TEST(Battery, SelfDischargeActsOnWhatIsStored) {
    EXPECT_DOUBLE_EQ(advance(one_battery(0.01), 0, 100.0, 0.0, 1.0), 99.0);
    EXPECT_DOUBLE_EQ(advance(one_battery(0.01), 0, 100.0, 0.0, 0.25), 99.75);
}

} // namespace
} // namespace yuanwang::models
