/// @file
/// Explains the blocks of a run that could not be dispatched as asked: rows of dispatch/explain.hpp with ids and words.
///
/// A block is explained where energy stayed unserved or must-run output had to give way. The first thirty are explained;
/// the others are counted: a lasting cause shows in the first of them.
#pragma once

#include "dispatch/explain.hpp"
#include "engine/block_data.hpp"
#include "engine/blocks.hpp"
#include "engine/epoch_model.hpp"
#include "engine/explained.hpp"

namespace yuanwang::engine {

class ExplanationAccount {
  public:
    /// Looks at a block as dispatched.
    void add(const EpochModel& model, const TimeAxis& time, StepRange steps, const BlockData& data);
    void finish(Summary& summary) const { summary.explanations = found_; }

  private:
    Explanations found_;
};

} // namespace yuanwang::engine
