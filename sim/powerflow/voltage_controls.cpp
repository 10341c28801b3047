#include "powerflow/voltage_controls.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

namespace yuanwang::powerflow {

namespace {

using Complex = std::complex<double>;

constexpr double edge_pu = 1e-9;         // a voltage on the edge of its band is inside
constexpr double least_effect_pu = 1e-5; // of a step: below it the node is held by something else
constexpr int most_reversals = 3;
constexpr double narrowest_band = 0.6; // of a step: half a step on either side would hunt
constexpr int relearn_round = 6; // what has not settled by now gets effects of the present state
constexpr int calm_round = 8;    // from here on one step at a time

std::size_t row(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

VoltageControls::VoltageControls(const network::Network& grid, const NodalMatrix& matrix, bool taps,
                                 bool shunts)
    : grid_{&grid}, matrix_{&matrix} {
    if (shunts) {
        add_shunts();
    }
    if (taps) {
        add_taps();
    }
    std::ranges::stable_sort(controls_, std::ranges::greater{}, &Control::level_kv);
    effects_.assign(controls_.size() * controls_.size(), 0.0);
}

void VoltageControls::add_shunts() {
    for (const ShuntIdx s : rows<ShuntIdx>(grid_->shunt_bus.size())) {
        if (!grid_->shunt_switched[s] || grid_->shunt_n_steps[s] < 1) {
            continue;
        }
        const int node = matrix_->node_of_bus[grid_->shunt_bus[s].row()];
        const double own_b = matrix_->b[matrix_->diagonal[row(node)]];
        const double middle = (grid_->shunt_vm_min_pu[s] + grid_->shunt_vm_max_pu[s]) / 2;
        controls_.push_back({.taps = {},
                             .shunt = s.row(),
                             .regulated = matrix_->node_of_bus[grid_->shunt_regulated_bus[s].row()],
                             .level_kv = grid_->base_kv[grid_->shunt_regulated_bus[s]],
                             .low = 0,
                             .high = grid_->shunt_n_steps[s],
                             .v_low = grid_->shunt_vm_min_pu[s],
                             .v_high = grid_->shunt_vm_max_pu[s],
                             .v_aim = middle,
                             .guess = own_b == 0 ? 0 : -grid_->shunt_b_step_pu[s] / own_b});
    }
}

void VoltageControls::add_taps() {
    const network::Taps& taps = grid_->taps;
    const std::size_t first = controls_.size();
    for (std::size_t m = 0; m < taps.size(); ++m) {
        const BranchPlace& at = matrix_->place[taps.branches[m].front().row()];
        if (!taps.on_load[m] || taps.tap_min[m] >= taps.tap_max[m] || at.from < 0) {
            continue;
        }
        const int regulated = matrix_->node_of_bus[taps.regulated_bus[m].row()];
        const auto together = [&](const Control& other) {
            const std::size_t o = other.taps.front();
            const BranchPlace& there = matrix_->place[taps.branches[o].front().row()];
            return there.from == at.from && there.to == at.to && other.regulated == regulated &&
                   taps.step[o] == taps.step[m] && taps.inverse[o] == taps.inverse[m] &&
                   taps.tap_min[o] == taps.tap_min[m] && taps.tap_max[o] == taps.tap_max[m] &&
                   taps.position[o] == taps.position[m] &&
                   taps.vm_target_pu[o] == taps.vm_target_pu[m] &&
                   taps.dead_band_pu[o] == taps.dead_band_pu[m];
        };
        const auto group = std::find_if(controls_.begin() + static_cast<std::ptrdiff_t>(first),
                                        controls_.end(), together);
        if (group != controls_.end()) {
            group->taps.push_back(m);
            continue;
        }
        // More turns at the from end lower the voltage at the to end.
        const bool lowers = (regulated != at.from) != taps.inverse[m];
        controls_.push_back({.taps = {m},
                             .regulated = regulated,
                             .level_kv = grid_->base_kv[taps.regulated_bus[m]],
                             .low = taps.tap_min[m],
                             .high = taps.tap_max[m],
                             .v_low = taps.vm_target_pu[m] - taps.dead_band_pu[m],
                             .v_high = taps.vm_target_pu[m] + taps.dead_band_pu[m],
                             .v_aim = taps.vm_target_pu[m],
                             .guess = lowers ? -taps.step[m] : taps.step[m]});
    }
}

void VoltageControls::set_position(State& state, const Control& control, int value) const {
    if (control.taps.empty()) {
        state.shunts[control.shunt] = value;
    }
    for (const std::size_t m : control.taps) {
        state.taps[m] = value;
    }
}

VoltageControls::State VoltageControls::make_state() const {
    return {.taps = grid_->taps.position,
            .shunts = grid_->shunt_steps.vector(),
            .motion = std::vector<State::Motion>(controls_.size()),
            .out = std::vector<unsigned char>(controls_.size()),
            .predicted = std::vector<double>(controls_.size())};
}

void VoltageControls::start(State& state, std::span<const int> taps,
                            std::span<const int> shunts) const {
    std::ranges::copy(taps, state.taps.begin());
    std::ranges::copy(shunts, state.shunts.begin());
    std::ranges::fill(state.motion, State::Motion{});
    std::ranges::fill(state.out, static_cast<unsigned char>(0));
}

void VoltageControls::lose(State& state, std::span<const BranchIdx> branches,
                           std::span<const std::size_t> dark_nodes) const {
    const auto is_lost = [&](BranchIdx k) {
        return std::ranges::find(branches, k) != branches.end();
    };
    const auto loses_tap = [&](std::size_t m) {
        return std::ranges::all_of(grid_->taps.branches[m], is_lost);
    };
    for (std::size_t c = 0; c < controls_.size(); ++c) {
        const Control& control = controls_[c];
        const bool loses_all =
            !control.taps.empty() && std::ranges::all_of(control.taps, loses_tap);
        const bool is_dark = std::ranges::find(dark_nodes, regulated_node(c)) != dark_nodes.end();
        state.out[c] = loses_all || is_dark ? 1 : state.out[c];
    }
}

void VoltageControls::prepare(Newton& newton, const NodeProblem& problem) {
    std::vector<double> rhs(2 * problem.type.size());
    learn(newton, problem, make_state(), rhs, effects_);
}

bool VoltageControls::wants_new_effects(int round) {
    return round == relearn_round;
}

/// What one step of a control adds to the injections, as the right-hand side −ΔF of the linear model.
void VoltageControls::linearise(const Control& control, const NodeState& at_state,
                                const State& state, std::span<double> rhs) const {
    const auto V = [&](int i) { return Complex{at_state.e[row(i)], at_state.f[row(i)]}; };
    const auto add = [&](int i, Complex s) {
        rhs[2 * row(i)] -= s.real();
        rhs[2 * row(i) + 1] -= s.imag();
    };
    if (control.taps.empty()) {
        const ShuntIdx s{control.shunt};
        const int i = matrix_->node_of_bus[grid_->shunt_bus[s].row()];
        add(i, {0.0, -grid_->shunt_b_step_pu[s] * std::norm(V(i))});
        return;
    }
    for (const std::size_t m : control.taps) {
        const int now_at = state.taps[m];
        const int next = now_at < control.high ? now_at + 1 : now_at - 1;
        const double sign = next > now_at ? 1.0 : -1.0;
        for (const BranchIdx k : grid_->taps.branches[m]) {
            const BranchPlace& at = matrix_->place[k.row()];
            if (at.from < 0) {
                continue;
            }
            const network::BranchAdmittance& now = matrix_->branch[k.row()];
            const network::BranchAdmittance then =
                network::branch_admittance(grid_->branches, k, grid_->taps.ratio_at(m, next));
            const Complex from = V(at.from);
            const Complex to = V(at.to);
            add(at.from,
                sign * from * std::conj((then.ff - now.ff) * from + (then.ft - now.ft) * to));
            add(at.to, sign * to * std::conj((then.tf - now.tf) * from + (then.tt - now.tt) * to));
        }
    }
}

void VoltageControls::learn(Newton& newton, const NodeProblem& problem, const State& state,
                            std::span<double> rhs, Effects& effects) const {
    for (std::size_t c = 0; c < controls_.size(); ++c) {
        std::ranges::fill(rhs, 0.0);
        linearise(controls_[c], newton.state(), state, rhs);
        for (std::size_t i = 0; i < problem.type.size(); ++i) {
            rhs[2 * i] = problem.type[i] == NodeType::dead ? 0.0 : rhs[2 * i];
            rhs[2 * i + 1] = problem.type[i] == NodeType::pq ? rhs[2 * i + 1] : 0.0;
        }
        newton.solve_linear(rhs);
        for (std::size_t r = 0; r < controls_.size(); ++r) {
            const std::size_t i = row(controls_[r].regulated);
            effects[c * controls_.size() + r] = rhs[2 * i + 1] * newton.vm()[i];
        }
    }
}

/// Steps a control wants at a voltage, given what one step does.
int VoltageControls::wish(const Control& control, double vm, double effect) {
    if (vm >= control.v_low - edge_pu && vm <= control.v_high + edge_pu) {
        return 0;
    }
    if (control.taps.empty()) {
        const double need = vm < control.v_low ? control.v_low - vm : control.v_high - vm;
        const double room = vm < control.v_low ? control.v_high - vm : control.v_low - vm;
        const double fewest = std::ceil(std::abs(need / effect) - 1e-6);
        const double most = std::floor(std::abs(room / effect));
        return static_cast<int>(std::copysign(std::min(fewest, most), need / effect));
    }
    const double error = control.v_aim - vm;
    if (std::abs(error) <= narrowest_band * std::abs(effect)) {
        return 0;
    }
    return static_cast<int>(std::round(error / effect));
}

/// Steps control c takes from where it is at a voltage: 0 where it is held or at its end.
int VoltageControls::steps_at(const State& state, std::size_t c, double vm,
                              const Effects& effects) const {
    const Control& control = controls_[c];
    const double effect = own_effect(c, effects);
    if (state.motion[c].held || state.out[c] != 0 || std::abs(effect) <= least_effect_pu) {
        return 0;
    }
    const int before = position(state, c);
    return std::clamp(before + wish(control, vm, effect), control.low, control.high) - before;
}

double VoltageControls::own_effect(std::size_t c, const Effects& effects) const {
    const double learnt = effects[c * controls_.size() + c];
    return std::abs(learnt) > least_effect_pu ? learnt : controls_[c].guess;
}

/// A round from `state.predicted`; `is_free(c)` says that no unit holds the node of control c.
template <class IsFree>
bool VoltageControls::move_free(State& state, IsFree is_free, int round,
                                const Effects& effects) const {
    const std::size_t n = controls_.size();
    bool moved = false;
    for (std::size_t c = 0; c < n; ++c) {
        State::Motion& motion = state.motion[c];
        int steps = is_free(c) ? steps_at(state, c, state.predicted[c], effects) : 0;
        if (steps == 0) {
            continue;
        }
        const int direction = steps > 0 ? 1 : -1;
        motion.reversals += motion.direction == -direction;
        if (round >= calm_round || motion.reversals > 0) { // it does more than its effect says
            steps = direction;
        }
        motion.direction = direction;
        if (motion.reversals > most_reversals) {
            motion.held = true;
            continue;
        }
        set_position(state, controls_[c], position(state, c) + steps);
        moved = true;
        for (std::size_t r = 0; r < n; ++r) {
            state.predicted[r] += steps * (r == c ? own_effect(c, effects) : effects[c * n + r]);
        }
    }
    return moved;
}

bool VoltageControls::move(State& state, std::span<const double> vm, const NodeProblem& problem,
                           int round, const Effects& effects) const {
    for (std::size_t r = 0; r < controls_.size(); ++r) {
        state.predicted[r] = vm[regulated_node(r)];
    }
    const auto is_free = [&](std::size_t c) {
        return problem.type[regulated_node(c)] == NodeType::pq;
    };
    return move_free(state, is_free, round, effects);
}

bool VoltageControls::move_predicted(State& state, std::span<const unsigned char> free, int round,
                                     const Effects& effects) const {
    return move_free(
        state, [&](std::size_t c) { return free[c] != 0; }, round, effects);
}

int VoltageControls::count_held(const State& state, std::span<const double> vm,
                                const NodeProblem& problem, const Effects& effects) const {
    int held = 0;
    for (std::size_t c = 0; c < controls_.size(); ++c) {
        const std::size_t node = regulated_node(c);
        held += state.motion[c].held ||
                (problem.type[node] == NodeType::pq && steps_at(state, c, vm[node], effects) != 0);
    }
    return held;
}

} // namespace yuanwang::powerflow
