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
///
/// **Day ahead and real time.** The plan is made from the forecast, from the state of now. Then step after step comes what
/// really comes: the step is dispatched at least cost with stored energy valued as planned for that step, water as planned
/// (what was not used stays for the rest of the day), moved load as planned. What it costs beyond a plan that had known
/// everything, from the same state and with what is left in store valued alike, is the cost of imperfect foresight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "dispatch/optimal.hpp"
#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

enum class ForecastMethod : std::uint8_t { perfect, persistence, errors };

struct ForecastSettings {
    ForecastMethod method = ForecastMethod::perfect;
    double spread = 0.15;        ///< σ of wind, sun and external surplus
    double spread_demand = 0.03; ///< σ of demand
    double correlation = 0.9;    ///< ρ, from hour to hour
    std::uint64_t seed = 1;
    friend bool operator==(const ForecastSettings&, const ForecastSettings&) = default;
};

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
