/// @file
/// Why wind and sun of a planned block were not used: limits are taken away one after the other and the plan is made again.
///
/// | order | cause            | what is taken away                                                                      |
/// |-------|------------------|-----------------------------------------------------------------------------------------|
/// | 1     | `branch_n`       | limits that bind in the base state, one by one, the most valuable first                 |
/// | 2     | `branch_n1`      | limits that bind after an outage, in the same way                                       |
/// | 3     | `section`        | groups of ties at their limit; exports of ties where any are allowed                    |
/// | 4     | `station_limit`  | what a station may send out                                                             |
/// | 5     | `minimum_output` | least outputs of plants, the thermal minimum, output that has to run                    |
/// | 6     | `reserve`        | power kept free                                                                         |
/// | 7     | `storage_full`   | room for energy                                                                         |
/// | 8     | `surplus`        | nothing: what is left has no use at all                                                 |
///
/// Each stays away when the next one goes. What a removal frees of the curtailment of a plant and step falls on its cause;
/// what no removal frees is surplus. The parts of a plant and step sum to what it lost, in double. Where a single limit
/// binds, its part is exactly what the plan without it would have used. Only limits that bind cost a solve, each from the
/// basis of the plan itself.
#pragma once

#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/plan/plan_columns.hpp"

namespace yuanwang::dispatch {

/// Writes the ledger of a schedule read from `solution` anew, and what taking each limit away frees and saves. `block` is
/// the program as solved; `engine` solves it again with limits taken away.
[[nodiscard]] std::vector<TakenAway>
relax_limits(const Table& table, const PlanColumns& columns, const BlockInput& input,
             const program::Solution& solution, program::Block block, program::BlockEngine& engine,
             const program::System& system, const PlanSettings& settings, Schedule& schedule);

} // namespace yuanwang::dispatch
