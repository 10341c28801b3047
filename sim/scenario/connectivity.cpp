#include "scenario/connectivity.hpp"

#include <map>
#include <string_view>

#include <fmt/format.h>

#include "network/network.hpp"
#include "network/topology.hpp"
#include "scenario/marks.hpp"
#include "scenario/schema/parts.hpp"

namespace yuanwang::scenario {

namespace {

/// The list at `grid.lines`, or nothing.
const Node* find_list(const Node& tree, std::string_view path) {
    const std::size_t dot = path.find('.');
    const Node* section = tree.find(path.substr(0, dot));
    const Node* list = section && section->is_map() ? section->find(path.substr(dot + 1)) : nullptr;
    return list && list->is_list() ? list : nullptr;
}

void check_group(const Node& tree, const std::vector<std::string>& lists,
                 std::vector<Fault>& faults) {
    std::map<std::string_view, std::string> owner;
    for (const std::string& path : lists) {
        const Node* list = find_list(tree, path);
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            const Node& element = list->items[k];
            const std::string_view id = element.id();
            if (id.empty()) {
                continue;
            }
            const auto [there, is_new] = owner.emplace(id, path);
            if (!is_new && there->second != path) {
                faults.push_back({element.find("id")->spot.place(),
                                  join_path(path, element, k) + ".id",
                                  fmt::format("must be unique among {}, already in {}",
                                              fmt::join(lists, ", "), there->second),
                                  std::string{id}});
            }
        }
    }
}

template <class Fleet>
void mark_buses(const Fleet& fleet, std::vector<bool>& marked) {
    if constexpr (requires { fleet.bus; }) {
        for (const BusIdx bus : fleet.bus) {
            marked[bus.row()] = true;
        }
    } else {
        for (const std::vector<BusIdx>& buses : fleet.buses) {
            for (const BusIdx bus : buses) {
                marked[bus.row()] = true;
            }
        }
    }
}

std::vector<bool> find_source_buses(const engine::System& system) {
    std::vector<bool> marked(system.grid.buses.size(), false);
    const engine::Sources& s = system.sources;
    mark_buses(s.solar, marked);
    mark_buses(s.wind, marked);
    mark_buses(s.hydro, marked);
    mark_buses(s.thermal, marked);
    mark_buses(s.waste_to_energy, marked);
    mark_buses(s.generators, marked);
    mark_buses(s.external_grids, marked);
    mark_buses(s.hvdc, marked);
    mark_buses(system.batteries, marked);
    return marked;
}

std::vector<bool> find_load_buses(const engine::System& system) {
    std::vector<bool> marked(system.grid.buses.size(), false);
    const engine::Loads& l = system.loads;
    mark_buses(l.statics, marked);
    mark_buses(l.profiled, marked);
    mark_buses(l.heating, marked);
    mark_buses(l.potlines, marked);
    mark_buses(l.data_centers, marked);
    mark_buses(l.street_lamps, marked);
    mark_buses(l.sewage, marked);
    return marked;
}

} // namespace

void check_joint_ids(const Node& tree, std::vector<Fault>& faults) {
    check_group(tree, branch_lists(), faults);
    check_group(tree, source_lists(), faults);
    check_group(tree, load_lists(), faults);
}

void check_islands(const engine::System& system, const Node& tree, const std::string& since,
                   std::set<std::string>& reported, std::vector<Fault>& faults) {
    struct Part {
        std::size_t first_bus = 0;
        int buses = 0;
        bool source = false;
        bool load = false;
    };
    const std::size_t n_bus = system.grid.buses.size();
    const network::Islands islands = network::find_islands(network::make_network(system.grid));
    const std::vector<bool> has_source = find_source_buses(system);
    const std::vector<bool> has_load = find_load_buses(system);
    std::vector<Part> parts(static_cast<std::size_t>(islands.count));
    for (std::size_t i = 0; i < n_bus; ++i) {
        Part& part = parts[static_cast<std::size_t>(islands.of_bus[BusIdx{i}])];
        part.first_bus = part.buses++ == 0 ? i : part.first_bus;
        part.source = part.source || has_source[i];
        part.load = part.load || has_load[i];
    }
    const Node* buses = find_list(tree, "grid.buses");
    for (const Part& part : parts) {
        if (part.source || part.buses == 0) {
            continue;
        }
        const std::string& id = system.grid.buses.id[part.first_bus];
        const std::string what =
            fmt::format("an island of {} bus{} {} load", part.buses, part.buses == 1 ? "" : "es",
                        part.load ? "with" : "without");
        if (reported.insert(id + what).second) {
            const Place place = buses ? buses->items[part.first_bus].spot.place() : Place{};
            faults.push_back({place, fmt::format("grid.buses[{}]", id),
                              "must be connected to a source",
                              since.empty() ? what : fmt::format("{} from {} on", what, since)});
        }
    }
}

} // namespace yuanwang::scenario
