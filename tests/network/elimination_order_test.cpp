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

/// A wheel of spokes and chords in which fill arises.
Adjacency make_wheel(std::int32_t n) {
    std::vector<std::int32_t> from;
    std::vector<std::int32_t> to;
    for (std::int32_t i = 0; i < n; ++i) {
        from.insert(from.end(), {i, i, i % 7});
        to.insert(to.end(), {(i + 1) % n, (i * i + 3) % n, (5 * i + 11) % n});
    }
    return make_adjacency(static_cast<std::size_t>(n), from, to);
}

/// By playing the game: the neighbours of each row when it goes out, as rows.
std::vector<std::set<std::int32_t>> play(const Adjacency& graph,
                                         const std::vector<std::int32_t>& order) {
    std::vector<std::int32_t> row(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        row[static_cast<std::size_t>(order[k])] = static_cast<std::int32_t>(k);
    }
    std::vector<std::set<std::int32_t>> changed(order.size());
    for (std::size_t i = 0; i < graph.n_node(); ++i) {
        for (auto p = graph.start[i]; p < graph.start[i + 1]; ++p) {
            const auto j = static_cast<std::size_t>(graph.neighbour[static_cast<std::size_t>(p)]);
            if (row[j] > row[i]) {
                changed[static_cast<std::size_t>(row[i])].insert(row[j]);
            }
        }
    }
    for (const auto& rows : changed) { // what remains of a column goes to its first row
        for (const std::int32_t later : rows) {
            if (later != *rows.begin()) {
                changed[static_cast<std::size_t>(*rows.begin())].insert(later);
            }
        }
    }
    return changed;
}

TEST(EliminationTree, ParentIsTheFirstRowThatIsChanged) {
    const Adjacency graph = make_wheel(60);
    const std::vector<std::int32_t> order = find_elimination_order(graph);
    const auto changed = play(graph, order);
    const std::vector<std::int32_t> parent = find_elimination_tree(graph, order);
    for (std::size_t k = 0; k < order.size(); ++k) {
        EXPECT_EQ(parent[k], changed[k].empty() ? -1 : *changed[k].begin()) << k;
    }
}

TEST(EliminationTree, TwoPartsHaveTwoRoots) {
    const std::vector<std::int32_t> from = {0, 1, 3};
    const std::vector<std::int32_t> to = {1, 2, 4};
    const Adjacency graph = make_adjacency(5, from, to);
    const std::vector<std::int32_t> order = {0, 3, 1, 4, 2};
    EXPECT_EQ(find_elimination_tree(graph, order), (std::vector<std::int32_t>{2, 3, 4, -1, -1}));
    EXPECT_EQ(sort_by_subtree(graph, order), (std::vector<std::int32_t>{3, 4, 0, 1, 2}));
}

TEST(EliminationTree, SortedBySubtreeEverySubtreeStandsTogetherAndFillIsTheSame) {
    const Adjacency graph = make_wheel(60);
    std::vector<std::int32_t> plain(60); // an order that nobody has sorted
    for (std::int32_t i = 0; i < 60; ++i) {
        plain[static_cast<std::size_t>(i)] = (i * 23 + 5) % 60;
    }
    const std::vector<std::int32_t> sorted = sort_by_subtree(graph, plain);
    EXPECT_TRUE(std::ranges::is_permutation(sorted, plain));
    EXPECT_EQ(count_fill(graph, sorted), count_fill(graph, plain));
    const std::vector<std::int32_t> parent = find_elimination_tree(graph, sorted);
    std::vector<std::size_t> size(60, 1);
    for (std::size_t k = 0; k + 1 < 60; ++k) {
        ASSERT_GE(parent[k], 0);
        size[static_cast<std::size_t>(parent[k])] += size[k];
    }
    for (std::size_t k = 0; k < 60;
         ++k) { // the descendants of k are the size[k] − 1 rows before it
        for (std::size_t i = k + 1 - size[k]; i < k; ++i) {
            EXPECT_LE(parent[i], static_cast<std::int32_t>(k)) << i << " below " << k;
        }
    }
}

TEST(EliminationTree, NothingHasNoTree) {
    EXPECT_TRUE(sort_by_subtree(make_adjacency(0, {}, {}), {}).empty());
}

} // namespace
} // namespace yuanwang::network
