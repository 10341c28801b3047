/// @file
/// Reference power flow: scalar Newton on KLU with its controls, step after step. Simple, always right.
///
/// A step: gather injections -> Newton -> reactive limits -> taps and shunts -> Newton … until nothing moves -> flows.
/// Rounds that are only on the way stop at 1e-4 pu, the last at the tolerance. A Newton that fails starts again from the
/// flat profile, then with pivoting of its own and damped. Parts without a unit that can hold voltage are dead: their
/// voltages are NaN, and the step is `islanded` where they have load or injection; the rest is solved all the same.
/// A warmed-up solver allocates nothing. A block's answer depends on its own contents only.
#pragma once

#include <memory>
#include <span>

#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow {

class ReferenceSolver {
  public:
    /// Builds pattern, ordering and value maps once for this network and these units.
    ReferenceSolver(const network::Network& grid, const Units& units, const Options& options = {});
    /// The grid after an outage that takes `lost`: the same without these branches, its taps and shunts still moved by what
    /// they do in the whole grid, as for lanes.
    ReferenceSolver(const network::Network& grid, const Units& units, const Options& options,
                    std::span<const BranchIdx> lost);
    ~ReferenceSolver();
    ReferenceSolver(ReferenceSolver&&) noexcept;
    ReferenceSolver& operator=(ReferenceSolver&&) noexcept;

    /// Solves every step of a block. Each step starts from the scheduled taps and shunts; its voltages start from the
    /// flat profile at the first step of a block and from the step before where that converged.
    void solve_block(const BlockInjections& injections, BlockStates& states);
    /// The same with positions of its own for the first step; for the chronological pass.
    void solve_block(const BlockInjections& injections, const StartPositions& start,
                     BlockStates& states);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow
