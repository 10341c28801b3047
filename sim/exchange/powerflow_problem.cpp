#include "exchange/powerflow_problem.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "network/topology.hpp"

namespace yuanwang::exchange {

namespace {

using powerflow::BlockInjections;
using powerflow::Units;

/// Faults for every family whose power is not simply written.
void require_constant(const engine::System& system) {
    const auto& sources = system.sources;
    const auto& loads = system.loads;
    const std::array<std::pair<std::string_view, std::size_t>, 14> families = {{
        {"sources.solar", sources.solar.size()},
        {"sources.wind", sources.wind.size()},
        {"sources.hydro", sources.hydro.size()},
        {"sources.thermal", sources.thermal.size()},
        {"sources.waste_to_energy", sources.waste_to_energy.size()},
        {"sources.external_grids", sources.external_grids.size()},
        {"loads.profiled", loads.profiled.size()},
        {"loads.heating", loads.heating.size()},
        {"loads.potlines", loads.potlines.size()},
        {"loads.data_centers", loads.data_centers.size()},
        {"loads.street_lamps", loads.street_lamps.size()},
        {"loads.sewage", loads.sewage.size()},
        {"loads.works", loads.works.size()},
        {"storage", system.batteries.size()},
    }};
    std::vector<Fault> faults;
    for (const auto& [path, count] : families) {
        if (count > 0) {
            faults.push_back(
                {.place = {},
                 .path = std::string{path},
                 .rule =
                     "must be empty in a case of one power flow (a scenario over time takes `run`)",
                 .got = fmt::format("{} elements", count)});
        }
    }
    if (!faults.empty()) {
        throw InputError(std::move(faults));
    }
}

void add_unit(PowerflowProblem& problem, std::vector<double>& p_mw, const std::string& id,
              BusIdx bus, const engine::ReactiveControl& control, double p) {
    Units& units = problem.units;
    units.id.push_back(id);
    units.bus.push_back(bus);
    units.mode.push_back(control.mode);
    units.vm_set_pu.push_back(control.vm_set_pu);
    const double tangent = std::tan(std::acos(control.power_factor));
    units.tan_phi.push_back(control.absorbing ? -tangent : tangent);
    units.q_set_mvar.push_back(control.q_set_mvar);
    units.participation.push_back(0);
    p_mw.push_back(p);
}

} // namespace

PowerflowProblem make_problem(const engine::System& system, const network::Network& grid) {
    require_constant(system);
    PowerflowProblem problem;
    std::vector<double> p_mw;
    const engine::GeneratorFleet& generators = system.sources.generators;
    const engine::HvdcFleet& hvdc = system.sources.hvdc;
    const network::Islands islands = network::find_islands(grid);
    std::vector<bool> has_slack(static_cast<std::size_t>(islands.count), false);
    for (std::size_t k = 0; k < generators.size(); ++k) {
        add_unit(problem, p_mw, generators.id[k], generators.bus[k], generators.reactive[k],
                 generators.p_mw[k]);
        const BusIdx node = grid.node[generators.bus[k]];
        const auto island = static_cast<std::size_t>(islands.of_bus[node]);
        if (generators.slack[k] && !has_slack[island]) {
            has_slack[island] = true;
            problem.units.participation[UnitIdx{k}] = 1;
            problem.units.reference =
                problem.units.reference.valid() ? problem.units.reference : UnitIdx{k};
        }
    }
    for (std::size_t k = 0; k < hvdc.size(); ++k) {
        add_unit(problem, p_mw, hvdc.id[k], hvdc.bus[k], hvdc.reactive[k], hvdc.p_mw[k]);
    }
    if (!problem.units.reference.valid()) {
        throw InputError(Fault{.place = {},
                               .path = "sources.generators",
                               .rule = "one must be the slack (slack: true)",
                               .got = {}});
    }
    BlockInjections& injections = problem.injections;
    const std::size_t n_unit = problem.units.size();
    injections.unit_p_mw.reshape(n_unit, 1);
    injections.unit_on.reshape(n_unit, 1, 1.0);
    injections.unit_q_min_mvar.reshape(n_unit, 1);
    injections.unit_q_max_mvar.reshape(n_unit, 1);
    std::ranges::copy(p_mw, injections.unit_p_mw.values().begin());
    for (std::size_t k = 0; k < n_unit; ++k) {
        const bool is_generator = k < generators.size();
        const engine::ReactiveControl& control =
            is_generator ? generators.reactive[k] : hvdc.reactive[k - generators.size()];
        injections.unit_q_min_mvar(k, 0) = control.q_min_mvar;
        injections.unit_q_max_mvar(k, 0) = control.q_max_mvar;
    }
    injections.load_p_mw.reshape(grid.n_bus, 1);
    injections.load_q_mvar.reshape(grid.n_bus, 1);
    const engine::StaticLoads& loads = system.loads.statics;
    for (std::size_t k = 0; k < loads.size(); ++k) {
        for (std::size_t j = 0; j < loads.buses[k].size(); ++j) {
            injections.load_p_mw(loads.buses[k][j], 0) += loads.p_mw[k] * loads.shares[k][j];
            injections.load_q_mvar(loads.buses[k][j], 0) += loads.q_mvar[k] * loads.shares[k][j];
        }
    }
    return problem;
}

} // namespace yuanwang::exchange
