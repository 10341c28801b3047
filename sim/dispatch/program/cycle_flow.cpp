#include "dispatch/program/cycle_flow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <coin/ClpSimplex.hpp>
#include <coin/ClpSolve.hpp>

#include "network/topology.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// The program with nodes, loops and flows: columns of the block program, then per step its sheds and its flows; rows of the
/// block program without its balances, then per step the nodes and loops.
class FlowProgram {
  public:
    FlowProgram(const System& system, const FlowGrid& grid, const Block& block)
        : system_{system}, grid_{grid}, block_{block}, lp_{make_program(system, shape_of(block))},
          row_of_(lp_.layout.n_row(), none) {
        write_block(system, block, lp_);
        place_rows();
        copy_columns();
        add_kept_rows();
        for (std::size_t t = 0; t < block.n_step; ++t) {
            add_nodes(t);
            add_sheds(t);
            add_flows(t);
            add_loops(t);
        }
    }

    [[nodiscard]] bool is_sound() const {
        const auto finite = [](double x) { return std::isfinite(x); };
        return program::is_sound(lp_) && std::ranges::all_of(cost, finite) &&
               std::none_of(row_lower.begin(), row_lower.end(),
                            [](double x) { return std::isnan(x); });
    }
    [[nodiscard]] const Layout& layout() const { return lp_.layout; }
    [[nodiscard]] const LinearProgram& block_program() const { return lp_; }
    [[nodiscard]] std::size_t n_row() const { return row_lower.size(); }
    [[nodiscard]] std::size_t n_column() const { return lower.size(); }
    [[nodiscard]] std::size_t row_of(std::size_t program_row) const { return row_of_[program_row]; }
    [[nodiscard]] std::size_t node(std::size_t t, std::size_t i) const {
        return n_kept_ + t * rows_per_step() + i;
    }
    [[nodiscard]] std::size_t loop(std::size_t t, std::size_t l) const {
        return node(t, n_node()) + l;
    }
    [[nodiscard]] std::size_t shed(std::size_t t, std::size_t b) const {
        return lp_.layout.n_column() + t * (system_.sheds.size() + grid_.size()) + b;
    }
    [[nodiscard]] std::size_t flow(std::size_t t, std::size_t k) const {
        return shed(t, system_.sheds.size()) + k;
    }

    std::vector<Entry> entries;
    std::vector<double> row_lower;
    std::vector<double> row_upper;
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> cost;

  private:
    [[nodiscard]] std::size_t n_node() const { return system_.n_bus; }
    [[nodiscard]] std::size_t rows_per_step() const { return n_node() + grid_.loops.size(); }
    [[nodiscard]] std::size_t node_of(std::size_t bus) const {
        return grid_.node.empty() ? 0 : grid_.node[bus];
    }

    /// Balances leave; the other rows of the program keep their order.
    void place_rows() {
        const Layout& at = lp_.layout;
        for (std::size_t r = 0; r < at.n_row(); ++r) {
            const bool of_a_step = r < at.n_step * at.rows_per_step();
            if (!of_a_step || r % at.rows_per_step() >= at.n_island) {
                row_of_[r] = n_kept_++;
            }
        }
        row_lower.resize(n_kept_ + at.n_step * rows_per_step());
        row_upper.resize(row_lower.size());
    }

    void copy_columns() {
        const std::size_t n =
            lp_.layout.n_column() + block_.n_step * (system_.sheds.size() + grid_.size());
        lower = lp_.lower;
        upper = lp_.upper;
        cost = lp_.cost;
        for (std::size_t t = 0; t < block_.n_step; ++t) {
            for (std::size_t i = 0; i < lp_.layout.n_island; ++i) {
                upper[lp_.layout.u(t, i)] = 0; // each shed row stands for itself
            }
        }
        lower.resize(n, 0);
        upper.resize(n, 0);
        cost.resize(n, 0);
    }

    void add_kept_rows() {
        for (std::size_t r = 0; r < lp_.layout.n_row(); ++r) {
            if (row_of_[r] != none) {
                row_lower[row_of_[r]] = lp_.row_lower[r];
                row_upper[row_of_[r]] = lp_.row_upper[r];
            }
        }
        for (const auto* part : {&lp_.within_steps, &lp_.coupling}) {
            for (const Entry& entry : *part) {
                if (row_of_[entry.row] != none) {
                    entries.push_back({row_of_[entry.row], entry.column, entry.value});
                }
            }
        }
    }

    void add_nodes(std::size_t t) {
        const auto demand = block_.demand_mw.step(t);
        for (std::size_t i = 0; i < system_.n_bus; ++i) {
            row_lower[node(t, node_of(i))] += demand[i];
            row_upper[node(t, node_of(i))] += demand[i];
        }
        const std::size_t first = t * lp_.layout.columns_per_step();
        for (std::size_t j = first; j < first + lp_.layout.columns_per_step(); ++j) {
            if (lp_.bus_of_column[j] != no_bus) {
                entries.push_back({node(t, node_of(lp_.bus_of_column[j])), j, lp_.injection[j]});
            }
        }
    }

    void add_sheds(std::size_t t) {
        for (std::size_t b = 0; b < system_.sheds.size(); ++b) {
            const std::size_t column = shed(t, b);
            upper[column] = system_.sheds.p_max_mw[b];
            cost[column] = system_.dt_h * system_.sheds.price_per_mwh[b];
            entries.push_back({node(t, node_of(system_.sheds.bus[b])), column, 1});
        }
    }

    void add_flows(std::size_t t) {
        for (std::size_t k = 0; k < grid_.size(); ++k) {
            const std::size_t column = flow(t, k);
            const double limit_mw = grid_.in_service[k] != 0 ? system_.branches.limit_mw[k] : 0;
            lower[column] = -limit_mw;
            upper[column] = limit_mw;
            if (grid_.from[k] != grid_.to[k]) {
                entries.push_back({node(t, grid_.from[k]), column, -1});
                entries.push_back({node(t, grid_.to[k]), column, 1});
            }
        }
    }

    void add_loops(std::size_t t) {
        for (std::size_t l = 0; l < grid_.loops.size(); ++l) {
            double shift = 0;
            for (const auto& [k, direction] : grid_.loops[l]) {
                entries.push_back({loop(t, l), flow(t, k), direction * grid_.x_pu[k]});
                shift += direction * grid_.shift_rad[k];
            }
            row_lower[loop(t, l)] = row_upper[loop(t, l)] = -network::base_mva * shift;
        }
    }

    const System& system_;
    const FlowGrid& grid_;
    const Block& block_;
    LinearProgram lp_;
    std::vector<std::size_t> row_of_; ///< [n_row of the block program]; none: a balance
    std::size_t n_kept_ = 0;
};

int to_int(std::size_t n) {
    return static_cast<int>(n);
}

void load(const FlowProgram& program, ClpSimplex& clp) {
    std::vector<int> row;
    std::vector<int> column;
    std::vector<double> value;
    for (const Entry& entry : program.entries) {
        row.push_back(to_int(entry.row));
        column.push_back(to_int(entry.column));
        value.push_back(entry.value);
    }
    CoinPackedMatrix matrix(true, row.data(), column.data(), value.data(),
                            static_cast<CoinBigIndex>(value.size()));
    matrix.setDimensions(to_int(program.n_row()), to_int(program.n_column()));
    clp.setLogLevel(0);
    clp.loadProblem(matrix, program.lower.data(), program.upper.data(), program.cost.data(),
                    program.row_lower.data(), program.row_upper.data());
}

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

void read_schedule(const System& system, const FlowProgram& program, const double* x,
                   Solution& solution) {
    const Layout& at = program.layout();
    solution.generation_mw.reshape(at.n_generator, at.n_step);
    solution.charge_mw.reshape(at.n_storage, at.n_step);
    solution.discharge_mw.reshape(at.n_storage, at.n_step);
    solution.spill_mw.reshape(at.n_storage, at.n_step);
    solution.stored_mwh.reshape(at.n_storage, at.n_step);
    solution.shed_mw.reshape(system.sheds.size(), at.n_step);
    solution.account.reshape(at.n_account, at.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        std::copy_n(x + at.x(t, 0), at.n_account, solution.account.step(t).begin());
        std::copy_n(x + at.g(t, 0), at.n_generator, solution.generation_mw.step(t).begin());
        std::copy_n(x + at.c(t, 0), at.n_storage, solution.charge_mw.step(t).begin());
        std::copy_n(x + at.d(t, 0), at.n_storage, solution.discharge_mw.step(t).begin());
        std::copy_n(x + at.w(t, 0), at.n_storage, solution.spill_mw.step(t).begin());
        std::copy_n(x + at.e(t, 0), at.n_storage, solution.stored_mwh.step(t).begin());
        std::copy_n(x + program.shed(t, 0), system.sheds.size(), solution.shed_mw.step(t).begin());
    }
}

/// Prices λ, values of stored energy −ν, and per full branch how much one more MW of limit saves: |d| of its flow.
void read_prices(const System& system, const FlowGrid& grid, const FlowProgram& program,
                 const double* y, const std::vector<double>& d, Solution& solution) {
    const Layout& at = program.layout();
    solution.price_per_mwh.reshape(system.n_bus, at.n_step);
    solution.storage_value.reshape(at.n_storage, at.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t i = 0; i < system.n_bus; ++i) {
            const std::size_t node = grid.node.empty() ? 0 : grid.node[i];
            solution.price_per_mwh(i, t) = y[program.node(t, node)] / system.dt_h;
        }
        for (std::size_t s = 0; s < at.n_storage; ++s) {
            solution.storage_value(s, t) = -y[program.row_of(at.storage(t, s))];
        }
        for (std::size_t k = 0; k < grid.size(); ++k) {
            const double value = std::abs(d[program.flow(t, k)]) / system.dt_h;
            if (value > 1e-9 && grid.in_service[k] != 0) {
                solution.binding.push_back({t, k, value});
            }
        }
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

/// The least y·x with x between lower and upper; a y of rounding size against no bound counts for nothing.
double least_term(double y, double lower, double upper) {
    const double bound = y > 0 ? lower : upper;
    return std::isfinite(bound) || std::abs(y) > 1e-7 ? (y == 0 ? 0 : y * bound) : 0;
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

FlowGrid make_flow_grid(const network::Network& grid) {
    FlowGrid flow;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        flow.node.push_back(grid.node[i].row());
    }
    const network::Branches& branches = grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        flow.from.push_back(grid.node[branches.from[k]].row());
        flow.to.push_back(grid.node[branches.to[k]].row());
        flow.x_pu.push_back(branches.x_pu[k] * branches.ratio[k]);
        flow.shift_rad.push_back(branches.shift_rad[k]);
        flow.in_service.push_back(branches.in_service[k] ? 1 : 0);
    }
    for (const network::Loop& loop : network::find_loop_basis(grid)) {
        auto& steps = flow.loops.emplace_back();
        for (std::size_t n = 0; n < loop.branches.size(); ++n) {
            steps.push_back({loop.branches[n].row(), loop.direction[n]});
        }
    }
    return flow;
}

CycleFlowEngine::CycleFlowEngine(System system, FlowGrid grid, double primal_tolerance,
                                 double dual_tolerance)
    : system_{std::move(system)}, grid_{std::move(grid)}, primal_tolerance_{primal_tolerance},
      dual_tolerance_{dual_tolerance} {}

Solution CycleFlowEngine::solve(const Block& block) {
    Solution solution;
    const FlowProgram program(system_, grid_, block);
    if (!program.is_sound()) {
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
    read_schedule(system_, program, x, solution);
    read_prices(system_, grid_, program, y, d, solution);
    solution.bound = bound_below(program, y, d);
    compute_costs(system_, block, solution);
    solution.max_violation_mw =
        std::max(measure_violation(system_, program.block_program(), solution),
                 measure_flow_violation(program, x));
    const double gap = std::abs(solution.objective - solution.bound);
    if (!(solution.max_violation_mw <= primal_tolerance_) ||
        !(gap <= dual_tolerance_ * std::max(1.0, std::abs(solution.objective)))) {
        solution.status = SolveStatus::rejected;
    }
    return solution;
}

} // namespace yuanwang::dispatch::program
