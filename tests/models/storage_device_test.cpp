// What storages are made of, what the cold does to them and how their power tapers.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "models/storage/battery.hpp"
#include "models/storage/container.hpp"
#include "models/storage/reservoir.hpp"

namespace yuanwang::models {
namespace {

TEST(Reservoir, EnergyOfWhatTheyAreMadeOf) {
    // ½ J ω²: 1000 kg m² at 60 000/2π rpm is 10 000 rad/s... in round figures: ω = 1000 rad/s
    EXPECT_NEAR(flywheel_energy_mwh(7200.0, 60.0 * 1000.0 / (2.0 * std::acos(-1.0))), 1.0, 1e-12);
    // ½ C V²: 1 MWh at 1200 V takes 5000 F
    EXPECT_NEAR(supercapacitor_energy_mwh(5000.0, 1200.0), 1.0, 1e-12);
    EXPECT_DOUBLE_EQ(energy_share_left(0.5), 0.25);
    // 1 Mm³ over 367.1 m is about 1 GWh, the rule of thumb V h/367
    EXPECT_NEAR(pumped_hydro_energy_mwh(1e6, 367.1), 1000.0, 0.1);
}

Batteries tapered(double floor) {
    return {.p_charge_max_mw = {100.0},
            .p_discharge_max_mw = {80.0},
            .e_max_mwh = {200.0},
            .soc_min = {0.1},
            .soc_max = {0.9},
            .soc_initial = {0.5},
            .eta_charge = {0.92},
            .eta_discharge = {0.94},
            .self_discharge_per_h = {0.0},
            .charge_taper_soc = {0.8},
            .discharge_taper_soc = {0.2},
            .taper_floor = {floor}};
}

TEST(Battery, TaperHoldsAtTheEndOfAStepOfAnyLength) {
    Random random{7, "taper"};
    for (int n = 0; n < 2000; ++n) {
        const double floor = random.uniform();
        const Batteries b = tapered(floor);
        const double e_mwh = 20.0 + 160.0 * random.uniform();
        const double dt_h = 0.05 + 2.0 * random.uniform();
        const double charge = charge_limit_mw(b, 0, e_mwh, dt_h);
        const double up = advance(b, 0, e_mwh, -charge, dt_h) / 200.0;
        const double over = std::max(0.0, up - 0.8);
        EXPECT_LE(charge, 100.0 * (1.0 - (1.0 - floor) * over / 0.1) + 1e-9);
        EXPECT_LE(up, 0.9 + 1e-12);
        const double discharge = discharge_limit_mw(b, 0, e_mwh, dt_h);
        const double down = advance(b, 0, e_mwh, discharge, dt_h) / 200.0;
        const double under = std::max(0.0, 0.2 - down);
        EXPECT_LE(discharge, 80.0 * (1.0 - (1.0 - floor) * under / 0.1) + 1e-9);
        EXPECT_GE(down, 0.1 - 1e-12);
    }
}

TEST(Battery, ATaperThatLeavesAllPowerIsNone) {
    Batteries plain = tapered(1.0);
    plain.charge_taper_soc.clear();
    plain.discharge_taper_soc.clear();
    const Batteries full = tapered(1.0);
    for (const double e_mwh : {20.0, 30.0, 100.0, 165.0, 179.0, 180.0}) {
        EXPECT_DOUBLE_EQ(charge_limit_mw(full, 0, e_mwh, 1.0),
                         charge_limit_mw(plain, 0, e_mwh, 1.0));
        EXPECT_DOUBLE_EQ(discharge_limit_mw(full, 0, e_mwh, 1.0),
                         discharge_limit_mw(plain, 0, e_mwh, 1.0));
    }
}

TEST(Battery, TaperedPowerIsTheLargestThatKeepsToTheLine) {
    const Batteries b = tapered(0.0);
    const double charge = charge_limit_mw(b, 0, 168.0, 0.5);
    const double soc = advance(b, 0, 168.0, -charge, 0.5) / 200.0;
    EXPECT_NEAR(charge, 100.0 * (0.9 - soc) / 0.1, 1e-9);
}

Containers one_container() {
    return {.standby_mw = {0.05},
            .ua_kw_per_k = {10.0},
            .heater_kw = {200.0},
            .keep_c = {15.0},
            .cool_c = {30.0},
            .chiller_cop = {3.0},
            .charge_full_c = {10.0},
            .charge_stop_c = {0.0},
            .discharge_full_c = {0.0},
            .discharge_stop_c = {-20.0}};
}

TEST(Container, HeatsCoolsAndGivesUpWhenTheHeaterIsTooSmall) {
    const Containers c = one_container();
    EXPECT_DOUBLE_EQ(cell_temperature_c(c, 0, 20.0), 20.0); // nothing to do
    EXPECT_DOUBLE_EQ(auxiliary_mw(c, 0, 20.0), 0.05);
    EXPECT_DOUBLE_EQ(cell_temperature_c(c, 0, 5.0), 15.0);
    EXPECT_DOUBLE_EQ(auxiliary_mw(c, 0, 5.0), 0.05 + 0.1);
    EXPECT_DOUBLE_EQ(cell_temperature_c(c, 0, -25.0), -5.0); // 200 kW hold 20 K
    EXPECT_DOUBLE_EQ(auxiliary_mw(c, 0, -25.0), 0.05 + 0.2);
    EXPECT_DOUBLE_EQ(cell_temperature_c(c, 0, 36.0), 30.0);
    EXPECT_DOUBLE_EQ(auxiliary_mw(c, 0, 36.0), 0.05 + 0.02);
}

TEST(Container, ColdTakesChargingPowerBeforeDischarging) {
    const Containers c = one_container();
    WeatherYear w;
    w.temperature_c = {20.0, -15.0, -18.0, -25.0, -45.0};
    ContainerHours hours;
    compute_containers(c, std::array{SiteIdx{0}}, std::array{w}, {0, 5}, hours);
    EXPECT_DOUBLE_EQ(hours.charge_share(0, 0), 1.0);
    EXPECT_DOUBLE_EQ(hours.charge_share(0, 1), 0.5); // cells at 5 °C
    EXPECT_DOUBLE_EQ(hours.charge_share(0, 2), 0.2);
    EXPECT_DOUBLE_EQ(hours.charge_share(0, 3), 0.0); // at −5 °C
    EXPECT_DOUBLE_EQ(hours.discharge_share(0, 3), 0.75);
    EXPECT_DOUBLE_EQ(hours.discharge_share(0, 4), 0.0); // at −25 °C
}

TEST(Container, WithoutWallsOrWeatherItIsAPlainBattery) {
    Containers c = one_container();
    c.ua_kw_per_k = {0.0};
    c.standby_mw = {0.0};
    ContainerHours hours;
    compute_containers(c, std::array{SiteIdx{}}, {}, {0, 3}, hours);
    EXPECT_DOUBLE_EQ(hours.cell_c(0, 2), 15.0);
    EXPECT_DOUBLE_EQ(hours.auxiliary_mw(0, 2), 0.0);
    EXPECT_DOUBLE_EQ(hours.charge_share(0, 2), 1.0);
}

} // namespace
} // namespace yuanwang::models
