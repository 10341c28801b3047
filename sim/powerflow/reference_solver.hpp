/// @file
/// Reference power flow: scalar Newton on KLU with its controls, step after step. Simple, always right.
///
/// A step: gather injections -> Newton -> reactive limits -> taps and shunts -> Newton … until nothing moves -> flows.
/// Rounds that are only on the way stop at 1e-4 pu, the last at the tolerance. A Newton that fails, or ends astray
/// (astray.hpp), starts again: from the flat profile whose angles follow the phase shifts, from angle 0, from DC angles, from
/// given voltages, then damped with pivoting of its own from each. The first sound solution is taken, else the one with the
/// fewest marks.
///
/// A step without a sound solution at the positions it starts from is taken up from a part of its load and schedule: limits,
/// taps and shunts come to rest there from their scheduled positions, then the share grows in steps that halve where they
/// fail (`most_halvings`). So a step has a solution or none whatever the steps before it were. Parts without a unit that can hold voltage are dead: their
/// voltages are NaN, and the step is `islanded` where they have load or injection; the rest is solved all the same.
/// A warmed-up solver allocates nothing. A block's answer depends on its own contents only.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow {

/// Voltages somebody knows: of a case file, of an earlier state. One more place to start from.
struct StartVoltages {
    std::vector<double> vm_pu;  ///< [n_bus]; empty: none known
    std::vector<double> va_rad; ///< [n_bus]
};

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

    /// Voltages to start from where the starts of its own find nothing sound.
    void know(const StartVoltages& start);

    /// Few starts, few iterations and no rising share from here on: for trials, most of which fail.
    void try_briefly();

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
