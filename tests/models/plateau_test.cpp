// The air of a site, at its altitude and at sea level.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "models/source/solar_plant.hpp"
#include "models/source/wind_farm.hpp"
#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/synthetic.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const TimeAxis quarter{beijing_midnight(2025y / April / 1), minutes{60}, 24 * 91};

MonthlyNormals some_normals() {
    MonthlyNormals normals;
    normals.ghi_kwh_per_m2.fill(150);
    normals.temperature_c.fill(8);
    normals.temperature_range_k.fill(12);
    normals.relative_humidity.fill(0.5);
    normals.wind_speed_m_per_s.fill(4);
    return normals;
}

WeatherYear weather_at(double altitude_m) {
    return make_synthetic_weather({36.6, 101.8, altitude_m}, some_normals(), quarter, 3, "site");
}

TEST(SeaLevel, ASiteAtSeaLevelComesBackToTheBit) {
    const WeatherYear before = weather_at(0);
    WeatherYear after = before;
    move_to_sea_level(after, {36.6, 101.8, 0});
    EXPECT_EQ(after.ghi_w_per_m2, before.ghi_w_per_m2);
    EXPECT_EQ(after.dni_w_per_m2, before.dni_w_per_m2);
    EXPECT_EQ(after.dhi_w_per_m2, before.dhi_w_per_m2);
    EXPECT_EQ(after.pressure_pa, before.pressure_pa);
    EXPECT_EQ(after.air_density_kg_per_m3, before.air_density_kg_per_m3);
}

TEST(SeaLevel, ThePlateauGetsTheAirOfTheCoast) {
    const SitePosition site{36.6, 101.8, 2261};
    const WeatherYear plateau = weather_at(2261);
    WeatherYear coast = plateau;
    move_to_sea_level(coast, site);
    double density = 0;
    double ghi = 0;
    for (std::size_t t = 0; t < coast.size(); ++t) {
        ASSERT_NEAR(coast.pressure_pa[t] / plateau.pressure_pa[t],
                    101325.0 / pressure_at_altitude_pa(2261), 1e-9);
        ASSERT_EQ(coast.temperature_c[t], plateau.temperature_c[t]);
        ASSERT_EQ(coast.wind_speed_m_per_s[t], plateau.wind_speed_m_per_s[t]);
        ASSERT_GE(coast.dhi_w_per_m2[t], -1e-9);
        const double sin_h =
            std::max(0.0, std::sin(coast.sun_elevation_degree[t] * std::numbers::pi / 180.0));
        ASSERT_NEAR(coast.dhi_w_per_m2[t] + coast.dni_w_per_m2[t] * sin_h, coast.ghi_w_per_m2[t],
                    1e-9);
        density += coast.air_density_kg_per_m3[t] / plateau.air_density_kg_per_m3[t];
        ghi += coast.ghi_w_per_m2[t] - plateau.ghi_w_per_m2[t];
    }
    EXPECT_NEAR(density / static_cast<double>(coast.size()), 1.318, 0.005); // 101.3 over 76.9 kPa
    EXPECT_LT(ghi, 0.0); // more air between the sun and the ground
}

// Every device reads altitude from the pressure: at 101325 Pa the models are those of the text books.
TEST(SeaLevel, PressureOf101325PaReturnsTheSeaLevelModels) {
    WeatherYear w;
    w.ghi_w_per_m2 = {800};
    w.dhi_w_per_m2 = {150};
    w.dni_w_per_m2 = {650.0 / std::sin(50 * std::numbers::pi / 180.0)};
    w.temperature_c = {15};
    w.relative_humidity = {0};
    w.pressure_pa = {sea_level_pressure_pa};
    w.wind_speed_m_per_s = {8};
    w.sun_elevation_degree = {50};
    w.sun_azimuth_degree = {180};
    w.dni_extra_w_per_m2 = {1361};
    add_air(w);
    // ISO 2533: 1.225 kg/m³ at 15 °C; the gas constant of 287.05 leaves 2e-5 of it.
    EXPECT_NEAR(w.air_density_kg_per_m3[0], sea_level_density_kg_per_m3, 4e-5);
    w.air_density_kg_per_m3 = {sea_level_density_kg_per_m3};

    WindFarms farm{.p_rated_mw = {10},
                   .power_curve = {"iec_class_3"},
                   .hub_height_m = {10},
                   .shear_exponent = {0},
                   .speed_factor = {1},
                   .farm_efficiency = {1},
                   .availability = {1},
                   .cold_cut_out_c = {-30}};
    Series p_mw;
    compute_wind_power(farm, std::array{SiteIdx{0}}, std::array{w}, {0, 1}, p_mw);
    EXPECT_EQ(p_mw(0, 0), 10 * find_power_curve("iec_class_3")->at(8));
    EXPECT_EQ(inverter_limit({}, sea_level_pressure_pa), 1.0);
    EXPECT_EQ(density_equivalent_speed(8, sea_level_density_kg_per_m3), 8.0);
    // Clear sky: absolute air mass is relative air mass.
    const double relative = relative_air_mass(40);
    const Irradiance a = clear_sky_at(40, sea_level_pressure_pa, 0, 1361);
    const Irradiance b = clear_sky_ineichen(40, relative, linke_turbidity_at(0), 0, 1361);
    EXPECT_EQ(a.ghi_w_per_m2, b.ghi_w_per_m2);
}

} // namespace
} // namespace yuanwang::models
