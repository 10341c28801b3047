#include "powerflow/dc.hpp"

#include <cmath>
#include <map>
#include <utility>

#include "network/dc_reactance.hpp"
#include "network/per_unit.hpp"
#include "network/topology.hpp"
#include "powerflow/sparse_lu.hpp"

namespace yuanwang::powerflow {

namespace {

std::size_t row(int i) {
    return static_cast<std::size_t>(i);
}

/// The reference of each island: the bus given, else the first with an injection, else the first.
std::vector<BusIdx> choose_references(const network::Network& grid, const network::Islands& islands,
                                      std::span<const double> injection_mw, BusIdx reference) {
    std::vector<BusIdx> chosen(row(islands.count));
    for (const BusIdx i : rows<BusIdx>(injection_mw.size())) {
        BusIdx& known = chosen[row(islands.of_bus[i])];
        if (!known.valid() && injection_mw[i.row()] > 0) {
            known = grid.node[i];
        }
    }
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        BusIdx& known = chosen[row(islands.of_bus[i])];
        known = known.valid() ? known : grid.node[i];
    }
    if (reference.valid()) {
        chosen[row(islands.of_bus[reference])] = grid.node[reference];
    }
    return chosen;
}

} // namespace

DcResult solve_dc(const network::Network& grid, std::span<const double> injection_mw,
                  BusIdx reference) {
    const network::Branches& branches = grid.branches;
    const network::Islands islands = network::find_islands(grid);
    const std::vector<BusIdx> references =
        choose_references(grid, islands, injection_mw, reference);

    DcResult result;
    result.va_rad.assign(grid.n_bus, 0.0);
    result.p_from_mw.assign(grid.n_branch(), 0.0);
    std::vector<double> p_pu(grid.n_bus, 0.0);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        const double given_mw = i.row() < injection_mw.size() ? injection_mw[i.row()] : 0.0;
        p_pu[grid.node[i].row()] += network::power_to_pu(given_mw) - grid.g_fixed_pu[i];
    }
    double sum = 0;
    for (const double p : p_pu) {
        sum += std::abs(p);
    }
    if (!std::isfinite(sum)) {
        result.status = StepStatus::not_finite;
        return result;
    }

    // B' with identity rows at references and at buses that are no node of their own; columns keep their entries.
    std::map<std::pair<int, int>, double>
        entries; // (column, row): in the order of compressed columns
    std::vector<bool> fixed(grid.n_bus, false);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        fixed[i.row()] = grid.node[i] != i || references[row(islands.of_bus[i])] == i;
        entries[{i.value, i.value}] = fixed[i.row()] ? 1.0 : 0.0;
    }
    std::vector<double> balance = p_pu; // becomes what each reference must add
    std::vector<double> rhs = p_pu;
    const auto susceptance = [&](BranchIdx k) {
        return branches.in_service[k]
                   ? 1.0 / (network::dc_reactance_pu(branches, k) * branches.ratio[k])
                   : 0.0;
    };
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const BusIdx i = grid.node[branches.from[k]];
        const BusIdx j = grid.node[branches.to[k]];
        const double b = susceptance(k);
        if (b == 0 || i == j) {
            continue;
        }
        const double shifted = b * branches.shift_rad[k];
        for (const auto& [self, other, sign] : {std::tuple{i, j, 1.0}, std::tuple{j, i, -1.0}}) {
            if (!fixed[self.row()]) {
                entries[{self.value, self.value}] += b;
                entries[{other.value, self.value}] -= b;
                rhs[self.row()] += sign * shifted;
            }
        }
    }
    std::vector<int> column_start(grid.n_bus + 1, 0);
    std::vector<int> row_of;
    for (const auto& [at, value] : entries) {
        ++column_start[row(at.first) + 1];
        row_of.push_back(at.second);
    }
    for (std::size_t j = 0; j < grid.n_bus; ++j) {
        column_start[j + 1] += column_start[j];
        rhs[j] = fixed[j] ? 0.0 : rhs[j];
    }
    SparseLu lu{std::move(column_start), std::move(row_of)};
    std::size_t at = 0;
    for (const auto& [place, value] : entries) {
        lu.values()[at++] = value;
    }
    if (!lu.choose_pivots()) {
        result.status = StepStatus::singular_jacobian;
        return result;
    }
    lu.solve(rhs);

    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        result.va_rad[i.row()] = rhs[grid.node[i].row()];
    }
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const BusIdx i = grid.node[branches.from[k]];
        const BusIdx j = grid.node[branches.to[k]];
        const double p = susceptance(k) * (rhs[i.row()] - rhs[j.row()] - branches.shift_rad[k]);
        result.p_from_mw[k.row()] = i == j ? 0.0 : network::power_to_mva(p);
        balance[i.row()] -= i == j ? 0.0 : p;
        balance[j.row()] += i == j ? 0.0 : p;
    }
    for (const BusIdx i : references) {
        result.reference_p_mw -= network::power_to_mva(balance[i.row()]);
    }
    result.status = StepStatus::converged;
    return result;
}

} // namespace yuanwang::powerflow
