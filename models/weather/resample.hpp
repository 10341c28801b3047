/// @file
/// From hourly weather to the steps of a run, keeping what each hour sums to.
///
/// Within an hour, in pieces of five minutes:
///
///     GHI, DHI    follow the site's clear-sky GHI, scaled so that the hour's mean stays; flat where that is zero
///     T, p        straight between the middles of the hours, then shifted so that the hour's mean stays
///     RH          the same by a factor, at most 1
///     wind        the same by a factor, times gusts exp(0.15 y) where a seed is given, y an AR(1) of φ = 0.6 per piece
///     wind direction        that of the hour in which the step begins
///     precipitation, snow   sums of the hour, spread evenly
///     DNI         (GHI − DHI)/cos z at the middle of the step, at most the clear-sky beam; the excess is diffuse
///
/// A step is the mean of its pieces. So GHI, temperature and wind of an hour are the same whatever the step; the beam
/// follows the step's own sun and closes GHI = DHI + DNI cos z in every step.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Hourly columns: GHI, DHI, temperature, humidity, pressure, wind, and where known its direction. DNI and sun are not read.
struct HourlyWeather {
    TimeAxis axis; ///< step one hour
    WeatherYear columns;
};

/// The stretch of hours a run needs: whole hours and one more at either end, in step with hours that start at `phase` past
/// the full hour UTC.
[[nodiscard]] TimeAxis hours_around(const TimeAxis& axis,
                                    std::chrono::minutes phase = std::chrono::minutes{0});

/// Weather at every step of `axis`, sun columns filled. Precondition: the hours cover the steps; at the ends of the table
/// the middle of the last hour stands for what comes after.
[[nodiscard]] WeatherYear resample(const HourlyWeather& hourly, const SitePosition& site,
                                   const TimeAxis& axis, std::optional<std::uint64_t> gust_seed);

/// Clear-sky GHI of a site in clean air, means over equal pieces of five minutes from `start`.
[[nodiscard]] std::vector<double> clear_sky_five_minutes(const SitePosition& site,
                                                         std::chrono::sys_seconds start,
                                                         std::size_t n_piece);

} // namespace yuanwang::models
