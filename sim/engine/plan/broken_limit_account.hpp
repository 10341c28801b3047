/// @file
/// Limits of the grid that a plan leaves broken over a run, and why.
///
/// | why         | known by                                                                                        |
/// |-------------|-------------------------------------------------------------------------------------------------|
/// | unavoidable | the plan itself pays for an overload: at that price every source, storage and moved load that    |
/// |             | could help does, so no schedule keeps the limit but one that cuts load off; the overload paid is |
/// |             | the smallest relaxation that works                                                              |
/// | rounds      | the plan keeps it, the AC solution of its last round does not (`dispatch.limit_rounds`)          |
///
/// Judged as the plan judges: flows of the AC solution, after outages by LODF, active power against the emergency rating.
/// What only AC outages see (reactive power, voltages, load lost) is in the N-1 verdicts.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "engine/plan/network_rows.hpp"
#include "results/results.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

class BrokenLimitAccount {
  public:
    /// Takes in what the AC solution of the schedule kept leaves broken in the steps of a block.
    void add(const NetworkRows& rows, StepRange steps, double dt_h);
    void finish(Summary& summary) const;

  private:
    std::map<std::pair<std::string, std::string>, Summary::BrokenLimit> limits_;
};

} // namespace yuanwang::engine
