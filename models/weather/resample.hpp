/// @file
/// From hourly weather to the steps of a run, keeping what each hour sums to.
///
/// Within an hour, in samples of five minutes:
///
///     GHI, DHI      follow the clear-sky GHI of the site, scaled so that the hour's mean stays;
///     flat where that is zero T, p, RH      straight between the middles of the hours, then
///     shifted so that the hour's mean stays wind          the same by a factor, times gusts: exp
///     of an AR(1) of 5 min, σ 0.15, where a seed is given DNI           (GHI − DHI)/cos z at the
///     middle of the step, at most the clear-sky beam; what exceeds it is diffuse
///
/// A step is the mean of its samples. So GHI, temperature and wind of an hour are the same whatever
/// the step; the beam follows the step's own sun and closes GHI = DHI + DNI cos z in every step.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Hourly columns: GHI, DHI, temperature, humidity, pressure, wind. DNI and sun are not read.
struct HourlyWeather {
    TimeAxis axis; ///< step one hour
    WeatherYear columns;
};

/// The stretch of hours a run needs: whole hours of `axis` and one more at either end, in step with
/// hours that start at `phase` past the full hour UTC.
[[nodiscard]] TimeAxis hours_around(const TimeAxis& axis,
                                    std::chrono::minutes phase = std::chrono::minutes{0});

/// Weather at every step of `axis`, sun columns filled. Precondition: the hours cover
/// hours_around(axis).
[[nodiscard]] WeatherYear resample(const HourlyWeather& hourly, const SitePosition& site,
                                   const TimeAxis& axis, std::optional<std::uint64_t> gust_seed);

/// Clear-sky GHI of a site in clean air, means over equal pieces of five minutes from `start`.
[[nodiscard]] std::vector<double> clear_sky_five_minutes(const SitePosition& site,
                                                         std::chrono::sys_seconds start,
                                                         std::size_t n_piece);

} // namespace yuanwang::models
