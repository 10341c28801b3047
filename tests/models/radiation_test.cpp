// Clear sky, decomposition, transposition and moist air against published values. The values and their digits are those
// of the tests of pvlib-python (commit 6382338a), tests/test_irradiance.py, test_clearsky.py, test_atmosphere.py.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <numbers>

#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/decomposition.hpp"
#include "models/weather/dirint.hpp"
#include "models/weather/sun_position.hpp"
#include "models/weather/transposition.hpp"

namespace yuanwang::models {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

TEST(ClearSky, IneichenMatchesPublishedValues) {
    const Irradiance clear = clear_sky_ineichen(10.0, 1.0, 3.0, 0.0, 1364.0);
    EXPECT_NEAR(clear.ghi_w_per_m2, 1038.159219, 1e-6);
    EXPECT_NEAR(clear.dni_w_per_m2, 942.208186, 1e-6);
    EXPECT_NEAR(clear.dhi_w_per_m2, 110.265293, 1e-6);
}

TEST(ClearSky, ClosesAtEveryHeightOfTheSun) {
    for (const double altitude_m : {0.0, 2261.0, 4500.0}) {
        for (double zenith = 0; zenith < 90; zenith += 2.5) {
            const Irradiance clear =
                clear_sky_at(zenith, pressure_at_altitude_pa(altitude_m), altitude_m, 1361.0);
            EXPECT_NEAR(clear.ghi_w_per_m2,
                        clear.dhi_w_per_m2 + clear.dni_w_per_m2 * std::cos(zenith * degree), 1e-9);
            EXPECT_LE(clear.ghi_w_per_m2, 0.88 * 1361.0 * std::cos(zenith * degree) + 1e-9);
            EXPECT_GE(clear.dhi_w_per_m2, -1e-9);
            EXPECT_LT(clear.dni_w_per_m2, 1361.0);
        }
    }
    EXPECT_EQ(clear_sky_ineichen(95.0, 38.0, 3.0, 0.0, 1364.0).ghi_w_per_m2, 0.0);
}

TEST(ClearSky, PlateauNoonIsBrighterThanTheSea) {
    const auto noon = [](double altitude_m) {
        const double am =
            relative_air_mass(30.0) * pressure_at_altitude_pa(altitude_m) / sea_level_pressure_pa;
        return clear_sky_ineichen(30.0, am, 3.0, altitude_m, 1361.0);
    };
    EXPECT_GT(noon(2261).dni_w_per_m2, noon(0).dni_w_per_m2);
    EXPECT_GT(noon(2261).ghi_w_per_m2, noon(0).ghi_w_per_m2);
}

TEST(ClearSky, SpencerIsLargestAtPerihelion) {
    EXPECT_NEAR(extraterrestrial_spencer_w_per_m2(3, 1366.1) / 1366.1, 1.035, 0.001);
    EXPECT_NEAR(extraterrestrial_spencer_w_per_m2(185, 1366.1) / 1366.1, 0.967, 0.001);
    EXPECT_NEAR(extraterrestrial_w_per_m2(1.0), 1361.0, 0.0);
}

TEST(Decomposition, ErbsMatchesPublishedValues) {
    const double extra = extraterrestrial_spencer_w_per_m2(1, 1366.1);
    const Irradiance split = decompose_erbs(1000.0, 10.0, extra);
    EXPECT_NEAR(clearness_index(1000.0, 10.0, extra), 0.718133, 5e-7);
    EXPECT_NEAR(split.dni_w_per_m2, 794.206, 5e-4);
    EXPECT_NEAR(split.dhi_w_per_m2, 217.860, 5e-4);
}

// pvlib-python, tests/test_irradiance.py: two hours of a June day at 93193 Pa, steadiness known or not, dew point 10 °C.
TEST(Decomposition, DirintMatchesPublishedValues) {
    const std::array<double, 2> ghi = {1038.62, 254.53};
    const std::array<double, 2> zenith = {10.567, 72.469};
    const std::array<double, 2> pressure = {93193, 93193};
    const std::array<double, 2> dew_c = {10, 10};
    const double i0 =
        extraterrestrial_spencer_w_per_m2(175, 1370.0); // the constant DISC was fitted with
    const std::array<double, 2> extra = {i0, i0};
    const auto steady = dirint_dni_w_per_m2({ghi, zenith, extra, pressure, {}});
    EXPECT_NEAR(steady[0], 868.8, 0.1);
    EXPECT_NEAR(steady[1], 699.7, 0.1);
    const auto moist = dirint_dni_w_per_m2({ghi, zenith, extra, pressure, dew_c});
    EXPECT_NEAR(moist[0], 882.1, 0.1);
    EXPECT_NEAR(moist[1], 672.6, 0.1);
    const auto alone = dirint_dni_w_per_m2({ghi, zenith, extra, pressure, {}}, false);
    EXPECT_NEAR(alone[0], 861.9, 0.1);
    EXPECT_NEAR(alone[1], 670.4, 0.1);
}

TEST(Decomposition, DirintOfTheNightIsNothing) {
    const std::array<double, 3> ghi = {0, 300, 5};
    const std::array<double, 3> zenith = {100, 60, 88};
    const std::array<double, 3> extra = {1361, 1361, 1361};
    const std::array<double, 3> pressure = {77000, 77000, 77000};
    const auto dni = dirint_dni_w_per_m2({ghi, zenith, extra, pressure, {}});
    EXPECT_EQ(dni[0], 0.0);
    EXPECT_GT(dni[1], 0.0);
    EXPECT_EQ(dni[2], 0.0);
}

TEST(Decomposition, DiscMatchesPublishedValue) {
    const double extra = extraterrestrial_spencer_w_per_m2(175, 1370.0);
    EXPECT_NEAR(disc_dni_w_per_m2(1038.62, 10.567, extra, 93193.0), 830.46567, 5e-4);
    EXPECT_EQ(disc_dni_w_per_m2(20.0, 88.0, extra, 93193.0), 0.0);
}

TEST(Decomposition, ClosesForEveryClearness) {
    for (double ghi = 0; ghi <= 1300; ghi += 25) {
        for (const double zenith : {0.0, 45.0, 80.0, 89.5, 92.0}) {
            const Irradiance split = decompose_erbs(ghi, zenith, 1361.0);
            const double cos_z = std::max(0.0, std::cos(zenith * degree));
            EXPECT_NEAR(split.dhi_w_per_m2 + split.dni_w_per_m2 * cos_z, ghi, 1e-9);
            const Irradiance capped = close_irradiance(ghi, 0.3 * ghi, zenith, 900.0);
            EXPECT_NEAR(capped.dhi_w_per_m2 + capped.dni_w_per_m2 * cos_z, ghi, 1e-9);
            EXPECT_LE(capped.dni_w_per_m2, 900.0);
        }
    }
}

// Tucson, 24 June 2014, at 0, 6, 12 and 18 h (UTC−7); tilt 40° to the south.
class Transposition : public testing::Test {
  protected:
    struct Hour {
        Irradiance sky;
        SunPosition sun;
    };
    Transposition() {
        using namespace std::chrono;
        const std::array<Irradiance, 4> sky = {{{0, 0, 0},
                                                {79.73860422, 316.1949056, 40.46149818},
                                                {1042.48031487, 939.95469881, 118.45831879},
                                                {257.20751138, 646.22886049, 62.03376265}}};
        for (std::size_t i = 0; i < 4; ++i) {
            const sys_seconds utc = sys_days{2014y / June / 24} + 7h + 6h * static_cast<int>(i);
            const GeocentricSun sun = compute_geocentric_sun(julian_day(utc), 67.0);
            hours[i] = {sky[i], observe_sun(sun, {32.2, -111.0, 0}, 101325.0, 12.0)};
        }
    }
    static constexpr double extra = 1321.1655834833093;
    const Plane plane{40.0, 180.0};
    std::array<Hour, 4> hours;
};

TEST_F(Transposition, NoonSunOfTucsonStandsWhereTheFixtureSays) {
    EXPECT_NEAR(hours[2].sun.zenith_degree(), 10.56413562, 1e-5);
    EXPECT_NEAR(hours[2].sun.azimuth_degree, 144.76567754, 1e-4);
    EXPECT_NEAR(relative_air_mass(10.56413562), 1.01688136, 5e-9);
    EXPECT_NEAR(extraterrestrial_spencer_w_per_m2(175, 1366.1), extra, 5e-11);
}

TEST_F(Transposition, IsotropicMatchesPublishedValues) {
    const std::array<double, 4> expected = {0, 35.728402, 104.601328, 54.777191};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(sky_isotropic_w_per_m2(plane, hours[i].sky.dhi_w_per_m2), expected[i], 5e-7);
    }
}

TEST_F(Transposition, HayDaviesMatchesPublishedValues) {
    const std::array<double, 4> expected = {0, 27.1775, 102.9949, 33.1909};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& [sky, sun] = hours[i];
        EXPECT_NEAR(sky_hay_davies_w_per_m2(plane, sky.dhi_w_per_m2, sky.dni_w_per_m2, extra,
                                            sun.zenith_degree(), sun.azimuth_degree),
                    expected[i], 5e-5);
    }
}

TEST_F(Transposition, PerezMatchesPublishedValue) {
    EXPECT_NEAR(sky_perez_w_per_m2(plane, 118.45831879, 939.95469881, extra, 10.56413562,
                                   144.76567754, 1.01688136),
                109.084332, 5e-7);
}

TEST_F(Transposition, WholePlaneAtNoonMatchesPublishedValues) {
    const auto& [sky, sun] = hours[2];
    const PlaneIrradiance on =
        transpose(plane, sky, extra, sun.zenith_degree(), sun.azimuth_degree, 0.40);
    EXPECT_NEAR(on.beam_w_per_m2, 798.3194, 1e-3);
    EXPECT_NEAR(on.sky_w_per_m2, 109.0843, 1e-3);
    EXPECT_NEAR(on.ground_w_per_m2, 48.7788, 1e-3);
    EXPECT_NEAR(on.sky_w_per_m2 + on.ground_w_per_m2, 157.8631, 1e-3);
    EXPECT_NEAR(on.total_w_per_m2(), 956.1825, 1e-3);
}

TEST_F(Transposition, FlatPlaneSeesTheHorizontal) {
    const auto& [sky, sun] = hours[2];
    const PlaneIrradiance on =
        transpose({0, 180}, sky, extra, sun.zenith_degree(), sun.azimuth_degree, 0.2);
    EXPECT_EQ(on.ground_w_per_m2, 0.0);
    EXPECT_NEAR(on.beam_w_per_m2, sky.dni_w_per_m2 * std::cos(sun.zenith_degree() * degree), 1e-9);
    EXPECT_NEAR(on.sky_w_per_m2, sky.dhi_w_per_m2, 0.01 * sky.dhi_w_per_m2);
}

TEST(Tracker, FacesTheSunAcrossItsAxis) {
    // North–south axis; sun in the east, in the south, in the west.
    const Plane morning = track_sun(50.0, 90.0, 180.0, 60.0, 0.35);
    EXPECT_NEAR(morning.tilt_degree, 50.0, 1e-9);
    EXPECT_NEAR(std::remainder(morning.azimuth_degree - 90.0, 360.0), 0.0, 1e-9);
    EXPECT_NEAR(cos_incidence(morning, 50.0, 90.0), 1.0, 1e-12);
    EXPECT_NEAR(track_sun(30.0, 180.0, 180.0, 60.0, 0.35).tilt_degree, 0.0, 1e-9);
    const Plane evening = track_sun(50.0, 270.0, 180.0, 60.0, 0.35);
    EXPECT_NEAR(std::remainder(evening.azimuth_degree - 270.0, 360.0), 0.0, 1e-9);
    EXPECT_NEAR(cos_incidence(evening, 50.0, 270.0), 1.0, 1e-12);
}

TEST(Tracker, TurnsBackBeforeRowsShadeEachOther) {
    const double gcr = 0.35;
    for (double zenith = 70.0; zenith < 90.0; zenith += 1.0) {
        const Plane plane = track_sun(zenith, 270.0, 180.0, 90.0, gcr);
        // Shadow of a row of width 1 on flat ground against the row pitch of 1/gcr.
        const double shadow = cos_incidence(plane, zenith, 270.0) / std::cos(zenith * degree);
        EXPECT_LE(shadow, 1.0 / gcr + 1e-9) << zenith;
    }
    EXPECT_EQ(track_sun(95.0, 270.0, 180.0, 60.0, gcr).tilt_degree, 0.0);
}

TEST(Air, PressureByAltitudeMatchesPublishedValues) {
    EXPECT_NEAR(pressure_at_altitude_pa(1000.0), 89874.750, 5e-4);
    EXPECT_NEAR(pressure_at_altitude_pa(0.0), sea_level_pressure_pa, 1.0);
    EXPECT_NEAR(pressure_at_altitude_pa(2261.0), 76900.0, 100.0);
}

TEST(Air, DryAirAtSeaLevelHasTheStandardDensity) {
    EXPECT_NEAR(air_density_kg_per_m3(101325.0, 15.0, 0.0), sea_level_density_kg_per_m3, 5e-4);
    EXPECT_LT(air_density_kg_per_m3(101325.0, 15.0, 1.0),
              air_density_kg_per_m3(101325.0, 15.0, 0.0));
}

TEST(Air, WetBulbFallsWithPressureAndMeetsTheDryBulbInSaturation) {
    EXPECT_NEAR(wet_bulb_c(101325.0, 20.0, 0.5), 13.8, 0.1); // psychrometric chart: 13.8 °C
    EXPECT_NEAR(wet_bulb_c(77000.0, 18.0, 1.0), 18.0, 1e-6);
    EXPECT_LT(wet_bulb_c(77000.0, 25.0, 0.4), wet_bulb_c(101325.0, 25.0, 0.4));
}

TEST(Air, DewPointInvertsTheSaturationPressure) {
    for (const double t : {-25.0, 0.0, 17.5, 35.0}) {
        EXPECT_NEAR(dew_point_c(saturation_pressure_pa(t)), t, 1e-9);
    }
}

TEST(Air, WarmerOffsetKeepsTheVapour) {
    WeatherYear w;
    w.temperature_c = {10.0, -5.0};
    w.relative_humidity = {0.5, 1.0};
    const double e = 0.5 * saturation_pressure_pa(10.0);
    shift_temperature(w, 1.2);
    EXPECT_NEAR(w.temperature_c[0], 11.2, 1e-12);
    EXPECT_NEAR(w.relative_humidity[0] * saturation_pressure_pa(11.2), e, 1e-9);
    shift_temperature(w, -10.0);
    EXPECT_EQ(w.relative_humidity[1], 1.0);
}

} // namespace
} // namespace yuanwang::models
