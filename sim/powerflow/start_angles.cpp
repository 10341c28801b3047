#include "powerflow/start_angles.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numbers>
#include <utility>

namespace yuanwang::powerflow {

namespace {

std::size_t row(int i) {
    return static_cast<std::size_t>(i);
}

bool in_service(const BranchPlace& place) {
    return place.from >= 0 && place.from != place.to;
}

/// Angle in −π … π.
double wrap(double angle) {
    return std::remainder(angle, 2 * std::numbers::pi);
}

} // namespace

StartAngles::StartAngles(const NodalMatrix& matrix, std::vector<int> gauge)
    : matrix_{&matrix}, gauge_{std::move(gauge)}, shift_(matrix.place.size(), 0.0),
      drive_(matrix.n_node(), 0.0) {
    for (std::size_t k = 0; k < matrix.place.size(); ++k) {
        any_shift_ = any_shift_ || (in_service(matrix.place[k]) && matrix.shift_rad[k] != 0);
    }
    if (any_shift_) {
        unwrap_shifts();
    }
}

/// Takes every shift within half a turn of what a breadth-first tree from the gauges, which follows them, leaves for it.
void StartAngles::unwrap_shifts() {
    const NodalMatrix& Y = *matrix_;
    std::vector<std::vector<std::size_t>> branches_at(Y.n_node());
    for (std::size_t k = 0; k < Y.place.size(); ++k) {
        if (in_service(Y.place[k])) {
            branches_at[row(Y.place[k].from)].push_back(k);
            branches_at[row(Y.place[k].to)].push_back(k);
        }
    }
    std::vector<double> along_tree(Y.n_node(), 0.0);
    std::vector<bool> seen(Y.n_node(), false);
    std::deque<int> queue(gauge_.begin(), gauge_.end());
    for (const int s : gauge_) {
        seen[row(s)] = true;
    }
    for (; !queue.empty(); queue.pop_front()) {
        const int i = queue.front();
        for (const std::size_t k : branches_at[row(i)]) {
            const bool outward = Y.place[k].from == i;
            const int j = outward ? Y.place[k].to : Y.place[k].from;
            if (!seen[row(j)]) {
                seen[row(j)] = true;
                along_tree[row(j)] =
                    along_tree[row(i)] + (outward ? -Y.shift_rad[k] : Y.shift_rad[k]);
                queue.push_back(j);
            }
        }
    }
    for (std::size_t k = 0; k < Y.place.size(); ++k) {
        if (!in_service(Y.place[k])) {
            continue;
        }
        const std::size_t i = row(Y.place[k].from);
        const std::size_t j = row(Y.place[k].to);
        const double spread = along_tree[i] - along_tree[j];
        shift_[k] = spread + wrap(Y.shift_rad[k] - spread);
        const double driven = std::abs(Y.branch[k].ft) * shift_[k];
        drive_[i] += driven;
        drive_[j] -= driven;
    }
}

bool StartAngles::factorise() {
    if (lu_) {
        return regular_;
    }
    const NodalMatrix& Y = *matrix_;
    lu_.emplace(Y.row_start, Y.column); // L is symmetric: rows serve as columns
    const std::span<double> L = lu_->values();
    std::ranges::fill(L, 0.0);
    for (std::size_t k = 0; k < Y.place.size(); ++k) {
        const BranchPlace& at = Y.place[k];
        if (in_service(at)) {
            const double weight = std::abs(Y.branch[k].ft);
            L[at.ff] += weight;
            L[at.tt] += weight;
            L[at.ft] -= weight;
            L[at.tf] -= weight;
        }
    }
    std::vector<bool> is_gauge(Y.n_node(), false);
    for (const int s : gauge_) {
        is_gauge[row(s)] = true;
    }
    for (std::size_t i = 0; i < Y.n_node(); ++i) {
        for (std::size_t k = row(Y.row_start[i]); k < row(Y.row_start[i + 1]); ++k) {
            const std::size_t j = row(Y.column[k]);
            if (is_gauge[i] || is_gauge[j]) {
                L[k] = i == j ? 1.0 : 0.0;
            }
        }
    }
    regular_ = lu_->choose_pivots();
    return regular_;
}

void StartAngles::solve(std::span<double> va) {
    for (const int s : gauge_) {
        va[row(s)] = 0;
    }
    if (factorise()) {
        lu_->solve(va);
    } else {
        std::ranges::fill(va, 0.0);
    }
}

std::vector<double> StartAngles::follow_shifts() {
    std::vector<double> va = drive_;
    if (any_shift_) {
        solve(va);
    }
    return va;
}

void StartAngles::estimate(std::span<const double> p, std::span<double> va) {
    std::ranges::transform(drive_, p, va.begin(), [](double a, double b) { return a + b; });
    solve(va);
}

} // namespace yuanwang::powerflow
