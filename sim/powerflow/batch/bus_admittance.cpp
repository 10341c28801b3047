#include "powerflow/batch/bus_admittance.hpp"

#include <algorithm>
#include <tuple>

#include "network/branch_admittance.hpp"

namespace yuanwang::powerflow::batch {

namespace {

void append_branch(const network::Network& grid, BranchIdx k, double sign,
                   std::vector<AdmittanceEntry>& entries) {
    const network::Branches& branches = grid.branches;
    const network::BranchAdmittance y = network::branch_admittance(branches, k, branches.ratio[k]);
    const std::int32_t i = grid.node[branches.from[k]].value;
    const std::int32_t j = grid.node[branches.to[k]].value;
    entries.push_back({i, i, sign * y.ff});
    entries.push_back({i, j, sign * y.ft});
    entries.push_back({j, i, sign * y.tf});
    entries.push_back({j, j, sign * y.tt});
}

} // namespace

std::int32_t BusAdmittance::find(std::int32_t row, std::int32_t bus) const {
    const auto first = column.begin() + start[static_cast<std::size_t>(row)];
    const auto last = column.begin() + start[static_cast<std::size_t>(row) + 1];
    const auto found = std::lower_bound(first, last, bus);
    return found != last && *found == bus ? static_cast<std::int32_t>(found - column.begin()) : -1;
}

BusAdmittance make_bus_admittance(std::size_t n_bus, std::span<const AdmittanceEntry> entries) {
    std::vector<AdmittanceEntry> sorted(entries.begin(), entries.end());
    for (std::size_t i = 0; i < n_bus; ++i) {
        const auto bus = static_cast<std::int32_t>(i);
        sorted.push_back({bus, bus, 0.0});
    }
    std::ranges::stable_sort(sorted, {}, [](const AdmittanceEntry& entry) {
        return std::tuple{entry.row, entry.column};
    });

    BusAdmittance y;
    y.start.assign(n_bus + 1, 0);
    const AdmittanceEntry* last = nullptr;
    for (const AdmittanceEntry& entry : sorted) {
        if (last == nullptr || last->row != entry.row || last->column != entry.column) {
            y.column.push_back(entry.column);
            y.g_pu.push_back(0);
            y.b_pu.push_back(0);
            ++y.start[static_cast<std::size_t>(entry.row) + 1];
        }
        y.g_pu.back() += entry.y_pu.real();
        y.b_pu.back() += entry.y_pu.imag();
        last = &entry;
    }
    for (std::size_t i = 0; i < n_bus; ++i) {
        y.start[i + 1] += y.start[i];
    }
    return y;
}

BusAdmittance make_bus_admittance(const network::Network& grid) {
    std::vector<AdmittanceEntry> entries;
    entries.reserve(4 * grid.n_branch() + grid.n_bus);
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (grid.branches.in_service[k]) {
            append_branch(grid, k, 1.0, entries);
        }
    }
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        const std::int32_t node = grid.node[i].value;
        entries.push_back({node, node, {grid.g_fixed_pu[i], grid.b_fixed_pu[i]}});
    }
    for (const ShuntIdx k : rows<ShuntIdx>(grid.shunt_bus.size())) {
        if (grid.shunt_switched[k]) { // the others stand in b_fixed_pu
            const std::int32_t node = grid.node[grid.shunt_bus[k]].value;
            entries.push_back({node, node, {0.0, grid.shunt_b_step_pu[k] * grid.shunt_steps[k]}});
        }
    }
    return make_bus_admittance(grid.n_bus, entries);
}

void append_outage(const network::Network& grid, BranchIdx k,
                   std::vector<AdmittanceEntry>& changes) {
    if (grid.branches.in_service[k]) {
        append_branch(grid, k, -1.0, changes);
    }
}

} // namespace yuanwang::powerflow::batch
