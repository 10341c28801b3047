/// @file
/// What causes curtailment, by runs without the limits: the ledger equals the differences of a sequence of counterfactual runs.
///
/// Run n takes the causes 1 … n of dispatch/relaxation.hpp away, in the order there, and is a run like any other: dispatch ⇄
/// power flow with its own losses, flows and limits learnt, its own stored energy and water from block to block. With C_n the
/// energy it curtails and C_0 that of the study,
///
///     cause n = C_{n−1} − C_n,     surplus = what the last run curtails                MWh
///
/// Within a block the ledger keeps its rows as dispatch wrote them (names, steps, shares), scaled to these sums. A run that
/// moves energy between days can free more in one block than is lost there; what does not fit is carried on to the next.
///
/// A counterfactual run begins with the first block in which the run before it curtails anything it could free, from the
/// state of that run, and ends after `idle_blocks` blocks in which neither curtails. Studies that curtail nothing pay nothing.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/block_loop.hpp"

namespace yuanwang::engine {

class CounterfactualRuns {
  public:
    CounterfactualRuns(const Study& study, const ResultAxes& axes, const Progress& progress,
                       std::map<std::string, double>& stage_seconds);

    void enter_epoch(const EpochModel& model, const EpochModel* before, std::size_t first_step);

    /// Runs the first of `blocks`, the `number`-th of the run, as far as `base` curtails in it, and brings the ledger of the
    /// schedule of `base` to the sums.
    void explain(const BlockOrigin& from, EpochModel& model,
                 const BlockPlanner::OriginOf& origin_of, std::span<const Block> blocks,
                 std::size_t number, BlockLoop& base);

  private:
    struct Run {
        dispatch::Cause cause = dispatch::Cause::surplus; ///< the last one taken away
        std::vector<dispatch::Cause> taken_away;
        std::unique_ptr<BlockLoop> loop; ///< none: it does what the run before it does
        int idle = 0;                    ///< blocks without curtailment
    };
    [[nodiscard]] bool begins(const Run& run, const BlockLoop& above,
                              const dispatch::CauseSums& guess) const;
    void balance(const dispatch::CauseSums& freed_mwh, const dispatch::Table& table,
                 BlockLoop& base);
    [[nodiscard]] std::map<dispatch::Cause, dispatch::Curtailed>
    name_causes(const dispatch::Table& table, const BlockLoop& base);

    static constexpr int idle_blocks = 2;

    const Study& study_;
    const ResultAxes& axes_;
    const Progress& progress_;
    std::map<std::string, double>& stage_seconds_;
    std::vector<Run> runs_;
    std::map<dispatch::Cause, dispatch::Curtailed> names_; ///< that ledgers of the epoch gave last
    dispatch::CauseSums carried_mwh_; ///< that did not fit into the blocks so far; sums to zero
};

} // namespace yuanwang::engine
