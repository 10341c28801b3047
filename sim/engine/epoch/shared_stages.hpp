/// @file
/// Stages a run may take over instead of computing them: what many runs of a sweep have in common.
///
/// Each is a pure function of the study; a source must return what the function named beside it would. An empty source means
/// the run computes for itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/progress.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

using SiteWeather = std::vector<models::WeatherYear>;

/// The air a weather stands for: that of its site, or moved to sea level for comparison (plateau_account.hpp).
enum class Air : std::uint8_t { of_site, of_sea_level };

struct SharedStages {
    /// make_site_weather (weather.hpp)
    std::function<std::shared_ptr<const SiteWeather>(const Study&, Progress&)> weather;
    /// compute_weather_driven (weather_driven.hpp) of an epoch, after what the epoch before came to (none: the first)
    std::function<std::shared_ptr<const WeatherDriven>(const Study&, std::size_t epoch,
                                                       std::span<const models::WeatherYear>, Air,
                                                       const WeatherDriven* before)>
        driven;
};

} // namespace yuanwang::engine
