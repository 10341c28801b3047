/// @file
/// Units of thermal plants over the border of two epochs: plants keep by id what ran, a new plant has stood still.
#pragma once

#include "dispatch/table.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// Fills `thermal_mw` and `units_before` of `state` from those of the epoch before; nothing where nothing is known.
void carry_units(const System& now, const System& before, const dispatch::State& state_before,
                 dispatch::State& state);

} // namespace yuanwang::engine
