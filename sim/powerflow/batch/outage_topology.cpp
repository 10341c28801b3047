#include "powerflow/batch/outage_topology.hpp"

#include <algorithm>
#include <cstdint>

#include "network/topology.hpp"

namespace yuanwang::powerflow::batch {

namespace {

/// Islands after the outage that keep a unit in voltage mode.
std::vector<std::uint8_t> find_sources(const Units& units, const network::Islands& after,
                                       const Outage& outage) {
    std::vector<std::uint8_t> has_source(static_cast<std::size_t>(after.count), 0);
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        const bool lost = std::ranges::find(outage.units, u) != outage.units.end();
        if (units.mode[u] == ReactiveMode::voltage && !lost) {
            has_source[static_cast<std::size_t>(after.of_bus[units.bus[u]])] = 1;
        }
    }
    return has_source;
}

/// True where everything the outage takes lies in the part the lanes solve.
bool lies_in(const network::Network& grid, const Units& units, const Column<BusIdx, int>& part,
             int main, const Outage& outage) {
    return std::ranges::all_of(outage.branches,
                               [&](BranchIdx k) { return part[grid.branches.from[k]] == main; }) &&
           std::ranges::all_of(outage.units,
                               [&](UnitIdx u) { return part[units.bus[u]] == main; }) &&
           std::ranges::all_of(outage.machines,
                               [&](UnitIdx u) { return part[units.bus[u]] == main; }) &&
           std::ranges::all_of(outage.load_buses, [&](BusIdx i) { return part[i] == main; }) &&
           std::ranges::all_of(outage.shed,
                               [&](const Outage::Shed& s) { return part[s.bus] == main; });
}

/// Gives every dark node a neighbour nearer to the living part, in rings around it.
void list_followers(const NodalMatrix& matrix, std::vector<std::uint8_t>& is_dark,
                    std::vector<OutageTopology::Follower>& followers) {
    std::vector<std::size_t> ring;
    for (std::size_t n = 0; n < matrix.n_node(); ++n) {
        if (is_dark[n] == 0) {
            ring.push_back(n);
        }
    }
    while (!ring.empty()) {
        std::vector<std::size_t> next;
        for (const std::size_t n : ring) {
            for (int m = matrix.row_start[n]; m < matrix.row_start[n + 1]; ++m) {
                const auto j = static_cast<std::size_t>(matrix.column[static_cast<std::size_t>(m)]);
                if (is_dark[j] == 1) {
                    is_dark[j] = 2;
                    followers.push_back({j, n});
                    next.push_back(j);
                }
            }
        }
        ring = std::move(next);
    }
}

/// `after`: the parts the outage leaves.
OutageTopology find_topology(const network::Network& grid, const Units& units,
                             const NodalMatrix& matrix, const Column<BusIdx, int>& part, int main,
                             const Outage& outage, const network::Islands& after) {
    OutageTopology topology;
    const std::vector<std::uint8_t> has_source = find_sources(units, after, outage);
    int live = -1;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        if (part[i] != main) {
            continue;
        }
        const int island = after.of_bus[i];
        if (has_source[static_cast<std::size_t>(island)] == 0) {
            topology.dark.push_back(i);
        } else if (live < 0) {
            live = island;
        } else if (island != live) {
            topology.in_lanes = false;
        }
    }
    topology.in_lanes = topology.in_lanes && live >= 0 && lies_in(grid, units, part, main, outage);
    if (topology.in_lanes && !topology.dark.empty()) {
        // Nodes of other parts count as dark beyond reach: they have no neighbour here.
        std::vector<std::uint8_t> is_dark(matrix.n_node(), 0);
        for (const BusIdx i : topology.dark) {
            is_dark[static_cast<std::size_t>(matrix.node_of_bus[i.row()])] = 1;
        }
        list_followers(matrix, is_dark, topology.followers);
    }
    return topology;
}

} // namespace

std::vector<OutageTopology> find_topologies(const network::Network& grid, const Units& units,
                                            const NodalMatrix& matrix,
                                            const Column<BusIdx, int>& part, int main,
                                            std::span<const Outage> outages) {
    const network::Islands intact = network::find_islands(grid);
    const std::vector<BranchIdx> bridges = network::find_bridges(grid); // ascending
    std::vector<OutageTopology> all;
    all.reserve(outages.size());
    for (const Outage& outage : outages) {
        const std::vector<BranchIdx>& out = outage.branches;
        const bool may_split =
            out.size() > 1 || (out.size() == 1 && std::ranges::binary_search(bridges, out[0]));
        all.push_back(may_split ? find_topology(grid, units, matrix, part, main, outage,
                                                network::find_islands(grid, out))
                                : find_topology(grid, units, matrix, part, main, outage, intact));
    }
    return all;
}

std::vector<Outage> list_branch_outages(const network::Network& grid) {
    std::vector<Outage> outages;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (grid.branches.in_service[k]) {
            outages.push_back({.branches = {k}});
        }
    }
    return outages;
}

} // namespace yuanwang::powerflow::batch
