#include "dispatch/program/cycle_flow.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <coin/ClpSimplex.hpp>
#include <coin/ClpSolve.hpp>

#include "dispatch/program/clp_load.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr double tiny_value_per_mwh = 1e-9; ///< of a limit: rounding
constexpr double tiny_dual = 1e-7;          ///< against no bound: rounding

SolveStatus solve_by_barrier(ClpSimplex& clp) {
    ClpSolve how;
    how.setSolveType(ClpSolve::useBarrier);
    clp.initialSolve(how);
    switch (clp.status()) {
    case 0:
        return SolveStatus::optimal;
    case 1:
        return SolveStatus::infeasible;
    default:
        return SolveStatus::iteration_limit;
    }
}

/// d = cost − Aᵀy.
std::vector<double> reduced_costs(const FlowProgram& program, const double* y) {
    std::vector<double> d = program.cost;
    for (const Entry& entry : program.entries) {
        d[entry.column] -= entry.value * y[entry.row];
    }
    return d;
}

/// Prices λ, values of stored energy −ν, and per full branch how much one more MW of limit saves: |d| of its flow.
void read_prices(const System& system, const FlowGrid& grid, const FlowProgram& program,
                 const double* y, const std::vector<double>& d, Solution& solution) {
    const Layout& at = program.layout;
    solution.price_per_mwh.reshape(system.n_bus, at.n_step);
    solution.storage_value.reshape(at.n_storage, at.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t i = 0; i < system.n_bus; ++i) {
            solution.price_per_mwh(i, t) =
                y[program.node(t, grid.node_of(system, i))] / system.dt_h;
        }
        for (std::size_t s = 0; s < at.n_storage; ++s) {
            solution.storage_value(s, t) = -y[program.row_of[at.storage(t, s)]];
        }
        for (std::size_t k = 0; k < grid.size(); ++k) {
            const double value = std::abs(d[program.flow(t, k)]) / system.dt_h;
            if (value > tiny_value_per_mwh && grid.in_service[k] != 0) {
                solution.binding.push_back({t, k, value});
            }
        }
    }
}

/// The least y·x with x between lower and upper.
double least_term(double y, double lower, double upper) {
    const double bound = y > 0 ? lower : upper;
    const bool counts = y != 0 && (std::isfinite(bound) || std::abs(y) > tiny_dual);
    return counts ? y * bound : 0;
}

/// What no feasible answer undercuts (solution.hpp), over the rows and columns of this program.
double bound_below(const FlowProgram& program, const double* y, const std::vector<double>& d) {
    double bound = 0;
    for (std::size_t r = 0; r < program.n_row(); ++r) {
        bound += least_term(y[r], program.row_lower[r], program.row_upper[r]);
    }
    for (std::size_t j = 0; j < program.n_column(); ++j) {
        bound += least_term(d[j], program.lower[j], program.upper[j]);
    }
    return bound;
}

/// How far rows and bounds are missed: balances of nodes, loops, flows.
double measure_flow_violation(const FlowProgram& program, const double* x) {
    std::vector<double> activity(program.n_row(), 0);
    for (const Entry& entry : program.entries) {
        activity[entry.row] += entry.value * x[entry.column];
    }
    double worst = 0;
    for (std::size_t r = 0; r < program.n_row(); ++r) {
        worst = std::max(
            {worst, program.row_lower[r] - activity[r], activity[r] - program.row_upper[r]});
    }
    for (std::size_t j = 0; j < program.n_column(); ++j) {
        worst = std::max({worst, program.lower[j] - x[j], x[j] - program.upper[j]});
    }
    return worst;
}

} // namespace

CycleFlowEngine::CycleFlowEngine(System system, FlowGrid grid, double primal_tolerance,
                                 double dual_tolerance)
    : system_{std::move(system)}, grid_{std::move(grid)}, primal_tolerance_{primal_tolerance},
      dual_tolerance_{dual_tolerance} {}

Solution CycleFlowEngine::solve(const Block& block) {
    Solution solution;
    const FlowProgram program = make_flow_program(system_, grid_, block);
    if (!is_sound(program)) {
        solution.status = SolveStatus::not_sound;
        return solution;
    }
    ClpSimplex clp;
    load(program, clp);
    solution.status = solve_by_barrier(clp);
    solution.rounds = 1;
    solution.iterations = clp.numberIterations();
    solution.n_branch_row = block.n_step * grid_.loops.size();
    if (solution.status != SolveStatus::optimal) {
        return solution;
    }
    const double* x = clp.primalColumnSolution();
    const double* y = clp.dualRowSolution();
    const std::vector<double> d = reduced_costs(program, y);
    read_schedule(program, x, solution);
    read_prices(system_, grid_, program, y, d, solution);
    solution.bound = bound_below(program, y, d);
    compute_costs(system_, block, solution);
    solution.max_violation_mw = std::max(measure_violation(system_, program.block, solution),
                                         measure_flow_violation(program, x));
    const double gap = std::abs(solution.objective - solution.bound);
    if (!(solution.max_violation_mw <= primal_tolerance_) ||
        !(gap <= dual_tolerance_ * std::max(1.0, std::abs(solution.objective)))) {
        solution.status = SolveStatus::rejected;
    }
    return solution;
}

} // namespace yuanwang::dispatch::program
