/// @file
/// What the weather alone decides: sun and wind of the plants and of the external bases, for every step of an epoch.
///
/// No decision of dispatch reaches dust, snow or a storm cut-out, so an epoch is computed in one go when it begins; blocks
/// then copy their steps. Dust, snow and storm cut-outs pass from epoch to epoch by the id of plant and farm, so the date of a
/// project that leaves a plant alone changes nothing of it; what comes into service is clean and running.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace yuanwang::engine {

/// What lies on modules and which turbines stand still, at the end of an epoch.
struct ExposedState {
    std::vector<std::string> solar_id;
    models::SolarState solar; ///< rows of solar_id
    std::vector<std::string> wind_id;
    models::WindState wind; ///< rows of wind_id
};

/// Available power, each [n_plant × steps.count], MW.
struct WeatherDriven {
    StepRange steps;
    Series solar_mw;
    Series wind_mw;
    Series base_solar_mw; ///< of the external grids
    Series base_wind_mw;
    ExposedState at_end;
};

/// `before` is the state at the end of the epoch before; none: every plant starts clean and running.
void compute_weather_driven(const System& system, std::span<const models::WeatherYear> weather,
                            const TimeAxis& time, StepRange steps, const ExposedState* before,
                            WeatherDriven& out);

} // namespace yuanwang::engine
