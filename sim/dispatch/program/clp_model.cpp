#include "dispatch/program/clp_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <coin/ClpSolve.hpp>

namespace yuanwang::dispatch::program {
namespace {

constexpr double tiny_factor = 1e-9; ///< PTDF below it moves no flow anybody measures

enum ClpEnding { clp_optimal = 0, clp_infeasible = 1 };
constexpr int perturbation_off = 100;
constexpr int scaling_off = 0; // coefficients run from small PTDF to 1

int to_int(std::size_t n) {
    return static_cast<int>(n);
}

} // namespace

/// Sparse rows or columns side by side, as Clp takes them.
struct ClpModel::Bundle {
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> cost; ///< of columns
    std::vector<CoinBigIndex> start = {0};
    std::vector<int> index;
    std::vector<double> value;

    void put(std::size_t place, double factor) {
        if (std::abs(factor) > tiny_factor) {
            index.push_back(to_int(place));
            value.push_back(factor);
        }
    }
    void close() { start.push_back(static_cast<CoinBigIndex>(index.size())); }
    [[nodiscard]] int size() const { return to_int(start.size()) - 1; }
};

ClpModel::ClpModel(const System& system, std::size_t n_step, Seam seam, int max_iterations)
    : system_{system}, seam_{seam}, lp_{make_program(system, n_step, seam)},
      is_row_(n_step * system.branches.size(), 0), shed_share_{system.sheds.p_max_mw} {
    const double total_mw = std::reduce(shed_share_.begin(), shed_share_.end());
    for (double& share : shed_share_) {
        share = total_mw > 0 ? share / total_mw : 0;
    }

    std::vector<int> row;
    std::vector<int> column;
    std::vector<double> value;
    for (const auto* entries : {&lp_.within_steps, &lp_.coupling}) {
        for (const Entry& entry : *entries) {
            row.push_back(to_int(entry.row));
            column.push_back(to_int(entry.column));
            value.push_back(entry.value);
        }
    }
    const CoinPackedMatrix matrix(true, row.data(), column.data(), value.data(),
                                  static_cast<CoinBigIndex>(value.size()));
    clp_.setLogLevel(0);
    clp_.loadProblem(matrix, lp_.lower.data(), lp_.upper.data(), lp_.cost.data(),
                     lp_.row_lower.data(), lp_.row_upper.data());
    clp_.setMaximumIterations(max_iterations);
    clp_.setPerturbation(perturbation_off);
    clp_.scaling(scaling_off);
    clp_.createStatus();
}

bool ClpModel::fits(const Block& block) const {
    return lp_.layout.n_step == block.n_step && seam_ == block.seam;
}

bool ClpModel::is_open(std::size_t step) const {
    return std::ranges::find(opened_, step) != opened_.end();
}

std::span<const double> ClpModel::factors(std::size_t branch) const {
    return {system_.branches.ptdf.data() + branch * system_.n_bus, system_.n_bus};
}

std::size_t ClpModel::clp_row(std::size_t branch_row) const {
    return lp_.layout.n_row() + branch_row;
}

std::size_t ClpModel::clp_column(std::size_t i, std::size_t b) const {
    return lp_.layout.n_column() + i * system_.sheds.size() + b;
}

/// Σ_i H_ki D_i: what demand alone would carry over a branch, backwards.
double ClpModel::carried_demand(const Block& block, std::size_t t, std::size_t k) const {
    const auto demand = block.demand_mw.step(t);
    return std::inner_product(demand.begin(), demand.end(), factors(k).begin(), 0.0);
}

bool ClpModel::load(const Block& block) {
    write_block(system_, block, lp_);
    if (!is_sound(lp_)) {
        return false;
    }
    const std::size_t n_row = lp_.layout.n_row();
    std::copy_n(lp_.row_lower.begin(), n_row, clp_.rowLower());
    std::copy_n(lp_.row_upper.begin(), n_row, clp_.rowUpper());
    std::ranges::copy(lp_.lower, clp_.columnLower());
    std::ranges::copy(lp_.upper, clp_.columnUpper());
    std::ranges::copy(lp_.cost, clp_.objective());
    for (std::size_t r = 0; r < branch_rows_.size(); ++r) {
        const auto [t, k, idle] = branch_rows_[r];
        const double carried = carried_demand(block, t, k);
        clp_.rowLower()[clp_row(r)] = carried - system_.branches.limit_mw[k];
        clp_.rowUpper()[clp_row(r)] = carried + system_.branches.limit_mw[k];
    }
    return true;
}

SolveStatus ClpModel::run() {
    if (fresh_) { // nothing to start from: presolve halves the work
        ClpSolve how;
        how.setSolveType(ClpSolve::useDual);
        clp_.initialSolve(how);
        fresh_ = false;
    } else {
        clp_.dual();
    }
    switch (clp_.status()) {
    case clp_optimal:
        return SolveStatus::optimal;
    case clp_infeasible:
        return SolveStatus::infeasible;
    default:
        return SolveStatus::iteration_limit;
    }
}

void ClpModel::append_branch_row(const Block& block, std::size_t t, std::size_t k,
                                 Bundle& rows) const {
    const auto h = factors(k);
    const Layout& at = lp_.layout;
    for (std::size_t g = 0; g < at.n_generator; ++g) {
        rows.put(at.g(t, g), h[system_.generators.bus[g]]);
    }
    for (std::size_t s = 0; s < at.n_storage; ++s) {
        rows.put(at.c(t, s), -h[system_.storages.bus[s]]);
        rows.put(at.d(t, s), h[system_.storages.bus[s]]);
    }
    const auto open = std::ranges::find(opened_, t);
    double shared = 0;
    for (std::size_t b = 0; b < shed_share_.size(); ++b) {
        const double factor = h[system_.sheds.bus[b]];
        shared += shed_share_[b] * factor;
        if (open != opened_.end()) {
            rows.put(clp_column(static_cast<std::size_t>(open - opened_.begin()), b), factor);
        }
    }
    rows.put(at.u(t), shared);
    rows.close();
    const double carried = carried_demand(block, t, k);
    rows.lower.push_back(carried - system_.branches.limit_mw[k]);
    rows.upper.push_back(carried + system_.branches.limit_mw[k]);
}

std::size_t ClpModel::add_violated(const Block& block, const Solution& solution,
                                   const std::vector<double>& H_columns, double tolerance_mw) {
    const std::size_t n_branch = system_.branches.size();
    std::vector<double> injection_mw(system_.n_bus);
    std::vector<double> flow_mw(n_branch);
    Bundle rows;
    for (std::size_t t = 0; t < block.n_step && n_branch > 0; ++t) {
        compute_injection(system_, block, solution, t, injection_mw);
        compute_flows(H_columns, injection_mw, flow_mw);
        for (std::size_t k = 0; k < n_branch; ++k) {
            const double beyond_mw = std::abs(flow_mw[k]) - system_.branches.limit_mw[k];
            if (beyond_mw > tolerance_mw && is_row_[t * n_branch + k] == 0) {
                append_branch_row(block, t, k, rows);
                branch_rows_.push_back({t, k});
                is_row_[t * n_branch + k] = 1;
            }
        }
    }
    if (rows.size() > 0) {
        clp_.addRows(rows.size(), rows.lower.data(), rows.upper.data(), rows.start.data(),
                     rows.index.data(), rows.value.data());
    }
    return static_cast<std::size_t>(rows.size());
}

void ClpModel::open_sheds(const std::vector<std::size_t>& steps) {
    Bundle columns;
    for (const std::size_t t : steps) {
        clp_.columnUpper()[lp_.layout.u(t)] = 0; // its sheds now stand for themselves
        opened_.push_back(t);
        for (std::size_t b = 0; b < system_.sheds.size(); ++b) {
            columns.put(lp_.layout.balance(t), 1);
            for (std::size_t r = 0; r < branch_rows_.size(); ++r) {
                if (branch_rows_[r].step == t) {
                    columns.put(clp_row(r), factors(branch_rows_[r].branch)[system_.sheds.bus[b]]);
                }
            }
            columns.close();
            columns.lower.push_back(0);
            columns.upper.push_back(system_.sheds.p_max_mw[b]);
            columns.cost.push_back(system_.dt_h * system_.sheds.price_per_mwh[b]);
        }
    }
    if (columns.size() > 0) {
        clp_.addColumns(columns.size(), columns.lower.data(), columns.upper.data(),
                        columns.cost.data(), columns.start.data(), columns.index.data(),
                        columns.value.data());
    }
}

void ClpModel::close_sheds() {
    if (opened_.empty()) {
        return;
    }
    std::vector<int> columns(opened_.size() * system_.sheds.size());
    std::iota(columns.begin(), columns.end(), to_int(lp_.layout.n_column()));
    clp_.deleteColumns(to_int(columns.size()), columns.data());
    opened_.clear();
}

void ClpModel::drop_idle_rows(int idle_blocks) {
    std::vector<int> idle;
    std::vector<BranchRow> kept;
    for (std::size_t r = 0; r < branch_rows_.size(); ++r) {
        BranchRow& row = branch_rows_[r];
        const bool free = clp_.getRowStatus(to_int(clp_row(r))) == ClpSimplex::basic;
        row.idle = free ? row.idle + 1 : 0;
        if (row.idle > idle_blocks) {
            idle.push_back(to_int(clp_row(r)));
            is_row_[row.step * system_.branches.size() + row.branch] = 0;
        } else {
            kept.push_back(row);
        }
    }
    if (!idle.empty()) {
        clp_.deleteRows(to_int(idle.size()), idle.data());
        branch_rows_ = std::move(kept);
    }
}

void ClpModel::read_schedule(Solution& solution) const {
    const Layout& at = lp_.layout;
    const double* x = clp_.primalColumnSolution();
    const auto shape = [&](Series& series, std::size_t n) { series.reshape(n, at.n_step); };
    shape(solution.generation_mw, at.n_generator);
    shape(solution.charge_mw, at.n_storage);
    shape(solution.discharge_mw, at.n_storage);
    shape(solution.spill_mw, at.n_storage);
    shape(solution.stored_mwh, at.n_storage);
    shape(solution.shed_mw, shed_share_.size());
    for (std::size_t t = 0; t < at.n_step; ++t) {
        std::copy_n(x + at.g(t, 0), at.n_generator, solution.generation_mw.step(t).begin());
        std::copy_n(x + at.c(t, 0), at.n_storage, solution.charge_mw.step(t).begin());
        std::copy_n(x + at.d(t, 0), at.n_storage, solution.discharge_mw.step(t).begin());
        std::copy_n(x + at.w(t, 0), at.n_storage, solution.spill_mw.step(t).begin());
        std::copy_n(x + at.e(t, 0), at.n_storage, solution.stored_mwh.step(t).begin());
        for (std::size_t b = 0; b < shed_share_.size(); ++b) {
            solution.shed_mw(b, t) = shed_share_[b] * x[at.u(t)];
        }
    }
    for (std::size_t i = 0; i < opened_.size(); ++i) {
        std::copy_n(x + clp_column(i, 0), shed_share_.size(),
                    solution.shed_mw.step(opened_[i]).begin());
    }
}

Duals ClpModel::read_duals() const {
    const double* y = clp_.dualRowSolution();
    Duals duals;
    duals.rows.assign(y, y + lp_.layout.n_row());
    for (std::size_t r = 0; r < branch_rows_.size(); ++r) {
        duals.branch.push_back({branch_rows_[r].step, branch_rows_[r].branch, y[clp_row(r)]});
    }
    return duals;
}

} // namespace yuanwang::dispatch::program
