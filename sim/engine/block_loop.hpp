/// @file
/// Dispatch ⇄ power flow of a block, and what passes from block to block of one path through the study: the run itself, or a
/// counterfactual run without some limits.
///
///     for every block: sample → look_ahead → dispatch_and_solve → (accounts) → state() and sources() are those of the next
///
/// Losses of the AC solution come back to dispatch, for a plan also flows and limits, until they no longer move or the rounds
/// of the study are used up.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "dispatch/relaxation.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/block_sample.hpp"
#include "engine/epoch/control_positions.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/loss_estimate.hpp"
#include "engine/epoch/source_state.hpp"
#include "engine/plan/block_planner.hpp"
#include "study/blocks.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class BlockLoop {
  public:
    /// `taken_away`: causes of curtailment whose limits are away. `stage_seconds` takes the time of the stages.
    BlockLoop(const Study& study, const ResultAxes& axes, const Progress& progress,
              std::map<std::string, double>& stage_seconds,
              std::vector<dispatch::Cause> taken_away = {});

    /// Hands on what is stored and remembered, by id; `before` is null in the first epoch.
    void enter_epoch(const EpochModel& model, const EpochModel* before, std::size_t first_step);

    /// A counterfactual run begins: from what `other` had before the block it has just solved.
    void take_over(const BlockLoop& other);

    void sample(const BlockOrigin& from, const Block& block);
    void look_ahead(const BlockPlanner::OriginOf& origin_of, std::span<const Block> blocks);
    /// The block is ready to be dispatched: storages have their state, demand is as without any call.
    void begin();
    void dispatch_and_solve(EpochModel& model, std::size_t number);

    /// Energy of wind and sun curtailed in the block, MWh.
    [[nodiscard]] double curtailed_mwh() const;

    [[nodiscard]] BlockData& data() { return data_; }
    [[nodiscard]] const BlockData& data() const { return data_; }
    [[nodiscard]] dispatch::State& state() { return state_; }
    [[nodiscard]] SourceState& sources() { return sources_; }
    [[nodiscard]] BlockPlanner* planner() { return planner_ ? &*planner_ : nullptr; }
    [[nodiscard]] const BlockPlanner* planner() const { return planner_ ? &*planner_ : nullptr; }

  private:
    [[nodiscard]] bool is_away(dispatch::Cause cause) const;
    void prepare_plan(const EpochModel& model, std::size_t number);
    void dispatch_block(const EpochModel& model);
    void dispatch_by_rules(const EpochModel& model);
    [[nodiscard]] bool needs_another_round(const EpochModel& model, int round);
    void solve_power_flows(EpochModel& model);
    void stop_if_asked() const;

    /// What a block begins with, beside the state of dispatch.
    struct Start {
        SourceState sources;
        LossEstimate losses;
        ControlPositions positions;
    };

    const Study& study_;
    const Progress& progress_;
    std::map<std::string, double>& stage_seconds_;
    std::vector<dispatch::Cause> taken_away_;
    BlockData data_;
    dispatch::State state_;       ///< at the start of the block to come
    dispatch::State state_after_; ///< at the end of the block as dispatched last
    SourceState sources_;
    LossEstimate losses_;
    ControlPositions positions_;
    std::optional<Start> start_;          ///< of the block solved last
    std::optional<BlockPlanner> planner_; ///< for method `optimal`
    dispatch::Table table_;               ///< of the block by rules, where anything is taken away
    Series plain_p_mw_;                   ///< demand of the block before dispatch moves any
    Series plain_q_mvar_;
};

} // namespace yuanwang::engine
