/// @file
/// Days worth looking at, picked from what happened.
///
/// | id             | day                                                                       |
/// |----------------|---------------------------------------------------------------------------|
/// | winter_peak    | highest demand of December to February                                    |
/// | summer_noon    | most sun on the ground of June to August, at the first weather site       |
/// | spring_night   | March to May: most wind and clean surplus over demand from 0 to 6 o'clock |
/// | lowest_net_load| least demand less wind, sun and clean surplus of any step                 |
#pragma once

#include <span>
#include <vector>

#include "models/weather/weather_year.hpp"
#include "results/results.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

class TypicalDays {
  public:
    /// Takes note of a block; a day cut by an epoch counts with its longest block.
    void add(const TimeAxis& time, const BlockResult& result,
             std::span<const models::WeatherYear> weather);

    /// The days found; a season the run does not touch has none.
    [[nodiscard]] std::vector<Summary::TypicalDay> pick() const;

  private:
    struct Day {
        StepRange steps;
        unsigned month = 1;
        double peak_demand_mw = 0;
        double sun_wh_per_m2 = 0;
        double night_excess_mwh = 0;
        double least_net_load_mw = 0;
    };
    std::vector<Day> days_;
};

} // namespace yuanwang::engine
