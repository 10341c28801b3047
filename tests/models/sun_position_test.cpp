#include "models/weather/sun_position.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

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

/// Seconds after `midnight` at which `signed_of` changes sign, between two such moments.
template <class Function>
double find_moment_s(Function signed_of, double before_s, double after_s) {
    const bool rising = signed_of(after_s) > 0;
    while (after_s - before_s > 0.01) {
        const double middle = 0.5 * (before_s + after_s);
        ((signed_of(middle) > 0) == rising ? after_s : before_s) = middle;
    }
    return 0.5 * (before_s + after_s);
}

// Same report's program, Golden on 2 January 2015 at UTC−7, printed to the second. The sun rises and sets where its centre,
// seen from the centre of the Earth and without refraction, stands at −0.8333°; it culminates where its hour angle is 0.
TEST(SunPosition, RisesCulminatesAndSetsAtTheSecondTheSpaProgramSays) {
    const double midnight_jd = julian_day(sys_days{2015y / January / 2} + 7h);
    const auto sun_at = [&](double s) {
        return compute_geocentric_sun(midnight_jd + s / 86400.0, 67.0);
    };
    const auto hour_angle_degree = [](const GeocentricSun& sun) {
        return std::remainder(
            sun.sidereal_degree + golden.longitude_degree - sun.right_ascension_degree, 360.0);
    };
    const auto above_horizon = [&](double s) {
        const GeocentricSun sun = sun_at(s);
        const double degree = std::numbers::pi / 180.0;
        const double latitude = golden.latitude_degree * degree;
        const double declination = sun.declination_degree * degree;
        return std::sin(latitude) * std::sin(declination) +
               std::cos(latitude) * std::cos(declination) *
                   std::cos(hour_angle_degree(sun) * degree) -
               std::sin(-0.8333 * degree);
    };
    const auto past_noon = [&](double s) { return hour_angle_degree(sun_at(s)); };
    const auto clock_s = [](int h, int min, int s) { return 3600.0 * h + 60.0 * min + s; };
    EXPECT_NEAR(find_moment_s(above_horizon, clock_s(6, 0, 0), clock_s(9, 0, 0)),
                clock_s(7, 21, 55), 0.55);
    EXPECT_NEAR(find_moment_s(past_noon, clock_s(10, 0, 0), clock_s(14, 0, 0)), clock_s(12, 4, 45),
                0.55);
    EXPECT_NEAR(find_moment_s(above_horizon, clock_s(15, 0, 0), clock_s(18, 0, 0)),
                clock_s(16, 47, 43), 0.55);
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
