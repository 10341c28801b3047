/// @file
/// Load that moves, by rule: from the steps in which clean supply is scarcest to those in which it is most plentiful.
///
///     g(t) = must-run + mean water + wind and sun + clean surplus the ties could bring − demand − losses        MW, by island
///
/// A block is known when it is planned (tomorrow's weather and demand). Work that waits from the block before and falls due
/// is run in the most plentiful steps before it does. Then steps are paired, largest g with smallest; load
/// moves from the latter to the former until g is level between them, a bound of the load is reached, or an account would
/// leave its bounds at any later step. A move leaves the first account of a load as it was at the end of both steps, so
/// work, metal and water are conserved; where the account forgets (a bath, a room), more is drawn than was left out.
/// Within a step, work of one account runs where it takes least energy (largest weight).
///
/// Work may also wait for the next block, where its bounds at the end of this one let it: the next day is taken to be as
/// plentiful, hour by hour, as this one.
///
/// Bounds that what passed from the day before already breaks are widened to where that leads when nothing moves, those of work to
/// where it leads when all of it is run at once.
#pragma once

#include <cstddef>
#include <span>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Units of work the rows of an account can run in a step beyond what arrives in it.
[[nodiscard]] double find_catch_up(std::span<const std::size_t> rows, const BlockInput& input,
                                   std::size_t t);

/// Fills `flexible_shift_mw` and `account` of the schedule and moves `state.account` to the end of the block.
void shift_flexible_loads(const Table& table, const BlockInput& input, State& state,
                          Schedule& schedule);

} // namespace yuanwang::dispatch
