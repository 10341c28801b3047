#include "powerflow/batch/outage_case.hpp"

#include <algorithm>
#include <cmath>

#include "network/per_unit.hpp"

namespace yuanwang::powerflow::batch {

namespace {

using Complex = std::complex<double>;
using network::power_to_pu;

constexpr int most_changes = 8; // of one node, before it stays at its limit

// In the open, because the operators of std::complex look after infinities.
Complex times(Complex a, Complex b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Power that enters a branch at one end, pu.
Complex branch_power(const network::BranchAdmittance& y, bool at_from, Complex v_from,
                     Complex v_to) {
    return at_from ? times(v_from, std::conj(times(y.ff, v_from) + times(y.ft, v_to)))
                   : times(v_to, std::conj(times(y.tf, v_from) + times(y.tt, v_to)));
}

} // namespace

double OutageCase::lost_share(UnitIdx u) const {
    return find_lost_share(outage_, *step_.columns, u, step_.t);
}

bool OutageCase::is_dark(std::size_t node) const {
    return std::ranges::find(topology_.followers, node, &OutageTopology::Follower::node) !=
           topology_.followers.end();
}

double OutageCase::remaining_share() const {
    double sum = 0;
    for (const OutageBase::Participant& p : base_.participants()) {
        sum += lost_share(p.unit) >= 1 || is_dark(p.node) ? 0.0 : p.share;
    }
    return sum;
}

bool OutageCase::only_losses() const {
    return outage_.units.empty() && outage_.machines.empty() && outage_.load_buses.empty() &&
           outage_.shed.empty() && topology_.followers.empty();
}

bool OutageCase::fits_lanes() const {
    if (is_dark(base_.slack()) || range(base_.slack(), 0.0).units_on == 0) {
        return false;
    }
    return base_.participants().empty() || remaining_share() > 0;
}

/// Calls visit(unit, share) for every unit that goes, whole or in part.
template <class Visit>
void OutageCase::visit_lost_units(Visit visit) const {
    for (const UnitIdx u : outage_.units) {
        visit(u, 1.0);
    }
    for (const UnitIdx u : outage_.machines) {
        if (std::ranges::find(outage_.units, u) == outage_.units.end()) {
            visit(u, lost_share(u));
        }
    }
}

/// Calls visit(bus, load) for every load that goes, MW and Mvar.
template <class Visit>
void OutageCase::visit_lost_loads(Visit visit) const {
    const BlockInjections& injections = *step_.injections;
    for (const Outage::Shed& cut : outage_.shed) {
        visit(cut.bus, Complex{step_.columns->shed_p_mw(cut.row, step_.t),
                               step_.columns->shed_q_mvar(cut.row, step_.t)});
    }
    for (const BusIdx i : outage_.load_buses) {
        Complex left{injections.load_p_mw(i, step_.t), injections.load_q_mvar(i, step_.t)};
        for (const Outage::Shed& cut : outage_.shed) {
            if (cut.bus == i) {
                left -= Complex{step_.columns->shed_p_mw(cut.row, step_.t),
                                step_.columns->shed_q_mvar(cut.row, step_.t)};
            }
        }
        visit(i, left);
    }
}

OutageCase::Range OutageCase::range(std::size_t node, double shed_share) const {
    Range r{base_.q_other_pu(node), base_.q_min_pu(node), base_.q_max_pu(node),
            base_.n_holding_unit(node)};
    visit_lost_units([&](UnitIdx u, double share) {
        if (base_.node_of(u) != node) {
            return;
        }
        if (base_.holds(u)) {
            if (std::isfinite(base_.unit_q_min(u)) && std::isfinite(base_.unit_q_max(u))) {
                r.q_min -= share * base_.unit_q_min(u);
                r.q_max -= share * base_.unit_q_max(u);
            }
            r.units_on -= share >= 1 ? 1 : 0;
        } else {
            r.q_other -= share * base_.unit_power(u).imag();
        }
    });
    if (!outage_.shed.empty() || !outage_.load_buses.empty()) {
        visit_lost_loads([&](BusIdx i, Complex load) {
            if (base_.node(i) == node) {
                r.q_other += power_to_pu(load.imag());
            }
        });
    }
    if (shed_share > 0) {
        visit_living_loads([&](std::size_t n, Complex load) {
            r.q_other += n == node ? shed_share * power_to_pu(load.imag()) : 0.0;
        });
    }
    return r;
}

void OutageCase::begin(CaseState& state) const {
    std::ranges::copy(base_.p_pu(), state.p_pu.begin());
    std::ranges::copy(base_.q_pu(), state.q_pu.begin());
    std::ranges::fill(state.is_pq, std::uint8_t{1});
    std::ranges::fill(state.changes, std::uint8_t{0});
    *state.lack_pu = 0;
    *state.shed_share = 0;
    double lack_pu = 0;
    visit_lost_units([&](UnitIdx u, double share) {
        const Complex s = share * base_.unit_power(u);
        state.p_pu[base_.node_of(u)] -= s.real();
        state.q_pu[base_.node_of(u)] -= s.imag();
        lack_pu += s.real();
    });
    visit_lost_loads([&](BusIdx i, Complex load) {
        state.p_pu[base_.node(i)] += power_to_pu(load.real());
        state.q_pu[base_.node(i)] += power_to_pu(load.imag());
        lack_pu -= power_to_pu(load.real());
    });
    for (std::size_t h = 0; h < base_.holders().size(); ++h) {
        const std::size_t n = base_.holders()[h];
        const NodeHold hold = range(n, 0.0).units_on > 0 ? base_.hold(n) : NodeHold::none;
        set_hold(h, hold, state);
    }
    for (const OutageTopology::Follower& follower : topology_.followers) {
        const std::size_t n = follower.node;
        lack_pu += state.p_pu[n];
        state.p_pu[n] = 0;
        state.q_pu[n] = 0;
        state.is_pq[n] = 1;
    }
    for (std::size_t h = 0; h < base_.holders().size(); ++h) {
        if (is_dark(base_.holders()[h])) {
            state.hold[h] = NodeHold::none;
        }
    }
    respond_to(lack_pu, state);
}

void OutageCase::share(double lack_pu, CaseState& state) const {
    if (lack_pu == 0) {
        return;
    }
    const double total = remaining_share();
    if (total <= 0) {
        state.p_pu[base_.slack()] += lack_pu;
        return;
    }
    for (const OutageBase::Participant& p : base_.participants()) {
        if (lost_share(p.unit) < 1 && !is_dark(p.node)) {
            state.p_pu[p.node] += lack_pu * p.share / total;
        }
    }
}

void OutageCase::respond_to(double more_pu, CaseState& state) const {
    if (more_pu == 0) {
        return;
    }
    add_response(*state.lack_pu, -1.0, state);
    *state.lack_pu += more_pu;
    add_response(*state.lack_pu, 1.0, state);
}

void OutageCase::add_response(double lack_pu, double sign, CaseState& state) const {
    if (lack_pu == 0) {
        return;
    }
    std::vector<Responder>& responders = *step_.responders;
    const Units& units = base_.units();
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        const std::size_t n = base_.node_of(u);
        const bool on =
            base_.start()[n] != 0.0 && !is_dark(n) && step_.injections->unit_on(u, step_.t) > 0.5;
        responders[u.row()] = make_responder(units, outage_, *step_.columns, u, step_.t, on,
                                             network::power_to_mva(base_.unit_power(u).real()));
    }
    const bool losses = only_losses();
    if (losses) { // too little to call anybody else
        for (Responder& r : responders) {
            r = r.weight > 0 ? r : Responder{};
            r.output = 0;
        }
    }
    const double left_mw = respond(responders, network::power_to_mva(lack_pu), *step_.change);
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        state.p_pu[base_.node_of(u)] += sign * power_to_pu((*step_.change)[u.row()]);
    }
    const bool may_shed = !losses && left_mw > 0 && !step_.columns->room.up_mw.empty();
    double load_mw = 0;
    if (may_shed) {
        visit_living_loads(
            [&](std::size_t, Complex load) { load_mw += std::max(0.0, load.real()); });
    }
    const bool sheds = load_mw > 0;
    const double shed_share = sheds ? std::min(1.0, left_mw / load_mw) : 0.0;
    if (left_mw != 0 && !sheds) {
        share(sign * power_to_pu(left_mw), state);
    }
    set_shed_share(sign > 0 ? shed_share : 0.0, state);
}

/// Sheds the same share of every load in place of what was shed before.
void OutageCase::set_shed_share(double share, CaseState& state) const {
    const double more = share - *state.shed_share;
    if (more == 0) {
        return;
    }
    *state.shed_share = share;
    visit_living_loads([&](std::size_t n, Complex load) {
        if (load.real() > 0) {
            state.p_pu[n] += more * power_to_pu(load.real());
        }
        state.q_pu[n] += more * power_to_pu(load.imag());
    });
    for (std::size_t h = 0; h < base_.holders().size(); ++h) {
        set_hold(h, state.hold[h], state);
    }
}

/// Calls visit(node, load) for every load that is neither dark nor lost, MW and Mvar.
template <class Visit>
void OutageCase::visit_living_loads(Visit visit) const {
    const BlockInjections& injections = *step_.injections;
    for (std::size_t i = 0; i < injections.load_p_mw.n_element(); ++i) {
        const std::size_t n = base_.node(BusIdx{i});
        Complex load{injections.load_p_mw(i, step_.t), injections.load_q_mvar(i, step_.t)};
        if (load == 0.0 || base_.start()[n] == 0.0 || is_dark(n)) {
            continue;
        }
        if (std::ranges::find(outage_.load_buses, BusIdx{i}) != outage_.load_buses.end()) {
            continue;
        }
        for (const Outage::Shed& cut : outage_.shed) {
            if (cut.bus == BusIdx{i}) {
                load -= Complex{step_.columns->shed_p_mw(cut.row, step_.t),
                                step_.columns->shed_q_mvar(cut.row, step_.t)};
            }
        }
        visit(n, load);
    }
}

/// Brings schedule and type of a holder in line; a node without units keeps the schedule `begin` gave it.
void OutageCase::set_hold(std::size_t h, NodeHold hold, CaseState& state) const {
    const std::size_t n = base_.holders()[h];
    state.hold[h] = hold;
    state.is_pq[n] = hold == NodeHold::held ? 0 : 1;
    if (hold == NodeHold::at_min || hold == NodeHold::at_max) {
        const Range r = range(n, *state.shed_share);
        state.q_pu[n] = r.q_other + (hold == NodeHold::at_min ? r.q_min : r.q_max);
    }
}

/// Power a node injects at V in this case.
Complex OutageCase::power(std::span<const Complex> V, std::size_t node) const {
    const BusAdmittance& y = base_.y();
    Complex current = 0;
    for (auto m = y.start[node]; m < y.start[node + 1]; ++m) {
        const auto k = static_cast<std::size_t>(m);
        current += times({y.g_pu[k], y.b_pu[k]}, V[static_cast<std::size_t>(y.column[k])]);
    }
    Complex s = times(V[node], std::conj(current));
    for (const BranchIdx k : outage_.branches) {
        const BranchPlace& place = base_.matrix().place[k.row()];
        if (place.from < 0) {
            continue;
        }
        const auto from = static_cast<std::size_t>(place.from);
        const auto to = static_cast<std::size_t>(place.to);
        if (from == node || to == node) {
            s -= branch_power(base_.matrix().branch[k.row()], from == node, V[from], V[to]);
        }
        if (from == to && from == node) { // a loop shows both ends to its node
            s -= branch_power(base_.matrix().branch[k.row()], false, V[from], V[to]);
        }
    }
    return s;
}

NodeHold OutageCase::wanted_hold(std::size_t node, NodeHold now, std::span<const Complex> V,
                                 double margin_pu, double shed_share) const {
    const Range r = range(node, shed_share);
    if (now == NodeHold::held) {
        const double q = power(V, node).imag() - r.q_other;
        if (q > r.q_max + margin_pu) {
            return NodeHold::at_max;
        }
        return q < r.q_min - margin_pu ? NodeHold::at_min : NodeHold::held;
    }
    const double vm = std::abs(V[node]);
    if (now == NodeHold::at_max) {
        return vm > base_.vm_set_pu(node) + margin_pu ? NodeHold::held : now;
    }
    return vm < base_.vm_set_pu(node) - margin_pu ? NodeHold::held : now;
}

bool OutageCase::let_return(std::span<const Complex> V, double margin_pu, CaseState& state) const {
    bool moved = false;
    state.held = 0;
    for (std::size_t h = 0; h < base_.holders().size(); ++h) {
        const bool at_limit =
            state.hold[h] == NodeHold::at_min || state.hold[h] == NodeHold::at_max;
        if (!at_limit || wanted_hold(base_.holders()[h], state.hold[h], V, margin_pu,
                                     *state.shed_share) != NodeHold::held) {
            continue;
        }
        if (state.changes[h] >= most_changes) {
            ++state.held;
            continue;
        }
        ++state.changes[h];
        set_hold(h, NodeHold::held, state);
        moved = true;
    }
    return moved;
}

CaseVerdict OutageCase::let_leave(std::span<const Complex> V, double margin_pu,
                                  CaseState& state) const {
    CaseVerdict verdict = CaseVerdict::rests;
    for (std::size_t h = 0; h < base_.holders().size(); ++h) {
        if (state.hold[h] != NodeHold::held) {
            continue;
        }
        const std::size_t n = base_.holders()[h];
        const NodeHold wanted = wanted_hold(n, NodeHold::held, V, margin_pu, *state.shed_share);
        if (wanted == NodeHold::held) {
            continue;
        }
        if (n == base_.slack()) {
            return CaseVerdict::beyond_lanes;
        }
        ++state.changes[h];
        set_hold(h, wanted, state);
        verdict = CaseVerdict::moved;
    }
    return verdict;
}

CaseVerdict OutageCase::judge(std::span<const Complex> V, const CaseRules& rules,
                              CaseState& state) const {
    CaseVerdict verdict = CaseVerdict::rests;
    if (rules.q_limits) {
        verdict = let_return(V, rules.margin_pu, state) ? CaseVerdict::moved
                                                        : let_leave(V, rules.margin_pu, state);
    }
    if (verdict == CaseVerdict::beyond_lanes) {
        return verdict;
    }
    const std::size_t slack = base_.slack();
    const double left_pu = power(V, slack).real() - state.p_pu[slack];
    if (std::abs(left_pu) > rules.slack_tolerance_pu && !base_.participants().empty()) {
        if (!step_.columns->room.up_mw.empty()) {
            respond_to(left_pu, state);
        } else {
            share(left_pu, state);
        }
        verdict = CaseVerdict::moved;
    }
    return verdict;
}

void OutageCase::append_changes(std::vector<AdmittanceEntry>& change) const {
    for (const BranchIdx k : outage_.branches) {
        const BranchPlace& place = base_.matrix().place[k.row()];
        if (place.from < 0) {
            continue; // out of service already
        }
        const network::BranchAdmittance& y = base_.matrix().branch[k.row()];
        const bool from_dark = is_dark(static_cast<std::size_t>(place.from));
        const bool to_dark = is_dark(static_cast<std::size_t>(place.to));
        if (!from_dark) {
            change.push_back({place.from, place.from, -y.ff});
            change.push_back({place.from, place.to, -y.ft});
        }
        if (!to_dark) {
            change.push_back({place.to, place.from, -y.tf});
            change.push_back({place.to, place.to, -y.tt});
        }
    }
    const BusAdmittance& y = base_.y();
    for (const OutageTopology::Follower& follower : topology_.followers) {
        const auto node = static_cast<std::int32_t>(follower.node);
        for (auto m = y.start[follower.node]; m < y.start[follower.node + 1]; ++m) {
            const auto k = static_cast<std::size_t>(m);
            change.push_back({node, y.column[k], -Complex{y.g_pu[k], y.b_pu[k]}});
        }
        // V = V_parent, through a reactance of 0.1 pu that carries nothing
        change.push_back({node, node, Complex{0, -10}});
        change.push_back({node, static_cast<std::int32_t>(follower.parent), Complex{0, 10}});
    }
}

double OutageCase::shed_load_mw(double shed_share) const {
    double sum_mw = 0;
    if (shed_share > 0) {
        visit_living_loads(
            [&](std::size_t, Complex load) { sum_mw += std::max(0.0, load.real()); });
    }
    return shed_share * sum_mw;
}

double OutageCase::own_load_mw() const {
    double sum_mw = 0;
    for (const BusIdx i : outage_.load_buses) {
        sum_mw += step_.injections->load_p_mw(i, step_.t);
    }
    return sum_mw;
}

double OutageCase::dark_load_mw() const {
    double sum_mw = 0;
    for (const BusIdx i : topology_.dark) {
        if (std::ranges::find(outage_.load_buses, i) == outage_.load_buses.end()) {
            sum_mw += step_.injections->load_p_mw(i, step_.t);
        }
    }
    return sum_mw;
}

} // namespace yuanwang::powerflow::batch
