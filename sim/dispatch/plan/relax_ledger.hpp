/// @file
/// Why wind and sun of a planned block were not used: limits are taken away one after the other and the plan is made again.
///
/// | order | cause            | what is taken away                                                                      |
/// |-------|------------------|-----------------------------------------------------------------------------------------|
/// | 1     | `branch_n`       | limits of lines and transformers in the base state                                      |
/// | 2     | `branch_n1`      | their limits after an outage                                                            |
/// | 3     | `section`        | limits of sections and groups of ties; exports of ties where any are allowed            |
/// | 4     | `station_limit`  | what a station may send out                                                             |
/// | 5     | `minimum_output` | minimum generation of plants, the thermal minimum, output that has to run               |
/// | 6     | `reserve`        | power kept free                                                                         |
/// | 7     | `storage_full`   | room for energy                                                                         |
/// | 8     | `surplus`        | nothing: what is left has no use on a copper plate without any of these limits          |
///
/// Of causes 1 to 3 the binding limit of most value goes first; the plan is made again, and the next one that binds then is
/// taken away, until no limit of the cause binds: one that was hidden behind another has its own part. After
/// `PlanSettings::ledger_limits` names all that are left of the cause go together. A cause is taken away as a whole before the
/// next one begins, so its parts sum to what the plan without all its limits would have used. What a removal frees of the
/// curtailment of a plant and step falls on its cause. The parts of a plant and step sum to what it lost, in double. Every
/// removal is a solve from the basis of the plan itself, only in blocks that curtail, and ends as soon as nothing is curtailed.
#pragma once

#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/plan/plan_columns.hpp"

namespace yuanwang::dispatch {

/// The plan whose curtailment is explained.
struct LedgerInput {
    const Table& table;
    const PlanColumns& columns;
    const BlockInput& input; ///< of the block kept
    const program::System& system;
    const std::vector<bool>& is_section; ///< [n_limit] of the network; empty: none is
    const PlanSettings& settings;
};

/// Writes the ledger of a schedule read from `solution` anew, and what taking each limit away frees and saves. `block` is
/// the program as solved; `engine` solves it again with limits taken away.
[[nodiscard]] std::vector<TakenAway> relax_limits(const LedgerInput& from,
                                                  const program::Solution& solution,
                                                  program::Block block,
                                                  program::BlockEngine& engine, Schedule& schedule);

} // namespace yuanwang::dispatch
