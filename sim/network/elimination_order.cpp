#include "network/elimination_order.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include <amd.h>

namespace yuanwang::network {

Adjacency make_adjacency(std::size_t n_node, std::span<const std::int32_t> from,
                         std::span<const std::int32_t> to) {
    assert(from.size() == to.size());
    std::vector<std::pair<std::int32_t, std::int32_t>> pairs;
    pairs.reserve(2 * from.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
        if (from[k] != to[k]) {
            pairs.emplace_back(from[k], to[k]);
            pairs.emplace_back(to[k], from[k]);
        }
    }
    std::ranges::sort(pairs);
    const auto repeated = std::ranges::unique(pairs);
    pairs.erase(repeated.begin(), repeated.end());

    Adjacency graph;
    graph.start.assign(n_node + 1, 0);
    graph.neighbour.reserve(pairs.size());
    for (const auto& [i, j] : pairs) {
        ++graph.start[static_cast<std::size_t>(i) + 1];
        graph.neighbour.push_back(j);
    }
    for (std::size_t i = 0; i < n_node; ++i) {
        graph.start[i + 1] += graph.start[i];
    }
    return graph;
}

std::vector<std::int32_t> find_elimination_order(const Adjacency& graph) {
    std::vector<std::int32_t> order(graph.n_node());
    if (graph.neighbour.empty()) { // no edge at all: AMD takes that for a missing argument
        std::iota(order.begin(), order.end(), 0);
        return order;
    }
    [[maybe_unused]] const int status =
        amd_order(static_cast<int>(graph.n_node()), graph.start.data(), graph.neighbour.data(),
                  order.data(), nullptr, nullptr);
    assert(status == AMD_OK || status == AMD_OK_BUT_JUMBLED);
    return order;
}

std::vector<std::int32_t> find_elimination_tree(const Adjacency& graph,
                                                std::span<const std::int32_t> order) {
    const std::size_t n = graph.n_node();
    assert(order.size() == n);
    std::vector<std::int32_t> row(n);
    for (std::size_t k = 0; k < n; ++k) {
        row[static_cast<std::size_t>(order[k])] = static_cast<std::int32_t>(k);
    }
    std::vector<std::int32_t> parent(n, -1);
    std::vector<std::int32_t> ancestor(n, -1); // the way to the root, cut short
    for (std::size_t k = 0; k < n; ++k) {
        const auto self = static_cast<std::int32_t>(k);
        const auto node = static_cast<std::size_t>(order[k]);
        for (auto p = graph.start[node]; p < graph.start[node + 1]; ++p) {
            const std::int32_t neighbour = graph.neighbour[static_cast<std::size_t>(p)];
            std::int32_t i = row[static_cast<std::size_t>(neighbour)];
            while (i >= 0 && i < self) {
                const auto at = static_cast<std::size_t>(i);
                if (ancestor[at] < 0) {
                    parent[at] = self;
                }
                i = std::exchange(ancestor[at], self);
            }
        }
    }
    return parent;
}

std::vector<std::int32_t> sort_by_subtree(const Adjacency& graph,
                                          std::span<const std::int32_t> order) {
    const std::vector<std::int32_t> parent = find_elimination_tree(graph, order);
    const std::size_t n = order.size();
    std::vector<std::size_t> size(n, 1); // of the subtree of each row: children come first
    for (std::size_t k = 0; k < n; ++k) {
        if (parent[k] >= 0) {
            size[static_cast<std::size_t>(parent[k])] += size[k];
        }
    }
    // From the roots down, each subtree takes the last free places of its parent's, and its own row the last of these.
    std::vector<std::size_t> free_end(n);
    std::size_t roots_end = n;
    std::vector<std::int32_t> sorted(n);
    for (std::size_t k = n; k-- > 0;) {
        std::size_t& end =
            parent[k] < 0 ? roots_end : free_end[static_cast<std::size_t>(parent[k])];
        free_end[k] = end - 1;
        sorted[end - 1] = order[k];
        end -= size[k];
    }
    return sorted;
}

} // namespace yuanwang::network
