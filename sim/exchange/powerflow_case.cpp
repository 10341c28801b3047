#include "exchange/powerflow_case.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "exchange/powerflow_problem.hpp"
#include "network/network.hpp"
#include "network/terminal_power.hpp"
#include "network/topology.hpp"
#include "powerflow/plausibility.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::exchange {

namespace {

using powerflow::BlockStates;

constexpr double printed_tolerance_pu =
    1e-10; // nine decimals of pu and degree are those of the solution
constexpr double degree = 180.0 / std::numbers::pi;

BlockStates solve(const network::Network& grid, const PowerflowProblem& problem,
                  const powerflow::Options& options) {
    powerflow::ReferenceSolver solver{grid, problem.units, options};
    BlockStates states;
    solver.solve_block(problem.injections, states);
    return states;
}

/// What is added to the angles of each island, so that the bus of its first slack generator has the angle the case says.
std::vector<double> find_angle_offsets(const network::Network& grid, const BlockStates& states,
                                       const engine::GeneratorFleet& generators,
                                       const network::Islands& islands) {
    const auto n_island = static_cast<std::size_t>(islands.count);
    std::vector<double> offset_degree(n_island, 0.0);
    std::vector<bool> known(n_island, false);
    for (std::size_t k = 0; k < generators.size(); ++k) {
        const BusIdx node = grid.node[generators.bus[k]];
        const auto island = static_cast<std::size_t>(islands.of_bus[node]);
        if (generators.slack[k] && !known[island]) {
            known[island] = true;
            offset_degree[island] = generators.va_set_degree[k] - states.va_rad(node, 0) * degree;
        }
    }
    return offset_degree;
}

void take_buses(const network::Network& grid, const BlockStates& states,
                const engine::GeneratorFleet& generators, PowerflowCase& result) {
    const network::Islands islands = network::find_islands(grid);
    const std::vector<double> offset_degree = find_angle_offsets(grid, states, generators, islands);
    for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
        const auto island = static_cast<std::size_t>(islands.of_bus[grid.node[i]]);
        result.buses.push_back({.id = grid.bus_id[i],
                                .vm_pu = states.vm_pu(i, 0),
                                .va_degree = states.va_rad(i, 0) * degree + offset_degree[island]});
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
        const double s_mva =
            network::find_terminal_power(grid.branches.kind[k], branch.p_from_mw,
                                         branch.q_from_mvar, branch.p_to_mw, branch.q_to_mvar);
        branch.loading_percent =
            rate_mva > 0 ? 100 * s_mva / rate_mva : std::numeric_limits<double>::quiet_NaN();
        result.losses_mw += branch.p_from_mw + branch.p_to_mw;
        result.branches.push_back(std::move(branch));
    }
}

/// Marks a solution that must be doubted, with its lowest bus.
void mark_doubt(const network::Network& grid, const PowerflowProblem& problem,
                const BlockStates& states, double vm_doubtful_pu, PowerflowCase& result) {
    double consumption_mw = 0;
    for (const double load_mw : problem.injections.load_p_mw.step(0)) {
        consumption_mw += std::max(0.0, load_mw);
    }
    for (const double unit_mw : states.unit_p_mw.step(0)) {
        consumption_mw += std::max(0.0, -unit_mw);
    }
    const auto lowest = powerflow::find_doubt(states.vm_pu.step(0).first(grid.n_written_bus),
                                              result.losses_mw, consumption_mw, vm_doubtful_pu);
    if (lowest) {
        result.status = StepStatus::doubtful;
        result.lowest_bus = grid.bus_id[lowest->bus];
        result.lowest_vm_pu = lowest->vm_pu;
    }
}

void count_violations(const network::Buses& buses, PowerflowCase& result) {
    constexpr double slack = 1e-6;
    result.n_overload = static_cast<std::size_t>(
        std::ranges::count_if(result.branches, [](const PowerflowCase::Branch& branch) {
            return branch.loading_percent > 100 + slack;
        }));
    for (const BusIdx i : rows<BusIdx>(std::min(buses.size(), result.buses.size()))) {
        const double vm_pu = result.buses[i.row()].vm_pu;
        const bool outside =
            vm_pu > buses.vm_max_pu[i] + slack || vm_pu < buses.vm_min_pu[i] - slack;
        result.n_outside_band += outside ? 1U : 0U;
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
    const network::Network grid = network::make_network(system.grid);
    const PowerflowProblem problem = make_problem(system, grid);
    powerflow::Options options = study.powerflow;
    options.q_limits = options.taps = options.shunts = controls;
    options.distributed_slack = true; // among the slack generators, of which each island has one
    const double tolerance_pu = options.tolerance_pu;
    options.tolerance_pu = std::min(printed_tolerance_pu, tolerance_pu);
    BlockStates states = solve(grid, problem, options);
    if (states.outcome.front().status == StepStatus::iteration_limit) {
        options.tolerance_pu = tolerance_pu; // round-off of a very large grid
        states = solve(grid, problem, options);
    }

    const powerflow::StepOutcome& outcome = states.outcome.front();
    PowerflowCase result{.status = outcome.status,
                         .iterations = outcome.iterations,
                         .max_mismatch_pu = outcome.max_mismatch_pu};
    result.worst_bus = outcome.worst_bus.valid() ? grid.bus_id[outcome.worst_bus] : "";
    if (outcome.status != StepStatus::converged) {
        result.diagnosis = powerflow::diagnose(grid, problem.units, options, problem.injections, 0);
    }
    take_buses(grid, states, system.sources.generators, result);
    take_branches(grid, states, result);
    if (result.status == StepStatus::converged) {
        mark_doubt(grid, problem, states, options.vm_doubtful_pu, result);
        count_violations(system.grid.buses, result);
    }
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
    if (result.status == StepStatus::doubtful) {
        text += fmt::format("  \"lowest_bus\": {{\"id\": {}, \"vm_pu\": {}}},\n",
                            quote(result.lowest_bus), number(result.lowest_vm_pu));
    }
    if (result.diagnosis) {
        text += fmt::format("  \"solvable_share\": {},\n  \"tried\": {},\n  \"untried\": {},\n",
                            number(result.diagnosis->solvable_share), result.diagnosis->tried,
                            result.diagnosis->untried);
        text += list("causes", result.diagnosis->causes, [](const powerflow::Cause& cause) {
            return fmt::format(
                R"({{"kind": "{}", "element": {}, "value": {}, "usual": {}, "cures": {}, "text": {}}})",
                powerflow::to_string(cause.kind), quote(cause.element), number(cause.value),
                number(cause.usual), cause.cures, quote(powerflow::describe(cause, Language::en)));
        });
        text += ",\n";
    }
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
