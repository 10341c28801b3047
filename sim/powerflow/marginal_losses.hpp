/// @file
/// Marginal losses: what a megawatt more injected at a bus adds to the losses of its island, at a solved AC state.
///
///     J [dθ; dV/V; dλ] = [dp; dq],     λ_island = losses − Σ scheduled injection
///     ℓ_i = dL/dp_i = 1 + dλ/dp_i = 1 + (inv(J)ᵀ e_λ)_i
///
///     J [2 n_node × 2 n_node]   Jacobian of newton.hpp at the state
///     λ [n_island]              power an island lacks, taken by its units in shares      pu
///     ℓ [n_bus]                 1 where all of it is lost, below 0 where it relieves     1
///
/// First order: voltages of units inside their reactive range stay, units at a limit stay there, taps, shunts and the reactive
/// power of loads stand. Whoever takes what is lacking counts as served where it is: factors of another slack differ by a
/// common factor of 1 − ℓ. 0 at buses without voltage.
/// Cost: one factorisation and one transposed solve a step.
/// Source: Dommel, Tinney, IEEE Trans. PAS-87(10), 1968; Galiana, Conejo, Kockar, IEEE Trans. Power Syst. 17(4), 2002
/// (marginal losses with a distributed slack).
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow {

class MarginalLosses {
  public:
    /// Keeps references.
    MarginalLosses(const network::Network& grid, const Units& units, bool distributed_slack);
    ~MarginalLosses();
    MarginalLosses(MarginalLosses&&) noexcept;
    MarginalLosses& operator=(MarginalLosses&&) noexcept;

    /// Writes ℓ of step t [n_bus]. False, and all 0, where the step did not converge or its Jacobian is singular.
    [[nodiscard]] bool compute(const BlockInjections& injections, const BlockStates& states,
                               std::size_t t, std::span<double> factor);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow
