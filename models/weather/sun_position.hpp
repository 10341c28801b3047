/// @file
/// Where the sun stands: NREL's sun position algorithm (SPA), and true solar time.
///
/// Two steps: where the sun is seen from the centre of the Earth (slow, the same for all sites), then from a site.
///
///     α, δ      right ascension and declination, with nutation and aberration                  degree
///     ν         apparent sidereal time at Greenwich                                            degree
///     H         hour angle = ν + longitude − α, corrected for parallax                         degree
///     e0        elevation: sin e0 = sin φ sin δ + cos φ cos δ cos H                            degree
///     e         e0 + (p/1010 hPa)(283/(273 + T)) 1.02/(60 tan(e0 + 10.3/(e0 + 5.11)))          degree
///     azimuth   from north, clockwise                                                          degree
///
/// Uncertainty of the algorithm: 0.0003° from −2000 to 6000.
/// Source: Reda and Andreas, NREL/TP-560-34302, revised 2008.
#pragma once

#include <chrono>
#include <vector>

#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// The sun seen from the centre of the Earth at an instant.
struct GeocentricSun {
    double right_ascension_degree = 0;
    double declination_degree = 0;
    double distance_au = 1;
    double sidereal_degree = 0;          ///< apparent, at Greenwich
    double equation_of_time_minutes = 0; ///< true − mean solar time
};

/// The sun seen from a site.
struct SunPosition {
    double elevation_degree = 0;  ///< refraction included while the disc is above the horizon
    double azimuth_degree = 0;    ///< from north, clockwise
    double hour_angle_degree = 0; ///< seen from the site, −180…180, afternoon positive
    [[nodiscard]] double zenith_degree() const { return 90.0 - elevation_degree; }
};

[[nodiscard]] double julian_day(std::chrono::sys_seconds utc);

/// Terrestrial time − universal time, s. Source: Espenak and Meeus, NASA/TP-2006-214141, polynomials of 1961…2150.
[[nodiscard]] double delta_t_s(double julian_day);

[[nodiscard]] GeocentricSun compute_geocentric_sun(double julian_day, double delta_t_s);

[[nodiscard]] SunPosition observe_sun(const GeocentricSun& sun, const SitePosition& site,
                                      double pressure_pa, double temperature_c);

/// Hours of true solar time, 0…24: what a sundial at the site shows.
[[nodiscard]] double true_solar_time_h(const GeocentricSun& sun, double longitude_degree);

/// The geocentric sun over a stretch of time: computed every six hours, linear between. Right ascension and declination
/// bend so little that this costs less than 0.0001°, and saves the periodic terms at every step.
class SunTrack {
  public:
    SunTrack(std::chrono::sys_seconds start, std::chrono::sys_seconds end);
    /// Precondition: start ≤ utc ≤ end.
    [[nodiscard]] GeocentricSun at(std::chrono::sys_seconds utc) const;

  private:
    std::chrono::sys_seconds start_;
    /// Right ascension and sidereal time unwrapped, so that they may be interpolated.
    std::vector<GeocentricSun> nodes_;
};

} // namespace yuanwang::models
