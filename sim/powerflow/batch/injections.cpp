#include "powerflow/batch/injections.hpp"

#include <algorithm>

#include "network/per_unit.hpp"
#include "powerflow/block_tables.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::powerflow::batch {

namespace {

double reactive_mvar(const Units& units, UnitIdx u, const BlockInjections& block, std::size_t t) {
    switch (units.mode[u]) {
    case ReactiveMode::power_factor:
        return std::clamp(units.tan_phi[u] * block.unit_p_mw(u, t), block.unit_q_min_mvar(u, t),
                          block.unit_q_max_mvar(u, t));
    case ReactiveMode::reactive:
        return units.q_set_mvar[u];
    case ReactiveMode::voltage:
        break;
    }
    return 0;
}

} // namespace

BusSetup make_bus_setup(const network::Network& grid, const Units& units) {
    const NodalMatrix matrix(grid);
    NodeUnits nodes(grid, matrix, units, false);
    BusSetup setup{.type = std::vector(grid.n_bus, BusType::out),
                   .flat = std::vector<std::complex<double>>(grid.n_bus, 0.0)};
    if (!nodes.gather(make_still_block(grid.n_bus, units.size()), 0)) {
        return setup;
    }
    const NodeProblem& problem = nodes.problem();
    const SlackLayout slack = nodes.slack_layout(false);
    Newton newton{matrix, slack};
    newton.start_flat(problem);
    for (std::size_t n = 0; n < matrix.n_node(); ++n) {
        if (problem.type[n] != NodeType::dead) {
            const std::size_t i = matrix.bus_of_node[n].row();
            setup.type[i] = problem.type[n] == NodeType::pv ? BusType::pv : BusType::pq;
            setup.flat[i] = {newton.e()[n], newton.f()[n]};
        }
    }
    for (const int gauge : slack.gauge) {
        BusType& type = setup.type[matrix.bus_of_node[static_cast<std::size_t>(gauge)].row()];
        type = type == BusType::out ? type : BusType::slack;
    }
    return setup;
}

Injections gather_injections(const network::Network& grid, const Units& units,
                             const BlockInjections& block) {
    const std::size_t n_bus = grid.n_bus;
    Injections injections{.p_pu = std::vector<double>(n_bus * block.n_step()),
                          .q_pu = std::vector<double>(n_bus * block.n_step())};
    for (std::size_t t = 0; t < block.n_step(); ++t) {
        double* const p_pu = injections.p_pu.data() + t * n_bus;
        double* const q_pu = injections.q_pu.data() + t * n_bus;
        for (const BusIdx i : rows<BusIdx>(block.load_p_mw.n_element())) {
            const std::size_t node = grid.node[i].row();
            p_pu[node] -= network::power_to_pu(block.load_p_mw(i, t));
            q_pu[node] -= network::power_to_pu(block.load_q_mvar(i, t));
        }
        for (const UnitIdx u : rows<UnitIdx>(units.size())) {
            if (block.unit_on(u, t) > 0.5) {
                const std::size_t node = grid.node[units.bus[u]].row();
                p_pu[node] += network::power_to_pu(block.unit_p_mw(u, t));
                q_pu[node] += network::power_to_pu(reactive_mvar(units, u, block, t));
            }
        }
    }
    return injections;
}

} // namespace yuanwang::powerflow::batch
