/// @file
/// From the tables of a block to result columns on the axes of the run.
///
/// What the AC solution gives is NaN in steps that did not converge; what dispatch decided stands
/// in every step. A source's power is the AC one where there is one (slack generators differ from
/// their schedule), else the schedule.
///
///     loading = max(|S_from|, |S_to|) / rate        of the worst circuit, unit or winding, percent
#pragma once

#include <span>
#include <string>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

/// Fills `data.result`.
void record_block(const EpochModel& model, const ResultAxes& axes, StepRange steps,
                  BlockData& data);

/// Fills `data.curtailment` from the ledger of the schedule: branch, section, tie or station in the way, and the outage after
/// which it is. `limit_ids` [n_limit] are the elements of the network's limits.
void record_curtailment(const EpochModel& model, StepRange steps,
                        std::span<const std::string> limit_ids, BlockData& data);

/// Loading of a branch at its worse end, percent of its normal rating; NaN where it has none.
[[nodiscard]] double find_loading_percent(const network::Network& grid,
                                          const powerflow::BlockStates& states, BranchIdx branch,
                                          std::size_t t);

/// Who was called for load management in a block, by group, enterprise and bus.
void list_managed_calls(const EpochModel& model, StepRange steps,
                        const dispatch::Schedule& schedule, std::vector<ManagedCallRow>& rows);

} // namespace yuanwang::engine
