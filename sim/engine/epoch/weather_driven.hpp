/// @file
/// What the weather alone decides: sun and wind of the plants and of the external bases, for every step of an epoch.
///
/// No decision of dispatch reaches dust, snow or a storm cut-out, so an epoch is computed in one go when it begins; blocks
/// then copy their steps. State of devices is spun up over the sixty days before the epoch, as far as the run reaches back.
#pragma once

#include <span>

#include "study/study.hpp"

namespace yuanwang::engine {

/// Available power, each [n_plant × steps.count], MW.
struct WeatherDriven {
    StepRange steps;
    Series solar_mw;
    Series wind_mw;
    Series base_solar_mw; ///< of the external grids
    Series base_wind_mw;
};

void compute_weather_driven(const System& system, std::span<const models::WeatherYear> weather,
                            const TimeAxis& time, StepRange steps, WeatherDriven& out);

} // namespace yuanwang::engine
