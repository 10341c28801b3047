/// @file
/// The system as dispatch sees it: rows of `dispatch::Table` from the fleets of one epoch.
///
/// | table     | rows                                  |
/// |-----------|---------------------------------------|
/// | must_run  | waste, hvdc                           |
/// | variables | solar, wind                           |
/// | hydros    | hydro                                 |
/// | thermals  | thermal, generators                   |
/// | ties      | external grids                        |
/// | storages  | batteries                             |
///
/// **Groups of ties.** A section (断面) whose branches are all the branches at a set of boundary
/// buses limits the sum of what the external grids bring through them, so dispatch keeps it.
/// **Station limit.** A plant whose substation is joined to the grid by transformers alone may
/// send out what they are rated for.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dispatch/rules/rules.hpp"
#include "engine/epoch/availability.hpp"
#include "engine/epoch/flexible_loads.hpp"
#include "network/network.hpp"
#include "network/topology.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

struct DispatchTable {
    dispatch::Table rows;
    std::vector<std::string> group_id;      ///< section behind each group of ties
    std::vector<std::size_t> island_of_bus; ///< [n_bus]
    FlexibleRows flexible;                  ///< behind the rows of load that moves
};

[[nodiscard]] DispatchTable make_dispatch_table(const System& system, const network::Network& grid,
                                                const EconomicSettings& economics, double dt_h);

/// Thermal minimum and season of every step of a block.
void fill_thermal_minimum(const DispatchSettings& settings, const TimeAxis& time, StepRange range,
                          dispatch::BlockInput& input);

/// Least and greatest output of the thermal plants under their heat, where any delivers heat; heat of all plants by step,
/// thermal MW. After fill_thermal_minimum.
void fill_heat_band(const System& system, std::span<const models::WeatherYear> weather,
                    StepRange range, dispatch::BlockInput& input, std::vector<double>& heat_mw);

/// Available power of the block, in the rows of the table.
void fill_availability(const System& system, const Availability& availability,
                       dispatch::BlockInput& input);

/// What the cold leaves of the storages' powers; empty where none feels the weather.
void fill_storage_limits(const System& system, const models::ContainerHours& containers,
                         dispatch::BlockInput& input);

/// Dispatch `none`: every source at its set or available power, storages at rest, ties at zero.
/// What is missing or too much is left to the slack of the power flow.
void schedule_set_powers(const System& system, const dispatch::Table& table,
                         const dispatch::BlockInput& input, const dispatch::State& state,
                         dispatch::Schedule& schedule);

} // namespace yuanwang::engine
