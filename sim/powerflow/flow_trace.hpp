/// @file
/// Where the power of a bus comes from: flow tracing by proportional sharing.
///
/// What enters a node leaves it in the mix in which it came. With u the units that inject, k the branches that deliver,
///
///     s_i (Σ_u p_u + Σ_k p_k) = Σ_u s_u p_u + Σ_k s_far(k) p_k
///
///     p_u  power of a unit at node i, > 0; a load below 0 is a unit of share 0   MW
///     p_k  power branch k delivers at node i, behind its losses MW
///     s_u  share of the marked kind in what the unit injects    1
///     s    [n_node] share of the marked kind in what the node hands on, 1
///
/// A branch keeps the mix of the node that feeds it, so its losses carry that mix as well. Nodes are visited downstream of
/// what feeds them; where active power runs round a loop (phase shifters), the nodes of the loop are iterated until no
/// share moves by 1e-12. Cost: one pass over nodes and branches.
/// Source: Bialek, Tracing the flow of electricity, IEE Proc. Gener. Transm. Distrib. 143(4), 1996.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow {

class FlowTrace {
  public:
    /// Keeps references.
    FlowTrace(const network::Network& grid, const Units& units);

    /// Traces step t of a block, which has converged. `unit_share` [n_unit]; `bus_share` [n_bus] out: NaN at buses nothing
    /// feeds. Units that draw (pumps, exports) take what their bus hands on. Allocates nothing.
    void trace(const BlockInjections& injections, const BlockStates& states, std::size_t t,
               std::span<const double> unit_share, std::span<double> bus_share);

    /// Nodes that stood in a loop of active power at the last step.
    [[nodiscard]] std::size_t n_looped() const { return n_looped_; }

  private:
    /// A branch as it carries power in the step.
    struct Delivery {
        std::int32_t feeder = -1; ///< node; −1: both ends draw or the branch is idle
        std::int32_t fed = -1;
        double p_mw = 0; ///< at the fed end
    };

    /// Rows of the deliveries that share an end, by its node.
    struct Fan {
        std::vector<std::int32_t> start; ///< [n_bus + 1]
        std::vector<std::int32_t> row;   ///< [n_branch]
        std::vector<std::int32_t> next;  ///< [n_bus], while it is being built
        [[nodiscard]] std::span<const std::int32_t> of(std::size_t node) const {
            return std::span{row}.subspan(static_cast<std::size_t>(start[node]),
                                          static_cast<std::size_t>(start[node + 1] - start[node]));
        }
    };
    void build(Fan& fan, std::int32_t Delivery::*end) const;

    void read_deliveries(const BlockStates& states, std::size_t t);
    void read_units(const BlockStates& states, std::size_t t, std::span<const double> unit_share);
    void read_loads(const BlockInjections& injections, std::size_t t);
    void visit_downstream();
    void settle_loops();
    [[nodiscard]] double find_share(std::size_t node) const;

    const network::Network* grid_;
    const Units* units_;
    std::vector<Delivery> delivery_;      ///< [n_branch]
    std::vector<double> received_mw_;     ///< [n_bus], rows of nodes: units and branches
    std::vector<double> marked_mw_;       ///< [n_bus], what units bring of the marked kind
    std::vector<double> share_;           ///< [n_bus]
    std::vector<std::int32_t> waits_for_; ///< [n_bus] deliveries not yet known
    Fan outgoing_;                        ///< by the node that feeds
    Fan incoming_;                        ///< by the node that is fed
    std::vector<std::int32_t> queue_;
    std::size_t n_looped_ = 0;
};

} // namespace yuanwang::powerflow
