#include "network/topology.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <utility>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/connected_components.hpp>

namespace yuanwang::network {

namespace {

/// Parallel branches are parallel edges; every edge knows its branch.
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                    boost::no_property, BranchIdx>;

std::pair<BusIdx, BusIdx> ends(const Network& grid, BranchIdx k) {
    return std::minmax(grid.node[grid.branches.from[k]], grid.node[grid.branches.to[k]]);
}

Graph make_graph(const Network& grid, std::span<const BranchIdx> outage = {}) {
    Graph graph(grid.n_bus);
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const auto [i, j] = ends(grid, k);
        if (grid.branches.in_service[k] && i != j && std::ranges::find(outage, k) == outage.end()) {
            boost::add_edge(i.row(), j.row(), k, graph);
        }
    }
    return graph;
}

/// Part of each vertex and their number. Vertices that are no nodes are parts of their own here.
std::pair<std::vector<int>, int> label_parts(const Graph& graph) {
    std::vector<int> part(boost::num_vertices(graph));
    const int count = part.empty() ? 0 : boost::connected_components(graph, part.data());
    return {std::move(part), count};
}

/// Loops = edges − vertices + parts (Euler), over the vertices that have an edge.
int count_loops(std::span<const Corridor> corridors, std::size_t n_edge, std::size_t n_bus) {
    Graph graph(n_bus);
    std::vector<bool> touched(n_bus, false);
    for (const Corridor& corridor : corridors) {
        boost::add_edge(corridor.from.row(), corridor.to.row(), BranchIdx{}, graph);
        touched[corridor.from.row()] = touched[corridor.to.row()] = true;
    }
    const auto n_node = static_cast<int>(std::ranges::count(touched, true));
    const int n_alone = static_cast<int>(n_bus) - n_node;
    return static_cast<int>(n_edge) - n_node + label_parts(graph).second - n_alone;
}

/// Takes corridors off that end at a node nothing else reaches, until none is left.
void prune_radial(std::vector<Corridor>& corridors, std::size_t n_bus) {
    for (bool pruned = true; pruned;) {
        std::vector<int> degree(n_bus, 0);
        for (const Corridor& corridor : corridors) {
            ++degree[corridor.from.row()];
            ++degree[corridor.to.row()];
        }
        pruned = std::erase_if(corridors, [&](const Corridor& corridor) {
                     return degree[corridor.from.row()] == 1 || degree[corridor.to.row()] == 1;
                 }) > 0;
    }
}

std::vector<bool> mark_nodes(const Network& grid, std::span<const BusIdx> buses) {
    std::vector<bool> marked(grid.n_bus, false);
    for (const BusIdx i : buses) {
        marked[grid.node[i].row()] = true;
    }
    return marked;
}

/// For every bus, whether its part holds one of `sources`.
std::vector<bool> find_supplied(const Network& grid, std::span<const BranchIdx> outage,
                                std::span<const BusIdx> sources) {
    const Islands islands = find_islands(grid, outage);
    std::vector<bool> fed(static_cast<std::size_t>(islands.count), false);
    for (const BusIdx i : sources) {
        fed[static_cast<std::size_t>(islands.of_bus[i])] = true;
    }
    std::vector<bool> supplied(grid.n_bus);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        supplied[i.row()] = fed[static_cast<std::size_t>(islands.of_bus[i])];
    }
    return supplied;
}

/// A spanning forest grown breadth first from the lowest node of each part.
struct Forest {
    std::vector<BranchIdx> up;       ///< branch to the parent, by node
    std::vector<std::size_t> parent; ///< itself at a root
    std::vector<std::size_t> depth;
    std::vector<bool> holds; ///< by branch
};

Forest grow_forest(const Network& grid) {
    const Graph graph = make_graph(grid);
    const std::size_t n = grid.n_bus;
    Forest forest{.up = std::vector<BranchIdx>(n),
                  .parent = std::vector<std::size_t>(n, n),
                  .depth = std::vector<std::size_t>(n, 0),
                  .holds = std::vector<bool>(grid.n_branch(), false)};
    for (std::size_t root = 0; root < n; ++root) {
        if (forest.parent[root] != n) {
            continue;
        }
        forest.parent[root] = root;
        for (std::deque<std::size_t> queue{root}; !queue.empty(); queue.pop_front()) {
            const std::size_t i = queue.front();
            const auto [begin, end] = boost::out_edges(i, graph);
            std::for_each(begin, end, [&](const Graph::edge_descriptor& edge) {
                const std::size_t j = boost::target(edge, graph);
                if (forest.parent[j] == n) {
                    forest.parent[j] = i;
                    forest.up[j] = graph[edge];
                    forest.depth[j] = forest.depth[i] + 1;
                    forest.holds[graph[edge].row()] = true;
                    queue.push_back(j);
                }
            });
        }
    }
    return forest;
}

/// The loop a branch outside the forest closes: along the branch, then through the forest back to where it began.
Loop close_loop(const Network& grid, const Forest& forest, BranchIdx outside) {
    Loop loop{.branches = {outside}, .direction = {1}};
    std::size_t back = grid.node[grid.branches.to[outside]].row();
    std::size_t start = grid.node[grid.branches.from[outside]].row();
    const auto climb = [&](std::size_t& at, bool forward) {
        const BranchIdx k = forest.up[at];
        const bool runs_up = grid.node[grid.branches.from[k]].row() == at;
        loop.branches.push_back(k);
        loop.direction.push_back(runs_up == forward ? 1 : -1);
        at = forest.parent[at];
    };
    while (back != start) {
        if (forest.depth[back] >= forest.depth[start]) {
            climb(back, true);
        } else {
            climb(start, false);
        }
    }
    return loop;
}

} // namespace

std::vector<Loop> find_loop_basis(const Network& grid) {
    const Forest forest = grow_forest(grid);
    std::vector<Loop> loops;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (grid.branches.in_service[k] && !forest.holds[k.row()]) {
            loops.push_back(close_loop(grid, forest, k));
        }
    }
    return loops;
}

Islands find_islands(const Network& grid, std::span<const BranchIdx> outage) {
    const std::vector<int> part = label_parts(make_graph(grid, outage)).first;
    Islands islands{.of_bus = Column<BusIdx, int>(grid.n_bus, -1)};
    std::vector<int> number(grid.n_bus, -1); // of a graph part, in order of its first bus
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        int& known = number[static_cast<std::size_t>(part[grid.node[i].row()])];
        if (known < 0) {
            known = islands.count++;
        }
        islands.of_bus[i] = known;
    }
    return islands;
}

std::vector<BranchIdx> find_bridges(const Network& grid) {
    // Boost takes a second edge to the node it came from for the same edge, so the question is put to a graph of
    // corridors: a biconnected component of a single corridor of a single branch is a bridge.
    const std::vector<Corridor> corridors = find_corridors(grid);
    Graph graph(grid.n_bus);
    std::map<Graph::edge_descriptor, std::size_t> component;
    std::vector<Graph::edge_descriptor> edges;
    for (const Corridor& corridor : corridors) {
        edges.push_back(boost::add_edge(corridor.from.row(), corridor.to.row(),
                                        corridor.branches.front(), graph)
                            .first);
    }
    const std::size_t n_component =
        boost::biconnected_components(graph, boost::make_assoc_property_map(component));
    std::vector<int> n_corridor(n_component, 0);
    for (const Graph::edge_descriptor& edge : edges) {
        ++n_corridor[component.at(edge)];
    }
    std::vector<BranchIdx> bridges;
    for (std::size_t k = 0; k < corridors.size(); ++k) {
        if (corridors[k].branches.size() == 1 && n_corridor[component.at(edges[k])] == 1) {
            bridges.push_back(corridors[k].branches.front());
        }
    }
    std::ranges::sort(bridges);
    return bridges;
}

std::vector<Corridor> find_corridors(const Network& grid, double base_kv) {
    const auto of_level = [&](BusIdx i) {
        return base_kv == 0 || std::abs(grid.base_kv[i] - base_kv) <= 0.01 * base_kv;
    };
    std::map<std::pair<BusIdx, BusIdx>, std::vector<BranchIdx>> merged;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const auto pair = ends(grid, k);
        if (grid.branches.in_service[k] && pair.first != pair.second && of_level(pair.first) &&
            of_level(pair.second)) {
            merged[pair].push_back(k);
        }
    }
    std::vector<Corridor> corridors;
    for (auto& [pair, branches] : merged) {
        corridors.push_back({pair.first, pair.second, std::move(branches)});
    }
    return corridors;
}

Backbone find_backbone(const Network& grid, double base_kv) {
    Backbone backbone{.nodes = {}, .corridors = find_corridors(grid, base_kv)};
    prune_radial(backbone.corridors, grid.n_bus);
    std::vector<bool> touched(grid.n_bus, false);
    for (const Corridor& corridor : backbone.corridors) {
        touched[corridor.from.row()] = touched[corridor.to.row()] = true;
    }
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        if (touched[i.row()]) {
            backbone.nodes.push_back(i);
        }
    }
    backbone.independent_loops =
        count_loops(backbone.corridors, backbone.corridors.size(), grid.n_bus);
    return backbone;
}

int count_independent_loops(const Network& grid, bool merge_parallel) {
    const std::vector<Corridor> corridors = find_corridors(grid);
    std::size_t n_edge = 0;
    for (const Corridor& corridor : corridors) {
        n_edge += merge_parallel ? 1 : corridor.branches.size();
    }
    return count_loops(corridors, n_edge, grid.n_bus);
}

SupplyPath find_supply_path(const Network& grid, BusIdx bus, std::span<const BusIdx> sources) {
    const Graph graph = make_graph(grid);
    const std::vector<bool> is_source = mark_nodes(grid, sources);
    std::vector<BranchIdx> came_by(grid.n_bus);
    std::vector<bool> seen(grid.n_bus, false);
    const auto start = grid.node[bus].row();
    seen[start] = true;
    for (std::deque<std::size_t> queue{start}; !queue.empty(); queue.pop_front()) {
        const std::size_t i = queue.front();
        if (is_source[i]) {
            SupplyPath path{.reached = true, .source = BusIdx{i}, .branches = {}};
            for (std::size_t at = i; at != start;) {
                const BranchIdx k = came_by[at];
                path.branches.push_back(k);
                const auto [low, high] = ends(grid, k);
                at = low.row() == at ? high.row() : low.row();
            }
            std::ranges::reverse(path.branches);
            return path;
        }
        const auto [begin, end] = boost::out_edges(i, graph);
        std::for_each(begin, end, [&](const Graph::edge_descriptor& edge) {
            const std::size_t j = boost::target(edge, graph);
            if (!seen[j]) {
                seen[j] = true;
                came_by[j] = graph[edge];
                queue.push_back(j);
            }
        });
    }
    return {};
}

std::vector<BusIdx> find_cut_off(const Network& grid, std::span<const BranchIdx> outage,
                                 std::span<const BusIdx> sources) {
    const std::vector<bool> before = find_supplied(grid, {}, sources);
    const std::vector<bool> after = find_supplied(grid, outage, sources);
    std::vector<BusIdx> lost;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        if (before[i.row()] && !after[i.row()]) {
            lost.push_back(i);
        }
    }
    return lost;
}

} // namespace yuanwang::network
