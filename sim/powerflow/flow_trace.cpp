#include "powerflow/flow_trace.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace yuanwang::powerflow {

namespace {

constexpr double settled = 1e-12;
constexpr double idle_mw = 1e-9; // what is below carries nobody's energy

std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

} // namespace

FlowTrace::FlowTrace(const network::Network& grid, const Units& units)
    : grid_{&grid}, units_{&units}, delivery_(grid.n_branch()), received_mw_(grid.n_bus),
      marked_mw_(grid.n_bus), share_(grid.n_bus), waits_for_(grid.n_bus) {
    for (Fan* fan : {&outgoing_, &incoming_}) {
        fan->start.resize(grid.n_bus + 1);
        fan->row.resize(grid.n_branch());
        fan->next.resize(grid.n_bus);
    }
    queue_.reserve(grid.n_bus);
}

void FlowTrace::trace(const BlockInjections& injections, const BlockStates& states, std::size_t t,
                      std::span<const double> unit_share, std::span<double> bus_share) {
    assert(unit_share.size() == units_->size() && bus_share.size() == grid_->n_bus);
    std::ranges::fill(received_mw_, 0.0);
    std::ranges::fill(marked_mw_, 0.0);
    read_deliveries(states, t);
    read_units(states, t, unit_share);
    read_loads(injections, t);
    build(outgoing_, &Delivery::feeder);
    build(incoming_, &Delivery::fed);
    visit_downstream();
    settle_loops();
    for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
        bus_share[i.row()] = share_[grid_->node[i].row()];
    }
}

void FlowTrace::read_deliveries(const BlockStates& states, std::size_t t) {
    for (const BranchIdx k : rows<BranchIdx>(grid_->n_branch())) {
        const std::int32_t from = grid_->node[grid_->branches.from[k]].value;
        const std::int32_t to = grid_->node[grid_->branches.to[k]].value;
        const double p_from_mw = states.p_from_mw(k, t);
        const double p_to_mw = states.p_to_mw(k, t);
        Delivery& d = delivery_[k.row()];
        d = {};
        if (from != to && p_from_mw > 0 && p_to_mw < -idle_mw) {
            d = {from, to, -p_to_mw};
        } else if (from != to && p_to_mw > 0 && p_from_mw < -idle_mw) {
            d = {to, from, -p_from_mw};
        }
        if (d.feeder >= 0) {
            received_mw_[at(d.fed)] += d.p_mw;
        }
    }
}

void FlowTrace::read_units(const BlockStates& states, std::size_t t,
                           std::span<const double> unit_share) {
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        const double p_mw = states.unit_p_mw(u, t);
        if (p_mw > 0) {
            const std::size_t node = grid_->node[units_->bus[u]].row();
            received_mw_[node] += p_mw;
            marked_mw_[node] += p_mw * unit_share[u.row()];
        }
    }
}

void FlowTrace::read_loads(const BlockInjections& injections, std::size_t t) {
    for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
        received_mw_[grid_->node[i].row()] += std::max(0.0, -injections.load_p_mw(i, t));
    }
}

void FlowTrace::build(Fan& fan, std::int32_t Delivery::*end) const {
    std::ranges::fill(fan.start, 0);
    for (const Delivery& d : delivery_) {
        if (d.feeder >= 0) {
            ++fan.start[at(d.*end) + 1];
        }
    }
    for (std::size_t i = 0; i < fan.next.size(); ++i) {
        fan.start[i + 1] += fan.start[i];
        fan.next[i] = fan.start[i];
    }
    for (std::size_t k = 0; k < delivery_.size(); ++k) {
        if (delivery_[k].feeder >= 0) {
            fan.row[at(fan.next[at(delivery_[k].*end)]++)] = static_cast<std::int32_t>(k);
        }
    }
}

/// Share of a node from the shares of those that feed it; NaN where nothing arrives.
double FlowTrace::find_share(std::size_t node) const {
    double marked_mw = marked_mw_[node];
    for (const std::int32_t k : incoming_.of(node)) {
        const Delivery& d = delivery_[at(k)];
        const double share = share_[at(d.feeder)];
        marked_mw += std::isnan(share) ? 0.0 : share * d.p_mw;
    }
    return received_mw_[node] > idle_mw ? marked_mw / received_mw_[node]
                                        : std::numeric_limits<double>::quiet_NaN();
}

void FlowTrace::visit_downstream() {
    queue_.clear();
    for (std::size_t i = 0; i < share_.size(); ++i) {
        share_[i] = 0;
        waits_for_[i] = static_cast<std::int32_t>(incoming_.of(i).size());
        if (waits_for_[i] == 0) {
            queue_.push_back(static_cast<std::int32_t>(i));
        }
    }
    for (std::size_t next = 0; next < queue_.size(); ++next) {
        const std::size_t i = at(queue_[next]);
        share_[i] = find_share(i);
        for (const std::int32_t k : outgoing_.of(i)) {
            const std::int32_t fed = delivery_[at(k)].fed;
            if (--waits_for_[at(fed)] == 0) {
                queue_.push_back(fed);
            }
        }
    }
    n_looped_ = share_.size() - queue_.size();
}

/// Nodes downstream of a loop wait for it for ever: they are iterated with it. Each round loses what leaves the loop.
void FlowTrace::settle_loops() {
    double moved = n_looped_ > 0 ? 1.0 : 0.0;
    for (std::size_t round = 0; moved > settled && round < 100 * share_.size(); ++round) {
        moved = 0;
        for (std::size_t i = 0; i < share_.size(); ++i) {
            if (waits_for_[i] > 0) {
                const double share = find_share(i);
                moved = std::max(moved, std::abs(share - share_[i]));
                share_[i] = share;
            }
        }
    }
}

} // namespace yuanwang::powerflow
