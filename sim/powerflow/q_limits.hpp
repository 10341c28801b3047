/// @file
/// Reactive limits: a node whose units cannot hold its voltage keeps its Q at the limit, until it would rather be inside.
///
///     held (PV)      Q > q_max  ->  Q = q_max          Q < q_min  ->  Q = q_min
///     at q_max (PQ)  V > V_set  ->  held again         at q_min   V < V_set  ->  held again
///
/// Those that would rather be inside come first: while one returns, nobody leaves, for what it gives back is what another
/// seems to lack. (Leaving and returning in one round, two large units take turns at their limits.)
///
/// When no rule fires the state is certified: every unit that holds voltage is inside its range, and none at a limit
/// would rather be inside. The last node that holds an island's voltage stays; the one with the widest range decides after
/// the others, so that it is the one to stay. A node that has changed its mind too often stays at its limit. Both are
/// counted as held.
#pragma once

#include <vector>

#include "powerflow/newton.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::powerflow {

class QLimits {
  public:
    explicit QLimits(std::size_t n_node, std::size_t n_island);

    /// Forgets the step before.
    void start();

    /// Applies the rules at a solved state to all nodes at once; `margin_pu` is how exact the state is. True where a node
    /// changed its type: solve again.
    [[nodiscard]] bool apply(NodeUnits& units, const NodeState& state, double margin_pu);

    /// Nodes that break a rule but stay as they are.
    [[nodiscard]] int count_held(const NodeUnits& units, const NodeState& state,
                                 double margin_pu) const;

  private:
    void find_holders(const NodeUnits& units);
    [[nodiscard]] bool decide(NodeUnits& units, const NodeState& state, std::size_t i,
                              double margin_pu);

    std::vector<int> changes_; ///< [n_node] in this step
    std::vector<int> holding_; ///< [n_island] nodes that hold voltage
    std::vector<int> widest_;  ///< [n_island] of these, the node with the widest range; -1: none
};

} // namespace yuanwang::powerflow
