#include "models/weather/sun_position.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const SitePosition golden{39.742476, -105.1786, 1830.14};

// Reda and Andreas, NREL/TP-560-34302, table A5.1: 17 October 2003, 12:30:30 at UTC−7.
TEST(SunPosition, MatchesTheExampleOfTheSpaReport) {
    const sys_seconds utc = sys_days{2003y / October / 17} + 19h + 30min + 30s;
    const double jd = julian_day(utc);
    EXPECT_NEAR(jd, 2452930.312847, 5e-7);
    const GeocentricSun sun = compute_geocentric_sun(jd, 67.0);
    EXPECT_NEAR(sun.equation_of_time_minutes, 14.6415, 5e-5);
    const SunPosition seen = observe_sun(sun, golden, 82000.0, 11.0);
    EXPECT_NEAR(sun.declination_degree, -9.314340, 5e-6);
    EXPECT_NEAR(sun.right_ascension_degree, 202.227408, 5e-6);
    EXPECT_NEAR(sun.sidereal_degree + golden.longitude_degree - sun.right_ascension_degree,
                11.105900, 5e-6);
    EXPECT_NEAR(seen.zenith_degree(), 50.111622, 5e-6);
    EXPECT_NEAR(seen.azimuth_degree, 194.340241, 5e-6);
}

// Same report's program, Golden on 2 January 2015: sunrise 07:21:55, transit 12:04:45, sunset
// 16:47:43 at UTC−7. The sun rises where its centre, refraction left out, stands at −0.8333°.
TEST(SunPosition, RisesCulminatesAndSetsWhenTheSpaProgramSays) {
    const sys_seconds midnight = sys_days{2015y / January / 2} + 7h;
    const auto elevation = [&](seconds at) {
        const double jd = julian_day(midnight + at);
        return observe_sun(compute_geocentric_sun(jd, 67.0), golden, 0.0, 12.0).elevation_degree;
    };
    const SitePosition sea_level{golden.latitude_degree, golden.longitude_degree, 0};
    EXPECT_NEAR(elevation(7h + 21min + 55s), -0.8333, 0.006);
    EXPECT_NEAR(elevation(16h + 47min + 43s), -0.8333, 0.006);
    const double jd = julian_day(midnight + 12h + 4min + 45s);
    EXPECT_NEAR(observe_sun(compute_geocentric_sun(jd, 67.0), sea_level, 0.0, 12.0).azimuth_degree,
                180.0, 0.005);
}

TEST(SunPosition, TrackBetweenNodesAgreesWithTheFullSeries) {
    const sys_seconds start = sys_days{2024y / December / 30};
    const SunTrack track{start, start + days{400}};
    for (int i = 0; i < 400; ++i) {
        const sys_seconds utc = start + days{i} + minutes{3 + (i * 97) % 1430};
        const double jd = julian_day(utc);
        const SunPosition full =
            observe_sun(compute_geocentric_sun(jd, delta_t_s(jd)), golden, 82000.0, 11.0);
        const SunPosition fast = observe_sun(track.at(utc), golden, 82000.0, 11.0);
        EXPECT_NEAR(fast.elevation_degree, full.elevation_degree, 1e-4);
        EXPECT_NEAR(std::remainder(fast.azimuth_degree - full.azimuth_degree, 360.0), 0.0, 1e-3);
    }
}

// 101.75° E is 73 minutes behind the meridian of Beijing time.
TEST(SunPosition, NoonInXiningIsThirteenPastOneOnTheClock) {
    double sum_h = 0;
    const sys_seconds start = sys_days{2025y / January / 1};
    for (int day = 0; day < 365; ++day) {
        const double jd = julian_day(start + days{day} + 4h); // 12:00 Beijing time
        sum_h += true_solar_time_h(compute_geocentric_sun(jd, 70.0), 101.75);
    }
    EXPECT_NEAR(12.0 + (12.0 - sum_h / 365.0), 13.0 + 13.0 / 60.0, 0.01);
}

TEST(SunPosition, StaysBelowTheHorizonInThePolarNight) {
    const sys_seconds start = sys_days{2025y / December / 21};
    for (int hour = 0; hour < 24; ++hour) {
        const double jd = julian_day(start + hours{hour});
        const SunPosition seen =
            observe_sun(compute_geocentric_sun(jd, 70.0), {78.2, 15.6, 0}, 101325.0, -10.0);
        EXPECT_LT(seen.elevation_degree, 0.0);
    }
}

} // namespace
} // namespace yuanwang::models
