/// @file
/// A synthetic weather year from monthly normals and a seed: no download, the same numbers on every run.
///
///     radiation     clear-sky index by day and hour (clearness.hpp), split by Erbs; each month has its sum, unless no
///                   clear sky could give it
///     temperature   march of the year + AR(1) of days (σ 2 K in the warmest month … 3 K in the coldest, φ 0.72)
///                   + the day's range (0.4 + 0.6 c_day/c_month) times Erbs' mean day by solar time
///     humidity      vapour pressure from day to day, moister under clouds, over the saturation of the hour
///     wind          AR(1) of hours (φ 0.90) mapped to a Weibull of k = 0.94 √mean, 35 % stronger at 15 h solar time
///     direction     AR(1) of hours (φ 0.90) mapped to the rose of the normals, apart from speed; none without a rose
///     precipitation the cloudiest days of the month, where it has a sum (precipitation.hpp)
///     pressure      standard atmosphere ± 0.4 % from day to day
///
/// Temperature, humidity and wind of a month are then moved to its normal. Each calendar year of the Beijing clock that
/// the run touches is made whole and cut to the run, so a week of July is the same week whether the run starts in January
/// or on that day. All sites of one seed draw from the same random fields over the map (random_field.hpp), so neighbours
/// share their cloudy days. The figures of spread, persistence and reach are assumptions unless a source is named.
/// Sources: clearness.hpp; Erbs, Klein, Beckman, ASHRAE Journal 25(6), 1983 (mean day of temperature); Justus, Hargraves,
/// Mikhail, Graber, J. Appl. Meteor. 17, 1978 (Weibull k); Brown, Katz, Murphy, J. Climate Appl. Meteor. 23, 1984 (AR wind
/// mapped from a Gaussian).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Returns the weather of a site at every step of `axis`, sun columns filled. `site_id` names the stream of what is local.
[[nodiscard]] WeatherYear make_synthetic_weather(const SitePosition& site,
                                                 const MonthlyNormals& normals,
                                                 const TimeAxis& axis, std::uint64_t seed,
                                                 std::string_view site_id);

} // namespace yuanwang::models
