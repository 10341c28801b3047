/// @file
/// Numbers of the block program: bounds, prices and seams of every step of a plan, in the columns of plan_columns.hpp.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/plan/plan_columns.hpp"

namespace yuanwang::dispatch {

/// Units of a plant in every step: those the city's minimum needs, and those running once the plant is within a band.
struct UnitBands {
    std::vector<const Table*> table_of_step;
    Series committed; ///< [n_thermal × n_step]
    Series fixed;     ///< [n_thermal × n_step], NaN: free
};

/// Numbers of the blocks one after the other. `price_cny_per_mwh` is what energy is worth to moved load at the end.
void write_plan(const PlanColumns& columns, const PlanSettings& settings,
                std::span<const PlanBlock> blocks, const NetworkBlock& network, const State& state,
                double price_cny_per_mwh, program::Block& block, UnitBands& bands);

/// Where a plant stands between the bands of its units, moves it up; down again where nobody takes that much. False where
/// nothing had to move.
[[nodiscard]] bool move_into_bands(const PlanColumns& columns, const program::Solution& solution,
                                   UnitBands& bands, program::Block& block);

/// Least number of units that carries p_mw, at least those committed.
[[nodiscard]] double count_units(const Thermals& thermals, std::size_t k, double p_mw,
                                 double committed);

} // namespace yuanwang::dispatch
