#include "powerflow/nodal_matrix.hpp"

#include <algorithm>
#include <cassert>

namespace yuanwang::powerflow {

using network::BranchAdmittance;

NodalMatrix::NodalMatrix(const network::Network& grid)
    : grid_{&grid}, taps_{grid.taps.position}, shunts_{grid.shunt_steps.vector()} {
    number_nodes();
    make_pattern();
    shift_rad = grid.branches.shift_rad.vector();
    branch.resize(grid.n_branch());
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        branch[k.row()] = network::branch_admittance(grid.branches, k, grid.branches.ratio[k]);
    }
    sum_values();
}

void NodalMatrix::number_nodes() {
    node_of_bus.assign(grid_->n_bus, -1);
    for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
        if (grid_->node[i] == i) {
            node_of_bus[i.row()] = static_cast<int>(bus_of_node.size());
            bus_of_node.push_back(i);
        }
    }
    for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
        node_of_bus[i.row()] = node_of_bus[grid_->node[i].row()];
    }
}

void NodalMatrix::make_pattern() {
    const network::Branches& branches = grid_->branches;
    std::vector<std::vector<int>> neighbours(bus_of_node.size());
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
        neighbours[i].push_back(static_cast<int>(i));
    }
    place.resize(branches.size());
    for (const BranchIdx k : rows<BranchIdx>(branches.size())) {
        if (branches.in_service[k]) {
            BranchPlace& at = place[k.row()];
            at.from = node_of_bus[branches.from[k].row()];
            at.to = node_of_bus[branches.to[k].row()];
            neighbours[static_cast<std::size_t>(at.from)].push_back(at.to);
            neighbours[static_cast<std::size_t>(at.to)].push_back(at.from);
        }
    }
    row_start.push_back(0);
    for (std::vector<int>& row : neighbours) {
        std::ranges::sort(row);
        row.erase(std::ranges::unique(row).begin(), row.end());
        column.insert(column.end(), row.begin(), row.end());
        row_start.push_back(static_cast<int>(column.size()));
    }
    const auto position = [&](int i, int j) {
        const auto begin = column.begin() + row_start[static_cast<std::size_t>(i)];
        const auto end = column.begin() + row_start[static_cast<std::size_t>(i) + 1];
        return static_cast<std::size_t>(std::lower_bound(begin, end, j) - column.begin());
    };
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
        diagonal.push_back(position(static_cast<int>(i), static_cast<int>(i)));
    }
    for (const BranchIdx k : rows<BranchIdx>(branches.size())) {
        BranchPlace& at = place[k.row()];
        if (at.from >= 0) {
            at.ff = position(at.from, at.from);
            at.ft = position(at.from, at.to);
            at.tf = position(at.to, at.from);
            at.tt = position(at.to, at.to);
        }
    }
    g.assign(column.size(), 0);
    b.assign(column.size(), 0);
    g_shunt.assign(bus_of_node.size(), 0);
    for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
        g_shunt[static_cast<std::size_t>(node_of_bus[i.row()])] += grid_->g_fixed_pu[i];
    }
}

void NodalMatrix::set_positions(std::span<const int> taps, std::span<const int> shunts) {
    assert(taps.size() == taps_.size() && shunts.size() == shunts_.size());
    const bool taps_stand = std::ranges::equal(taps, taps_);
    if (taps_stand && std::ranges::equal(shunts, shunts_)) {
        return;
    }
    for (std::size_t m = 0; m < taps.size(); ++m) {
        if (taps[m] != taps_[m]) {
            for (const BranchIdx k : grid_->taps.branches[m]) {
                branch[k.row()] = network::branch_admittance(grid_->branches, k,
                                                             grid_->taps.ratio_at(m, taps[m]));
            }
        }
    }
    std::ranges::copy(taps, taps_.begin());
    std::ranges::copy(shunts, shunts_.begin());
    sum_values();
}

/// Sums every contribution anew: no drift from thousands of tap moves, and the same bytes whatever came before.
void NodalMatrix::sum_values() {
    std::ranges::fill(g, 0.0);
    std::ranges::fill(b, 0.0);
    const auto add = [&](std::size_t at, std::complex<double> y) {
        g[at] += y.real();
        b[at] += y.imag();
    };
    for (std::size_t k = 0; k < place.size(); ++k) {
        if (place[k].from >= 0) {
            add(place[k].ff, branch[k].ff);
            add(place[k].ft, branch[k].ft);
            add(place[k].tf, branch[k].tf);
            add(place[k].tt, branch[k].tt);
        }
    }
    for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
        add(diagonal[static_cast<std::size_t>(node_of_bus[i.row()])],
            {grid_->g_fixed_pu[i], grid_->b_fixed_pu[i]});
    }
    for (const ShuntIdx s : rows<ShuntIdx>(grid_->shunt_bus.size())) {
        if (grid_->shunt_switched[s]) {
            const int i = node_of_bus[grid_->shunt_bus[s].row()];
            add(diagonal[static_cast<std::size_t>(i)],
                {0.0, grid_->shunt_b_step_pu[s] * shunts_[s.row()]});
        }
    }
}

} // namespace yuanwang::powerflow
