/// @file
/// Asks why steps of a run have no power flow: the first five are examined, the others only counted in `steps`.
///
/// Each examined step leaves verdicts `cause_<kind>` of its three likeliest causes beside its `non_convergence`.
#pragma once

#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class FailureAccount {
  public:
    /// Looks at a solved and judged block.
    void add(const EpochModel& model, const powerflow::Options& options, StepRange steps,
             BlockData& data);
    void finish(Summary& summary) const { summary.failed_steps = found_; }

  private:
    std::vector<FailedStep> found_;
};

} // namespace yuanwang::engine
