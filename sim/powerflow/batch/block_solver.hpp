/// @file
/// The power flow of every run: a block of steps side by side in SIMD lanes, with all controls.
///
/// The interface, the rules and the answer are those of `ReferenceSolver`; both find the same voltages to the tolerance
/// in the same positions. Steps that do not fit lanes or do not end in them go to the reference solver and are marked
/// `by_reference`: input that is not finite, an island that has lost its last voltage source for the step, set-points
/// that depend on which units run, bad pivots, no convergence, controls that six rounds have not settled.
///
/// Steps start from the flat profile, chronological ones from positions found as `chronology.hpp` says. So the answer of
/// a block depends on its contents only, to the last bit of one instruction set, for any number of threads. What a step
/// returns is certified: its mismatch is that of its voltages with admittances summed anew, in double.
///
///     cost: a city of 294 buses with 147 taps and 169 shunts, see README.md
#pragma once

#include <cstddef>
#include <memory>

#include "network/network.hpp"
#include "powerflow/batch/batch_solver.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

class BlockSolver {
  public:
    /// Builds plan, lanes and reference solver once for this network and these units. `options.solver` may ask for the
    /// reference alone.
    BlockSolver(const network::Network& grid, const Units& units, const Options& options = {},
                int n_thread = 1, Precision precision = Precision::float_factor);
    ~BlockSolver();
    BlockSolver(BlockSolver&&) noexcept;
    BlockSolver& operator=(BlockSolver&&) noexcept;

    /// Solves every step of a block from the scheduled positions.
    void solve_block(const BlockInjections& injections, BlockStates& states);
    /// The same with positions of its own for the first step; for the chronological pass.
    void solve_block(const BlockInjections& injections, const StartPositions& start,
                     BlockStates& states);

    [[nodiscard]] std::size_t bytes() const; ///< working set of the lanes

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow::batch
