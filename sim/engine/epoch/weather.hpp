/// @file
/// Weather of every site over the whole run, made once.
#pragma once

#include <vector>

#include "core/progress.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// Returns the weather of each site of the study, rows as `Study::sites`: from its EPW file where
/// one is named, else from its monthly normals and the study's seed; then its temperature offset, its skyline
/// and, where the study asks for it, the air of sea level.
/// Throws `IoError` or `InputError` for a file, `Interrupted` where progress asks to stop.
[[nodiscard]] std::vector<models::WeatherYear> make_site_weather(const Study& study,
                                                                 Progress& progress);

} // namespace yuanwang::engine
