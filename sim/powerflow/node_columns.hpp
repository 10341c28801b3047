/// @file
/// A solved state of the network by nodes, made from voltages alone: powers and mismatch evaluated anew, in double.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_state.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::powerflow {

class NodeColumns {
  public:
    NodeColumns(std::size_t n_node, std::size_t n_island);

    /// Takes voltages [n_node] and what each island lacks [n_island], both per unit. Angles lie in −π … π.
    void read(std::span<const std::complex<double>> V, std::span<const double> lambda);
    /// Computes the powers at these voltages with the matrix as it stands.
    void evaluate(const NodalMatrix& matrix);
    /// Largest |ΔP|, |ΔQ| of what the units ask, pu, and its node.
    [[nodiscard]] double find_mismatch(const NodeUnits& units, std::size_t& worst) const;

    [[nodiscard]] NodeState view() const { return {vm_, va_, e_, f_, p_, q_, lambda_}; }

  private:
    std::vector<double> vm_, va_, e_, f_, p_, q_; ///< [n_node]
    std::vector<double> lambda_;
};

} // namespace yuanwang::powerflow
