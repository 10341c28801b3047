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
    std::vector<BusIdx> load_buses; ///< all load of these buses goes
    struct Shed {
        BusIdx bus;
        std::size_t row = 0; ///< of `ShedLoads`
    };
    std::vector<Shed> shed; ///< parts of the load of a bus
};

/// Loads that an action may trip, consumption positive: [n_row × n_step], MW and Mvar.
struct ShedLoads {
    Series p_mw;
    Series q_mvar;
};

/// The outages of one branch in service each.
[[nodiscard]] std::vector<Outage> list_branch_outages(const network::Network& grid);

} // namespace yuanwang::powerflow::batch
