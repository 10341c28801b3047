/// @file
/// Whether a solved state is one a grid works in: of the many solutions of the power balance it is the one of high voltage and
/// small angles.
///
///     astray   a live node with V < 0.6 pu, or a branch with cos(θ_from − θ_to − φ) < 0 between live nodes
///
/// A solution on the lower branch of the voltages has the first, one that circulates around a loop the second. A grid at
/// its very limit may have either for good, so the marks choose between solutions and refuse none.
/// Source: Korsak, IEEE Trans. PAS-91(3), 1972 (stable loads of more than one solution); Klos, Kerner, PSCC 1975.
#pragma once

#include <span>

#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow {

/// Marks of a state V = e + jf [n_node]: nodes that stand low and branches that are spread beyond 90°. 0 in a sound state.
[[nodiscard]] int count_astray(const NodeProblem& problem, const NodalMatrix& matrix,
                               std::span<const double> e, std::span<const double> f);

} // namespace yuanwang::powerflow
