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
///
/// All at once is fast and nearly always right. Far from where the rounds began, letting go of many nodes together may leave
/// a power flow without a solution, or on its lower branch, although the rules have an answer: `misled` tells, and one by one,
/// the node farthest beyond its limit first, finds it.
#pragma once

#include <cstdint>
#include <vector>

#include "powerflow/newton.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::powerflow {

/// How many nodes change in one round.
enum class Pace : std::uint8_t { all_at_once, one_by_one };

class QLimits {
  public:
    explicit QLimits(std::size_t n_node, std::size_t n_island);

    /// Forgets the step before.
    void start(Pace pace = Pace::all_at_once);

    /// Applies the rules at a solved state; `margin_pu` is how exact the state is. True where a node changed its type: solve
    /// again.
    [[nodiscard]] bool apply(NodeUnits& units, const NodeState& state, double margin_pu);

    /// Nodes that break a rule but stay as they are.
    [[nodiscard]] int count_held(const NodeUnits& units, const NodeState& state,
                                 double margin_pu) const;

    /// True where one of them is not the last that holds its island: the rounds have gone astray.
    [[nodiscard]] bool misled(const NodeUnits& units, const NodeState& state, double margin_pu);

  private:
    [[nodiscard]] bool apply_to_worst(NodeUnits& units, const NodeState& state, double margin_pu);
    void find_holders(const NodeUnits& units);
    /// True where the rules ask another type of node i and nothing keeps it.
    [[nodiscard]] bool may_change(const NodeUnits& units, const NodeState& state, std::size_t i,
                                  double margin_pu) const;
    [[nodiscard]] bool decide(NodeUnits& units, const NodeState& state, std::size_t i,
                              double margin_pu);

    Pace pace_ = Pace::all_at_once;
    std::vector<int> changes_; ///< [n_node] in this step
    std::vector<int> holding_; ///< [n_island] nodes that hold voltage
    std::vector<int> widest_;  ///< [n_island] of these, the node with the widest range; -1: none
};

} // namespace yuanwang::powerflow
