/// @file
/// A tiny grid with units and loads, solved by the reference solver.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "powerflow/reference_solver.hpp"
#include "support/tiny_grid.hpp"

namespace yuanwang::testing {

struct TinyCase : TinyGrid {
    powerflow::Units units;
    std::vector<double> p_mw, q_min_mvar, q_max_mvar; // of units
    std::vector<std::pair<BusIdx, std::pair<double, double>>> loads;

    /// A unit that holds the voltage of its bus, without limits unless given.
    UnitIdx source(BusIdx bus, double p, double vm_pu = 1.0, double q_min = -1e4,
                   double q_max = 1e4, double participation = 0) {
        return unit(bus, powerflow::ReactiveMode::voltage, p, vm_pu, 0, 0, q_min, q_max,
                    participation);
    }
    UnitIdx unit(BusIdx bus, powerflow::ReactiveMode mode, double p, double vm_pu = 1.0,
                 double tan_phi = 0, double q_set = 0, double q_min = -1e4, double q_max = 1e4,
                 double participation = 0) {
        units.id.push_back("u" + std::to_string(units.size()));
        units.bus.push_back(bus);
        units.mode.push_back(mode);
        units.vm_set_pu.push_back(vm_pu);
        units.tan_phi.push_back(tan_phi);
        units.q_set_mvar.push_back(q_set);
        units.participation.push_back(participation);
        p_mw.push_back(p);
        q_min_mvar.push_back(q_min);
        q_max_mvar.push_back(q_max);
        return UnitIdx{units.size() - 1};
    }
    void load(BusIdx bus, double p, double q = 0) { loads.push_back({bus, {p, q}}); }

    /// The same injections at every step; loads times `scale` of the step.
    [[nodiscard]] powerflow::BlockInjections injections(std::size_t n_bus,
                                                        std::vector<double> scale = {1.0}) const {
        const std::size_t n_step = scale.size();
        powerflow::BlockInjections block{.load_p_mw = Series(n_bus, n_step),
                                         .load_q_mvar = Series(n_bus, n_step),
                                         .unit_p_mw = Series(units.size(), n_step),
                                         .unit_on = Series(units.size(), n_step, 1.0),
                                         .unit_q_min_mvar = Series(units.size(), n_step),
                                         .unit_q_max_mvar = Series(units.size(), n_step)};
        for (std::size_t t = 0; t < n_step; ++t) {
            for (const auto& [bus, power] : loads) {
                block.load_p_mw(bus, t) += power.first * scale[t];
                block.load_q_mvar(bus, t) += power.second * scale[t];
            }
            for (std::size_t u = 0; u < units.size(); ++u) {
                block.unit_p_mw(u, t) = p_mw[u];
                block.unit_q_min_mvar(u, t) = q_min_mvar[u];
                block.unit_q_max_mvar(u, t) = q_max_mvar[u];
            }
        }
        return block;
    }

    [[nodiscard]] powerflow::BlockStates solve(const powerflow::Options& options = {},
                                               std::vector<double> scale = {1.0}) const {
        const network::Network network = network::make_network(grid);
        powerflow::ReferenceSolver solver(network, units, options);
        powerflow::BlockStates states;
        solver.solve_block(injections(network.n_bus, std::move(scale)), states);
        return states;
    }
};

} // namespace yuanwang::testing
