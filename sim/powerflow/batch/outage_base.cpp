#include "powerflow/batch/outage_base.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "network/per_unit.hpp"

namespace yuanwang::powerflow::batch {

namespace {

using network::power_to_pu;

/// |V| and set-point of a unit that holds its voltage agree this well after a solved step.
constexpr double held_pu = 1e-7;

void read_positions(const Series& positions, std::size_t t, std::vector<int>& to) {
    to.clear();
    for (const double position : positions.step(t)) {
        to.push_back(static_cast<int>(std::lround(position)));
    }
}

} // namespace

OutageBase::OutageBase(const network::Network& grid, const Units& units,
                       const Column<BusIdx, int>& part, int main, UnitIdx reference)
    : grid_{&grid}, units_{&units}, part_{&part}, main_{main}, reference_{reference}, matrix_{
                                                                                          grid} {
    y_.start.assign(matrix_.row_start.begin(), matrix_.row_start.end());
    y_.column.assign(matrix_.column.begin(), matrix_.column.end());
    const std::size_t n = matrix_.n_node();
    start_.resize(n);
    for (std::vector<double>* column : {&p_, &q_, &q_other_, &q_min_, &q_max_, &vm_set_}) {
        column->resize(n);
    }
    hold_.resize(n);
    units_on_.resize(n);
    type_.resize(n);
    for (std::vector<double>* column : {&unit_p_, &unit_q_, &unit_q_min_, &unit_q_max_}) {
        column->resize(units.size());
    }
    unit_holds_.resize(units.size());
    participants_.reserve(units.size());
    taps_.reserve(grid.taps.size());
    shunts_.reserve(grid.shunt_bus.size());
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        if (units.mode[u] == ReactiveMode::voltage && part[units.bus[u]] == main) {
            holders_.push_back(node(units.bus[u]));
        }
    }
    std::ranges::sort(holders_);
    const auto repeated = std::ranges::unique(holders_);
    holders_.erase(repeated.begin(), repeated.end());
}

void OutageBase::read(const BlockInjections& injections, const BlockStates& states, std::size_t t) {
    read_positions(states.tap, t, taps_);
    read_positions(states.shunt_steps, t, shunts_);
    matrix_.set_positions(taps_, shunts_);
    y_.g_pu = matrix_.g;
    y_.b_pu = matrix_.b;
    read_voltages(states, t);
    compute_injections();
    read_units(injections, states, t);
    judge_holders();
    choose_slack(injections, t);
    for (const std::size_t n : holders_) { // lanes that let the node hold again pull it there
        if (n != slack_ && (hold_[n] == NodeHold::at_max || hold_[n] == NodeHold::at_min)) {
            start_[n] *= vm_set_[n] / std::abs(start_[n]);
        }
    }
}

void OutageBase::read_voltages(const BlockStates& states, std::size_t t) {
    for (std::size_t n = 0; n < start_.size(); ++n) {
        const BusIdx bus = matrix_.bus_of_node[n];
        const bool dead = (*part_)[bus] != main_ || !std::isfinite(states.vm_pu(bus, t));
        const double vm = dead ? 0.0 : states.vm_pu(bus, t);
        const double va = dead ? 0.0 : states.va_rad(bus, t);
        start_[n] = {vm * std::cos(va), vm * std::sin(va)};
    }
}

void OutageBase::compute_injections() {
    for (std::size_t n = 0; n < start_.size(); ++n) {
        std::complex<double> current = 0;
        for (auto m = y_.start[n]; m < y_.start[n + 1]; ++m) {
            const auto k = static_cast<std::size_t>(m);
            current += std::complex<double>{y_.g_pu[k], y_.b_pu[k]} *
                       start_[static_cast<std::size_t>(y_.column[k])];
        }
        const std::complex<double> s = start_[n] * std::conj(current);
        p_[n] = s.real();
        q_[n] = s.imag();
    }
}

void OutageBase::read_units(const BlockInjections& injections, const BlockStates& states,
                            std::size_t t) {
    std::ranges::copy(q_, q_other_.begin());
    std::ranges::fill(q_min_, 0.0);
    std::ranges::fill(q_max_, 0.0);
    std::ranges::fill(vm_set_, 0.0);
    std::ranges::fill(units_on_, 0);
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        const std::size_t n = node(units_->bus[u]);
        const bool lives = start_[n] != 0.0;
        unit_p_[u.row()] = lives ? power_to_pu(states.unit_p_mw(u, t)) : 0.0;
        unit_q_[u.row()] = lives ? power_to_pu(states.unit_q_mvar(u, t)) : 0.0;
        unit_holds_[u.row()] =
            lives && units_->mode[u] == ReactiveMode::voltage && injections.unit_on(u, t) > 0.5;
        if (unit_holds_[u.row()] != 0) {
            ++units_on_[n];
            q_other_[n] -= unit_q_[u.row()];
            unit_q_min_[u.row()] = power_to_pu(injections.unit_q_min_mvar(u, t));
            unit_q_max_[u.row()] = power_to_pu(injections.unit_q_max_mvar(u, t));
            q_min_[n] += unit_q_min_[u.row()];
            q_max_[n] += unit_q_max_[u.row()];
            vm_set_[n] = units_->vm_set_pu[u];
        }
    }
}

/// A node holds its voltage where the voltage is what its units ask for; else they stand at the limit that keeps it away.
void OutageBase::judge_holders() {
    for (std::size_t n = 0; n < start_.size(); ++n) {
        type_[n] = start_[n] == 0.0 ? BusType::out : BusType::pq;
        hold_[n] = NodeHold::none;
    }
    for (const std::size_t n : holders_) {
        if (type_[n] == BusType::out) {
            continue;
        }
        type_[n] = BusType::pv_or_pq;
        if (units_on_[n] == 0) {
            continue;
        }
        const double vm = std::abs(start_[n]);
        if (std::abs(vm - vm_set_[n]) < held_pu) {
            hold_[n] = NodeHold::held;
        } else {
            hold_[n] = vm < vm_set_[n] ? NodeHold::at_max : NodeHold::at_min;
        }
    }
}

void OutageBase::choose_slack(const BlockInjections& injections, std::size_t t) {
    participants_.clear();
    double total = 0;
    UnitIdx slack;
    double largest = 0;
    const auto fits = [&](UnitIdx u) { return hold_[node(units_->bus[u])] == NodeHold::held; };
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        const double share = units_->participation[u];
        if (share <= 0 || injections.unit_on(u, t) <= 0.5 || start_[node(units_->bus[u])] == 0.0) {
            continue;
        }
        participants_.push_back({u, node(units_->bus[u]), share});
        total += share;
        if (fits(u) && share > largest) {
            largest = share;
            slack = u;
        }
    }
    if (reference_.valid() && fits(reference_)) {
        slack = reference_;
    }
    for (const std::size_t n : holders_) { // a node of no participant, where there is no other
        if (!slack.valid() && hold_[n] == NodeHold::held) {
            slack_ = n;
            break;
        }
    }
    for (Participant& p : participants_) {
        p.share /= total;
    }
    if (slack.valid()) {
        slack_ = node(units_->bus[slack]);
    } else if (std::ranges::none_of(holders_, [&](auto n) { return hold_[n] == NodeHold::held; })) {
        slack_ = node(units_->bus[reference_]); // keeps the voltage it has
    }
    type_[slack_] = BusType::slack;
}

} // namespace yuanwang::powerflow::batch
