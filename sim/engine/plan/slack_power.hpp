/// @file
/// What the AC solution moved beyond the schedule to close its balance, in the places of the dispatch table.
///
///     Δp_r(t) = Σ_{u of r} (p_AC,u(t) − p_u(t))        MW, into the grid positive
///
/// Flows of a schedule can be held against the AC solution only with what its slack took: a schedule reckoned with other losses
/// than those of the solution is out of balance by the difference, and a DC flow puts that at its own reference bus.
#pragma once

#include <cstddef>
#include <span>

#include "dispatch/plan/optimal.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::engine {

/// Adds Δp of step t to `p_mw` [n_place]. Precondition: the step converged.
void add_slack_power(const EpochModel& model, const dispatch::Places& places,
                     const powerflow::BlockInjections& injections,
                     const powerflow::BlockStates& states, std::size_t t, std::span<double> p_mw);

} // namespace yuanwang::engine
