/// @file
/// Who takes up what an outage leaves missing, or too much: in this order, each within its room.
///
///     1. units that share the slack, by participation w_u:  Δp_u = min(w_u θ, room_u),  θ such that the sum is the lack
///     2. all other running units, in proportion to their room
///     3. lack: load of the part is shed, in proportion, reactive power with it;  surplus: output is tripped, in proportion
///
///     room [n_unit × n_step]   what a unit can still give (up) or withdraw (down)     MW, ≥ 0
///
/// The first two steps are primary and secondary control: power plants raise within the capacity of the units that run, external
/// grids within their transfer limits and those of their sections, storage within power and energy. The third is under-frequency
/// load shedding (低频减载) and tripping of units (高频切机). What losses change after the outage of a branch alone goes by participation to
/// those that have room, to all that participate where none has.
/// Without a table of rooms participating units take everything.
///
/// Source: Kundur, Power System Stability and Control, 1994, section 11.1 (sharing by droop up to the limit of each unit).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "powerflow/batch/outage.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

/// One unit of a part of the grid; powers in one unit of measure.
struct Responder {
    double weight = 0; ///< participation; 0: in the second step
    double up = 0;     ///< ≥ 0
    double down = 0;   ///< ≥ 0
    double output = 0; ///< may be tripped where positive
};

/// Fills `change` [n_responder] with what each adds to its output for a lack (negative: surplus) and returns what nobody can take,
/// with the sign of the lack.
[[nodiscard]] double respond(std::span<const Responder> responders, double lack,
                             std::span<double> change);

/// Room of unit u in step t, MW, with what `outage` takes of it; unlimited where there is no table. `on`: it runs before the outage.
[[nodiscard]] Responder make_responder(const Units& units, const Outage& outage,
                                       const OutageColumns& columns, UnitIdx u, std::size_t t,
                                       bool on, double output_mw);

/// Share of a unit's power and reactive range that an outage takes: 1 for a whole unit, that of one machine, else 0.
[[nodiscard]] double find_lost_share(const Outage& outage, const OutageColumns& columns, UnitIdx u,
                                     std::size_t t);

/// One step, as the reference solver and lanes under control take it.
struct StepColumns {
    std::span<double> load_p_mw; ///< [n_bus]
    std::span<double> load_q_mvar;
    std::span<double> unit_p_mw; ///< [n_unit]
    std::span<double> unit_on;
    std::span<double> unit_q_min_mvar;
    std::span<double> unit_q_max_mvar;
};

/// Takes the loads, units and machines of an outage out of a step.
void take_out(const Outage& outage, const OutageColumns& columns, std::size_t t,
              const StepColumns& step);

/// Lets the buses of `part` take up `lack_mw`, after `take_out`. Returns the load shed, MW.
double balance_part(const Units& units, const Outage& outage, const OutageColumns& columns,
                    std::size_t t, std::span<const int> part_of_bus, int part, double lack_mw,
                    const StepColumns& step);

} // namespace yuanwang::powerflow::batch
