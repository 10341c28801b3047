/// @file
/// Reference power flow: scalar Newton on KLU with its controls, step after step. Simple, always right.
#pragma once

#include <memory>

#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow {

class ReferenceSolver {
  public:
    /// Builds pattern, ordering and value maps once for this network and these units.
    ReferenceSolver(const network::Network& grid, const Units& units, const Options& options = {});
    ~ReferenceSolver();
    ReferenceSolver(ReferenceSolver&&) noexcept;
    ReferenceSolver& operator=(ReferenceSolver&&) noexcept;

    /// Solves every step of a block. Each step starts from the scheduled taps and shunts; its voltages start from the
    /// flat profile at the first step of a block and from the step before where that converged.
    void solve_block(const BlockInjections& injections, BlockStates& states);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow
