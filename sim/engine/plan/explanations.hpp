/// @file
/// Explains the blocks of a run that could not be dispatched as asked: rows of dispatch/infeasibility/explain.hpp with ids and words.
///
/// A block is explained where energy stayed unserved, must-run output had to give way, the thermal minimum was missed, or a
/// plan could not keep a limit of the network or its reserve. The first thirty are explained, of those in which nothing but
/// limits after an outage were relaxed the first three; the others are counted: a lasting cause shows in the first of them.
#pragma once

#include "dispatch/infeasibility/explain.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/plan/network_rows.hpp"
#include "results/explained.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

class ExplanationAccount {
  public:
    /// What a plan knew of the network; without one the block is dispatched on copper plates.
    struct PlannedNetwork {
        const NetworkRows* rows = nullptr;
        const dispatch::NetworkBlock* block = nullptr;
        const dispatch::PlanOutcome* outcome = nullptr;
        double reserve_share = 0; ///< of demand, that the plan was to keep free
    };
    /// Looks at a block as dispatched.
    void add(const EpochModel& model, const TimeAxis& time, StepRange steps, const BlockData& data,
             const PlannedNetwork& network);
    /// Whether any block could not be dispatched as asked.
    [[nodiscard]] bool found_any() const { return found_.relaxed_blocks > 0; }
    void finish(Summary& summary) const { summary.explanations = found_; }

  private:
    Explanations found_;
    std::size_t n_after_outage_ =
        0; ///< explained blocks in which only limits after an outage were relaxed
};

} // namespace yuanwang::engine
