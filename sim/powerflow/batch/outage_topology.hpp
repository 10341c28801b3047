/// @file
/// What an outage does to the graph, known before any step is solved.
///
/// A part of the grid that keeps no unit in voltage mode goes dark. In a lane its nodes stay in the equations, so that all
/// lanes share one pattern: a dark node follows a neighbour, V_i = V_parent, without current, and the neighbour does not
/// notice. Parts that keep a source of their own are two power flows, not one: those outages are for the reference solver.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "powerflow/batch/outage.hpp"
#include "powerflow/block.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow::batch {

struct OutageTopology {
    /// True where one part keeps all sources; false: for the reference solver.
    bool in_lanes = true;
    std::vector<BusIdx> dark; ///< buses that lose their source, ascending
    struct Follower {
        std::size_t node = 0;
        std::size_t parent = 0; ///< a neighbour in the matrix, nearer to the living part
    };
    std::vector<Follower> followers;
};

/// Of every outage. `part` [n_bus]: the electrically separate parts before any; `main` the one the lanes solve. The graph is
/// walked anew only for outages of several branches or of a bridge: no other splits anything.
[[nodiscard]] std::vector<OutageTopology>
find_topologies(const network::Network& grid, const Units& units, const NodalMatrix& matrix,
                const Column<BusIdx, int>& part, int main, std::span<const Outage> outages);

} // namespace yuanwang::powerflow::batch
