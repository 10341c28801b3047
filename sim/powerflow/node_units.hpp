/// @file
/// Units and loads gathered at electrical nodes: what a step asks of each node, and what each unit gets back.
///
/// Several units that hold the voltage of one node share its reactive power in proportion to their range, so that all
/// reach their limits together:
///
///     Q_u = q_min,u + (q_max,u − q_min,u) · (Q − Σ q_min) / Σ (q_max − q_min)
///
/// or equally where a range is infinite or all are empty. The set-point is that of the last of them in the list. λ, the
/// power an island lacks, goes to its participating units by their shares; where none of them runs, to the first unit
/// that holds voltage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "powerflow/block.hpp"
#include "powerflow/newton.hpp"

namespace yuanwang::powerflow {

/// Where the units of a node stand with their reactive range.
enum class QLimit : std::uint8_t { inside, at_min, at_max };

class NodeUnits {
  public:
    /// Keeps references to grid, matrix and units.
    NodeUnits(const network::Network& grid, const NodalMatrix& matrix, const Units& units,
              bool distributed_slack);

    /// Nodes that may take λ: by `wide` every unit that can hold voltage, else those that do so while all units run.
    [[nodiscard]] SlackLayout slack_layout(bool wide) const;

    /// Gathers step t. False where an input is not finite. Allocates nothing.
    [[nodiscard]] bool gather(const BlockInjections& injections, std::size_t t);

    /// True where every island's slack shares of the step fit the narrow layout.
    [[nodiscard]] bool fits_narrow_layout() const { return fits_narrow_; }
    /// True where a part without a voltage source has load or injection.
    [[nodiscard]] bool islanded() const { return islanded_; }

    /// The step as Newton takes it, all reactive limits open.
    [[nodiscard]] const NodeProblem& problem() const { return problem_; }

    /// Reactive power the voltage-holding units of a node give at an injection q of the node, pu; and their range.
    [[nodiscard]] double holding_q_pu(std::size_t node, double q_pu) const {
        return q_pu - q_other_[node];
    }
    /// A unit of the node can hold voltage, whether it runs or not.
    [[nodiscard]] bool may_hold(std::size_t node) const { return may_hold_[node]; }
    [[nodiscard]] bool can_hold(std::size_t node) const { return holders_on_[node] > 0; }
    [[nodiscard]] double q_min_pu(std::size_t node) const { return q_min_[node]; }
    [[nodiscard]] double q_max_pu(std::size_t node) const { return q_max_[node]; }
    [[nodiscard]] int island(std::size_t node) const { return island_of_node_[node]; }
    [[nodiscard]] std::size_t n_island() const { return island_live_.size(); }

    /// Fixes the reactive power of a node at a limit, or lets its units hold the voltage again.
    void set_limit(std::size_t node, QLimit limit);
    [[nodiscard]] QLimit limit(std::size_t node) const { return limit_[node]; }

    /// Writes unit powers of step t from the solved node injections; returns the sum of what the slack took, in MW.
    double spread(const BlockInjections& injections, const NodeState& state, std::size_t t,
                  BlockStates& states) const;

    /// The largest excess over a reactive range that stays, because no other unit holds the island's voltage: Mvar beyond
    /// q_max, negative below q_min, and the first unit of the node. 0 where all keep their range.
    struct ReactiveExcess {
        double q_mvar = 0;
        UnitIdx unit;
    };
    [[nodiscard]] ReactiveExcess find_reactive_excess(const NodeState& state,
                                                      double margin_pu) const;

    /// Generation less load of the live part of step t, in MW.
    [[nodiscard]] double net_injection_mw(const BlockInjections& injections, std::size_t t,
                                          const BlockStates& states) const;

  private:
    [[nodiscard]] bool on(const BlockInjections& injections, UnitIdx u, std::size_t t) const {
        return injections.unit_on(u, t) > 0.5;
    }
    [[nodiscard]] int node(UnitIdx u) const { return node_of_unit_[u.row()]; }
    void find_slack_units();
    void gather_units(const BlockInjections& injections, std::size_t t);
    void find_live_islands();
    void share_slack(const BlockInjections& injections, std::size_t t);
    [[nodiscard]] double scheduled_q_mvar(const BlockInjections& injections, UnitIdx u,
                                          std::size_t t) const;

    const NodalMatrix* matrix_;
    const Units* units_;
    std::vector<int> node_of_unit_;
    std::vector<int> island_of_node_;
    std::vector<double> share_;  ///< [n_unit] wish for λ while all units run
    std::vector<bool> may_hold_; ///< [n_node]
    std::vector<bool> narrow_;   ///< [n_node] in the narrow layout
    std::vector<int> gauge_;     ///< [n_island]

    NodeProblem problem_;
    std::vector<double> q_other_; ///< [n_node] loads and units that hold no voltage, pu
    std::vector<double> q_min_, q_max_;
    std::vector<int> holders_on_;
    std::vector<UnitIdx> first_holder_; ///< [n_node] of those that run
    std::vector<QLimit> limit_;
    std::vector<double> unit_weight_;       ///< [n_unit] of λ in this step
    std::vector<double> island_share_;      ///< [n_island] sum of shares of running units
    std::vector<std::uint8_t> island_live_; ///< [n_island] holds a unit that can hold voltage now
    bool fits_narrow_ = true;
    bool islanded_ = false;
};

} // namespace yuanwang::powerflow
