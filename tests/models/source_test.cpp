#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>

#include "models/source/external_grid.hpp"
#include "models/source/hydro_plant.hpp"
#include "models/source/photovoltaic.hpp"
#include "models/source/power_curve.hpp"
#include "models/source/solar_plant.hpp"
#include "models/source/thermal_unit.hpp"
#include "models/source/waste_to_energy.hpp"
#include "models/source/wind_farm.hpp"
#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/epw.hpp"
#include "models/weather/transposition.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const std::filesystem::path shared = YUANWANG_SHARED_DIR;

/// n steps of the same weather, the sun at an elevation in the south.
WeatherYear still_weather(std::size_t n, double pressure_pa = 101325.0,
                          double elevation_degree = 50.0) {
    WeatherYear w;
    w.ghi_w_per_m2.assign(n, elevation_degree > 0 ? 800.0 : 0.0);
    w.dhi_w_per_m2.assign(n, elevation_degree > 0 ? 150.0 : 0.0);
    const double sin_h = std::sin(elevation_degree * std::numbers::pi / 180.0);
    w.dni_w_per_m2.assign(n, elevation_degree > 0 ? 650.0 / sin_h : 0.0);
    w.temperature_c.assign(n, 15.0);
    w.relative_humidity.assign(n, 0.0);
    w.pressure_pa.assign(n, pressure_pa);
    w.wind_speed_m_per_s.assign(n, 4.0);
    w.sun_elevation_degree.assign(n, elevation_degree);
    w.sun_azimuth_degree.assign(n, 180.0);
    w.dni_extra_w_per_m2.assign(n, 1361.0);
    add_air(w);
    return w;
}

SolarPlants one_solar_plant() {
    return {.p_rated_mw = {100.0},
            .dc_ac_ratio = {1.2},
            .tracking = {Tracking::fixed},
            .tilt_degree = {35.0},
            .azimuth_degree = {180.0},
            .albedo = {0.2},
            .mounting = {Mounting::open_rack_glass_glass},
            .gamma_per_k = {-0.0035},
            .dc_losses = {0.14},
            .inverter_efficiency = {0.96}};
}

WindFarms one_wind_farm(const std::string& curve = "iec_class_3") {
    return {.p_rated_mw = {50.0},
            .power_curve = {curve},
            .hub_height_m = {100.0},
            .shear_exponent = {1.0 / 7.0},
            .speed_factor = {1.0},
            .farm_efficiency = {1.0},
            .availability = {1.0},
            .cold_cut_out_c = {-30.0}};
}

const std::array<SiteIdx, 1> first_site{SiteIdx{0}};
const TimeAxis year_2025{beijing_midnight(2025y / January / 1), minutes{60}, 8760};

/// Hours of external grids by the weather of their bases.
ExternalHours compute_external(const ExternalGrids& grids, std::span<const SiteIdx> solar,
                               std::span<const SiteIdx> wind, std::span<const WeatherYear> weather,
                               StepRange range) {
    Series solar_mw;
    Series wind_mw;
    compute_base_power(grids, solar, wind, weather, range, 1.0, solar_mw, wind_mw);
    ExternalHours hours;
    compute_external_hours(grids, year_2025, range, solar_mw, wind_mw, hours);
    return hours;
}

// Values and digits of pvlib-python (commit 6382338a), tests/test_temperature.py, test_pvsystem.py, test_inverter.py.
TEST(Photovoltaic, TemperaturesMatchPublishedValues) {
    const SapmThermal open_rack = sapm_thermal(Mounting::open_rack_glass_glass);
    EXPECT_NEAR(cell_temperature_sapm_c(open_rack, 900, 20, 5), 43.509, 5e-4);
    EXPECT_NEAR(module_temperature_sapm_c(open_rack, 900, 20, 5), 40.809, 5e-4);
    // Glass-polymer on an open rack: −3.56, −0.0750, 3 K.
    const SapmThermal polymer = sapm_thermal(Mounting::open_rack_glass_polymer);
    EXPECT_NEAR(cell_temperature_sapm_c(polymer, 900, 20, 5),
                20 + 900 * std::exp(-3.56 - 0.0750 * 5) + 0.9 * 3, 1e-12);
    EXPECT_NEAR(cell_temperature_pvsyst_c(900, 20, 5), 45.137, 1e-3); // cut, not rounded
    EXPECT_NEAR(module_temperature_faiman_c(900, 20, 5), 35.203, 5e-4);
}

TEST(Photovoltaic, PvwattsMatchesPublishedValues) {
    EXPECT_NEAR(pvwatts_dc(900, 30, 100, -0.003), 88.65, 1e-9);
    const std::array<double, 8> losses = {0.02, 0.03, 0.02, 0.02, 0.005, 0.015, 0.01, 0.03};
    EXPECT_NEAR(100.0 * combine_losses(losses), 14.075660688264469, 1e-9);
    EXPECT_NEAR(pvwatts_inverter_ac(90, 100, 0.95), 85.58556604752516, 1e-12);
    EXPECT_EQ(pvwatts_inverter_ac(0, 100, 0.95), 0.0);
    EXPECT_NEAR(pvwatts_inverter_ac(150, 100, 0.95), 95.0, 1e-12);
}

TEST(SolarPlant, ChainOfOneHourByHand) {
    const std::array<WeatherYear, 1> weather{still_weather(3)};
    Series p_mw;
    compute_solar_power(one_solar_plant(), first_site, weather, {1, 2}, p_mw);
    ASSERT_EQ(p_mw.n_element(), 1U);
    ASSERT_EQ(p_mw.n_step(), 2U);
    // Sun 5° off the normal of the plane; standard air but for 0.02 % of density.
    const Plane plane{35.0, 180.0};
    const double dni = 650.0 / std::sin(50.0 * std::numbers::pi / 180.0);
    const double beam = dni * std::cos(5.0 * std::numbers::pi / 180.0);
    const double sky =
        sky_perez_w_per_m2(plane, 150.0, dni, 1361.0, 40.0, 180.0, relative_air_mass(40.0));
    const double ground = 800.0 * 0.2 * 0.5 * (1.0 - std::cos(35.0 * std::numbers::pi / 180.0));
    const double effective = beam * (1.0 - 0.05 * (dni / beam - 1.0)) + sky + ground;
    const double cell_c = 15.0 + (beam + sky + ground) * (std::exp(-3.47 - 0.0594 * 4.0) + 0.003);
    const double dc_mw = 120.0 * 0.86 * effective / 1000.0 * (1.0 - 0.0035 * (cell_c - 25.0));
    const double zeta = dc_mw / (100.0 / 0.96);
    EXPECT_NEAR(p_mw(0, 0), 0.96 / 0.9637 * (-0.0162 * zeta - 0.0059 / zeta + 0.9858) * dc_mw,
                0.01);
    EXPECT_GT(effective, 1000.0);
    EXPECT_EQ(p_mw(0, 0), p_mw(0, 1));
}

TEST(SolarPlant, NeverBeyondItsRatingAndNothingAtNight) {
    SolarPlants plants = one_solar_plant();
    plants.dc_ac_ratio = {3.0};
    Series p_mw;
    compute_solar_power(plants, first_site, std::array{still_weather(1)}, {0, 1}, p_mw);
    EXPECT_DOUBLE_EQ(p_mw(0, 0), 100.0);
    compute_solar_power(plants, first_site, std::array{still_weather(1, 101325.0, -10.0)}, {0, 1},
                        p_mw);
    EXPECT_EQ(p_mw(0, 0), 0.0);
}

TEST(SolarPlant, ThinAirCoolsLess) {
    Series sea;
    Series plateau;
    compute_solar_power(one_solar_plant(), first_site, std::array{still_weather(1)}, {0, 1}, sea);
    compute_solar_power(one_solar_plant(), first_site, std::array{still_weather(1, 77000.0)},
                        {0, 1}, plateau);
    EXPECT_LT(plateau(0, 0), sea(0, 0));
    EXPECT_GT(plateau(0, 0), 0.97 * sea(0, 0));
}

TEST(SolarPlant, TrackerCollectsMoreThanAFixedRackInTheMorning) {
    SolarPlants plants = one_solar_plant();
    WeatherYear w = still_weather(1, 77000.0, 30.0);
    w.ghi_w_per_m2 = {400.0};
    w.dhi_w_per_m2 = {80.0};
    w.dni_w_per_m2 = {640.0};
    w.sun_azimuth_degree = {95.0};
    Series fixed;
    Series tracking;
    compute_solar_power(plants, first_site, std::array{w}, {0, 1}, fixed);
    plants.tracking = {Tracking::single_axis};
    compute_solar_power(plants, first_site, std::array{w}, {0, 1}, tracking);
    EXPECT_GT(tracking(0, 0), 1.5 * fixed(0, 0));
}

TEST(WindFarm, DensityShiftsTheSpeedAxis) {
    EXPECT_NEAR(density_equivalent_speed(10.0, 0.9), 9.0234, 5e-5);
    EXPECT_NEAR(density_equivalent_speed(10.0, sea_level_density_kg_per_m3), 10.0, 1e-12);
}

TEST(WindFarm, CurveOfTheLibraryAtItsPoints) {
    const PowerCurve* curve = find_power_curve("iec_class_3");
    ASSERT_NE(curve, nullptr);
    constexpr std::array printed = {0.012, 0.067, 0.151, 0.269, 0.434,
                                    0.641, 0.835, 0.949, 0.993}; // from 3 to 11 m/s
    for (std::size_t i = 0; i < printed.size(); ++i) {
        EXPECT_NEAR(curve->at(3.0 + static_cast<double>(i)), printed[i], 5.1e-4) << i;
    }
    for (double v = 12; v <= 18; v += 0.5) {
        EXPECT_NEAR(curve->at(v), 1.0, 0.011) << v;
    }
    EXPECT_NEAR(curve->at(19.0), 0.915, 5e-4);
    EXPECT_NEAR(curve->at(25.0), 0.468, 5e-4);
    EXPECT_NEAR(curve->at(6.25), 0.5 * (curve->at(6.0) + curve->at(6.5)), 1e-12);
    EXPECT_EQ(curve->at(2.99), 0.0);
    EXPECT_EQ(curve->at(25.01), 0.0);
    EXPECT_EQ(find_power_curve("none"), nullptr);
}

TEST(WindFarm, EveryCurveStaysBetweenNothingAndItsRating) {
    for (const std::string& name : power_curve_names()) {
        const PowerCurve& curve = *find_power_curve(name);
        double best = 0;
        for (double v = 0; v <= 40; v += 0.05) {
            const double p = curve.at(v);
            EXPECT_GE(p, 0.0) << name;
            EXPECT_LE(p, 1.0) << name;
            best = std::max(best, p);
        }
        EXPECT_NEAR(best, 1.0, 1e-3) << name;
        EXPECT_TRUE(std::ranges::is_sorted(curve.speed_m_per_s)) << name;
    }
}

TEST(WindFarm, CurvesAreTheFilesTheyComeFrom) {
    const auto path = shared / "wind" / "2020ATB_NREL_Reference_4MW_150.csv";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no turbine file " << path;
    }
    std::ifstream in{path};
    std::string line;
    std::getline(in, line);
    const PowerCurve& curve = *find_power_curve("nrel_4mw_150");
    while (std::getline(in, line)) {
        const double v = std::stod(line);
        const double kw = std::stod(line.substr(line.find(',') + 1));
        if (v < 25.0) {
            EXPECT_NEAR(curve.at(v) * 4000.0, kw, 1e-3) << v;
        }
    }
}

// Gangca, class III composite at 100 m, 1/7 law: 0.218 without, 0.171 with the density of each hour.
TEST(WindFarm, CapacityFactorOfGangcaIsThePublishedOne) {
    const auto path = shared / "weather" / "CHN_Qinghai.Gangca.527540_CSWD.epw";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no weather file " << path;
    }
    const TimeAxis axis{beijing_midnight(2025y / January / 1), minutes{60}, 8760};
    std::array<WeatherYear, 1> weather{make_weather(read_epw(path), axis)};
    Series p_mw;
    compute_wind_power(one_wind_farm(), first_site, weather, {0, 8760}, p_mw);
    double sum = 0;
    for (const double p : p_mw.values()) {
        sum += p;
    }
    EXPECT_NEAR(sum / (50.0 * 8760.0), 0.171, 0.0006);

    const PowerCurve& curve = *find_power_curve("iec_class_3");
    double uncorrected = 0;
    for (const double v : weather[0].wind_speed_m_per_s) {
        uncorrected += curve.at(v * std::pow(10.0, 1.0 / 7.0)) / 8760.0;
    }
    EXPECT_NEAR(uncorrected, 0.218, 0.0006);
}

TEST(WindFarm, StandsStillInStormColdAndCalm) {
    WindFarms farms = one_wind_farm();
    WeatherYear w = still_weather(4);
    w.wind_speed_m_per_s = {10.0, 0.0, 30.0, 10.0};
    w.temperature_c[3] = -31.0;
    Series p_mw;
    compute_wind_power(farms, first_site, std::array{w}, {0, 4}, p_mw);
    EXPECT_GT(p_mw(0, 0), 45.0);
    EXPECT_EQ(p_mw(0, 1), 0.0);
    EXPECT_EQ(p_mw(0, 2), 0.0);
    EXPECT_EQ(p_mw(0, 3), 0.0);
}

TEST(Sources, EmptyFleetsGiveEmptySeries) {
    Series p_mw;
    compute_solar_power({}, {}, {}, {0, 24}, p_mw);
    EXPECT_EQ(p_mw.n_element(), 0U);
    compute_wind_power({}, {}, {}, {0, 24}, p_mw);
    EXPECT_EQ(p_mw.n_element(), 0U);
    ExternalHours hours;
    compute_external_hours({}, year_2025, {0, 24}, Series(0, 24), Series(0, 24), hours);
    EXPECT_EQ(hours.surplus_mw.n_element(), 0U);
}

TEST(WasteToEnergy, DesignThroughputGivesTheDesignPower) {
    const WastePlants plants{.design_t_per_day = {3000.0, 3000.0},
                             .supply_share = {1.0, 0.8},
                             .kwh_per_t = {470.0, 470.0},
                             .green_share = {0.5, 0.5},
                             .co2_t_per_mwh = {0.4, 0.4}};
    Series p_mw;
    WasteState state = make_waste_state(plants);
    compute_waste_power(plants, year_2025, {10, 3}, state, p_mw);
    EXPECT_DOUBLE_EQ(p_mw(0, 2), 58.75);
    EXPECT_DOUBLE_EQ(p_mw(1, 0), 47.0);
}

HydroPlants one_hydro_plant(double flexible_share, double p_min_mw) {
    HydroPlants plants{.p_rated_mw = {3500.0},
                       .city_share = {0.5},
                       .mean_mw = {},
                       .flexible_share = {flexible_share},
                       .p_min_mw = {p_min_mw}};
    plants.mean_mw.push_back({900, 900, 900, 1000, 1200, 1400, 1600, 1500, 1400, 1200, 1000, 900});
    return plants;
}

TEST(HydroPlant, BudgetIsTheShareOfTheMonthsMean) {
    const TimeAxis axis{beijing_midnight(2025y / July / 10), minutes{15}, 96};
    HydroDay day;
    compute_hydro_day(one_hydro_plant(0.6, 100.0), axis, {0, 96}, day);
    EXPECT_NEAR(day.energy_mwh[0], 0.5 * 1600.0 * 24.0, 1e-9);
    EXPECT_NEAR(day.base_mw[0], 0.5 * 0.4 * 1600.0, 1e-9);
    EXPECT_NEAR(day.p_max_mw[0], 1750.0, 1e-12);
    compute_hydro_day(one_hydro_plant(1.0, 300.0), axis, {0, 96}, day);
    EXPECT_NEAR(day.base_mw[0], 150.0, 1e-9); // ecological flow
    compute_hydro_day(one_hydro_plant(1.0, 9999.0), axis, {0, 96}, day);
    EXPECT_NEAR(day.base_mw[0] * 24.0, day.energy_mwh[0], 1e-9); // no more than there is
}

TEST(ThermalUnit, HelpersSpeakOfWholePlants) {
    const ThermalPlants plants{.p_rated_mw = {660.0},
                               .units = {2},
                               .p_min_mw = {264.0},
                               .chp = {false},
                               .coal_g_per_kwh = {300.0},
                               .price_cny_per_mwh = {320.0},
                               .co2_t_per_mwh = {0.8},
                               .auxiliary_share = {0.06}};
    EXPECT_DOUBLE_EQ(plant_capacity_mw(plants, 0), 1320.0);
    EXPECT_DOUBLE_EQ(plant_minimum_mw(plants, 0, 1), 264.0);
    EXPECT_DOUBLE_EQ(plant_minimum_mw(plants, 0, 5), 528.0);
    EXPECT_EQ(units_needed(plants, 0, 0.0), 0);
    EXPECT_EQ(units_needed(plants, 0, 660.0), 1);
    EXPECT_EQ(units_needed(plants, 0, 661.0), 2);
    EXPECT_EQ(units_needed(plants, 0, 5000.0), 2);
    EXPECT_DOUBLE_EQ(coal_t(plants, 0, 1000.0), 300.0);
    EXPECT_DOUBLE_EQ(co2_t(plants, 0, 1000.0), 800.0);
}

TEST(ExternalGrid, OutputIsLoadDutyAndSurplusOrFallsShort) {
    const ExternalGrids grids{.solar_mw = {9000.0, 0.0},
                              .wind_mw = {3100.0, 0.0},
                              .wind_speed_factor = {1.2, 1.0},
                              .hydro_mw = {500.0, 100.0},
                              .own_load_mw = {800.0, 900.0},
                              .hvdc_rated_mw = {8000.0, 0.0},
                              .hvdc_duty_share = {0.5, 0.0},
                              .p_import_max_mw = {3000.0, 4300.0},
                              .p_export_max_mw = {3000.0, 4300.0},
                              .firm_mw = {0.0, 4300.0},
                              .firm_green_share = {0.8, 0.45},
                              .firm_co2_t_per_mwh = {0.18, 0.4471},
                              .surplus_price_cny_per_mwh = {200.0, 250.0},
                              .firm_price_cny_per_mwh = {300.0, 350.0},
                              .reserved_mw = {}};
    std::array<WeatherYear, 2> weather{still_weather(2, 70000.0), still_weather(2, 70000.0, -20.0)};
    const std::array<SiteIdx, 2> solar{SiteIdx{0}, SiteIdx{}};
    const std::array<SiteIdx, 2> wind{SiteIdx{1}, SiteIdx{}};
    const ExternalHours hours = compute_external(grids, solar, wind, weather, {0, 2});
    EXPECT_GT(hours.output_mw(0, 0), 6000.0);
    EXPECT_NEAR(hours.output_mw(0, 0),
                hours.own_load_mw(0, 0) + hours.duty_mw(0, 0) + hours.surplus_mw(0, 0), 1e-9);
    EXPECT_NEAR(hours.duty_mw(0, 0), hours.surplus_mw(0, 0), 1e-9);
    EXPECT_DOUBLE_EQ(hours.output_mw(1, 0), 100.0);
    EXPECT_EQ(hours.surplus_mw(1, 0), 0.0);
    EXPECT_EQ(hours.duty_mw(1, 0), 0.0);
}

TEST(ExternalGrid, DutyTakesItsShareOfWhatIsNotReserved) {
    ExternalGrids grids{.solar_mw = {0.0, 0.0},
                        .wind_mw = {0.0, 0.0},
                        .wind_speed_factor = {1.0, 1.0},
                        .hydro_mw = {5000.0, 2000.0},
                        .own_load_mw = {500.0, 500.0},
                        .hvdc_rated_mw = {8000.0, 8000.0},
                        .hvdc_duty_share = {0.8, 0.8},
                        .p_import_max_mw = {3000.0, 3000.0},
                        .p_export_max_mw = {0.0, 0.0},
                        .firm_mw = {0.0, 0.0},
                        .firm_green_share = {1.0, 1.0},
                        .firm_co2_t_per_mwh = {0.0, 0.0},
                        .surplus_price_cny_per_mwh = {200.0, 200.0},
                        .firm_price_cny_per_mwh = {300.0, 300.0},
                        .reserved_mw = {3000.0, 3000.0}};
    const std::array<SiteIdx, 2> nowhere{};
    const ExternalHours hours = compute_external(grids, nowhere, nowhere, {}, {0, 1});
    EXPECT_DOUBLE_EQ(hours.duty_mw(0, 0), 0.8 * 1500.0);
    EXPECT_DOUBLE_EQ(hours.surplus_mw(0, 0), 4500.0 - 0.8 * 1500.0);
    EXPECT_EQ(hours.duty_mw(1, 0), 0.0); // all of it is reserved
    EXPECT_DOUBLE_EQ(hours.surplus_mw(1, 0), 1500.0);
}

} // namespace
} // namespace yuanwang::models
