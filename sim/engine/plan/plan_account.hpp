/// @file
/// How the plans of a run went: blocks without one, and what the commitment of units came to.
///
/// | indicator                     | is                                                                        |
/// |-------------------------------|---------------------------------------------------------------------------|
/// | plan_fell_back_blocks         | blocks without a plan, dispatched by rules                                |
/// | plan_blocks_<status>          | of these, by what the solver came to (dispatch/program/solution.hpp)      |
/// | commitment_gap_mean_percent   | how much a better commitment could save at most, of the cost of all plans |
/// | commitment_gap_worst_percent  | the same of the worst plan                                                |
/// | commitment_exact_blocks       | blocks whose commitment is proved best                                    |
/// | commitment_failed_blocks      | blocks no commitment was found for: their units run as without            |
///
/// Status and gap of a block also stand in every one of its steps, in the columns `plan_status` and `commitment_gap_percent`.
#pragma once

#include <map>
#include <string>

#include "dispatch/plan/optimal.hpp"
#include "results/results.hpp"

namespace yuanwang::engine {

class PlanAccount {
  public:
    /// Of a block whose plan stands; fills its columns.
    void add(const dispatch::PlanOutcome& outcome, BlockResult& result);
    void finish(std::map<std::string, double>& indicators) const;

  private:
    void add_commitment(const dispatch::CommitmentOutcome& outcome, BlockResult& result);

    double fell_back_ = 0;
    std::map<std::string, double> by_status_; ///< of blocks that fell back
    double committed_ = 0;
    double exact_ = 0;
    double failed_ = 0;
    double gap_cny_ = 0;
    double cost_cny_ = 0;
    double worst_percent_ = 0;
};

} // namespace yuanwang::engine
