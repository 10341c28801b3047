/// @file
/// Power at both ends of every branch, and what is lost between them.
///
///     S_from = V_from (Yff V_from + Yft V_to)*,   S_to = V_to (Ytf V_from + Ytt V_to)*,   losses = Σ Re(S_from + S_to)
///
/// Branches out of service and branches of dead parts carry 0.
#pragma once

#include "powerflow/block.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow {

/// Writes the flows of step t in MW and Mvar; returns the losses in branches and fixed shunts, in MW.
double compute_branch_flows(const NodalMatrix& matrix, const NodeState& state,
                            const NodeProblem& problem, std::size_t t, BlockStates& states);

} // namespace yuanwang::powerflow
