/// @file
/// Stages a run may take over instead of computing them: what many runs of a sweep have in common.
///
/// Each is a pure function of the study; a source must return what the function named beside it would. An empty source means
/// the run computes for itself.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/progress.hpp"
#include "engine/study.hpp"

namespace yuanwang::engine {

using SiteWeather = std::vector<models::WeatherYear>;

struct SharedStages {
    /// make_site_weather (weather.hpp)
    std::function<std::shared_ptr<const SiteWeather>(const Study&, Progress&)> weather;
};

} // namespace yuanwang::engine
