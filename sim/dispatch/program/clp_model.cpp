#include "dispatch/program/clp_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include <coin/ClpDualRowDantzig.hpp>
#include <coin/ClpSolve.hpp>

namespace yuanwang::dispatch::program {
namespace {

constexpr double tiny_factor = 1e-9; ///< PTDF below it moves no flow anybody measures

enum ClpEnding { clp_optimal = 0, clp_infeasible = 1 };
constexpr int perturbation_off = 100;
constexpr int scaling_off = 0; // coefficients run from small PTDF to 1
constexpr int factorization_frequency = 250;

/// What `dual` keeps between solves.
enum KeepBits { keep_work_areas = 1, keep_factorization = 2 };

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

ClpModel::ClpModel(const System& system, const Shape& shape, int max_iterations)
    : system_{system}, shape_{shape}, lp_{make_program(system, shape)},
      is_row_(shape.n_step * system.branches.size(), 0), shed_share_{system.sheds.p_max_mw} {
    std::vector<double> total_mw(system.n_island, 0);
    for (std::size_t b = 0; b < shed_share_.size(); ++b) {
        total_mw[system.island(system.sheds.bus[b])] += shed_share_[b];
    }
    for (std::size_t b = 0; b < shed_share_.size(); ++b) {
        const double all_mw = total_mw[system.island(system.sheds.bus[b])];
        shed_share_[b] = all_mw > 0 ? shed_share_[b] / all_mw : 0;
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
    loaded_.assign(value.begin(),
                   value.begin() + static_cast<std::ptrdiff_t>(lp_.within_steps.size()));
    const CoinPackedMatrix matrix(true, row.data(), column.data(), value.data(),
                                  static_cast<CoinBigIndex>(value.size()));
    clp_.setLogLevel(0);
    clp_.loadProblem(matrix, lp_.lower.data(), lp_.upper.data(), lp_.cost.data(),
                     lp_.row_lower.data(), lp_.row_upper.data());
    clp_.setMaximumIterations(max_iterations);
    clp_.setPerturbation(perturbation_off);
    clp_.scaling(scaling_off);
    clp_.setFactorizationFrequency(factorization_frequency);
    clp_.createStatus();
}

bool ClpModel::fits(const Block& block) const {
    return shape_ == shape_of(block);
}

bool ClpModel::is_open(std::size_t step) const {
    return std::ranges::find(opened_, step) != opened_.end();
}

std::size_t ClpModel::clp_row(std::size_t limit_row) const {
    return lp_.layout.n_row() + limit_row;
}

std::size_t ClpModel::clp_column(std::size_t i, std::size_t b) const {
    return lp_.layout.n_column() + opened_first_[i] + b;
}

bool ClpModel::has_row(const BindingBranch& at) const {
    return at.outage == no_outage ? is_row_[at.step * system_.branches.size() + at.branch] != 0
                                  : outage_rows_.contains({at.step, at.branch, at.outage});
}

void ClpModel::mark_row(const BindingBranch& at, bool is_row) {
    if (at.outage == no_outage) {
        is_row_[at.step * system_.branches.size() + at.branch] = is_row ? 1 : 0;
    } else if (is_row) {
        outage_rows_.insert({at.step, at.branch, at.outage});
    } else {
        outage_rows_.erase({at.step, at.branch, at.outage});
    }
}

/// The basis of the block before, moved on with the clock: hours seen twice start as they ended.
void ClpModel::advance(const Block& block) {
    const std::size_t n_step = lp_.layout.n_step;
    if (fresh_ || block.steps_on == 0 || block.steps_on >= n_step) {
        return;
    }
    const std::size_t n_column = lp_.layout.columns_per_step();
    const std::size_t n_row = lp_.layout.rows_per_step();
    if (!advanced_) {
        ClpDualRowDantzig plain; // few steps are left from now on: exact weights do not pay
        clp_.setDualRowPivotAlgorithm(plain);
        advanced_ = true;
    }
    advance_limit_rows(block);
    double* x = clp_.primalColumnSolution();
    for (std::size_t t = 0; t + block.steps_on < n_step; ++t) {
        for (std::size_t j = 0; j < n_column; ++j) {
            const std::size_t to = t * n_column + j;
            const std::size_t from = to + block.steps_on * n_column;
            clp_.setColumnStatus(to_int(to), clp_.getColumnStatus(to_int(from)));
            x[to] = x[from];
        }
        for (std::size_t r = 0; r < n_row; ++r) {
            const std::size_t to = t * n_row + r;
            clp_.setRowStatus(to_int(to), clp_.getRowStatus(to_int(to + block.steps_on * n_row)));
        }
    }
    changed_ = true;
}

/// A limit that held in an hour seen before is a row of that hour from the start; others of the hour hold nothing.
void ClpModel::advance_limit_rows(const Block& block) {
    Bundle rows;
    const std::size_t n_before = limit_rows_.size();
    for (std::size_t r = 0; r < n_before; ++r) {
        BindingBranch at = limit_rows_[r].at;
        if (at.step < block.steps_on ||
            clp_.getRowStatus(to_int(clp_row(r))) == ClpSimplex::basic) {
            continue;
        }
        at.step -= block.steps_on;
        if (!has_row(at)) {
            append_limit_row(block, at, rows);
            limit_rows_.push_back({at, 0, next_id_++});
            mark_row(at, true);
        }
    }
    if (rows.size() > 0) {
        clp_.addRows(rows.size(), rows.lower.data(), rows.upper.data(), rows.start.data(),
                     rows.index.data(), rows.value.data());
        add_overload_columns(n_before);
    }
    std::map<std::array<std::size_t, 3>, std::size_t> row_at;
    for (std::size_t r = 0; r < limit_rows_.size(); ++r) {
        const BindingBranch& at = limit_rows_[r].at;
        row_at[{at.step, at.branch, at.outage}] = r;
    }
    for (std::size_t r = 0; r < limit_rows_.size(); ++r) {
        const BindingBranch& at = limit_rows_[r].at;
        if (at.step + block.steps_on < lp_.layout.n_step) {
            const auto from = row_at.find({at.step + block.steps_on, at.branch, at.outage});
            clp_.setRowStatus(to_int(clp_row(r)),
                              from == row_at.end()
                                  ? ClpSimplex::basic
                                  : clp_.getRowStatus(to_int(clp_row(from->second))));
        }
    }
}

bool ClpModel::load(const Block& block) {
    write_block(system_, block, lp_);
    if (!is_sound(lp_)) {
        return false;
    }
    advance(block);
    const std::size_t n_row = lp_.layout.n_row();
    std::copy_n(lp_.row_lower.begin(), n_row, clp_.rowLower());
    std::copy_n(lp_.row_upper.begin(), n_row, clp_.rowUpper());
    std::ranges::copy(lp_.lower, clp_.columnLower());
    std::ranges::copy(lp_.upper, clp_.columnUpper());
    std::ranges::copy(lp_.cost, clp_.objective());
    load_coefficients();
    for (std::size_t r = 0; r < limit_rows_.size(); ++r) {
        const RowLimits limits = find_row_limits(system_, block, limit_rows_[r].at);
        clp_.rowLower()[clp_row(r)] = limits.lower_mw;
        clp_.rowUpper()[clp_row(r)] = limits.upper_mw;
    }
    return true;
}

void ClpModel::load_coefficients() {
    for (std::size_t n = 0; n < loaded_.size(); ++n) {
        const Entry& entry = lp_.within_steps[n];
        if (entry.value != loaded_[n]) {
            clp_.modifyCoefficient(to_int(entry.row), to_int(entry.column), entry.value, true);
            loaded_[n] = entry.value;
            changed_ = true;
        }
    }
}

SolveStatus ClpModel::run() {
    if (fresh_) { // nothing to start from: presolve halves the work
        ClpSolve how;
        how.setSolveType(ClpSolve::useDual);
        clp_.initialSolve(how);
        fresh_ = false;
    } else {
        clp_.dual(0, changed_ ? keep_work_areas : keep_work_areas | keep_factorization);
    }
    changed_ = false;
    switch (clp_.status()) {
    case clp_optimal:
        return SolveStatus::optimal;
    case clp_infeasible:
        return SolveStatus::infeasible;
    default:
        return SolveStatus::iteration_limit;
    }
}

void ClpModel::append_limit_row(const Block& block, const BindingBranch& at, Bundle& rows) const {
    const Layout& columns = lp_.layout;
    const std::size_t t = at.step;
    const auto factor = [&](std::size_t bus) { return find_row_factor(system_, at, bus); };
    for (std::size_t g = 0; g < columns.n_generator; ++g) {
        if (system_.generators.bus[g] != no_bus) {
            rows.put(columns.g(t, g), factor(system_.generators.bus[g]));
        }
    }
    for (std::size_t s = 0; s < columns.n_storage; ++s) {
        rows.put(columns.c(t, s), -factor(system_.storages.bus[s]));
        rows.put(columns.d(t, s), factor(system_.storages.bus[s]));
    }
    const auto open = std::ranges::find(opened_, t);
    std::vector<double> shared(system_.n_island, 0);
    for (std::size_t b = 0; b < shed_share_.size(); ++b) {
        const double at_bus = factor(system_.sheds.bus[b]);
        shared[system_.island(system_.sheds.bus[b])] += shed_share_[b] * at_bus;
        if (open != opened_.end()) {
            rows.put(clp_column(static_cast<std::size_t>(open - opened_.begin()), b), at_bus);
        }
    }
    for (std::size_t i = 0; i < shared.size(); ++i) {
        rows.put(columns.u(t, i), shared[i]);
    }
    rows.close();
    const RowLimits limits = find_row_limits(system_, block, at);
    rows.lower.push_back(limits.lower_mw);
    rows.upper.push_back(limits.upper_mw);
}

/// Limits a step breaks and the program does not have; of the outages of a limit the worst one.
void ClpModel::find_violated(const Block& block, std::size_t t, std::span<const double> flow_mw,
                             double tolerance_mw, std::vector<BindingBranch>& found) const {
    const BranchLimits& limits = system_.branches;
    const auto pick = [&](const Series& by_step, const std::vector<double>& constant,
                          std::size_t k) { return by_step.empty() ? constant[k] : by_step(k, t); };
    for (std::size_t k = 0; k < limits.size(); ++k) {
        const BindingBranch at{.step = t, .branch = k};
        if (std::abs(flow_mw[k]) - pick(block.limit_mw, limits.limit_mw, k) > tolerance_mw &&
            !has_row(at)) {
            found.push_back(at);
        }
    }
    for (std::size_t k = 0; k < limits.outages.size(); ++k) {
        double most_mw = pick(block.emergency_mw, limits.emergency_mw, k) + tolerance_mw;
        const BranchLimits::Outage* worst = nullptr;
        for (const BranchLimits::Outage& outage : limits.outages[k]) {
            const double after_mw = std::abs(flow_mw[k] + outage.factor * flow_mw[outage.branch]);
            if (after_mw > most_mw) {
                most_mw = after_mw;
                worst = &outage;
            }
        }
        if (worst != nullptr) {
            const BindingBranch at{
                .step = t, .branch = k, .outage = worst->branch, .outage_factor = worst->factor};
            if (!has_row(at)) {
                found.push_back(at);
            }
        }
    }
}

std::size_t ClpModel::add_violated(const Block& block, const Solution& solution,
                                   const std::vector<double>& H_columns, double tolerance_mw) {
    const std::size_t n_limit = system_.branches.size();
    std::vector<double> injection_mw(system_.n_bus);
    std::vector<double> flow_mw(n_limit);
    std::vector<BindingBranch> found;
    for (std::size_t t = 0; t < block.n_step && n_limit > 0; ++t) {
        compute_injection(system_, block, solution, t, injection_mw);
        compute_flows(H_columns, block, t, injection_mw, flow_mw);
        find_violated(block, t, flow_mw, tolerance_mw, found);
    }
    if (found.empty()) {
        return 0;
    }
    Bundle rows;
    const std::size_t first_row = limit_rows_.size();
    for (const BindingBranch& at : found) {
        append_limit_row(block, at, rows);
        limit_rows_.push_back({at, 0, next_id_++});
        mark_row(at, true);
    }
    clp_.addRows(rows.size(), rows.lower.data(), rows.upper.data(), rows.start.data(),
                 rows.index.data(), rows.value.data());
    changed_ = true;
    add_overload_columns(first_row);
    return found.size();
}

/// Two columns a row that may give way: o⁻ lifts the flow towards its lower limit, o⁺ takes from it.
void ClpModel::add_overload_columns(std::size_t first_row) {
    Bundle columns;
    for (std::size_t r = first_row; r < limit_rows_.size(); ++r) {
        const double price = system_.branches.overload_price(limit_rows_[r].at.outage);
        if (!std::isfinite(price)) {
            continue;
        }
        for (const double sign : {1.0, -1.0}) {
            columns.put(clp_row(r), sign);
            columns.close();
            columns.lower.push_back(0);
            columns.upper.push_back(overload_max_mw);
            columns.cost.push_back(system_.dt_h * price);
            extras_.push_back({limit_rows_[r].id, sign});
        }
    }
    clp_.addColumns(columns.size(), columns.lower.data(), columns.upper.data(), columns.cost.data(),
                    columns.start.data(), columns.index.data(), columns.value.data());
}

void ClpModel::open_sheds(const std::vector<std::size_t>& steps) {
    Bundle columns;
    for (const std::size_t t : steps) {
        for (std::size_t i = 0; i < system_.n_island; ++i) {
            clp_.columnUpper()[lp_.layout.u(t, i)] = 0; // its sheds now stand for themselves
        }
        opened_.push_back(t);
        opened_first_.push_back(extras_.size());
        for (std::size_t b = 0; b < system_.sheds.size(); ++b) {
            const std::size_t bus = system_.sheds.bus[b];
            columns.put(lp_.layout.balance(t, system_.island(bus)), 1);
            for (std::size_t r = 0; r < limit_rows_.size(); ++r) {
                if (limit_rows_[r].at.step == t) {
                    columns.put(clp_row(r), find_row_factor(system_, limit_rows_[r].at, bus));
                }
            }
            columns.close();
            columns.lower.push_back(0);
            columns.upper.push_back(system_.sheds.p_max_mw[b]);
            columns.cost.push_back(system_.dt_h * system_.sheds.price_per_mwh[b]);
            extras_.push_back({});
        }
    }
    changed_ = changed_ || columns.size() > 0;
    if (columns.size() > 0) {
        clp_.addColumns(columns.size(), columns.lower.data(), columns.upper.data(),
                        columns.cost.data(), columns.start.data(), columns.index.data(),
                        columns.value.data());
    }
}

template <class Leaves>
void ClpModel::delete_extras(Leaves leaves) {
    std::vector<int> columns;
    std::vector<Extra> kept;
    for (std::size_t p = 0; p < extras_.size(); ++p) {
        if (leaves(extras_[p])) {
            columns.push_back(to_int(lp_.layout.n_column() + p));
        } else {
            kept.push_back(extras_[p]);
        }
    }
    if (!columns.empty()) {
        clp_.deleteColumns(to_int(columns.size()), columns.data());
        changed_ = true;
        extras_ = std::move(kept);
    }
}

void ClpModel::close_sheds() {
    if (opened_.empty()) {
        return;
    }
    delete_extras([](const Extra& extra) { return extra.row_id == none; });
    opened_.clear();
    opened_first_.clear();
}

void ClpModel::drop_idle_rows(int idle_blocks) {
    std::vector<int> idle;
    std::vector<LimitRow> kept;
    std::set<std::size_t> gone;
    for (std::size_t r = 0; r < limit_rows_.size(); ++r) {
        LimitRow& row = limit_rows_[r];
        const bool free = clp_.getRowStatus(to_int(clp_row(r))) == ClpSimplex::basic;
        row.idle = free ? row.idle + 1 : 0;
        if (row.idle > idle_blocks) {
            idle.push_back(to_int(clp_row(r)));
            mark_row(row.at, false);
            gone.insert(row.id);
        } else {
            kept.push_back(row);
        }
    }
    if (idle.empty()) {
        return;
    }
    delete_extras([&](const Extra& extra) { return gone.contains(extra.row_id); });
    clp_.deleteRows(to_int(idle.size()), idle.data());
    changed_ = true;
    limit_rows_ = std::move(kept);
}

/// Of a storage that does both at once somewhere, every step in which energy has a negative price is left with one direction: it
/// charges while a step of charging finds room above what the steps before left, and discharges in the others.
std::size_t ClpModel::part_directions(const Solution& solution, double tolerance_mw) {
    const Layout& at = lp_.layout;
    std::size_t parted = 0;
    for (std::size_t s = 0; s < at.n_storage; ++s) {
        const auto does_both = [&](std::size_t t) {
            return solution.charge_mw(s, t) > tolerance_mw &&
                   solution.discharge_mw(s, t) > tolerance_mw;
        };
        bool anywhere = false;
        for (std::size_t t = 0; t < at.n_step; ++t) {
            anywhere = anywhere || does_both(t);
        }
        if (anywhere) {
            parted += part_directions_of(s, solution, does_both);
        }
    }
    return parted;
}

template <class DoesBoth>
std::size_t ClpModel::part_directions_of(std::size_t s, const Solution& solution,
                                         DoesBoth does_both) {
    const Layout& at = lp_.layout;
    const Storages& storages = system_.storages;
    std::size_t parted = 0;
    double e_mwh = std::numeric_limits<double>::quiet_NaN(); // with the directions chosen so far
    for (std::size_t t = 0; t < at.n_step; ++t) {
        const double into_mwh = storages.eta_charge[s] * system_.dt_h;
        const double out_of_mwh = system_.dt_h / storages.eta_discharge[s];
        const double net_mwh =
            into_mwh * solution.charge_mw(s, t) - out_of_mwh * solution.discharge_mw(s, t);
        if (t == 0) {
            e_mwh = (solution.stored_mwh(s, t) - net_mwh) / storages.retention[s];
        }
        e_mwh *= storages.retention[s];
        const double floor_mwh = lp_.lower[at.e(t, s)];
        const double full_mwh = lp_.upper[at.e(t, s)];
        const double charge_max_mw = lp_.upper[at.c(t, s)];
        const double discharge_max_mw = lp_.upper[at.d(t, s)];
        const bool is_open = charge_max_mw > 0 && discharge_max_mw > 0;
        const bool is_paid = solution.price_per_mwh(storages.bus[s], t) < 0;
        if (is_open && (is_paid || does_both(t))) {
            const double gain_mwh = into_mwh * charge_max_mw;
            const bool charges = full_mwh - e_mwh >= std::min(gain_mwh, e_mwh - floor_mwh);
            e_mwh += charges ? gain_mwh : -out_of_mwh * discharge_max_mw;
            const std::size_t closed = charges ? at.d(t, s) : at.c(t, s);
            clp_.columnUpper()[closed] = lp_.upper[closed] = 0;
            ++parted;
        } else {
            e_mwh += net_mwh;
        }
        e_mwh = std::clamp(e_mwh, floor_mwh, full_mwh);
    }
    return parted;
}

void ClpModel::read_schedule(Solution& solution) const {
    const Layout& at = lp_.layout;
    const double* x = clp_.primalColumnSolution();
    const auto read = [&](Series& series, std::size_t n, auto first_of) {
        series.reshape(n, at.n_step);
        for (std::size_t t = 0; t < at.n_step; ++t) {
            std::copy_n(x + first_of(t), n, series.step(t).begin());
        }
    };
    read(solution.generation_mw, at.n_generator, [&](std::size_t t) { return at.g(t, 0); });
    read(solution.charge_mw, at.n_storage, [&](std::size_t t) { return at.c(t, 0); });
    read(solution.discharge_mw, at.n_storage, [&](std::size_t t) { return at.d(t, 0); });
    read(solution.spill_mw, at.n_storage, [&](std::size_t t) { return at.w(t, 0); });
    read(solution.stored_mwh, at.n_storage, [&](std::size_t t) { return at.e(t, 0); });
    read(solution.account, at.n_account, [&](std::size_t t) { return at.x(t, 0); });
    solution.shed_mw.reshape(shed_share_.size(), at.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t b = 0; b < shed_share_.size(); ++b) {
            solution.shed_mw(b, t) =
                shed_share_[b] * x[at.u(t, system_.island(system_.sheds.bus[b]))];
        }
    }
    for (std::size_t i = 0; i < opened_.size(); ++i) {
        std::copy_n(x + clp_column(i, 0), shed_share_.size(),
                    solution.shed_mw.step(opened_[i]).begin());
    }
}

Duals ClpModel::read_duals() const {
    const double* y = clp_.dualRowSolution();
    const double* x = clp_.primalColumnSolution();
    Duals duals;
    duals.rows.assign(y, y + lp_.layout.n_row());
    std::vector<double> overload_mw(next_id_, 0);
    for (std::size_t p = 0; p < extras_.size(); ++p) {
        if (extras_[p].row_id != none) {
            overload_mw[extras_[p].row_id] += x[lp_.layout.n_column() + p];
        }
    }
    for (std::size_t r = 0; r < limit_rows_.size(); ++r) {
        BindingBranch& row = duals.branch.emplace_back(limit_rows_[r].at);
        row.value_per_mwh = y[clp_row(r)];
        row.overload_mw = overload_mw[limit_rows_[r].id];
    }
    return duals;
}

} // namespace yuanwang::dispatch::program
