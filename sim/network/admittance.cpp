#include "network/admittance.hpp"

#include <vector>

namespace yuanwang::network {

Admittance make_admittance(const Network& grid) {
    using Entry = Eigen::Triplet<std::complex<double>>;
    std::vector<Entry> bus;
    std::vector<Entry> from;
    std::vector<Entry> to;
    const Branches& branches = grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (!branches.in_service[k]) {
            continue;
        }
        const BranchAdmittance y = branch_admittance(branches, k, branches.ratio[k]);
        const int i = grid.node[branches.from[k]].value;
        const int j = grid.node[branches.to[k]].value;
        bus.insert(bus.end(), {{i, i, y.ff}, {i, j, y.ft}, {j, i, y.tf}, {j, j, y.tt}});
        from.insert(from.end(), {{k.value, i, y.ff}, {k.value, j, y.ft}});
        to.insert(to.end(), {{k.value, i, y.tf}, {k.value, j, y.tt}});
    }
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        const int n = grid.node[i].value;
        bus.emplace_back(n, n, std::complex{grid.g_fixed_pu[i], grid.b_fixed_pu[i]});
    }
    for (const ShuntIdx s : rows<ShuntIdx>(grid.shunt_bus.size())) {
        if (grid.shunt_switched[s]) {
            const int n = grid.node[grid.shunt_bus[s]].value;
            bus.emplace_back(n, n,
                             std::complex{0.0, grid.shunt_b_step_pu[s] * grid.shunt_steps[s]});
        }
    }

    const auto n_bus = static_cast<Eigen::Index>(grid.n_bus);
    const auto n_branch = static_cast<Eigen::Index>(grid.n_branch());
    Admittance result{ComplexMatrix(n_bus, n_bus), ComplexMatrix(n_branch, n_bus),
                      ComplexMatrix(n_branch, n_bus)};
    result.Ybus.setFromTriplets(bus.begin(), bus.end());
    result.Yf.setFromTriplets(from.begin(), from.end());
    result.Yt.setFromTriplets(to.begin(), to.end());
    return result;
}

} // namespace yuanwang::network
