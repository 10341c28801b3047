/// @file
/// Dispatch that plans, from block to block of a run: what it has in sight, the limits of its network, what its plan cost.
///
///     for every block:
///         look ahead        the days beyond it, as far as `horizon_h` reaches, each with its own epoch
///         prepare           losses reckoned with, flows of the loads of all of them
///         plan ⇄ learn      schedule; flows and room of the limits as the AC solution showed them
///         settle            what the plan curtailed and why, what knowing more would have saved
///         record            prices at buses, limits that held it back
///
/// Where the days in sight lie in later epochs, the plan is a seam_plan.hpp. It ends at the boundary where it goes by a
/// forecast or commits units, where islands join or part, and where managed load changes.
///
/// The program stands in dispatch/plan/optimal.hpp, the network's side in network_rows.hpp, forecasts in foresight.hpp.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/relaxation.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/block_sample.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/loss_estimate.hpp"
#include "engine/plan/broken_limit_account.hpp"
#include "engine/plan/explanations.hpp"
#include "engine/plan/foresight.hpp"
#include "engine/plan/loss_factors.hpp"
#include "engine/plan/network_rows.hpp"
#include "engine/plan/plan_account.hpp"
#include "engine/plan/price_account.hpp"
#include "engine/plan/seam_plan.hpp"
#include "engine/plan/what_if.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

class BlockPlanner {
  public:
    /// `taken_away`: causes of curtailment whose limits the plans do not know, for a counterfactual run.
    explicit BlockPlanner(const Study& study, std::span<const dispatch::Cause> taken_away = {})
        : study_{study}, taken_away_(taken_away.begin(), taken_away.end()) {}

    /// Goes on from what the planner of another run of the same epoch learnt of the network; before `prepare`.
    void take_over(const BlockPlanner& other) { learnt_ = &other; }

    /// Live programs and factors belong to an epoch; what the run has added up stays.
    void enter_epoch();

    /// Where blocks of an epoch come from; makes the epoch ready where it is not.
    using OriginOf = std::function<BlockOrigin(std::size_t epoch)>;

    /// Samples what the plan of the first of `blocks` has in sight beyond it, where every block spends its water;
    /// `sources` as `sample` of the first left them.
    void look_ahead(const OriginOf& origin_of, std::span<const Block> blocks,
                    const BlockSample& sample, const SourceState& sources);

    /// Makes the first plan of the `number`-th block of the run possible. The block's own losses are estimated already.
    void prepare(const EpochModel& model, std::size_t number, BlockData& data,
                 const LossEstimate& losses);

    /// Plans: fills the schedule of `data` and moves the state to the end of the block.
    void plan(const EpochModel& model, BlockData& data, dispatch::State& state);

    /// Takes in the AC solution of the schedule. True where it breaks a limit that the plan meant to keep.
    [[nodiscard]] bool learn(const EpochModel& model, const BlockData& data);

    /// The plan stands: finds causes of curtailment for the schedule's ledger, adds up what limits and forecasts cost.
    void settle(const EpochModel& model, BlockData& data);

    /// Fills the prices of buses and how the plan went in the result of the block, counts the limits it leaves broken.
    void record(const EpochModel& model, StepRange steps, BlockData& data);

    /// The network as the plan of the block saw it.
    [[nodiscard]] ExplanationAccount::PlannedNetwork network() const {
        return {.rows = rows_ ? &*rows_ : nullptr,
                .block = &network_,
                .outcome = &outcome_,
                .reserve_share = study_.dispatch.reserve_share};
    }

    /// Elements of the rows of the network, by which the ledger names limits; empty: copper plate.
    [[nodiscard]] std::span<const std::string> limit_ids() const {
        return rows_ ? rows_->ids() : std::span<const std::string>{};
    }

    /// Names of the limits that held the plan of the block back most, by cause.
    [[nodiscard]] std::map<dispatch::Cause, dispatch::Curtailed> name_causes() const;

    void finish(Summary& summary) const;

  private:
    /// A block that is planned for but not kept.
    struct Ahead {
        std::size_t epoch = 0;
        BlockSample sample;
    };
    /// An epoch in sight that has not begun.
    struct Later {
        const EpochModel* model = nullptr;
        std::optional<NetworkRows> rows;
        dispatch::NetworkBlock network;
    };
    [[nodiscard]] dispatch::PlanSettings settings() const;
    [[nodiscard]] const dispatch::NetworkLimits& limits() const;
    [[nodiscard]] bool plans_by_forecast() const;
    [[nodiscard]] const dispatch::Table& table(const EpochModel& model) const;
    void make_tables(const EpochModel& model);
    void make_rows(const EpochModel& model, const Demand& demand,
                   std::optional<NetworkRows>& rows) const;
    void prepare_network(const EpochModel& model, BlockData& data);
    void dispatch_plan(const EpochModel& model, BlockData& data, dispatch::State& state);
    void prepare_seam(const EpochModel& model);
    void plan_across(BlockData& data, dispatch::State& state);
    NetworkRows* rows() { return rows_ ? &*rows_ : nullptr; }

    const Study& study_;
    std::vector<dispatch::Cause> taken_away_;
    std::map<const EpochModel*, dispatch::Table> tables_; ///< of the epochs in sight, less that
    const BlockPlanner* learnt_ = nullptr;                ///< of another run, until `prepare`
    std::vector<std::unique_ptr<Ahead>> ahead_;           ///< the first `n_ahead_` are in sight
    std::size_t n_ahead_ = 0;
    std::size_t number_ = 0;                   ///< of the block
    bool entered_ = false;                     ///< the epoch has its rows
    std::optional<dispatch::Planner> planner_; ///< of the epoch
    std::optional<NetworkRows> rows_;          ///< of the epoch; none: copper plate
    std::optional<LossFactors> loss_factors_; ///< of the epoch; none: losses do not follow the plan
    Series bus_loss_factor_;                  ///< of the block as planned last, [n_bus × n_step]
    std::optional<Foresight> foresight_;      ///< where forecasts are not perfect
    dispatch::NetworkBlock network_; ///< of the block and what is in sight of its epoch beyond it
    std::map<std::size_t, Later> later_;    ///< epochs in sight
    std::vector<dispatch::RowNames> names_; ///< of the epochs in sight
    std::optional<SeamPlan> seam_;          ///< where any later epoch is in sight
    dispatch::PlanOutcome outcome_;         ///< of the block as planned last
    PriceAccount prices_;
    PlanAccount plans_;
    BrokenLimitAccount broken_;
    WhatIfAccount what_if_;
};

} // namespace yuanwang::engine
