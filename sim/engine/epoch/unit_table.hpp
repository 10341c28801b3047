/// @file
/// The system as the power flow sees it: units that inject, and loads at buses.
///
/// Units stand in this order: solar, wind, hydro, thermal, waste, generators, hvdc (the source
/// axis), then batteries, then a unit per boundary bus of each external grid.
///
/// **Slack.** External grids take the mismatch by participation, spread over their buses like the
/// schedule. An island without one leaves it to its slack generators, then to its units in voltage
/// mode by rating; participations sum to 1 in every island that has any of these.
/// **On.** Thermal plants and generators are connected while a unit of theirs is committed, at whatever output; wind and sun
/// while there is any, curtailed or not; hydro and waste while they deliver, and hydro that holds its island at no output too;
/// batteries, HVDC and boundary buses always. A unit that is off holds no voltage.
/// **Reactive range** of a step: what was written, for thermal plants by the units that run, and |Q| ≤ √(S² − P²) where
/// the apparent power is bounded.
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/table.hpp"
#include "engine/epoch/availability.hpp"
#include "powerflow/block.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

struct UnitTable {
    powerflow::Units units;
    std::vector<double> q_min_mvar; ///< [n_unit], all machines on
    std::vector<double> q_max_mvar;
    std::vector<double> s_max_mva; ///< [n_unit]; 0: apparent power is not bounded
    std::vector<int> machines;     ///< [n_unit] parts that trip one by one; 0: an outage takes none
    std::size_t n_source = 0;      ///< the first units are the source axis of the epoch
    std::size_t first_battery = 0; ///< = n_source
    std::size_t first_tie = 0;
    std::vector<std::size_t> tie_of_unit; ///< [n_unit − first_tie]
    std::vector<double> tie_share;        ///< [n_unit − first_tie]
    std::vector<bool> holds_at_no_output; ///< [n_hydro], see island_holders.hpp
};

/// `island_of_bus` as in `DispatchTable`.
[[nodiscard]] UnitTable make_unit_table(const System& system,
                                        const std::vector<std::size_t>& island_of_bus);

/// Active power of every source of the schedule, rows of the source axis: [n_source × n_step].
void list_source_power(const System& system, const dispatch::Schedule& schedule, Series& p_mw);

/// Which buses a load hangs on, one entry per load and bus.
struct LoadBuses {
    struct Entry {
        std::size_t load = 0;
        BusIdx bus;
        double share = 0;
    };
    std::vector<Entry> entries;
    std::vector<bool> may_be_cut; ///< [n_load]; false: cut after all others
};
[[nodiscard]] LoadBuses list_load_buses(const Loads& loads);

/// Demand of each island, [n_island × n_step].
void sum_demand(const LoadBuses& buses, const std::vector<std::size_t>& island_of_bus,
                const Demand& demand, std::size_t n_island, Series& demand_mw);

/// What of each load dispatch did not serve, [n_load × n_step]. Unserved energy of an island is spread over its loads in
/// proportion to demand, those that may not be cut after all others. Managed energy falls on the loads at the buses of the
/// enterprises called (a load at several buses gives up at all of them), what a bus cannot carry on its island; load
/// that comes back after a call is negative.
struct LoadCuts {
    Series unserved_mw;
    Series managed_mw;
};
void spread_cuts(const LoadBuses& buses, const std::vector<std::size_t>& island_of_bus,
                 const Demand& demand, const dispatch::Table& table,
                 const dispatch::Schedule& schedule, LoadCuts& cuts);

/// Share of a load that is served in step t of the block: 1 − cut/demand, above 1 where load comes back after a call.
[[nodiscard]] double served_share(const Demand& demand, const LoadCuts& cuts, std::size_t load,
                                  std::size_t t);

/// Fills the injections of a block.
void fill_injections(const System& system, const UnitTable& table, const LoadBuses& buses,
                     const Demand& demand, const LoadCuts& cuts, const dispatch::Schedule& schedule,
                     const Series& source_p_mw, std::size_t n_bus, powerflow::BlockInjections& out);

} // namespace yuanwang::engine
