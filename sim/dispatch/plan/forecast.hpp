/// @file
/// What a plan believes about the day to come, and dispatch that plans by it and corrects by what really comes.
///
/// | method      | demand, wind, sun and surplus of the external grids are taken to be                         |
/// |-------------|---------------------------------------------------------------------------------------------|
/// | perfect     | what they will be                                                                           |
/// | persistence | what they were at the same clock time a day before; on the first day what they will be      |
/// | errors      | what they will be, times 1 + ε; ε follows the hours with a correlation                      |
///
///     ε_t = ρ ε_{t−1} + sqrt(1 − ρ²) σ η_t,   η standard normal, ε_0 = σ η_0
///
/// One ε for the demand of all islands (σ of demand), one for wind and one for sun and surplus each (σ of wind and sun), drawn
/// from the seed and the number of the block: a block draws the same whoever asks and whatever ran before. A forecast is
/// never negative. Source: Doherty, O'Malley, IEEE Trans. Power Syst. 20(2), 2005 (errors of wind as correlated noise).
#pragma once

#include <cstddef>

#include "dispatch/plan/forecast_settings.hpp"
#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Writes the forecast of a block into `forecast`. `day_before` is the actual block before, null on the first day or where
/// shapes differ. `number` counts blocks over the run.
void make_forecast(const ForecastSettings& settings, const BlockInput& actual,
                   const BlockInput* day_before, std::size_t number, BlockInput& forecast);

/// One step of a block as a block of its own.
[[nodiscard]] BlockInput cut_step(const BlockInput& input, std::size_t t);

/// What a schedule pays over its steps: plants, ties, managed load and what was cut off at its price, CNY.
[[nodiscard]] double sum_cost(const Table& table, const BlockInput& input,
                              const Schedule& schedule);

} // namespace yuanwang::dispatch
