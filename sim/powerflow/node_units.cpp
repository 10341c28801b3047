#include "powerflow/node_units.hpp"

#include <algorithm>
#include <cmath>

#include "network/per_unit.hpp"
#include "network/topology.hpp"

namespace yuanwang::powerflow {

using network::power_to_mva;
using network::power_to_pu;

namespace {

std::size_t row(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

NodeUnits::NodeUnits(const network::Network& grid, const NodalMatrix& matrix, const Units& units,
                     bool distributed_slack)
    : matrix_{&matrix}, units_{&units}, problem_{matrix.n_node()} {
    const std::size_t n = matrix.n_node();
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        node_of_unit_.push_back(matrix.node_of_bus[units.bus[u].row()]);
        share_.push_back(distributed_slack ? units.participation[u] : 0.0);
    }
    const network::Islands islands = network::find_islands(grid);
    // Parts numbered by the first node, counting nodes only.
    for (const BusIdx i : matrix.bus_of_node) {
        island_of_node_.push_back(islands.of_bus[i]);
    }
    island_live_.assign(static_cast<std::size_t>(islands.count), 0);
    island_share_.assign(island_live_.size(), 0.0);
    narrow_.assign(n, false);
    may_hold_.assign(n, false);
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        may_hold_[row(node(u))] = may_hold_[row(node(u))] || units.mode[u] == ReactiveMode::voltage;
    }
    find_slack_units();

    for (std::vector<double>* column : {&q_other_, &q_min_, &q_max_}) {
        column->assign(n, 0.0);
    }
    holders_on_.assign(n, 0);
    first_holder_.resize(n);
    limit_.assign(n, QLimit::inside);
    unit_weight_.assign(units.size(), 0.0);
}

/// Gives every island a gauge node and the units that take λ while all units run: those that participate, else the
/// reference unit, else the first that holds voltage.
void NodeUnits::find_slack_units() {
    gauge_.assign(island_live_.size(), -1);
    std::vector<double> total(island_live_.size(), 0.0);
    std::vector<int> first_holder(island_live_.size(), -1);
    const auto island_of = [&](UnitIdx u) { return row(island_of_node_[row(node(u))]); };
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        total[island_of(u)] += share_[u.row()];
        if (first_holder[island_of(u)] < 0 && units_->mode[u] == ReactiveMode::voltage) {
            first_holder[island_of(u)] = u.value;
        }
    }
    if (units_->reference.valid()) {
        const std::size_t island = island_of(units_->reference);
        gauge_[island] = node(units_->reference);
        first_holder[island] = units_->reference.value;
    }
    for (std::size_t island = 0; island < gauge_.size(); ++island) {
        if (total[island] <= 0 && first_holder[island] >= 0) {
            share_[row(first_holder[island])] = 1.0;
        }
    }
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        if (share_[u.row()] > 0) {
            narrow_[row(node(u))] = true;
            if (gauge_[island_of(u)] < 0) {
                gauge_[island_of(u)] = node(u);
            }
        }
    }
    for (std::size_t i = 0; i < matrix_->n_node(); ++i) { // parts without any: their first node
        int& gauge = gauge_[row(island_of_node_[i])];
        gauge = gauge < 0 ? static_cast<int>(i) : gauge;
    }
}

SlackLayout NodeUnits::slack_layout(bool wide) const {
    SlackLayout layout{.island_of_node = island_of_node_, .gauge = gauge_, .participants = {}};
    std::vector<bool> takes = narrow_;
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        if (wide && units_->mode[u] == ReactiveMode::voltage) {
            takes[row(node(u))] = true;
        }
    }
    layout.participants.resize(gauge_.size());
    for (std::size_t i = 0; i < takes.size(); ++i) {
        if (takes[i]) {
            layout.participants[row(island_of_node_[i])].push_back(static_cast<int>(i));
        }
    }
    return layout;
}

double NodeUnits::scheduled_q_mvar(const BlockInjections& injections, UnitIdx u,
                                   std::size_t t) const {
    if (!on(injections, u, t) || units_->mode[u] == ReactiveMode::voltage) {
        return 0;
    }
    if (units_->mode[u] == ReactiveMode::reactive) {
        return units_->q_set_mvar[u];
    }
    const double q = injections.unit_p_mw(u, t) * units_->tan_phi[u];
    return std::min(std::max(q, injections.unit_q_min_mvar(u, t)),
                    injections.unit_q_max_mvar(u, t));
}

bool NodeUnits::gather(const BlockInjections& injections, std::size_t t) {
    std::ranges::fill(problem_.p, 0.0);
    std::ranges::fill(q_other_, 0.0);
    const std::span<const double> load_p = injections.load_p_mw.step(t);
    const std::span<const double> load_q = injections.load_q_mvar.step(t);
    for (std::size_t i = 0; i < load_p.size(); ++i) {
        const std::size_t n = row(matrix_->node_of_bus[i]);
        problem_.p[n] -= power_to_pu(load_p[i]);
        q_other_[n] -= power_to_pu(load_q[i]);
    }
    gather_units(injections, t);
    double sum = 0; // turns NaN or infinite with any input
    for (std::size_t i = 0; i < problem_.p.size(); ++i) {
        sum += std::abs(problem_.p[i]) + std::abs(q_other_[i]) + std::abs(problem_.vm_set[i]);
        if (std::isnan(q_min_[i]) || std::isnan(q_max_[i])) {
            return false;
        }
    }
    if (!std::isfinite(sum)) {
        return false;
    }
    find_live_islands();
    share_slack(injections, t);
    return true;
}

void NodeUnits::gather_units(const BlockInjections& injections, std::size_t t) {
    std::ranges::fill(q_min_, 0.0);
    std::ranges::fill(q_max_, 0.0);
    std::ranges::fill(holders_on_, 0);
    std::ranges::fill(limit_, QLimit::inside);
    std::ranges::fill(problem_.vm_set, 1.0);
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        const std::size_t n = row(node(u));
        problem_.p[n] += power_to_pu(injections.unit_p_mw(u, t));
        if (units_->mode[u] == ReactiveMode::voltage && on(injections, u, t)) {
            first_holder_[n] = holders_on_[n] == 0 ? u : first_holder_[n];
            ++holders_on_[n];
            q_min_[n] += power_to_pu(injections.unit_q_min_mvar(u, t));
            q_max_[n] += power_to_pu(injections.unit_q_max_mvar(u, t));
            problem_.vm_set[n] = units_->vm_set_pu[u];
        } else {
            q_other_[n] += power_to_pu(scheduled_q_mvar(injections, u, t));
        }
    }
    std::ranges::copy(q_other_, problem_.q.begin());
}

void NodeUnits::find_live_islands() {
    std::ranges::fill(island_live_, std::uint8_t{0});
    for (std::size_t i = 0; i < holders_on_.size(); ++i) {
        if (holders_on_[i] > 0) {
            island_live_[row(island_of_node_[i])] = 1;
        }
    }
    islanded_ = false;
    for (std::size_t i = 0; i < holders_on_.size(); ++i) {
        const bool live = island_live_[row(island_of_node_[i])] != 0;
        problem_.type[i] = !live                ? NodeType::dead
                           : holders_on_[i] > 0 ? NodeType::pv
                                                : NodeType::pq;
        islanded_ = islanded_ || (!live && (problem_.p[i] != 0 || problem_.q[i] != 0));
    }
}

/// Shares of λ among the units that run. Where none of an island's slack units does, its first voltage holder takes all.
void NodeUnits::share_slack(const BlockInjections& injections, std::size_t t) {
    std::ranges::fill(problem_.slack_weight, 0.0);
    std::ranges::fill(unit_weight_, 0.0);
    std::ranges::fill(island_share_, 0.0);
    fits_narrow_ = true;
    const auto island_of = [&](UnitIdx u) { return row(island_of_node_[row(node(u))]); };
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        if (on(injections, u, t)) {
            island_share_[island_of(u)] += share_[u.row()];
        }
    }
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        double& total = island_share_[island_of(u)];
        if (!on(injections, u, t) || island_live_[island_of(u)] == 0) {
            continue;
        }
        if (total > 0) {
            unit_weight_[u.row()] = share_[u.row()] / total;
        } else if (total == 0 && units_->mode[u] == ReactiveMode::voltage) {
            unit_weight_[u.row()] = 1.0;
            total = -1; // taken
            fits_narrow_ = fits_narrow_ && narrow_[row(node(u))];
        }
        problem_.slack_weight[row(node(u))] += unit_weight_[u.row()];
    }
}

void NodeUnits::set_limit(std::size_t node, QLimit limit) {
    limit_[node] = limit;
    if (limit == QLimit::inside) {
        problem_.type[node] = NodeType::pv;
        problem_.q[node] = q_other_[node];
    } else {
        problem_.type[node] = NodeType::pq;
        problem_.q[node] = q_other_[node] + (limit == QLimit::at_min ? q_min_[node] : q_max_[node]);
    }
}

NodeUnits::ReactiveExcess NodeUnits::find_reactive_excess(const NodeState& state,
                                                          double margin_pu) const {
    ReactiveExcess found;
    for (std::size_t i = 0; i < holders_on_.size(); ++i) {
        if (holders_on_[i] == 0 || problem_.type[i] != NodeType::pv) {
            continue;
        }
        const double q = holding_q_pu(i, state.q[i]);
        const double beyond = q > q_max_[i] + margin_pu   ? q - q_max_[i]
                              : q < q_min_[i] - margin_pu ? q - q_min_[i]
                                                          : 0.0;
        if (std::abs(power_to_mva(beyond)) > std::abs(found.q_mvar)) {
            found = {.q_mvar = power_to_mva(beyond), .unit = first_holder_[i]};
        }
    }
    return found;
}

double NodeUnits::spread(const BlockInjections& injections, const NodeState& state, std::size_t t,
                         BlockStates& states) const {
    double slack_mw = 0;
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        const std::size_t n = row(node(u));
        if (problem_.type[n] == NodeType::dead) {
            states.unit_p_mw(u, t) = 0;
            states.unit_q_mvar(u, t) = 0;
            continue;
        }
        const double extra_mw =
            unit_weight_[u.row()] == 0
                ? 0
                : power_to_mva(unit_weight_[u.row()] * state.lambda[row(island_of_node_[n])]);
        slack_mw += extra_mw;
        states.unit_p_mw(u, t) = injections.unit_p_mw(u, t) + extra_mw;
        if (units_->mode[u] != ReactiveMode::voltage || !on(injections, u, t)) {
            states.unit_q_mvar(u, t) = scheduled_q_mvar(injections, u, t);
            continue;
        }
        const double low_mvar = injections.unit_q_min_mvar(u, t);
        const double high_mvar = injections.unit_q_max_mvar(u, t);
        const double range_pu = q_max_[n] - q_min_[n];
        if (limit_[n] != QLimit::inside) {
            states.unit_q_mvar(u, t) = limit_[n] == QLimit::at_min ? low_mvar : high_mvar;
        } else if (holders_on_[n] == 1) {
            states.unit_q_mvar(u, t) = power_to_mva(state.q[n] - q_other_[n]);
        } else if (std::isfinite(range_pu) && range_pu > 0) {
            const double position = (state.q[n] - q_other_[n] - q_min_[n]) / range_pu;
            states.unit_q_mvar(u, t) = low_mvar + (high_mvar - low_mvar) * position;
        } else {
            states.unit_q_mvar(u, t) = power_to_mva(state.q[n] - q_other_[n]) / holders_on_[n];
        }
    }
    return slack_mw;
}

double NodeUnits::net_injection_mw(const BlockInjections& injections, std::size_t t,
                                   const BlockStates& states) const {
    double sum = 0;
    for (const double p_mw : states.unit_p_mw.step(t)) {
        sum += p_mw;
    }
    const std::span<const double> load = injections.load_p_mw.step(t);
    for (std::size_t i = 0; i < load.size(); ++i) {
        if (problem_.type[row(matrix_->node_of_bus[i])] != NodeType::dead) {
            sum -= load[i];
        }
    }
    return sum;
}

} // namespace yuanwang::powerflow
