/// @file
/// Weather files of a study, read before a run begins.
#pragma once

#include "study/study.hpp"

namespace yuanwang::scenario {

/// Reads every EPW file of the study's sites. Throws `InputError` with the faults of all of them, each at line and column of its
/// file: what the reader finds (models/weather/epw.hpp), and a place (LOCATION) that is not that of the site, more than 1000 km
/// away or with the sign of latitude or longitude reversed, and a file that cannot be read.
void check_weather_files(const engine::Study& study);

} // namespace yuanwang::scenario
