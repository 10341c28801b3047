#include "security/dc_factor.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "network/dc_reactance.hpp"
#include "network/elimination_order.hpp"
#include "network/topology.hpp"

namespace yuanwang::security {

namespace {

std::vector<double> list_susceptances(const network::Branches& branches) {
    std::vector<double> b(branches.size(), 0.0);
    for (const BranchIdx k : rows<BranchIdx>(branches.size())) {
        if (branches.in_service[k]) {
            b[k.row()] = 1.0 / (network::dc_reactance_pu(branches, k) * branches.ratio[k]);
        }
    }
    return b;
}

} // namespace

DcFactor::DcFactor(const network::Network& grid, BusIdx reference)
    : b_{list_susceptances(grid.branches)} {
    order_nodes(grid, reference);
    assemble(grid);
    factorise();
}

void DcFactor::order_nodes(const network::Network& grid, BusIdx reference) {
    const network::Islands islands = network::find_islands(grid);
    std::vector<bool> has_reference(static_cast<std::size_t>(islands.count), false);
    std::vector<bool> is_reference(grid.n_bus, false);
    const auto take = [&](BusIdx node) {
        const auto part = static_cast<std::size_t>(islands.of_bus[node]);
        if (!has_reference[part]) {
            has_reference[part] = true;
            is_reference[node.row()] = true;
        }
    };
    take(grid.node[reference]);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        take(grid.node[i]);
    }

    // Only nodes that stand for themselves and are no reference are rows of B.
    std::vector<std::int32_t> compact(grid.n_bus, -1);
    std::int32_t n = 0;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        if (grid.node[i] == i && !is_reference[i.row()]) {
            compact[i.row()] = n++;
        }
    }
    std::vector<std::int32_t> from;
    std::vector<std::int32_t> to;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const std::int32_t i = compact[grid.node[grid.branches.from[k]].row()];
        const std::int32_t j = compact[grid.node[grid.branches.to[k]].row()];
        if (grid.branches.in_service[k] && i >= 0 && j >= 0) {
            from.push_back(i);
            to.push_back(j);
        }
    }
    const network::Adjacency graph = network::make_adjacency(static_cast<std::size_t>(n), from, to);
    const std::vector<std::int32_t> order =
        network::sort_by_subtree(graph, network::find_elimination_order(graph));
    std::vector<std::int32_t> position(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
        position[static_cast<std::size_t>(order[k])] = static_cast<std::int32_t>(k);
    }
    row_.assign(grid.n_bus, -1);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        const std::int32_t at = compact[grid.node[i].row()];
        row_[i] = at < 0 ? -1 : position[static_cast<std::size_t>(at)];
    }
    inverse_d_.assign(order.size(), 0.0);
}

void DcFactor::assemble(const network::Network& grid) {
    const std::size_t n = n_row();
    a_diagonal_.assign(n, 0.0);
    std::vector<std::vector<std::pair<std::int32_t, double>>> columns(n);
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const std::int32_t i = row_[grid.branches.from[k]];
        const std::int32_t j = row_[grid.branches.to[k]];
        if (i == j || b_[k] == 0.0) {
            continue;
        }
        for (const std::int32_t end : {i, j}) {
            if (end >= 0) {
                a_diagonal_[static_cast<std::size_t>(end)] += b_[k];
            }
        }
        if (i >= 0 && j >= 0) {
            columns[static_cast<std::size_t>(std::max(i, j))].emplace_back(std::min(i, j), -b_[k]);
        }
    }
    a_start_.assign(n + 1, 0);
    for (std::size_t j = 0; j < n; ++j) {
        for (const auto& [i, value] : columns[j]) {
            a_row_.push_back(i);
            a_value_.push_back(value);
        }
        a_start_[j + 1] = static_cast<std::int32_t>(a_row_.size());
    }
}

/// Up-looking: row k of L solves L(0…k−1) y = B(0…k−1, k), whose pattern is the path of each entry up the elimination tree.
void DcFactor::factorise() {
    const std::size_t n = n_row();
    std::vector<std::int32_t> parent(n, -1);
    std::vector<std::int32_t> mark(n, -1);
    std::vector<std::vector<std::pair<std::int32_t, double>>> columns(n);
    std::vector<double> y(n, 0.0);
    std::vector<std::int32_t> pattern(n);
    std::vector<std::int32_t> path;
    for (std::size_t k = 0; k < n; ++k) {
        const auto self = static_cast<std::int32_t>(k);
        std::size_t top = n;
        mark[k] = self;
        for (auto p = a_start_[k]; p < a_start_[k + 1]; ++p) {
            const auto at = static_cast<std::size_t>(p);
            y[static_cast<std::size_t>(a_row_[at])] += a_value_[at];
            path.clear();
            for (std::int32_t i = a_row_[at]; mark[static_cast<std::size_t>(i)] != self;
                 i = parent[static_cast<std::size_t>(i)]) {
                path.push_back(i);
                mark[static_cast<std::size_t>(i)] = self;
                if (parent[static_cast<std::size_t>(i)] < 0) {
                    parent[static_cast<std::size_t>(i)] = self;
                }
            }
            while (!path.empty()) {
                pattern[--top] = path.back();
                path.pop_back();
            }
        }
        double pivot = a_diagonal_[k];
        for (; top < n; ++top) {
            const auto i = static_cast<std::size_t>(pattern[top]);
            const double yi = std::exchange(y[i], 0.0);
            for (const auto& [r, l] : columns[i]) {
                y[static_cast<std::size_t>(r)] -= l * yi;
            }
            const double l = yi * inverse_d_[i];
            pivot -= l * yi;
            columns[i].emplace_back(self, l);
        }
        if (!(std::abs(pivot) > 1e-12 * std::abs(a_diagonal_[k]))) {
            return;
        }
        inverse_d_[k] = 1.0 / pivot;
    }
    l_start_.assign(n + 1, 0);
    for (std::size_t j = 0; j < n; ++j) {
        for (const auto& [i, value] : columns[j]) {
            l_row_.push_back(i);
            l_value_.push_back(value);
        }
        l_start_[j + 1] = static_cast<std::int32_t>(l_row_.size());
    }
    factorised_ = true;
}

std::int32_t DcFactor::parent(std::int32_t row) const {
    const auto j = static_cast<std::size_t>(row);
    return l_start_[j] == l_start_[j + 1] ? -1 : l_row_[static_cast<std::size_t>(l_start_[j])];
}

DcColumns DcFactor::columns() const {
    return {n_row(), l_start_.data(), l_row_.data(), l_value_.data(), inverse_d_.data()};
}

void DcFactor::solve(std::span<double> x) const {
    assert(factorised_ && x.size() == n_row() * lanes);
    kernels_.solve(columns(), x.data());
}

} // namespace yuanwang::security
