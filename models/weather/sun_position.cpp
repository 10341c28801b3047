#include "models/weather/sun_position.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <span>

#include "models/weather/spa_tables.hpp"

namespace yuanwang::models {
namespace {

constexpr double degree = std::numbers::pi / 180.0;
constexpr std::chrono::seconds node_step = std::chrono::hours{6};

double wrap_degree(double angle) {
    return angle - 360.0 * std::floor(angle / 360.0);
}

double sum_terms(std::span<const spa::PeriodicTerm> terms, double jme) {
    double sum = 0;
    for (const spa::PeriodicTerm& term : terms) {
        sum += term.a * std::cos(term.b + term.c * jme);
    }
    return sum;
}

/// Earth's heliocentric longitude, rad.
double heliocentric_longitude(double jme) {
    const double l0 = sum_terms(spa::l0, jme);
    const double l1 = sum_terms(spa::l1, jme);
    const double l2 = sum_terms(spa::l2, jme);
    const double l3 = sum_terms(spa::l3, jme);
    const double l4 = sum_terms(spa::l4, jme);
    const double l5 = sum_terms(spa::l5, jme);
    return (l0 + jme * (l1 + jme * (l2 + jme * (l3 + jme * (l4 + jme * l5))))) * 1e-8;
}

/// Earth's heliocentric latitude, rad.
double heliocentric_latitude(double jme) {
    return (sum_terms(spa::b0, jme) + jme * sum_terms(spa::b1, jme)) * 1e-8;
}

/// Distance to the sun, AU.
double radius_vector(double jme) {
    const double r0 = sum_terms(spa::r0, jme);
    const double r1 = sum_terms(spa::r1, jme);
    const double r2 = sum_terms(spa::r2, jme);
    const double r3 = sum_terms(spa::r3, jme);
    const double r4 = sum_terms(spa::r4, jme);
    return (r0 + jme * (r1 + jme * (r2 + jme * (r3 + jme * r4)))) * 1e-8;
}

struct Nutation {
    double longitude_degree = 0;
    double obliquity_degree = 0;
};

Nutation compute_nutation(double jce) {
    const std::array<double, 5> x = {
        297.85036 + jce * (445267.111480 + jce * (-0.0019142 + jce / 189474.0)),
        357.52772 + jce * (35999.050340 + jce * (-0.0001603 - jce / 300000.0)),
        134.96298 + jce * (477198.867398 + jce * (0.0086972 + jce / 56250.0)),
        93.27191 + jce * (483202.017538 + jce * (-0.0036825 + jce / 327270.0)),
        125.04452 + jce * (-1934.136261 + jce * (0.0020708 + jce / 450000.0)),
    };
    Nutation nutation;
    for (const spa::NutationTerm& term : spa::nutation) {
        double argument = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            argument += term.y[i] * x[i];
        }
        argument *= degree;
        nutation.longitude_degree += (term.a + term.b * jce) * std::sin(argument);
        nutation.obliquity_degree += (term.c + term.d * jce) * std::cos(argument);
    }
    nutation.longitude_degree /= 36'000'000.0;
    nutation.obliquity_degree /= 36'000'000.0;
    return nutation;
}

double mean_obliquity_degree(double jme) {
    constexpr std::array<double, 11> coefficients = {
        84381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67, -39.05, 7.12, 27.87, 5.79, 2.45};
    const double u = jme / 10.0;
    double seconds = 0;
    for (std::size_t i = coefficients.size(); i-- > 0;) {
        seconds = seconds * u + coefficients[i];
    }
    return seconds / 3600.0;
}

double mean_longitude_degree(double jme) {
    return 280.4664567 +
           jme * (360007.6982779 +
                  jme * (0.03032028 + jme * (1.0 / 49931.0 - jme * (1.0 / 15300.0 + jme / 2e6))));
}

double refraction_degree(double elevation_degree, double pressure_pa, double temperature_c) {
    constexpr double upper_limb = -(0.26667 + 0.5667); // disc and refraction at the horizon
    if (elevation_degree < upper_limb) {
        return 0;
    }
    const double bend =
        1.02 / (60.0 * std::tan((elevation_degree + 10.3 / (elevation_degree + 5.11)) * degree));
    return pressure_pa / 101000.0 * 283.0 / (273.0 + temperature_c) * bend;
}

} // namespace

double julian_day(std::chrono::sys_seconds utc) {
    return static_cast<double>(utc.time_since_epoch().count()) / 86400.0 + 2440587.5;
}

double delta_t_s(double julian_day) {
    const double year = 2000.0 + (julian_day - 2451544.5) / 365.25;
    if (year < 1986.0) {
        const double t = year - 1975.0;
        return 45.45 + t * (1.067 - t * (1.0 / 260.0 + t / 718.0));
    }
    if (year < 2005.0) {
        const double t = year - 2000.0;
        return 63.86 + t * (0.3345 + t * (-0.060374 +
                                          t * (0.0017275 + t * (0.000651814 + t * 0.00002373599))));
    }
    if (year < 2050.0) {
        const double t = year - 2000.0;
        return 62.92 + t * (0.32217 + t * 0.005589);
    }
    const double u = (year - 1820.0) / 100.0;
    return -20.0 + 32.0 * u * u - 0.5628 * (2150.0 - year);
}

GeocentricSun compute_geocentric_sun(double julian_day, double delta_t_s) {
    const double jc = (julian_day - 2451545.0) / 36525.0;
    const double jce = jc + delta_t_s / (86400.0 * 36525.0);
    const double jme = jce / 10.0;

    const double longitude = wrap_degree(heliocentric_longitude(jme) / degree + 180.0);
    const double latitude = -heliocentric_latitude(jme);
    const double distance = radius_vector(jme);
    const Nutation nutation = compute_nutation(jce);
    const double obliquity = (mean_obliquity_degree(jme) + nutation.obliquity_degree) * degree;
    const double aberration_degree = -20.4898 / (3600.0 * distance);
    const double lambda = (longitude + nutation.longitude_degree + aberration_degree) * degree;
    const double nutation_in_ra = nutation.longitude_degree * std::cos(obliquity);

    const double mean_sidereal = 280.46061837 + 360.98564736629 * (julian_day - 2451545.0) +
                                 jc * jc * (0.000387933 - jc / 38710000.0);
    const double alpha = std::atan2(std::sin(lambda) * std::cos(obliquity) -
                                        std::tan(latitude) * std::sin(obliquity),
                                    std::cos(lambda));
    const double delta = std::asin(std::sin(latitude) * std::cos(obliquity) +
                                   std::cos(latitude) * std::sin(obliquity) * std::sin(lambda));

    GeocentricSun sun;
    sun.right_ascension_degree = wrap_degree(alpha / degree);
    sun.declination_degree = delta / degree;
    sun.distance_au = distance;
    sun.sidereal_degree = wrap_degree(mean_sidereal + nutation_in_ra);
    double behind = wrap_degree(mean_longitude_degree(jme) - 0.0057183 -
                                sun.right_ascension_degree + nutation_in_ra);
    behind = behind > 180.0 ? behind - 360.0 : behind;
    sun.equation_of_time_minutes = 4.0 * behind;
    return sun;
}

SunPosition observe_sun(const GeocentricSun& sun, const SitePosition& site, double pressure_pa,
                        double temperature_c) {
    const double phi = site.latitude_degree * degree;
    const double delta = sun.declination_degree * degree;
    const double hour_angle =
        (sun.sidereal_degree + site.longitude_degree - sun.right_ascension_degree) * degree;

    // Parallax: from the centre of the Earth to the site.
    const double xi = 8.794 / (3600.0 * sun.distance_au) * degree;
    const double u = std::atan(0.99664719 * std::tan(phi));
    const double height = site.altitude_m / 6378140.0;
    const double x = std::cos(u) + height * std::cos(phi);
    const double y = 0.99664719 * std::sin(u) + height * std::sin(phi);
    const double across = std::cos(delta) - x * std::sin(xi) * std::cos(hour_angle);
    const double delta_alpha = std::atan2(-x * std::sin(xi) * std::sin(hour_angle), across);
    const double delta_topo =
        std::atan2((std::sin(delta) - y * std::sin(xi)) * std::cos(delta_alpha), across);
    const double h = hour_angle - delta_alpha;

    const double sin_e0 =
        std::sin(phi) * std::sin(delta_topo) + std::cos(phi) * std::cos(delta_topo) * std::cos(h);
    const double e0 = std::asin(std::clamp(sin_e0, -1.0, 1.0)) / degree;
    const double gamma =
        std::atan2(std::sin(h), std::cos(h) * std::sin(phi) - std::tan(delta_topo) * std::cos(phi));
    SunPosition seen;
    seen.elevation_degree = e0 + refraction_degree(e0, pressure_pa, temperature_c);
    seen.azimuth_degree = wrap_degree(gamma / degree + 180.0);
    seen.hour_angle_degree = wrap_degree(h / degree + 180.0) - 180.0;
    return seen;
}

double true_solar_time_h(const GeocentricSun& sun, double longitude_degree) {
    const double hour_angle = sun.sidereal_degree + longitude_degree - sun.right_ascension_degree;
    return wrap_degree(hour_angle + 180.0) / 15.0;
}

SunTrack::SunTrack(std::chrono::sys_seconds start, std::chrono::sys_seconds end) : start_{start} {
    assert(start <= end);
    const auto n = static_cast<std::size_t>((end - start) / node_step) + 2;
    nodes_.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double jd = julian_day(start + node_step * static_cast<std::int64_t>(i));
        GeocentricSun node = compute_geocentric_sun(jd, delta_t_s(jd));
        if (i > 0) {
            const GeocentricSun& before = nodes_.back();
            const double step =
                wrap_degree(node.right_ascension_degree - before.right_ascension_degree + 180.0) -
                180.0;
            node.right_ascension_degree = before.right_ascension_degree + step;
            while (node.sidereal_degree < before.sidereal_degree) {
                node.sidereal_degree += 360.0;
            }
        }
        nodes_.push_back(node);
    }
}

GeocentricSun SunTrack::at(std::chrono::sys_seconds utc) const {
    const auto since = utc - start_;
    const auto i = static_cast<std::size_t>(since / node_step);
    assert(utc >= start_ && i + 1 < nodes_.size());
    const double w =
        static_cast<double>((since % node_step).count()) / static_cast<double>(node_step.count());
    const GeocentricSun& a = nodes_[i];
    const GeocentricSun& b = nodes_[i + 1];
    GeocentricSun sun;
    sun.right_ascension_degree = std::lerp(a.right_ascension_degree, b.right_ascension_degree, w);
    sun.declination_degree = std::lerp(a.declination_degree, b.declination_degree, w);
    sun.distance_au = std::lerp(a.distance_au, b.distance_au, w);
    sun.sidereal_degree = std::lerp(a.sidereal_degree, b.sidereal_degree, w);
    sun.equation_of_time_minutes =
        std::lerp(a.equation_of_time_minutes, b.equation_of_time_minutes, w);
    return sun;
}

} // namespace yuanwang::models
