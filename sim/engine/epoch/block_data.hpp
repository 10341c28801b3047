/// @file
/// Every buffer of a block, reused from block to block.
#pragma once

#include <vector>

#include "dispatch/table.hpp"
#include "engine/epoch/block_sample.hpp"
#include "engine/epoch/unit_table.hpp"
#include "powerflow/block.hpp"
#include "results/results.hpp"

namespace yuanwang::engine {

/// Green energy of one step; see green.hpp.
struct GreenStep {
    double green_mw = 0;    ///< exports counted in
    double consumed_mw = 0; ///< of it, exports at the mix of the step taken off
    double export_mw = 0;
    double consumption_mw = 0;
    double matched_mw = 0;
};

struct BlockData : BlockSample {
    dispatch::State state_before; ///< of dispatch, at the start of the block
    dispatch::Schedule schedule;
    LoadCuts cuts;
    Series source_p_mw; ///< schedule, [n_source × n_step]
    powerflow::BlockInjections injections;
    powerflow::BlockStates states;
    std::vector<GreenStep> green; ///< [n_step]
    Series storage_green_share;   ///< [n_storage × n_step], of what a storage discharges
    std::vector<models::ThermalStep> thermal_burn; ///< [n_step], all thermal plants
    BlockResult result;
    std::vector<CurtailmentRow> curtailment;
    std::vector<VerdictRow> verdicts;
};

} // namespace yuanwang::engine
