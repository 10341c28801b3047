/// @file
/// The answer of the block program as a schedule. Used by optimal.cpp only.
///
/// **Causes of curtailment.** A station's own limit first. Where power at the plant is worth less than at the load of its
/// island, a limit of the network holds it back: the binding limit that takes most from the plant's price. Then, as in
/// rules.hpp: a door of the ties, output of must-run sources, full storages, surplus. What falls on a plant follows what
/// the program curtailed there.
#pragma once

#include "dispatch/plan/plan_block.hpp"
#include "dispatch/plan/plan_calls.hpp"

namespace yuanwang::dispatch {

/// Fills the schedule of the first block, moves the state to its end, adds prices, losses and limits to the outcome.
void read_plan(const Table& table, const PlanColumns& columns, const BlockInput& input,
               const program::Block& block, const program::Solution& solution,
               const UnitBands& bands, const PlanCalls& calls, const program::System& system,
               State& state, Schedule& schedule, PlanOutcome& outcome);

} // namespace yuanwang::dispatch
