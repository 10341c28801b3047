#include "cli/supply_path.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "network/network.hpp"
#include "network/topology.hpp"

namespace yuanwang::cli {

namespace {

/// Buses from which power can come whatever the weather: external grids, thermal and hydro plants,
/// generators.
std::vector<BusIdx> list_firm_sources(const engine::Sources& sources) {
    std::vector<BusIdx> buses;
    for (const auto& of_grid : sources.external_grids.buses) {
        buses.insert(buses.end(), of_grid.begin(), of_grid.end());
    }
    for (const auto* fleet : {static_cast<const engine::Placement*>(&sources.thermal),
                              static_cast<const engine::Placement*>(&sources.hydro),
                              static_cast<const engine::Placement*>(&sources.generators)}) {
        buses.insert(buses.end(), fleet->bus.begin(), fleet->bus.end());
    }
    std::ranges::sort(buses);
    const auto repeated = std::ranges::unique(buses);
    buses.erase(repeated.begin(), repeated.end());
    return buses;
}

BusIdx find_bus(const network::Grid& grid, const std::string& id) {
    const auto found = std::ranges::find(grid.buses.id, id);
    if (found == grid.buses.id.end()) {
        const std::string_view nearest = find_nearest(id, grid.buses.id);
        const std::string rule = nearest.empty()
                                     ? "no such bus"
                                     : fmt::format("no such bus, did you mean `{}`?", nearest);
        throw InputError(Fault{{}, "--supply", rule, id});
    }
    return BusIdx{static_cast<std::size_t>(found - grid.buses.id.begin())};
}

} // namespace

std::string describe_supply_path(const engine::Study& study, const std::string& bus_id) {
    const engine::System& system = study.epochs.back().system;
    const network::Network grid = network::make_network(system.grid);
    BusIdx at = find_bus(system.grid, bus_id);
    const network::SupplyPath path =
        network::find_supply_path(grid, at, list_firm_sources(system.sources));
    if (!path.reached) {
        return fmt::format("{}: no source can be reached\n", bus_id);
    }
    std::string text = bus_id + "\n";
    for (const BranchIdx k : path.branches) {
        const BusIdx next = grid.node[grid.branches.from[k]] == grid.node[at]
                                ? grid.branches.to[k]
                                : grid.branches.from[k];
        text += fmt::format("  {} -> {} ({:g} kV)\n", grid.branches.id[k], grid.bus_id[next],
                            grid.base_kv[next]);
        at = next;
    }
    return text + fmt::format("source at {}\n", grid.bus_id[path.source]);
}

} // namespace yuanwang::cli
