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

} // namespace yuanwang::network
