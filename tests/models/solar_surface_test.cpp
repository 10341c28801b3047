// What lies on modules, what stands around them, and what inverters make of it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "models/source/inverter.hpp"
#include "models/source/rows.hpp"
#include "models/source/single_diode.hpp"
#include "models/source/snow.hpp"
#include "models/source/soiling.hpp"
#include "models/source/solar_plant.hpp"
#include "models/weather/air.hpp"
#include "models/weather/horizon.hpp"

namespace yuanwang::models {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

const std::array<double, 24> rain_mm = {0, 0, 0, 0, 1,  0,  0,  0,  .5, .5, 0, 0,
                                        0, 0, 0, 0, .3, .3, .3, .3, 0,  0,  0, 0};

Soiling hsu(double cleaning_mm, double v25, double v10) {
    Soiling soiling;
    soiling.model = SoilingModel::hsu;
    soiling.cleaning_mm = cleaning_mm;
    soiling.pm25_ug_per_m3 = 1e6; // the tests of the source speak of 1 and 2 g/m³
    soiling.pm10_ug_per_m3 = 2e6;
    soiling.deposition_pm25_m_per_s = v25;
    soiling.deposition_pm10_m_per_s = v10;
    return soiling;
}

// pvlib-python (commit 4343f192), tests/test_soiling.py: hours of a day, no rain strong enough.
TEST(Soiling, HsuWithoutCleaningGivesThePublishedRatios) {
    const std::array<double, 24> expected = {
        0.96998483, 0.94623958, 0.92468139, 0.90465654, 0.88589707, 0.86826366,
        0.85167258, 0.83606715, 0.82140458, 0.80764919, 0.79476875, 0.78273241,
        0.77150951, 0.76106905, 0.75137932, 0.74240789, 0.73412165, 0.72648695,
        0.71946981, 0.7130361,  0.70715176, 0.70178307, 0.69689677, 0.69246034};
    SoilingState state = make_soiling_state(1);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_NEAR(1.0 - settle_dust(hsu(10, 1e-5, 1e-4), 0, rain_mm[t], 1.0, state), expected[t],
                    1e-8)
            << t;
    }
}

// The same source, rain summed over three hours washes from 0.5 mm on.
TEST(Soiling, HsuWithRainGivesThePublishedRatios) {
    const std::array<double, 24> expected = {
        0.95036261, 0.91178179, 0.87774818, 0.84732079, 1.,         1.,
        1.,         0.95036261, 1.,         1.,         1.,         1.,
        0.95036261, 0.91178179, 0.87774818, 0.84732079, 0.8201171,  1.,
        1.,         1.,         1.,         0.95036261, 0.91178179, 0.87774818};
    SoilingState state = make_soiling_state(3);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_NEAR(1.0 - settle_dust(hsu(0.5, 1e-4, 1e-4), 0, rain_mm[t], 1.0, state), expected[t],
                    1e-8)
            << t;
    }
}

TEST(Soiling, KimberGrowsToItsCapAndWaitsOutTheGracePeriod) {
    Soiling soiling;
    soiling.model = SoilingModel::kimber;
    SoilingState state = make_soiling_state(24);
    double loss = 0;
    for (int h = 0; h < 24 * 100; ++h) {
        loss = settle_dust(soiling, 30, 0.0, 1.0, state);
    }
    EXPECT_NEAR(loss, 0.15, 1e-12); // 100 days of 0.0015
    for (int h = 0; h < 24 * 200; ++h) {
        loss = settle_dust(soiling, 30, 0.0, 1.0, state);
    }
    EXPECT_NEAR(loss, 0.3, 1e-12);

    soiling.grace_days = 1;
    soiling.cleaning_mm = 10;
    std::vector<double> after;
    for (int h = 0; h < 72; ++h) {
        after.push_back(settle_dust(soiling, 30, h == 0 ? 10.0 : 0.0, 1.0, state));
    }
    EXPECT_EQ(after[0], 0.0); // a threshold just met cleans
    EXPECT_EQ(after[24], 0.0);
    EXPECT_GT(after[48], 0.0);
    soiling.wash_every_days = 1;
    for (int h = 0; h < 25; ++h) { // at once, for the last rain is long ago, and a day later
        loss = settle_dust(soiling, 30, 0.0, 1.0, state);
    }
    EXPECT_EQ(loss, 0.0);
}

// pvlib-python, tests/test_snow.py: covered at first, then 0.197 sin 45° an hour.
TEST(Snow, SlidesAsPublished) {
    const std::array<double, 8> poa = {400, 200, 100, 1234, 134, 982, 100, 100};
    const std::array<double, 8> air_c = {10, 2, 10, 1234, 34, 982, 10, 10};
    const std::array<double, 8> snow_cm = {1, .5, .6, .4, .23, -5, .1, .1};
    const Snow snow{true, 0.6, 1};
    double cover = 0;
    for (std::size_t t = 0; t < 8; ++t) {
        cover = slide_snow(snow, 45, poa[t], air_c[t], snow_cm[t], 1.0, cover);
        const double expected = 1.0 - 0.197 * std::sin(45 * degree) * static_cast<double>(t);
        EXPECT_NEAR(cover, std::max(0.0, expected), 1e-12) << t;
    }
}

TEST(Snow, QuarterHoursSlideAsPublished) {
    const std::array<double, 13> poa = {400, 200, 100, 1234, 134, 982, 100,
                                        100, 100, 100, 100,  100, 0};
    const std::array<double, 13> air_c = {10, 2, 10, 1234, 34, 982, 10, 10, 10, 10, -10, -10, 10};
    const std::array<double, 13> snow_cm = {1, .5, .6, .4, .23, -5, .1, .1, 0, 1, 0, 0, 0};
    const std::array<int, 13> slides = {0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 1};
    const Snow snow{true, 1, 1};
    double cover = 0;
    for (std::size_t t = 0; t < 13; ++t) {
        cover = slide_snow(snow, 45, poa[t], air_c[t], snow_cm[t], 0.25, cover);
        EXPECT_NEAR(cover, 1.0 - 0.25 * 0.197 * std::sin(45 * degree) * slides[t], 1e-12) << t;
    }
}

TEST(Snow, StringsGoDarkAsAWhole) {
    const Snow snow{true, 1, 8};
    const std::array<double, 6> cover = {1, .5, .6, .2, .4, 0};
    const std::array<double, 6> loss = {1, .5, .625, .25, .5, 0};
    for (std::size_t i = 0; i < cover.size(); ++i) {
        EXPECT_NEAR(snow_loss(snow, cover[i]), loss[i], 1e-12);
    }
}

TEST(Rows, ViewsOfALoneRowAreThoseOfAPlane) {
    for (const double tilt : {0.0, 20.0, 60.0, 90.0}) {
        const RowViews alone = see_rows(0, tilt);
        const RowViews sparse = see_rows(1e-4, tilt);
        EXPECT_NEAR(alone.front_sky, 0.5 * (1 + std::cos(tilt * degree)), 1e-15);
        EXPECT_NEAR(sparse.front_sky, alone.front_sky, 1e-4);
        EXPECT_NEAR(sparse.back_sky, alone.back_sky, 1e-4);
        EXPECT_NEAR(sparse.ground_sky, 1.0, 2e-4);
    }
}

// What leaves the ground reaches rows or sky; what reaches a face comes from ground, sky or the next row.
TEST(Rows, ViewsAddUpAndUprightRowsLookBothWaysAlike) {
    for (const double g : {0.1, 0.35, 0.7, 0.95}) {
        for (const double tilt : {0.0, 15.0, 45.0, 90.0}) {
            const RowViews v = see_rows(g, tilt);
            EXPECT_NEAR(v.ground_sky + g * (v.front_ground + v.back_ground), 1.0, 1e-12);
            EXPECT_LE(v.front_sky + v.front_ground, 1.0 + 1e-12);
            EXPECT_GE(v.ground_sky, 0.0);
        }
        const RowViews flat = see_rows(g, 0);
        EXPECT_NEAR(flat.front_sky, 1.0, 1e-12);
        EXPECT_NEAR(flat.ground_sky, 1.0 - g, 1e-12);
        const RowViews upright = see_rows(g, 90);
        EXPECT_NEAR(upright.front_sky, upright.front_ground, 1e-12);
    }
}

TEST(Rows, FlatRowsShadeTheirOwnWidthAndALowSunTheNextRow) {
    const Plane flat{0, 180};
    const Irradiance sky{800, 800, 100};
    const RowLight noon = light_rows(see_rows(0.4, 0), 0.4, flat, sky, 0.0, 180, 0.3);
    EXPECT_EQ(noon.front_lit, 1.0);
    // Ground: 60 % in the sun; back of a flat row sees the ground alone.
    EXPECT_NEAR(noon.back_w_per_m2, 0.3 * (800 * 0.6 + 100 * 0.6), 1e-9);
    const Plane tilted{30, 180};
    const RowLight evening = light_rows(see_rows(0.6, 30), 0.6, tilted, sky, 80.0, 180, 0.3);
    const double shadow =
        0.6 * (std::cos(30 * degree) + std::sin(30 * degree) * std::tan(80 * degree));
    EXPECT_NEAR(evening.front_lit, 1.0 / shadow, 1e-12);
}

TEST(SingleDiode, DefaultModuleIsItsDataSheet) {
    const ModuleDiode module;
    EXPECT_NEAR(find_power_w(module, 1000, 25), 220.0, 1.0); // CS5P-220M
    const DiodePoints points =
        solve_points({module.photocurrent_a, module.saturation_a, module.series_ohm,
                      module.shunt_ohm, module.thermal_voltage_v});
    EXPECT_NEAR(points.voc_v, 59.4, 0.2);
    EXPECT_NEAR(points.isc_a, 5.1, 0.01);
    EXPECT_NEAR(points.vmp_v, 46.9, 0.5);
    const double per_k = (find_power_w(module, 1000, 35) / find_power_w(module, 1000, 25) - 1) / 10;
    EXPECT_NEAR(per_k, -0.0048, 0.0006);
    EXPECT_EQ(find_power_w(module, 0, 25), 0.0);
}

TEST(Inverter, KeepsItsRatingToAnAltitudeAndLosesBeyond) {
    const Inverter inverter;
    EXPECT_EQ(inverter_limit(inverter, sea_level_pressure_pa), 1.0);
    EXPECT_EQ(inverter_limit(inverter, pressure_at_altitude_pa(2261)), 1.0);
    EXPECT_NEAR(inverter_limit(inverter, pressure_at_altitude_pa(4000)), 0.9, 1e-9);
    EXPECT_NEAR(altitude_of_pressure_m(pressure_at_altitude_pa(2261)), 2261, 1e-6);
}

TEST(Inverter, CurveOfADataSheetIsMetAtItsPoints) {
    Inverter inverter;
    inverter.curve_load = {0.05, 0.5, 1.0};
    inverter.curve_efficiency = {0.95, 0.985, 0.98};
    EXPECT_NEAR(invert_by_curve(inverter, 50.0 / 0.985, 100.0), 50.0, 1e-6);
    EXPECT_NEAR(invert_by_curve(inverter, 1.0 / 0.95, 100.0), 1.0, 1e-9);
    const double ac = invert_by_curve(inverter, 80.0, 100.0);
    EXPECT_NEAR(ac / 80.0, 0.985 - 0.005 * (ac / 100.0 - 0.5) / 0.5, 1e-9);
}

TEST(Horizon, IsStraightBetweenPointsAndClosedOverNorth) {
    const Horizon h{{10, 90, 270}, {5, 25, 15}};
    EXPECT_NEAR(horizon_elevation_degree(h, 50), 15, 1e-12);
    EXPECT_NEAR(horizon_elevation_degree(h, 180), 20, 1e-12);
    EXPECT_NEAR(horizon_elevation_degree(h, 320), 10, 1e-12); // half way from 270 to 370
    EXPECT_NEAR(horizon_elevation_degree(h, 0), 6, 1e-12);
    EXPECT_NEAR(horizon_elevation_degree(h, 370), 5, 1e-12);
    EXPECT_EQ(horizon_elevation_degree({}, 100), 0.0);
    const Horizon ring{{0}, {30}};
    EXPECT_NEAR(horizon_sky_share(ring), 0.75, 1e-12); // 1 − sin² 30°
    EXPECT_EQ(horizon_sky_share({}), 1.0);
}

/// Two hours of the same sky, sun 50° high in the south.
WeatherYear two_hours() {
    WeatherYear w;
    w.ghi_w_per_m2 = {800, 800};
    w.dhi_w_per_m2 = {150, 150};
    w.dni_w_per_m2.assign(2, 650.0 / std::sin(50 * degree));
    w.temperature_c = {-5, -5};
    w.relative_humidity = {0.3, 0.3};
    w.pressure_pa.assign(2, 77000);
    w.wind_speed_m_per_s = {3, 3};
    w.sun_elevation_degree = {50, 50};
    w.sun_azimuth_degree = {180, 180};
    w.dni_extra_w_per_m2.assign(2, 1361);
    w.precipitation_mm = {0, 0};
    w.snowfall_cm = {0, 0};
    add_air(w);
    return w;
}

SolarPlants one_plant() {
    SolarPlants p;
    p.p_rated_mw = {100};
    p.dc_ac_ratio = {1.0};
    p.tracking = {Tracking::fixed};
    p.tilt_degree = {35};
    p.azimuth_degree = {180};
    p.albedo = {0.25};
    p.mounting = {Mounting::open_rack_glass_glass};
    p.gamma_per_k = {-0.0034};
    p.dc_losses = {0.1};
    p.inverter_efficiency = {0.97};
    return p;
}

double first_mw(const SolarPlants& plants, const WeatherYear& weather, std::size_t hours = 1) {
    Series p_mw;
    compute_solar_power(plants, std::array{SiteIdx{0}}, std::array{weather}, {0, hours}, p_mw);
    return p_mw(0, hours - 1);
}

TEST(SolarSurface, TheBackOfABifacialPlantAddsSomeHundredths) {
    SolarPlants plants = one_plant();
    plants.ground_cover_ratio = {0.4};
    const double front = first_mw(plants, two_hours());
    plants.bifaciality = {0.75};
    const double gain = first_mw(plants, two_hours()) / front - 1.0;
    EXPECT_GT(gain, 0.03);
    EXPECT_LT(gain, 0.12);
}

TEST(SolarSurface, SnowTakesAllAndDustItsShare) {
    SolarPlants plants = one_plant();
    const double clean = first_mw(plants, two_hours());
    WeatherYear snowy = two_hours();
    snowy.snowfall_cm = {3, 0};
    snowy.temperature_c = {-30, -30}; // too cold to slide in the sun
    plants.snow = {{true, 1, 1}};
    EXPECT_EQ(first_mw(plants, snowy, 2), 0.0);
    plants.snow = {};
    plants.soiling = {Soiling{}};
    plants.soiling[0].model = SoilingModel::kimber;
    plants.soiling[0].loss_per_day = 2.4; // a tenth an hour, to see it
    EXPECT_NEAR(first_mw(plants, two_hours()) / clean, 0.9, 0.005);
}

TEST(SolarSurface, BehindTheSkylineOnlyDiffuseLightIsLeft) {
    SolarPlants plants = one_plant();
    const double free = first_mw(plants, two_hours());
    plants.horizon = {{{0}, {20}}};
    const double valley = first_mw(plants, two_hours());
    EXPECT_LT(valley, free);
    EXPECT_GT(valley, 0.95 * free);
    plants.horizon = {{{0}, {60}}}; // above the sun
    EXPECT_LT(first_mw(plants, two_hours()), 0.1 * free);
    plants.horizon = {Horizon{}};
    WeatherYear site = two_hours();
    site.horizon = {{0}, {60}}; // of the site
    EXPECT_LT(first_mw(plants, site), 0.1 * free);
}

TEST(SolarSurface, SingleDiodeAndPvwattsMeetAtTheRating) {
    SolarPlants plants = one_plant();
    plants.gamma_per_k = {-0.0048}; // that of the module
    const double pvwatts = first_mw(plants, two_hours());
    plants.dc_model = {DcModel::single_diode};
    plants.module = {ModuleDiode{}};
    EXPECT_NEAR(first_mw(plants, two_hours()) / pvwatts, 1.0, 0.02);
}

TEST(SolarSurface, CellModelsAgreeWithinAFewKelvin) {
    SolarPlants plants = one_plant();
    const double sapm = first_mw(plants, two_hours());
    for (const ThermalModel model : {ThermalModel::faiman, ThermalModel::pvsyst}) {
        plants.thermal_model = {model};
        EXPECT_NEAR(first_mw(plants, two_hours()) / sapm, 1.0, 0.05);
        EXPECT_NE(first_mw(plants, two_hours()), sapm);
    }
}

TEST(SolarSurface, HighPlateauClipsTheInverter) {
    SolarPlants plants = one_plant();
    plants.dc_ac_ratio = {1.5};
    WeatherYear high = two_hours();
    high.pressure_pa.assign(2, pressure_at_altitude_pa(4500));
    add_air(high);
    EXPECT_NEAR(first_mw(plants, high), 85.0, 1e-6); // 1.5 km above 3000 m at a tenth a km
}

// Days one after the other are the days in one piece, for every kind of plant: nothing is remembered but the state.
TEST(SolarSurface, StateCarriesEverythingFromBlockToBlock) {
    WeatherYear w;
    const std::size_t n = 96;
    for (std::size_t t = 0; t < n; ++t) {
        const double day = std::sin((static_cast<double>(t % 24) - 6.0) / 12.0 * std::numbers::pi);
        w.ghi_w_per_m2.push_back(std::max(0.0, 700 * day));
        w.dhi_w_per_m2.push_back(std::max(0.0, 150 * day));
        w.dni_w_per_m2.push_back(day > 0.1 ? 600 : 0);
        w.sun_elevation_degree.push_back(50 * day);
        w.sun_azimuth_degree.push_back(90 + 7.5 * static_cast<double>(t % 24));
        w.snowfall_cm.push_back(t == 30 ? 4 : 0);
        w.precipitation_mm.push_back(t == 70 ? 8 : 0);
    }
    w.temperature_c.assign(n, 2);
    w.relative_humidity.assign(n, 0.4);
    w.pressure_pa.assign(n, 77000);
    w.wind_speed_m_per_s.assign(n, 2);
    w.dni_extra_w_per_m2.assign(n, 1361);
    add_air(w);
    for (const Tracking tracking : {Tracking::fixed, Tracking::single_axis}) {
        SolarPlants plants = one_plant();
        plants.tracking = {tracking};
        plants.ground_cover_ratio = {0.4};
        plants.soiling = {Soiling{}};
        plants.soiling[0].model = SoilingModel::hsu;
        plants.snow = {{true, 1, 2}};
        const std::array<WeatherYear, 1> weather{w};
        const std::array<SiteIdx, 1> site{SiteIdx{0}};
        Series whole;
        SolarState state = make_solar_state(plants, 1.0);
        compute_solar_power(plants, site, weather, {0, n}, 1.0, state, whole);
        state = make_solar_state(plants, 1.0);
        for (std::size_t first = 0; first < n; first += 24) {
            Series day;
            compute_solar_power(plants, site, weather, {first, 24}, 1.0, state, day);
            for (std::size_t t = 0; t < 24; ++t) {
                ASSERT_EQ(day(0, t), whole(0, first + t)) << first + t;
            }
        }
    }
}

} // namespace
} // namespace yuanwang::models
