/// @file
/// From the fleets of an epoch to what feeds a short circuit.
///
/// External grids are feeders at each of their buses. Hydro, thermal, waste-to-energy plants and generators of public cases
/// are machines behind a unit transformer; a hydro plant counts whole, whatever share of it serves the city. Sun, wind,
/// batteries and HVDC are converters. A plant's rated apparent power is its active power over its power factor.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "security/fault_sources.hpp"
#include "security/system_strength.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

struct FaultPlan {
    security::FaultSources sources; ///< all machines on
    /// Rows of the machines in the tables of a step.
    struct MachineRow {
        std::size_t unit = 0; ///< row of the unit table
        std::optional<std::size_t> thermal =
            {}; ///< row of the dispatch schedule where units are counted
    };
    std::vector<MachineRow> machines;
    security::ConverterStations stations;   ///< wind and sun
    std::vector<std::uint32_t> station_row; ///< on the source axis of the run
};

[[nodiscard]] FaultPlan make_fault_plan(const ShortCircuitSettings& settings,
                                        const EpochModel& model);

/// Machines of each row that run in a step.
void count_machines(const FaultPlan& plan, const BlockData& data, std::size_t t,
                    std::vector<int>& count);

} // namespace yuanwang::engine
