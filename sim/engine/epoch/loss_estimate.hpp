/// @file
/// Losses dispatch reckons with: first a guess, then what the AC solution of the block gave.
///
/// The guess for a step is its demand times the loss share of the same clock time in the block
/// before; in the first block it is a set share.
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/table.hpp"
#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::engine {

class LossEstimate {
  public:
    LossEstimate(double initial_share, std::size_t steps_per_day)
        : share_(steps_per_day, initial_share) {}

    /// Fills `input.loss_mw` with the guess.
    void estimate(dispatch::BlockInput& input) const;

    /// Puts the AC losses of every converged step in place of what was reckoned with, island by
    /// island. False, and nothing is changed, where no step would move by more than `settled_mw`.
    [[nodiscard]] bool feed_back(const network::Network& grid,
                                 const std::vector<std::size_t>& island_of_bus,
                                 const powerflow::BlockStates& states, dispatch::BlockInput& input);

    /// Keeps the loss share of each clock time for the next block.
    void remember(const dispatch::BlockInput& input, const powerflow::BlockStates& states);

    static constexpr double settled_mw = 0.05;

  private:
    std::vector<double> share_; ///< [steps_per_day]
    std::vector<double> island_mw_;
    Series next_mw_;
};

} // namespace yuanwang::engine
