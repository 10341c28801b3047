/// @file
/// A synthetic weather year from monthly normals and a seed: no download, the same bytes on every
/// machine.
///
/// Each calendar year (Beijing clock) that the run touches is made whole, hour by hour, and cut to
/// the run; so a week of July is the same week whether the run starts in January or on that day.
/// All sites of one seed draw from one random field over the map, so neighbours share their cloudy
/// days.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Returns the weather of a site at every step of `axis`, sun columns filled. `site_id` names the
/// stream of what is local.
[[nodiscard]] WeatherYear make_synthetic_weather(const SitePosition& site,
                                                 const MonthlyNormals& normals,
                                                 const TimeAxis& axis, std::uint64_t seed,
                                                 std::string_view site_id);

} // namespace yuanwang::models
