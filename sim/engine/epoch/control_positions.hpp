/// @file
/// Where taps and switched shunts stand, from block to block and epoch to epoch.
///
/// Rows are those of the result axes, so that a position outlives a change of the grid. What has no
/// past starts from its scheduled position.
#pragma once

#include <optional>
#include <vector>

#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class ControlPositions {
  public:
    explicit ControlPositions(const ResultAxes& axes)
        : taps_(axes.of(Axis::transformer).size()), shunts_(axes.of(Axis::shunt).size()) {}

    /// Where the next block starts from.
    [[nodiscard]] powerflow::StartPositions start(const EpochModel& model) const;

    /// Keeps the positions a block ended with; the older ones where its last step has no solution.
    void remember(const EpochModel& model, const powerflow::BlockStates& states);

  private:
    std::vector<std::optional<int>> taps_;
    std::vector<std::optional<int>> shunts_;
};

} // namespace yuanwang::engine
