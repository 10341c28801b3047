// Plants with something in store: water, waste, fuel, and the mix behind a tie.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "models/source/external_grid.hpp"
#include "models/source/thermal_unit.hpp"
#include "models/source/waste_to_energy.hpp"
#include "models/source/water.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const TimeAxis year_2025{beijing_midnight(2025y / January / 1), minutes{60}, 8760};

std::array<double, 12> all_year(double value) {
    std::array<double, 12> months{};
    months.fill(value);
    return months;
}

/// A dam of 100 m and 90 % and, below it, six hours down the river, a run of river of 50 m.
HydroPlants two_dams(double v_max_hm3) {
    HydroPlants plants;
    plants.p_rated_mw = {400, 300};
    plants.city_share = {1, 0.5};
    plants.mean_mw = {all_year(100), all_year(50)};
    plants.flexible_share = {0.5, 0};
    plants.p_min_mw = {0, 0};
    Reservoir dam;
    dam.v_max_hm3 = v_max_hm3;
    dam.head_m = 100;
    dam.inflow_m3_per_s = all_year(120);
    Reservoir river;
    river.head_m = 50;
    river.inflow_m3_per_s = all_year(30);
    river.upstream = 0;
    river.delay_h = 6;
    plants.reservoir = {dam, river};
    return plants;
}

// P = ρ g q H η: a hm³ falling 100 m at 90 % is 1e6 · 1000 · 9.81 · 100 · 0.9 J = 245.25 MWh.
TEST(Water, EnergyOfAFall) {
    const Reservoir dam = two_dams(100).reservoir[0];
    EXPECT_NEAR(energy_of_water_mwh_per_hm3(dam, 50), 245.25, 1e-9);
    Reservoir sinking = dam;
    sinking.head_empty_m = 80;
    EXPECT_NEAR(energy_of_water_mwh_per_hm3(sinking, 50), 0.9 * 245.25, 1e-9);
}

TEST(Water, APlanOfEnergyTakesItsWater) {
    const HydroPlants plants = two_dams(1000);
    const WaterState state = make_water_state(plants, year_2025, 0);
    HydroDay day;
    plan_water(plants, state, year_2025, {0, 24}, day);
    EXPECT_NEAR(day.energy_mwh[0], 2400, 1e-6); // the plan, for there is water
    EXPECT_NEAR(day.base_mw[0], 50, 1e-6);
    // The river: its own 30 m³/s and what the dam lets out for 100 MW, at half the head; half of it is the city's.
    const double let_out = 100.0 / (1000 * 9.81 * 100 * 0.9) * 1e6;
    const double mw = 1000 * 9.81 * 50 * 0.9 * (30 + let_out) / 1e6;
    EXPECT_NEAR(day.energy_mwh[1], 0.5 * 24 * mw, 1e-6);
    EXPECT_NEAR(day.base_mw[1], 0.5 * mw, 1e-6);
}

TEST(Water, AnEmptyDamGivesItsInflowAndAFullOneMustLetGo) {
    HydroPlants plants = two_dams(1000);
    plants.mean_mw[0] = all_year(200);
    plants.reservoir[0].v_initial = 0;
    HydroDay day;
    plan_water(plants, make_water_state(plants, year_2025, 0), year_2025, {0, 24}, day);
    EXPECT_NEAR(day.energy_mwh[0], 120 * 86400 / 1e6 * 245.25, 1e-6);
    plants.mean_mw[0] = all_year(10);
    plants.reservoir[0].v_initial = 1;
    plan_water(plants, make_water_state(plants, year_2025, 0), year_2025, {0, 24}, day);
    EXPECT_NEAR(day.energy_mwh[0], 120 * 86400 / 1e6 * 245.25, 1e-6);
}

TEST(Water, TargetsAreReachedWithinTheSeason) {
    HydroPlants plants = two_dams(1000);
    plants.reservoir[0].target = all_year(0.8);
    WaterState state = make_water_state(plants, year_2025, 0);
    for (std::size_t first = 0; first < 8760; first += 24) {
        HydroDay day;
        plan_water(plants, state, year_2025, {first, 24}, day);
        Series p_mw(2, 24);
        for (std::size_t t = 0; t < 24; ++t) {
            p_mw(0, t) = day.energy_mwh[0] / 24;
            p_mw(1, t) = day.energy_mwh[1] / 24;
        }
        pass_water(plants, year_2025, {first, 24}, p_mw, state);
    }
    EXPECT_NEAR(state.volume_hm3[0], 800, 5);
}

/// Spends `share` of every day's budget over the year.
WaterState spend(const HydroPlants& plants, double share, std::vector<double>* level = nullptr) {
    WaterState state = make_water_state(plants, year_2025, 0);
    for (std::size_t first = 0; first < 8760; first += 24) {
        HydroDay day;
        plan_water(plants, state, year_2025, {first, 24}, day);
        for (double& energy_mwh : day.energy_mwh) {
            energy_mwh *= share;
        }
        pass_planned_water(plants, year_2025, {first, 24}, day, state);
        if (level != nullptr) {
            level->push_back(state.volume_hm3[0] / plants.reservoir[0].v_max_hm3);
        }
    }
    return state;
}

/// A lake that falls by half a percent of its volume a day until June and rises again.
HydroPlants lake_with_a_guide() {
    HydroPlants plants = two_dams(1000);
    plants.reservoir[0].v_initial = 0.9;
    for (std::size_t m = 0; m < 12; ++m) {
        const auto month = static_cast<double>(m + 1);
        plants.reservoir[0].target[m] = m < 6 ? 0.9 - 0.1 * month : 0.3 + 0.1 * (month - 6);
    }
    return plants;
}

TEST(Water, AGuideIsFollowedThroughTheYear) {
    std::vector<double> level;
    const WaterState state = spend(lake_with_a_guide(), 1, &level);
    constexpr std::array<std::size_t, 12> ends_of_month = {30,  58,  89,  119, 150, 180,
                                                           211, 242, 272, 303, 333, 364};
    for (std::size_t m = 0; m < 12; ++m) {
        EXPECT_NEAR(level[ends_of_month[m]], lake_with_a_guide().reservoir[0].target[m], 0.005)
            << m;
    }
    EXPECT_NEAR(state.volume_hm3[0], 900, 5);
}

// A run that begins on any day finds the lake where the year that runs through that day has it, and the river below it carries
// what the lake lets out at that time.
TEST(Water, ARunBeginsWhereItsDateStands) {
    HydroPlants plants = lake_with_a_guide();
    plants.reservoir[0].v_initial.reset();
    std::vector<double> level;
    (void)spend(plants, 1, &level);
    for (std::size_t day = 10; day < 365; day += 29) {
        const WaterState state = make_water_state(plants, year_2025, 24 * day);
        EXPECT_NEAR(state.volume_hm3[0] / 1000, level[day - 1], 0.005) << day;
        const double fall_hm3 = 1000 * (level[day - 1] - level[day]);
        const double let_out = 120 + fall_hm3 * 1e6 / 86400;
        EXPECT_NEAR(state.under_way_m3_per_s[1].front(), let_out, 0.1 * let_out) << day;
    }
}

TEST(Water, AVolumeThatIsGivenHoldsAtAnyDate) {
    HydroPlants plants = lake_with_a_guide();
    plants.reservoir[0].v_initial = 0.25;
    EXPECT_EQ(make_water_state(plants, year_2025, 24 * 200).volume_hm3[0], 250);
}

// The lake lets out four fifths of what the river was planned with; what the river took too much of it gives back the day after.
TEST(Water, ARunOfRiverPilesUpNoDebt) {
    HydroPlants plants = two_dams(1000);
    plants.reservoir[1].delay_h = 0;
    WaterState state = make_water_state(plants, year_2025, 0);
    const double a_fifth_of_a_day_hm3 = 0.2 * 100.0 / (1000 * 9.81 * 100 * 0.9) * 1e6 * 0.0864;
    for (std::size_t first = 0; first < 60 * 24; first += 24) {
        HydroDay day;
        plan_water(plants, state, year_2025, {first, 24}, day);
        day.energy_mwh[0] *= 0.8;
        pass_planned_water(plants, year_2025, {first, 24}, day, state);
    }
    EXPECT_LT(state.lowest_hm3[1], 0);
    EXPECT_GE(state.lowest_hm3[1], -a_fifth_of_a_day_hm3 - 1e-9);
}

// A way of six hours becomes one of two, of nine, or none: all water under way arrives.
TEST(Water, WaterUnderWayOutlivesAChangeOfItsDelay) {
    HydroPlants plants = two_dams(1000);
    const WaterState before = make_water_state(plants, year_2025, 0);
    const auto under_way = [](const WaterState& state) {
        double sum = 0;
        for (const double q : state.under_way_m3_per_s[1]) {
            sum += q;
        }
        return sum * 3600 / 1e6;
    };
    ASSERT_GT(under_way(before), 0);
    for (const double delay_h : {2.0, 9.0, 0.0}) {
        plants.reservoir[1].delay_h = delay_h;
        WaterState now = make_water_state(plants, year_2025, 100);
        take_over_water(before, 1, 1.0, now, 1);
        EXPECT_NEAR(under_way(now) + now.volume_hm3[1] - before.volume_hm3[1], under_way(before),
                    1e-9)
            << delay_h;
        EXPECT_NEAR(now.arrived_hm3[1] - before.arrived_hm3[1],
                    now.volume_hm3[1] - before.volume_hm3[1], 1e-12);
    }
}

// Kept back is not lost: at a budget of 5/4 of the inflow, four fifths spent are the inflow, 30 days of a fourth above the guide.
TEST(Water, WhatIsNotSpentComesBack) {
    HydroPlants plants = two_dams(1000);
    plants.reservoir[0].target = all_year(0.5);
    const WaterState state = spend(plants, 0.8);
    EXPECT_NEAR(state.volume_hm3[0], 500 + 0.25 * 120 * 0.0864 * 30, 1);
    EXPECT_EQ(state.spilled_hm3[0], 0);
}

TEST(Water, WaterIsWorthWhatAllTurbinesBelowMakeOfIt) {
    const HydroPlants plants = two_dams(1000);
    const WaterState state = make_water_state(plants, year_2025, 0);
    const std::array more_hm3 = {2.0, 1.0};
    EXPECT_NEAR(energy_of_volumes_mwh(plants, state, more_hm3), 2 * 245.25 + 0.5 * 3 * 245.25 / 2,
                1e-9);
}

// Whatever dispatch does with the water, none is made and none is lost.
TEST(Water, EveryCubicMetreIsAccountedFor) {
    std::mt19937 draw{7};
    std::uniform_real_distribution<double> of{0.0, 1.0};
    for (int trial = 0; trial < 20; ++trial) {
        HydroPlants plants = two_dams(200 * of(draw));
        plants.reservoir[0].head_empty_m = 60 + 40 * of(draw);
        plants.reservoir[0].q_min_m3_per_s = 60 * of(draw);
        plants.reservoir[1].v_max_hm3 = 20 * of(draw);
        plants.reservoir[1].delay_h = std::floor(30 * of(draw));
        WaterState state = make_water_state(plants, year_2025, 0);
        const WaterState start = state;
        double under_way_hm3 = 0;
        for (const double q : state.under_way_m3_per_s[1]) {
            under_way_hm3 += q * 3600 / 1e6;
        }
        for (std::size_t first = 0; first < 60 * 24; first += 24) {
            HydroDay day;
            plan_water(plants, state, year_2025, {first, 24}, day);
            Series p_mw(2, 24);
            for (std::size_t t = 0; t < 24; ++t) {
                for (std::size_t k = 0; k < 2; ++k) {
                    p_mw(k, t) = 2 * of(draw) * day.energy_mwh[k] / 24;
                }
            }
            pass_water(plants, year_2025, {first, 24}, p_mw, state);
        }
        for (std::size_t k = 0; k < 2; ++k) {
            EXPECT_NEAR(state.volume_hm3[k] - start.volume_hm3[k],
                        state.inflow_hm3[k] + state.arrived_hm3[k] - state.turbined_hm3[k] -
                            state.spilled_hm3[k],
                        1e-8);
            EXPECT_LE(state.volume_hm3[k], plants.reservoir[k].v_max_hm3 + 1e-9);
        }
        double still_hm3 = 0;
        for (const double q : state.under_way_m3_per_s[1]) {
            still_hm3 += q * 3600 / 1e6;
        }
        EXPECT_NEAR(under_way_hm3 + state.turbined_hm3[0] + state.spilled_hm3[0],
                    state.arrived_hm3[1] + still_hm3, 1e-8);
    }
}

WastePlants one_waste_plant() {
    return {.design_t_per_day = {3000},
            .supply_share = {1.0},
            .kwh_per_t = {470},
            .green_share = {0.5},
            .co2_t_per_mwh = {0.4}};
}

// Press pages of Xining: a million tonnes became 470 GWh.
TEST(Waste, AMillionTonnesAre470GWh) {
    WastePlants plants = one_waste_plant();
    plants.supply_share = {1e6 / (3000.0 * 365)};
    WasteState state = make_waste_state(plants);
    Series p_mw;
    compute_waste_power(plants, year_2025, {0, 8760}, state, p_mw);
    double mwh = 0;
    for (const double p : p_mw.values()) {
        mwh += p;
    }
    EXPECT_NEAR(state.burnt_t[0], 1e6, 1e-3);
    EXPECT_NEAR(mwh, 470e3, 1e-3);
    EXPECT_NEAR(state.gross_mwh[0], 470e3 / 0.85, 1e-3);
}

TEST(Waste, BunkerBridgesWeekendsAndFillsDuringTheOverhaul) {
    WastePlants plants = one_waste_plant();
    plants.supply_share = {0.8};
    Bunker bunker;
    bunker.bunker_t = 20000;
    bunker.weekday = {1.2, 1.1, 1.0, 1.0, 1.0, 0.9, 0.8};
    bunker.overhaul_start_day = 100;
    bunker.overhaul_days = 10;
    plants.bunker = {bunker};
    WasteState state = make_waste_state(plants);
    Series p_mw;
    compute_waste_power(plants, year_2025, {0, 98 * 24}, state, p_mw);
    for (std::size_t t = 24 * 30; t < 98 * 24; ++t) { // Sundays burn nearly what Mondays do
        ASSERT_NEAR(p_mw(0, t), 0.8 * 58.75, 2.5) << t;
    }
    compute_waste_power(plants, year_2025, {98 * 24, 12 * 24}, state, p_mw);
    EXPECT_EQ(p_mw(0, 24 * 5), 0.0);
    EXPECT_GT(state.diverted_t[0], 10000.0); // ten days of 2400 t do not fit
}

TEST(Waste, EveryTonneIsAccountedForAndTheBandIsKept) {
    std::mt19937 draw{11};
    std::uniform_real_distribution<double> of{0.0, 1.0};
    for (int trial = 0; trial < 30; ++trial) {
        WastePlants plants = one_waste_plant();
        plants.supply_share = {of(draw)};
        Bunker bunker;
        bunker.bunker_t = 30000 * of(draw);
        bunker.initial = of(draw);
        bunker.target = of(draw);
        for (double& factor : bunker.weekday) {
            factor = 0.5 + of(draw);
        }
        for (double& factor : bunker.month) {
            factor = 0.5 + of(draw);
        }
        bunker.overhaul_start_day = 200;
        bunker.overhaul_days = static_cast<int>(40 * of(draw));
        plants.bunker = {bunker};
        WasteState state = make_waste_state(plants);
        const double start_t = state.bunker_t[0];
        Series p_mw;
        compute_waste_power(plants, year_2025, {0, 8760}, state, p_mw);
        EXPECT_NEAR(state.bunker_t[0] - start_t,
                    state.arrived_t[0] - state.burnt_t[0] - state.diverted_t[0], 1e-5);
        double mwh = 0;
        for (const double p : p_mw.values()) {
            mwh += p;
            EXPECT_LE(p, 1.1 * 58.75 + 1e-9);
            EXPECT_GE(p, 0.0);
        }
        EXPECT_NEAR(mwh, 0.47 * state.burnt_t[0], 1e-6);
        EXPECT_LE(state.bunker_t[0], bunker.bunker_t + 1e-9);
    }
}

ThermalPlants one_coal_plant() {
    ThermalPlants p;
    p.p_rated_mw = {660};
    p.units = {2};
    p.p_min_mw = {264};
    p.chp = {true};
    p.coal_g_per_kwh = {300};
    p.price_cny_per_mwh = {285};
    p.co2_t_per_mwh = {0.8};
    p.auxiliary_share = {0.06};
    return p;
}

TEST(Thermal, CoalFollowsTheCurveAndStarts) {
    ThermalPlants p = one_coal_plant();
    p.coal_curve = {{{0.4, 0.5, 0.75, 1.0}, {336, 324, 307, 300}}};
    EXPECT_NEAR(coal_rate_g_per_kwh(p, 0, 660, 1), 300, 1e-12);
    EXPECT_NEAR(coal_rate_g_per_kwh(p, 0, 660, 2), 324, 1e-12);
    EXPECT_NEAR(coal_rate_g_per_kwh(p, 0, 264, 1), 336, 1e-12);
    p.start_coal_t = {100};
    p.start_cost_cny = {50000};
    p.coal_cny_per_t = {900};
    const ThermalStep step = burn(p, 0, 660, 2, 1, 1.0);
    EXPECT_NEAR(step.coal_t, 0.324 * 660 + 100, 1e-9);
    EXPECT_NEAR(step.co2_t, step.coal_t * 0.8 / 0.3, 1e-9);
    EXPECT_NEAR(step.cost_cny, 900 * step.coal_t + 50000, 1e-6);
    const ThermalStep flat = burn(one_coal_plant(), 0, 660, 2, 0, 1.0);
    EXPECT_NEAR(flat.cost_cny, 285 * 660, 1e-9);
    EXPECT_NEAR(flat.co2_t, 0.8 * 660, 1e-9);
}

TEST(Thermal, HeatMakesABandOfElectricity) {
    ThermalPlants p = one_coal_plant();
    p.heat = {{800, 18, -13, 0.45, 0.15, SiteIdx{0}}};
    std::array<WeatherYear, 1> weather;
    weather[0].temperature_c = {20, 2.5, -13, -30};
    Series least;
    Series most;
    compute_heat_band(p, weather, {0, 4}, {true, true, true, true}, least, most);
    EXPECT_EQ(least(0, 0), 0.0);
    EXPECT_EQ(most(0, 0), 1320.0);
    EXPECT_NEAR(least(0, 1), 0.45 * 400, 1e-9);
    EXPECT_NEAR(most(0, 1), 1320 - 0.15 * 400, 1e-9);
    EXPECT_NEAR(least(0, 2), 360, 1e-9);
    EXPECT_NEAR(least(0, 3), 360, 1e-9); // no colder than the design day
    compute_heat_band(p, weather, {2, 1}, {false}, least, most);
    EXPECT_EQ(least(0, 0), 0.0);
}

/// A grid with thermal plants: 10 GW of load, sun and wind as given.
ExternalGrids mixed_grid() {
    ExternalGrids g;
    for (std::vector<double>* column :
         {&g.solar_mw, &g.wind_mw, &g.hydro_mw, &g.hvdc_rated_mw, &g.hvdc_duty_share,
          &g.p_export_max_mw, &g.firm_co2_t_per_mwh, &g.firm_green_share, &g.reserved_mw}) {
        column->push_back(0);
    }
    g.hydro_mw = {1000};
    g.wind_speed_factor = {1};
    g.own_load_mw = {10000};
    g.p_import_max_mw = {3000};
    g.firm_mw = {3000};
    g.surplus_price_cny_per_mwh = {150};
    g.firm_price_cny_per_mwh = {300};
    ExternalMix mix;
    mix.thermal_mw = 10000;
    mix.thermal_min_mw = 2000;
    mix.thermal_co2_t_per_mwh = 0.8;
    mix.price_slope = 0.4;
    g.mix = {mix};
    return g;
}

TEST(ExternalGrid, MixCarbonAndPriceFollowItsOwnHours) {
    const ExternalGrids g = mixed_grid();
    Series solar(1, 3);
    Series wind(1, 3);
    solar(0, 1) = 4000;
    solar(0, 2) = 20000;
    ExternalHours h;
    compute_external_hours(g, year_2025, {0, 3}, solar, wind, h);
    EXPECT_NEAR(h.thermal_mw(0, 0), 9000, 1e-9);
    EXPECT_NEAR(h.firm_green_share(0, 0), 0.1, 1e-12);
    EXPECT_NEAR(h.firm_co2_t_per_mwh(0, 0), 0.72, 1e-12);
    EXPECT_NEAR(h.firm_price_cny_per_mwh(0, 0), 300 * (1 + 0.4 * 0.4), 1e-9);
    EXPECT_NEAR(h.firm_green_share(0, 1), 0.5, 1e-12);
    EXPECT_NEAR(h.firm_price_cny_per_mwh(0, 1), 300, 1e-9);
    EXPECT_NEAR(h.thermal_mw(0, 2), 2000, 1e-9); // its minimum, at noon
    EXPECT_NEAR(h.firm_green_share(0, 2), 0.8, 1e-12);
    EXPECT_NEAR(h.surplus_mw(0, 2), 11000, 1e-9);
}

TEST(ExternalGrid, LoadAndWaterFollowMonthAndHour) {
    ExternalGrids g = mixed_grid();
    g.mix[0].load_hour[19] = 1.3;
    g.mix[0].load_month[0] = 1.1;
    g.mix[0].hydro_month[0] = 0.5;
    ExternalHours h;
    compute_external_hours(g, year_2025, {18, 2}, Series(1, 2), Series(1, 2), h);
    EXPECT_NEAR(h.own_load_mw(0, 0), 11000, 1e-9);
    EXPECT_NEAR(h.own_load_mw(0, 1), 14300, 1e-9);
    EXPECT_NEAR(h.output_mw(0, 0), 500, 1e-9);
}

} // namespace
} // namespace yuanwang::models
