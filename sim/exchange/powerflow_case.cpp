#include "exchange/powerflow_case.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <numbers>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "network/network.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::exchange {

namespace {

using powerflow::BlockInjections;
using powerflow::BlockStates;
using powerflow::Units;

constexpr double degree = 180.0 / std::numbers::pi;

/// Faults for every family whose power is not simply written.
void require_constant(const engine::System& system) {
    const auto& sources = system.sources;
    const auto& loads = system.loads;
    const std::array<std::pair<std::string_view, std::size_t>, 13> families = {{
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
        {"storage.batteries", system.batteries.size()},
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

/// Units and injections of one step.
struct Problem {
    Units units;
    BlockInjections injections;
};

void add_unit(Problem& problem, std::vector<double>& p_mw, const std::string& id, BusIdx bus,
              const engine::ReactiveControl& control, double p) {
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

Problem make_problem(const engine::System& system, const network::Network& grid) {
    Problem problem;
    std::vector<double> p_mw;
    const engine::GeneratorFleet& generators = system.sources.generators;
    const engine::HvdcFleet& hvdc = system.sources.hvdc;
    for (std::size_t k = 0; k < generators.size(); ++k) {
        add_unit(problem, p_mw, generators.id[k], generators.bus[k], generators.reactive[k],
                 generators.p_mw[k]);
        if (generators.slack[k] && !problem.units.reference.valid()) {
            problem.units.reference = UnitIdx{k};
            problem.units.participation[UnitIdx{k}] = 1;
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

/// The angle the reference bus holds, as the case says it.
double find_reference_angle(const engine::GeneratorFleet& generators, UnitIdx reference) {
    return generators.va_set_degree.empty() ? 0.0 : generators.va_set_degree[reference.row()];
}

void take_buses(const network::Network& grid, const BlockStates& states, double reference_degree,
                PowerflowCase& result) {
    for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
        result.buses.push_back({.id = grid.bus_id[i],
                                .vm_pu = states.vm_pu(i, 0),
                                .va_degree = states.va_rad(i, 0) * degree + reference_degree});
    }
}

void take_branches(const network::Network& grid, const BlockStates& states, PowerflowCase& result) {
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        PowerflowCase::Branch branch{.id = grid.branches.id[k],
                                     .from = grid.bus_id[grid.branches.from[k]],
                                     .to = grid.bus_id[grid.branches.to[k]],
                                     .p_from_mw = states.p_from_mw(k, 0),
                                     .q_from_mvar = states.q_from_mvar(k, 0),
                                     .p_to_mw = states.p_to_mw(k, 0),
                                     .q_to_mvar = states.q_to_mvar(k, 0)};
        const double rate_mva = grid.branches.rate_mva[k];
        const double s_mva = std::max(std::hypot(branch.p_from_mw, branch.q_from_mvar),
                                      std::hypot(branch.p_to_mw, branch.q_to_mvar));
        branch.loading_percent =
            rate_mva > 0 ? 100 * s_mva / rate_mva : std::numeric_limits<double>::quiet_NaN();
        result.losses_mw += branch.p_from_mw + branch.p_to_mw;
        result.branches.push_back(std::move(branch));
    }
}

/// All digits; null for what JSON cannot say.
std::string number(double value) {
    return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            quoted +=
                fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

/// `"<name>": [\n {…},\n … ]` of a list whose elements `write` makes.
template <class Element, class Write>
std::string list(std::string_view name, const std::vector<Element>& elements, Write write) {
    std::string text = fmt::format("  \"{}\": [", name);
    for (std::size_t k = 0; k < elements.size(); ++k) {
        text += (k == 0 ? "\n    " : ",\n    ") + write(elements[k]);
    }
    return text + "\n  ]";
}

} // namespace

PowerflowCase solve_case(const engine::Study& study, bool controls) {
    const engine::System& system = study.epochs.front().system;
    require_constant(system);
    const network::Network grid = network::make_network(system.grid);
    const Problem problem = make_problem(system, grid);
    powerflow::Options options = study.powerflow;
    options.q_limits = options.taps = options.shunts = controls;
    options.distributed_slack = false;
    powerflow::ReferenceSolver solver{grid, problem.units, options};
    BlockStates states;
    solver.solve_block(problem.injections, states);

    const powerflow::StepOutcome& outcome = states.outcome.front();
    PowerflowCase result{.status = outcome.status,
                         .iterations = outcome.iterations,
                         .max_mismatch_pu = outcome.max_mismatch_pu};
    result.worst_bus = outcome.worst_bus.valid() ? grid.bus_id[outcome.worst_bus] : "";
    take_buses(grid, states,
               find_reference_angle(system.sources.generators, problem.units.reference), result);
    take_branches(grid, states, result);
    for (const UnitIdx k : rows<UnitIdx>(problem.units.size())) {
        result.generators.push_back({.id = problem.units.id[k],
                                     .bus = grid.bus_id[problem.units.bus[k]],
                                     .p_mw = states.unit_p_mw(k, 0),
                                     .q_mvar = states.unit_q_mvar(k, 0)});
    }
    return result;
}

std::string to_json(const PowerflowCase& result) {
    std::string text =
        fmt::format("{{\n  \"status\": \"{}\",\n  \"iterations\": {},\n  \"max_mismatch_pu\": {},\n"
                    "  \"losses_mw\": {},\n",
                    to_string(result.status), result.iterations, number(result.max_mismatch_pu),
                    number(result.losses_mw));
    text += list("buses", result.buses, [](const PowerflowCase::Bus& bus) {
        return fmt::format(R"({{"id": {}, "vm_pu": {}, "va_degree": {}}})", quote(bus.id),
                           number(bus.vm_pu), number(bus.va_degree));
    });
    text += ",\n";
    text += list("branches", result.branches, [](const PowerflowCase::Branch& branch) {
        return fmt::format(
            R"({{"id": {}, "from": {}, "to": {}, "p_from_mw": {}, "q_from_mvar": {}, "p_to_mw": {}, )"
            R"("q_to_mvar": {}, "loading_percent": {}}})",
            quote(branch.id), quote(branch.from), quote(branch.to), number(branch.p_from_mw),
            number(branch.q_from_mvar), number(branch.p_to_mw), number(branch.q_to_mvar),
            number(branch.loading_percent));
    });
    text += ",\n";
    text += list("generators", result.generators, [](const PowerflowCase::Generator& unit) {
        return fmt::format(R"({{"id": {}, "bus": {}, "p_mw": {}, "q_mvar": {}}})", quote(unit.id),
                           quote(unit.bus), number(unit.p_mw), number(unit.q_mvar));
    });
    return text + "\n}\n";
}

} // namespace yuanwang::exchange
