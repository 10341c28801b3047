/// @file
/// What dispatch remembers of the units of thermal plants: how many ran in the steps before.
///
/// Long enough for the longest minimum up and down time, one step at least. A unit that ran or rested as far back as is
/// remembered is free to change.
#pragma once

#include <cstddef>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Steps a minimum time takes.
[[nodiscard]] std::size_t count_steps(double hours, double dt_h);
/// Steps worth remembering, one at least.
[[nodiscard]] std::size_t count_past_steps(const Thermals& thermals, double dt_h);

/// The units of a block that ends are what ran before the next: `units_before` and `thermal_mw` of the state.
void remember_units(const Thermals& thermals, double dt_h, const Schedule& schedule, State& state);

} // namespace yuanwang::dispatch
