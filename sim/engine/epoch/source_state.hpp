/// @file
/// State of the sources beside dispatch: water behind the dams, waste in the bunkers, units that run.
#pragma once

#include <vector>

#include "core/series.hpp"
#include "models/source/water.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

struct SourceState {
    models::WaterState water;
    models::WasteState waste;
    std::vector<double> units_on; ///< [n_thermal], at the end of the block before; empty: not known
};

/// State of an epoch that begins at `first_step`: sources that were there before (by id) keep what they had.
[[nodiscard]] SourceState enter_source_state(const System& system, const TimeAxis& time,
                                             std::size_t first_step, const System* before,
                                             const SourceState& state_before);

} // namespace yuanwang::engine
