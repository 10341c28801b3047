/// @file
/// Shapes and single steps of the tables between the block loop and a solver.
#pragma once

#include <cstddef>

#include "network/network.hpp"
#include "powerflow/block.hpp"
#include "powerflow/node_state.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::powerflow {

/// A block of one step without power in which every unit runs: the reference for pivots and sensitivities.
[[nodiscard]] BlockInjections make_still_block(std::size_t n_bus, std::size_t n_unit);

/// Gives the states of a block their shapes, flows none unless `branch_flows`; every step `not_run`.
void reshape_states(const network::Network& grid, std::size_t n_unit, std::size_t n_step,
                    bool branch_flows, BlockStates& states);

/// Takes step t out as a block of its own. Allocates nothing once `one` has the shape.
void copy_step(const BlockInjections& block, std::size_t t, BlockInjections& one);
/// Puts a block of one step in as step t.
void copy_step(const BlockStates& one, BlockStates& states, std::size_t t);

/// Writes voltages of step t from nodes to buses; NaN in dead parts.
void write_voltages(const NodalMatrix& matrix, const NodeProblem& problem, const NodeState& state,
                    std::size_t t, BlockStates& states);

/// Notes in the outcome what is left beyond a reactive range, where ranges are kept at all.
void note_reactive_excess(const NodeUnits::ReactiveExcess& excess, const Options& options,
                          StepOutcome& outcome);

/// Fills everything but the outcome of step t with NaN.
void write_failure(std::size_t t, BlockStates& states);

} // namespace yuanwang::powerflow
