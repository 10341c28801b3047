/// @file
/// What is lost together: branches, units, loads.
#pragma once

#include <cstddef>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "network/network.hpp"

namespace yuanwang::powerflow::batch {

/// One event: a branch, a transformer with its windings, a unit, a busbar with all that hangs on it, a double circuit; with
/// what remedial actions trip (切机, 切负荷).
struct Outage {
    std::vector<BranchIdx> branches;
    std::vector<UnitIdx> units;
    std::vector<UnitIdx>
        machines; ///< one machine of each: `UnitRoom::machine_share` of what it gives
    std::vector<BusIdx> load_buses; ///< all load of these buses goes
    struct Shed {
        BusIdx bus;
        std::size_t row = 0; ///< of `OutageColumns`
    };
    std::vector<Shed> shed; ///< parts of the load of a bus
};

/// What units can still do beside their schedule, [n_unit × n_step]; empty: those that share the slack do everything.
struct UnitRoom {
    Series up_mw;         ///< ≥ 0
    Series down_mw;       ///< ≥ 0
    Series machine_share; ///< of the unit's power that one of its running machines carries, 0…1
};

/// What a block of steps brings for its outages.
struct OutageColumns {
    Series shed_p_mw; ///< [n_row × n_step], loads that an action may trip, consumption positive
    Series shed_q_mvar;
    UnitRoom room;
};

/// The outages of one branch in service each.
[[nodiscard]] std::vector<Outage> list_branch_outages(const network::Network& grid);

} // namespace yuanwang::powerflow::batch
