#include "network/elimination_order.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace yuanwang::network {
namespace {

/// New pairs that arise while the nodes go out in this order, by playing the game.
std::size_t count_fill(const Adjacency& graph, const std::vector<std::int32_t>& order) {
    std::vector<std::set<std::int32_t>> neighbours(graph.n_node());
    for (std::size_t i = 0; i < graph.n_node(); ++i) {
        neighbours[i] = {graph.neighbour.begin() + graph.start[i],
                         graph.neighbour.begin() + graph.start[i + 1]};
    }
    std::size_t fill = 0;
    for (const std::int32_t k : order) {
        const auto around = neighbours[static_cast<std::size_t>(k)];
        for (const std::int32_t i : around) {
            auto& mine = neighbours[static_cast<std::size_t>(i)];
            mine.erase(k);
            for (const std::int32_t j : around) {
                fill += i < j && mine.insert(j).second ? 1U : 0U;
                if (i < j) {
                    neighbours[static_cast<std::size_t>(j)].insert(i);
                }
            }
        }
    }
    return fill;
}

TEST(Adjacency, DropsLoopsAndRepeatedEdges) {
    const std::vector<std::int32_t> from = {0, 1, 0, 2};
    const std::vector<std::int32_t> to = {1, 0, 1, 2};
    const Adjacency graph = make_adjacency(3, from, to);
    EXPECT_EQ(graph.start, (std::vector<std::int32_t>{0, 1, 2, 2}));
    EXPECT_EQ(graph.neighbour, (std::vector<std::int32_t>{1, 0}));
}

TEST(EliminationOrder, TakesEveryNodeOnce) {
    const std::vector<std::int32_t> from = {0, 1, 2, 3, 4, 0};
    const std::vector<std::int32_t> to = {1, 2, 3, 4, 0, 2};
    std::vector<std::int32_t> order = find_elimination_order(make_adjacency(6, from, to));
    std::ranges::sort(order);
    EXPECT_EQ(order, (std::vector<std::int32_t>{0, 1, 2, 3, 4, 5}));
}

TEST(EliminationOrder, ATreeFillsNothing) {
    std::vector<std::int32_t> from;
    std::vector<std::int32_t> to;
    for (std::int32_t i = 1; i < 100; ++i) {
        from.push_back(i);
        to.push_back((i * 7919) % i);
    }
    const Adjacency tree = make_adjacency(100, from, to);
    EXPECT_EQ(count_fill(tree, find_elimination_order(tree)), 0U);
}

TEST(EliminationOrder, AStarGoesLeavesFirst) {
    // The hub first would join 20 leaves pairwise: 190 new pairs.
    std::vector<std::int32_t> hub(20, 0);
    std::vector<std::int32_t> leaf(20);
    for (std::int32_t i = 0; i < 20; ++i) {
        leaf[static_cast<std::size_t>(i)] = i + 1;
    }
    const Adjacency star = make_adjacency(21, hub, leaf);
    EXPECT_EQ(count_fill(star, find_elimination_order(star)), 0U);
}

TEST(EliminationOrder, NodesWithoutEdgesAreOrderedToo) {
    EXPECT_EQ(find_elimination_order(make_adjacency(3, {}, {})),
              (std::vector<std::int32_t>{0, 1, 2}));
}

} // namespace
} // namespace yuanwang::network
