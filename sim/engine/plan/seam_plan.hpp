/// @file
/// A plan that looks across the boundary of an epoch: rows of dispatch/plan/joint_table.hpp, limits of the grid of the epoch in
/// which a step lies.
///
/// Such plans are few (the last days of an epoch), so each has a program of its own, started from nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "dispatch/plan/joint_table.hpp"
#include "dispatch/plan/optimal.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/plan/network_rows.hpp"

namespace yuanwang::engine {

/// An epoch in the sight of a plan; `rows` is null where it is a copper plate.
struct SeamEpoch {
    const dispatch::Table* table = nullptr;
    const NetworkRows* rows = nullptr;
};

/// A block in the sight of a plan, with the number of its epoch among those of the seam.
struct SeamBlock {
    std::size_t epoch = 0;
    const dispatch::BlockInput* input = nullptr;
};

/// Names of the rows of the epochs. None where no plan can look across: islands that join or part, other managed load.
[[nodiscard]] std::optional<std::vector<dispatch::RowNames>>
name_rows(std::span<const EpochModel* const> models);

class SeamPlan {
  public:
    /// `names` as name_rows gives them.
    SeamPlan(std::span<const SeamEpoch> epochs, std::span<const dispatch::RowNames> names,
             const dispatch::PlanSettings& settings);

    /// As dispatch::Planner::plan; `networks` holds the network of the blocks of each epoch, one after the other.
    void plan(std::span<const SeamBlock> blocks,
              std::span<const dispatch::NetworkBlock* const> networks, dispatch::State& state,
              dispatch::Schedule& schedule, dispatch::PlanOutcome& outcome);

    /// As dispatch::Planner::take_limits_away, after the last plan.
    void take_limits_away(dispatch::Schedule& schedule, dispatch::PlanOutcome& outcome);

  private:
    [[nodiscard]] dispatch::NetworkLimits join_limits(std::span<const SeamEpoch> epochs);
    void join_networks(std::span<const SeamBlock> blocks,
                       std::span<const dispatch::NetworkBlock* const> networks);
    void join_losses(std::size_t epoch, const dispatch::NetworkBlock& own, std::size_t from,
                     std::size_t at);

    double dt_h_;
    const dispatch::Table& own_; ///< of the first epoch
    dispatch::JointTable joint_;
    std::vector<std::size_t> first_row_; ///< [n_epoch + 1], of the limits
    dispatch::Planner planner_;
    std::vector<dispatch::BlockInput> inputs_;
    dispatch::NetworkBlock network_;
    dispatch::Schedule schedule_; ///< on the joint rows
};

} // namespace yuanwang::engine
