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
constexpr int relearn_round = 4; // what has not settled by now gets effects of the present state
constexpr int calm_round = 8;    // from here on one step at a time

std::size_t row(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

VoltageControls::VoltageControls(const network::Network& grid, const NodalMatrix& matrix, bool taps,
                                 bool shunts)
    : grid_{&grid}, matrix_{&matrix}, taps_{grid.taps.position}, shunts_{
                                                                     grid.shunt_steps.vector()} {
    if (shunts) {
        add_shunts();
    }
    if (taps) {
        add_taps();
    }
    std::ranges::stable_sort(controls_, std::ranges::greater{}, &Control::level_kv);
    effect_.assign(controls_.size() * controls_.size(), 0.0);
    scheduled_effect_ = effect_;
    rhs_.assign(2 * matrix.n_node(), 0.0);
    predicted_.assign(controls_.size(), 0.0);
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

int VoltageControls::position(const Control& control) const {
    return control.taps.empty() ? shunts_[control.shunt] : taps_[control.taps.front()];
}

void VoltageControls::set_position(const Control& control, int value) {
    if (control.taps.empty()) {
        shunts_[control.shunt] = value;
    }
    for (const std::size_t m : control.taps) {
        taps_[m] = value;
    }
}

void VoltageControls::start(std::span<const int> taps, std::span<const int> shunts) {
    std::ranges::copy(taps, taps_.begin());
    std::ranges::copy(shunts, shunts_.begin());
    if (relearnt_) {
        std::ranges::copy(scheduled_effect_, effect_.begin());
        relearnt_ = false;
    }
    for (Control& control : controls_) {
        control.direction = 0;
        control.reversals = 0;
        control.held = false;
    }
}

void VoltageControls::prepare(Newton& newton, const NodeProblem& problem) {
    learn(newton, problem);
    scheduled_effect_ = effect_;
}

/// What one step of a control adds to the injections, as the right-hand side −ΔF of the linear model.
void VoltageControls::linearise(const Control& control, const Newton& newton,
                                std::span<double> rhs) const {
    const auto V = [&](int i) { return Complex{newton.e()[row(i)], newton.f()[row(i)]}; };
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
        const int next = taps_[m] < control.high ? taps_[m] + 1 : taps_[m] - 1;
        const double sign = next > taps_[m] ? 1.0 : -1.0;
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

void VoltageControls::learn(Newton& newton, const NodeProblem& problem) {
    std::vector<double>& rhs = rhs_;
    for (std::size_t c = 0; c < controls_.size(); ++c) {
        std::ranges::fill(rhs, 0.0);
        linearise(controls_[c], newton, rhs);
        for (std::size_t i = 0; i < problem.type.size(); ++i) {
            rhs[2 * i] = problem.type[i] == NodeType::dead ? 0.0 : rhs[2 * i];
            rhs[2 * i + 1] = problem.type[i] == NodeType::pq ? rhs[2 * i + 1] : 0.0;
        }
        newton.solve_linear(rhs);
        for (std::size_t r = 0; r < controls_.size(); ++r) {
            const std::size_t i = row(controls_[r].regulated);
            effect_[c * controls_.size() + r] = rhs[2 * i + 1] * newton.vm()[i];
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

/// Steps control c takes from where it is at a voltage: 0 where it is held, at its end, or its node is held by a unit.
int VoltageControls::steps_at(std::size_t c, double vm, const NodeProblem& problem) const {
    const Control& control = controls_[c];
    const double effect = own_effect(c);
    if (control.held || problem.type[row(control.regulated)] != NodeType::pq ||
        std::abs(effect) <= least_effect_pu) {
        return 0;
    }
    const int before = position(control);
    return std::clamp(before + wish(control, vm, effect), control.low, control.high) - before;
}

double VoltageControls::own_effect(std::size_t c) const {
    const double learnt = effect_[c * controls_.size() + c];
    return std::abs(learnt) > least_effect_pu ? learnt : controls_[c].guess;
}

bool VoltageControls::move(Newton& newton, const NodeProblem& problem, int round) {
    const std::size_t n = controls_.size();
    if (round == relearn_round) {
        learn(newton, problem);
        relearnt_ = true;
    }
    for (std::size_t r = 0; r < n; ++r) {
        predicted_[r] = newton.vm()[row(controls_[r].regulated)];
    }
    bool moved = false;
    for (std::size_t c = 0; c < n; ++c) {
        Control& control = controls_[c];
        int steps = steps_at(c, predicted_[c], problem);
        if (round >= calm_round) {
            steps = std::clamp(steps, -1, 1);
        }
        if (steps == 0) {
            continue;
        }
        const int direction = steps > 0 ? 1 : -1;
        control.reversals += control.direction == -direction;
        control.direction = direction;
        if (control.reversals > most_reversals) {
            control.held = true;
            continue;
        }
        set_position(control, position(control) + steps);
        moved = true;
        for (std::size_t r = 0; r < n; ++r) {
            predicted_[r] += steps * (r == c ? own_effect(c) : effect_[c * n + r]);
        }
    }
    return moved;
}

int VoltageControls::count_held(const Newton& newton, const NodeProblem& problem) const {
    int held = 0;
    for (std::size_t c = 0; c < controls_.size(); ++c) {
        const double vm = newton.vm()[row(controls_[c].regulated)];
        held += controls_[c].held || steps_at(c, vm, problem) != 0;
    }
    return held;
}

} // namespace yuanwang::powerflow
