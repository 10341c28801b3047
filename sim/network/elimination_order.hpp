/// @file
/// In which order to eliminate the nodes of a graph so that few new neighbours arise.
///
/// Eliminating a node joins all its remaining neighbours; each new pair is fill, a number more to
/// compute with in every factorisation. Approximate minimum degree keeps it small and costs little
/// more than reading the graph once. Source: Amestoy, Davis, Duff, SIAM J. Matrix Anal. Appl.
/// 17(4), 1996; their AMD is called.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace yuanwang::network {

/// A symmetric graph as rows of neighbours: those of node i stand at `neighbour[start[i] …
/// start[i+1])`, without i itself.
struct Adjacency {
    std::vector<std::int32_t> start; ///< [n_node + 1]
    std::vector<std::int32_t> neighbour;
    [[nodiscard]] std::size_t n_node() const { return start.empty() ? 0 : start.size() - 1; }
};

/// Builds the graph from edges; loops and repeated edges are dropped, neighbours ascend.
[[nodiscard]] Adjacency make_adjacency(std::size_t n_node, std::span<const std::int32_t> from,
                                       std::span<const std::int32_t> to);

/// Order of elimination: element k is the node eliminated k-th. The same graph gives the same order
/// everywhere.
[[nodiscard]] std::vector<std::int32_t> find_elimination_order(const Adjacency& graph);

/// The tree of an elimination: parent of row k is the first row that row k's elimination changes, −1 at a root. All later
/// rows that it changes lie on the way from there to the root. Source: Liu, SIAM J. Matrix Anal. Appl. 11(1), 1990.
[[nodiscard]] std::vector<std::int32_t> find_elimination_tree(const Adjacency& graph,
                                                              std::span<const std::int32_t> order);

/// The same elimination in postorder: the rows of every subtree stand together, the fill is the same.
[[nodiscard]] std::vector<std::int32_t> sort_by_subtree(const Adjacency& graph,
                                                        std::span<const std::int32_t> order);

} // namespace yuanwang::network
