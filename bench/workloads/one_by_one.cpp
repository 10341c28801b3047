#include "bench/workloads/one_by_one.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "network/topology.hpp"

namespace yuanwang::workloads {

OneByOne::OneByOne(const network::Network& grid, BusIdx reference,
                   std::span<const BranchIdx> outages, std::span<const double> p_mw)
    : grid_{grid}, outages_{outages}, p_mw_{p_mw} {
    assemble(reference);
    theta_.resize(static_cast<std::size_t>(n_) + 1);
    klu_defaults(&common_);
    common_.btf = 0;
    common_.scale = 0;
    common_.ordering = 0;
    symbolic_ = klu_analyze(n_, start_.data(), row_.data(), &common_);
    numeric_ = klu_factor(start_.data(), row_.data(), value_.data(), symbolic_, &common_);
}

OneByOne::~OneByOne() {
    klu_free_numeric(&numeric_, &common_);
    klu_free_symbolic(&symbolic_, &common_);
}

double OneByOne::solve(std::size_t k) {
    std::ranges::fill(theta_, 0.0);
    theta_[from_[k]] += 1;
    theta_[to_[k]] -= 1;
    theta_.back() = 0;
    klu_solve(symbolic_, numeric_, n_, 1, theta_.data(), &common_);
    return p_mw_[k] / (1 - b_[k] * (theta_[from_[k]] - theta_[to_[k]]));
}

void OneByOne::compute(std::span<double> flows) {
    const std::size_t n = b_.size();
    for (std::size_t m = 0; m < outages_.size(); ++m) {
        const std::size_t k = outages_[m].row();
        const double moved = solve(k);
        double* const out = flows.data() + m * n;
        for (std::size_t l = 0; l < n; ++l) {
            out[l] = p_mw_[l] + b_[l] * (theta_[from_[l]] - theta_[to_[l]]) * moved;
        }
        out[k] = 0;
    }
}

void OneByOne::screen(std::span<const double> inverse_rate, std::span<double> worst) {
    const std::size_t n = b_.size();
    for (std::size_t m = 0; m < outages_.size(); ++m) {
        const std::size_t k = outages_[m].row();
        const double moved = solve(k);
        double most = 0;
        for (std::size_t l = 0; l < n; ++l) {
            const double flow = p_mw_[l] + b_[l] * (theta_[from_[l]] - theta_[to_[l]]) * moved;
            const double loading = l == k ? 0.0 : std::abs(flow) * inverse_rate[l];
            most = std::max(most, loading);
        }
        worst[m] = most;
    }
}

/// Rows of B; the row after the last is that of the references, one for each part of the grid.
std::vector<std::size_t> OneByOne::place_nodes(BusIdx reference) {
    const network::Islands islands = network::find_islands(grid_);
    std::vector<BusIdx> reference_of(static_cast<std::size_t>(islands.count));
    const auto of = [&](BusIdx i) -> BusIdx& {
        return reference_of[static_cast<std::size_t>(islands.of_bus[i])];
    };
    of(reference) = grid_.node[reference];
    for (const BusIdx i : rows<BusIdx>(grid_.n_bus)) {
        of(i) = of(i).valid() ? of(i) : grid_.node[i];
    }
    n_ = static_cast<int>(grid_.n_bus) - islands.count;
    std::vector<std::size_t> place;
    std::size_t next = 0;
    for (const BusIdx i : rows<BusIdx>(grid_.n_bus)) {
        place.push_back(i == of(i) ? static_cast<std::size_t>(n_) : next++);
    }
    return place;
}

void OneByOne::assemble(BusIdx reference) {
    const auto& branches = grid_.branches;
    const std::vector<std::size_t> place_of = place_nodes(reference);
    const auto place = [&](BusIdx i) { return place_of[i.row()]; };
    std::vector<std::vector<std::pair<int, double>>> columns(static_cast<std::size_t>(n_) + 1);
    for (const BranchIdx k : rows<BranchIdx>(branches.size())) {
        from_.push_back(place(grid_.node[branches.from[k]]));
        to_.push_back(place(grid_.node[branches.to[k]]));
        b_.push_back(branches.in_service[k] ? 1.0 / (branches.x_pu[k] * branches.ratio[k]) : 0.0);
        const std::size_t i = from_.back();
        const std::size_t j = to_.back();
        columns[i].emplace_back(static_cast<int>(i), b_.back());
        columns[j].emplace_back(static_cast<int>(j), b_.back());
        columns[i].emplace_back(static_cast<int>(j), -b_.back());
        columns[j].emplace_back(static_cast<int>(i), -b_.back());
    }
    start_.push_back(0);
    for (std::size_t j = 0; j < static_cast<std::size_t>(n_); ++j) {
        if (columns[j].empty()) { // a bus that shares the node of another
            columns[j].emplace_back(static_cast<int>(j), 1.0);
        }
        std::ranges::sort(columns[j], {}, &std::pair<int, double>::first);
        for (const auto& [i, value] : columns[j]) {
            const bool again = static_cast<int>(row_.size()) > start_.back() && row_.back() == i;
            if (again) {
                value_.back() += value;
            } else if (i < n_) {
                row_.push_back(i);
                value_.push_back(value);
            }
        }
        start_.push_back(static_cast<int>(row_.size()));
    }
}

} // namespace yuanwang::workloads
