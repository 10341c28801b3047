#include "security/voltage_sensitivity.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "network/per_unit.hpp"

namespace yuanwang::security {

namespace {

using network::power_to_pu;

constexpr double held_pu = 1e-6;
constexpr double spare_share = 0.1; ///< of the reactive range of a node that counts as holding

void read_positions(const Series& positions, std::size_t t, std::vector<int>& read) {
    read.clear();
    for (const double position : positions.step(t)) {
        read.push_back(static_cast<int>(std::lround(position)));
    }
}

} // namespace

VoltageSensitivity::VoltageSensitivity(const network::Network& grid, const powerflow::Units& units)
    : grid_{&grid}, units_{&units}, matrix_{grid}, n_row_{(matrix_.n_node() + 15) / 16 * 16} {
    double r = 0;
    double x = 0;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        r += std::abs(grid.branches.r_pu[k]);
        x += std::abs(grid.branches.x_pu[k]);
    }
    resistive_share_ = x > 0 ? r / x : 0.0;
}

bool VoltageSensitivity::prepare(const powerflow::BlockInjections& injections,
                                 const powerflow::BlockStates& states) {
    for (std::size_t t = 0; t < states.outcome.size(); ++t) {
        if (states.outcome[t].status == StepStatus::converged) {
            set_positions(states, t);
            number_free_nodes(injections, states);
            return invert();
        }
    }
    return false;
}

void VoltageSensitivity::set_positions(const powerflow::BlockStates& states, std::size_t t) {
    read_positions(states.tap, t, taps_);
    read_positions(states.shunt_steps, t, shunts_);
    matrix_.set_positions(taps_, shunts_);
}

/// Numbers the nodes that live and do not hold their voltage in every step with range to spare.
void VoltageSensitivity::number_free_nodes(const powerflow::BlockInjections& injections,
                                           const powerflow::BlockStates& states) {
    const std::size_t n = n_node();
    holds_.assign(n, 1);
    lives_.assign(n, 0);
    for (std::size_t t = 0; t < states.outcome.size(); ++t) {
        if (states.outcome[t].status == StepStatus::converged) {
            note_holding(injections, states, t);
        }
    }
    free_.assign(n, -1);
    int n_free = 0;
    for (std::size_t i = 0; i < n; ++i) {
        free_[i] = lives_[i] != 0 && holds_[i] == 0 ? n_free++ : -1;
    }
}

void VoltageSensitivity::note_holding(const powerflow::BlockInjections& injections,
                                      const powerflow::BlockStates& states, std::size_t t) {
    const std::size_t n = n_node();
    for (std::vector<double>* column : {&q_, &low_, &high_}) {
        column->assign(n, 0.0);
    }
    held_.assign(n, 0);
    for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
        if (units_->mode[u] != powerflow::ReactiveMode::voltage ||
            injections.unit_on(u, t) <= 0.5) {
            continue;
        }
        const std::size_t i = node(units_->bus[u]);
        q_[i] += states.unit_q_mvar(u, t);
        low_[i] += injections.unit_q_min_mvar(u, t);
        high_[i] += injections.unit_q_max_mvar(u, t);
        held_[i] = std::abs(states.vm_pu(units_->bus[u], t) - units_->vm_set_pu[u]) < held_pu;
    }
    for (std::size_t i = 0; i < n; ++i) {
        const double spare = spare_share * (high_[i] - low_[i]);
        const bool inside = q_[i] > low_[i] + spare && q_[i] < high_[i] - spare;
        holds_[i] = holds_[i] != 0 && held_[i] != 0 && inside ? 1 : 0;
        lives_[i] = std::isfinite(states.vm_pu(matrix_.bus_of_node[i], t)) ? 1 : lives_[i];
    }
}

bool VoltageSensitivity::invert() {
    const int n_free = free_.empty() ? 0 : *std::ranges::max_element(free_) + 1;
    Eigen::MatrixXd b = Eigen::MatrixXd::Zero(n_free, n_free);
    for (std::size_t i = 0; i < n_node(); ++i) {
        for (int m = matrix_.row_start[i]; free_[i] >= 0 && m < matrix_.row_start[i + 1]; ++m) {
            const auto at = static_cast<std::size_t>(m);
            const int j = free_[static_cast<std::size_t>(matrix_.column[at])];
            if (j >= 0) {
                b(free_[i], j) = -matrix_.b[at];
            }
        }
    }
    const Eigen::MatrixXd inverse = b.partialPivLu().inverse();
    X_.assign(n_row_ * n_node(), 0.0);
    own_.assign(n_row_, 0.0);
    for (std::size_t j = 0; j < n_node(); ++j) {
        for (std::size_t i = 0; free_[j] >= 0 && i < n_node(); ++i) {
            X_[j * n_row_ + i] = free_[i] >= 0 ? inverse(free_[i], free_[j]) : 0.0;
        }
        own_[j] = X_[j * n_row_ + j];
    }
    return inverse.allFinite();
}

std::optional<VoltageSensitivity::Move>
VoltageSensitivity::lose(const powerflow::BlockStates& states, std::size_t t, BranchIdx lost,
                         double loss_pu) const {
    const powerflow::BranchPlace& place = matrix_.place[lost.row()];
    const network::BranchAdmittance& y = matrix_.branch[lost.row()];
    const std::array<std::size_t, 2> end{static_cast<std::size_t>(place.from),
                                         static_cast<std::size_t>(place.to)};
    Move move{};
    Eigen::Matrix2d x;
    for (std::size_t a = 0; a < 2; ++a) {
        move.x[a] = X_.data() + end[a] * n_row_;
        for (std::size_t b = 0; b < 2; ++b) {
            x(static_cast<int>(a), static_cast<int>(b)) = X_[end[b] * n_row_ + end[a]];
        }
    }
    const Eigen::Matrix2d delta{{y.ff.imag(), y.ft.imag()}, {y.tf.imag(), y.tt.imag()}};
    const Eigen::Matrix2d remains = (Eigen::Matrix2d::Identity() + delta * x).inverse();
    const Eigen::Vector2d dq =
        remains * Eigen::Vector2d{power_to_pu(states.q_from_mvar(lost, t)) - 0.5 * loss_pu,
                                  power_to_pu(states.q_to_mvar(lost, t)) - 0.5 * loss_pu};
    const Eigen::Vector2d dp =
        resistive_share_ * (remains * Eigen::Vector2d{power_to_pu(states.p_from_mw(lost, t)),
                                                      power_to_pu(states.p_to_mw(lost, t))});
    if (!dq.allFinite() || !dp.allFinite()) {
        return std::nullopt;
    }
    move.dq = {dq(0), dq(1)};
    move.dp = {dp(0), dp(1)};
    return move;
}

} // namespace yuanwang::security
