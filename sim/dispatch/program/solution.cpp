#include "dispatch/program/solution.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace yuanwang::dispatch::program {
namespace {

/// How far x lies outside lower … upper.
double outside(double x, double lower, double upper) {
    return std::max({0.0, lower - x, x - upper});
}

/// The least a term y·x can be with x between lower and upper; a trace of y against no bound is none.
double least_term(double y, double lower, double upper) {
    constexpr double trace = 1e-7;
    const double bound = y > 0 ? lower : upper;
    return y == 0 || (std::isinf(bound) && std::abs(y) < trace) ? 0 : y * bound;
}

/// The columns of the program as the schedule has them; the sheds of an island in one.
std::vector<double> list_columns(const System& system, const Layout& at, const Solution& solution) {
    std::vector<double> x(at.n_column(), 0);
    const auto put = [&](const Series& series, std::size_t t, std::size_t first) {
        std::ranges::copy(series.step(t), x.begin() + static_cast<std::ptrdiff_t>(first));
    };
    for (std::size_t t = 0; t < at.n_step; ++t) {
        put(solution.generation_mw, t, at.g(t, 0));
        put(solution.charge_mw, t, at.c(t, 0));
        put(solution.discharge_mw, t, at.d(t, 0));
        put(solution.spill_mw, t, at.w(t, 0));
        put(solution.stored_mwh, t, at.e(t, 0));
        put(solution.account, t, at.x(t, 0));
        for (std::size_t b = 0; b < system.sheds.size(); ++b) {
            x[at.u(t, system.island(system.sheds.bus[b]))] += solution.shed_mw(b, t);
        }
    }
    return x;
}

/// Σ_rows of the bound: rows of the program, and limit rows with their overload columns.
double bound_of_rows(const System& system, const Block& block, const LinearProgram& lp,
                     const Duals& duals) {
    double bound = 0;
    for (std::size_t r = 0; r < lp.layout.n_row(); ++r) {
        bound += least_term(duals.rows[r], lp.row_lower[r], lp.row_upper[r]);
    }
    for (const BindingBranch& row : duals.branch) {
        const double price = system.dt_h * system.branches.overload_price(row.outage);
        const RowLimits limits = find_row_limits(system, block, row);
        bound += least_term(row.value_per_mwh, limits.lower_mw, limits.upper_mw);
        if (std::isfinite(price)) {
            bound += least_term(price - std::abs(row.value_per_mwh), 0, overload_max_mw);
        }
    }
    return bound;
}

/// d = cost − Aᵀy of every column; limit rows act through the congestion part of the bus prices.
std::vector<double> reduced_costs(const LinearProgram& lp, const Duals& duals,
                                  const Series& congestion) {
    std::vector<double> d = lp.cost;
    for (const auto* entries : {&lp.within_steps, &lp.coupling}) {
        for (const Entry& entry : *entries) {
            d[entry.column] -= duals.rows[entry.row] * entry.value;
        }
    }
    const std::size_t per_step = lp.layout.columns_per_step();
    for (std::size_t j = 0; j < d.size(); ++j) {
        if (lp.bus_of_column[j] != no_bus) {
            d[j] -= lp.injection[j] * congestion(lp.bus_of_column[j], j / per_step);
        }
    }
    return d;
}

void read_values(const System& system, const Block& block, const LinearProgram& lp,
                 const Duals& duals, const Series& congestion, Solution& solution) {
    const Layout& at = lp.layout;
    solution.price_per_mwh.reshape(system.n_bus, block.n_step);
    solution.storage_value.reshape(at.n_storage, block.n_step);
    solution.group_value.reshape(at.n_group, block.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t i = 0; i < system.n_bus; ++i) {
            const double carried = block.loss_factor.empty() ? 1.0 : 1.0 - block.loss_factor(i, t);
            const double lambda = duals.rows[at.balance(t, system.island(i))];
            solution.price_per_mwh(i, t) = (lambda * carried + congestion(i, t)) / system.dt_h;
        }
        for (std::size_t s = 0; s < at.n_storage; ++s) {
            solution.storage_value(s, t) = -duals.rows[at.storage(t, s)];
        }
        for (std::size_t m = 0; m < at.n_group; ++m) {
            solution.group_value(m, t) = std::abs(duals.rows[at.group(t, m)]) / system.dt_h;
        }
    }
    solution.binding.clear();
    for (const BindingBranch& row : duals.branch) {
        if (row.value_per_mwh != 0) {
            solution.binding.push_back(row);
            solution.binding.back().value_per_mwh = std::abs(row.value_per_mwh) / system.dt_h;
            solution.binding.back().forward = row.value_per_mwh < 0;
        }
    }
}

} // namespace

std::string_view to_string(SolveStatus status) {
    static constexpr std::array<std::string_view, 6> names = {
        "optimal", "not_sound", "infeasible", "iteration_limit", "round_limit", "rejected"};
    return names[static_cast<std::size_t>(status)];
}

void compute_flows(const std::vector<double>& H_columns, const Block& block, std::size_t t,
                   std::span<const double> injection_mw, std::span<double> flow_mw) {
    if (block.base_flow_mw.empty()) {
        std::ranges::fill(flow_mw, 0.0);
    } else {
        std::ranges::copy(block.base_flow_mw.step(t), flow_mw.begin());
    }
    const double* column = H_columns.data();
    for (const double p : injection_mw) {
        for (std::size_t k = 0; k < flow_mw.size() && p != 0; ++k) {
            flow_mw[k] += p * column[k];
        }
        column += flow_mw.size();
    }
}

double find_row_factor(const System& system, const BindingBranch& row, std::size_t bus) {
    const std::vector<double>& H = system.branches.ptdf;
    const double own = H[row.branch * system.n_bus + bus];
    return row.outage == no_outage ? own
                                   : own + row.outage_factor * H[row.outage * system.n_bus + bus];
}

RowLimits find_row_limits(const System& system, const Block& block, const BindingBranch& row) {
    const BranchLimits& limits = system.branches;
    double carried_mw = 0;
    const auto demand = block.demand_mw.step(row.step);
    for (std::size_t i = 0; i < system.n_bus; ++i) {
        carried_mw += demand[i] != 0 ? demand[i] * find_row_factor(system, row, i) : 0.0;
    }
    if (!block.base_flow_mw.empty()) {
        carried_mw -= block.base_flow_mw(row.branch, row.step);
        if (row.outage != no_outage) {
            carried_mw -= row.outage_factor * block.base_flow_mw(row.outage, row.step);
        }
    }
    const bool after = row.outage != no_outage;
    const Series& by_step = after ? block.emergency_mw : block.limit_mw;
    const std::vector<double>& constant = after ? limits.emergency_mw : limits.limit_mw;
    const double limit_mw = by_step.empty() ? constant[row.branch] : by_step(row.branch, row.step);
    return {carried_mw - limit_mw, carried_mw + limit_mw};
}

void compute_injection(const System& system, const Block& block, const Solution& solution,
                       std::size_t t, std::span<double> injection_mw) {
    std::ranges::transform(block.demand_mw.step(t), injection_mw.begin(), std::negate<>{});
    for (std::size_t k = 0; k < system.generators.size(); ++k) {
        if (system.generators.bus[k] != no_bus) {
            injection_mw[system.generators.bus[k]] += solution.generation_mw(k, t);
        }
    }
    for (std::size_t s = 0; s < system.storages.size(); ++s) {
        injection_mw[system.storages.bus[s]] +=
            solution.discharge_mw(s, t) - solution.charge_mw(s, t);
    }
    for (std::size_t b = 0; b < system.sheds.size(); ++b) {
        injection_mw[system.sheds.bus[b]] += solution.shed_mw(b, t);
    }
}

void compute_costs(const System& system, const Block& block, Solution& solution) {
    solution.step_cost.assign(block.n_step, 0);
    for (std::size_t t = 0; t < block.n_step; ++t) {
        double per_hour = 0;
        for (std::size_t k = 0; k < system.generators.size(); ++k) {
            per_hour += block.price_per_mwh(k, t) * solution.generation_mw(k, t);
        }
        for (std::size_t s = 0; s < system.storages.size(); ++s) {
            per_hour += block.discharge_price_per_mwh(s, t) * solution.discharge_mw(s, t);
        }
        for (std::size_t b = 0; b < system.sheds.size(); ++b) {
            per_hour += system.sheds.price_per_mwh[b] * solution.shed_mw(b, t);
        }
        solution.step_cost[t] = system.dt_h * per_hour;
    }
    for (const BindingBranch& row : solution.binding) {
        if (row.overload_mw > 0) {
            solution.step_cost[row.step] +=
                system.dt_h * system.branches.overload_price(row.outage) * row.overload_mw;
        }
    }
    solution.objective = std::accumulate(solution.step_cost.begin(), solution.step_cost.end(), 0.0);
    for (std::size_t a = 0; a < block.account_end_value.size(); ++a) {
        solution.objective -= block.account_end_value[a] * solution.account(a, block.n_step - 1);
    }
    if (block.seam == Seam::valued) {
        for (std::size_t s = 0; s < system.storages.size(); ++s) {
            solution.objective -=
                block.end_value_per_mwh[s] * solution.stored_mwh(s, block.n_step - 1);
        }
    }
}

void compute_prices_and_bound(const System& system, const Block& block, const LinearProgram& lp,
                              const Duals& duals, Solution& solution) {
    const Layout& at = lp.layout;
    Series congestion(system.n_bus, block.n_step);
    for (const BindingBranch& row : duals.branch) {
        for (std::size_t i = 0; i < system.n_bus && row.value_per_mwh != 0; ++i) {
            congestion(i, row.step) += row.value_per_mwh * find_row_factor(system, row, i);
        }
    }
    std::vector<double> d = reduced_costs(lp, duals, congestion);

    solution.bound = bound_of_rows(system, block, lp, duals);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t i = 0; i < at.n_island; ++i) {
            d[at.u(t, i)] = 0; // each shed row stands for itself
        }
        for (std::size_t b = 0; b < system.sheds.size(); ++b) {
            const std::size_t bus = system.sheds.bus[b];
            const double marginal =
                duals.rows[at.balance(t, system.island(bus))] + congestion(bus, t);
            solution.bound += least_term(system.dt_h * system.sheds.price_per_mwh[b] - marginal, 0,
                                         system.sheds.p_max_mw[b]);
        }
    }
    for (std::size_t j = 0; j < at.n_column(); ++j) {
        solution.bound += least_term(d[j], lp.lower[j], lp.upper[j]);
    }
    read_values(system, block, lp, duals, congestion, solution);
}

double measure_violation(const System& system, const LinearProgram& lp, const Solution& solution) {
    const std::vector<double> x = list_columns(system, lp.layout, solution);
    double worst = 0;
    for (std::size_t j = 0; j < x.size(); ++j) {
        worst = std::max(worst, outside(x[j], lp.lower[j], lp.upper[j]));
    }
    std::vector<double> rows(lp.layout.n_row(), 0);
    for (const auto* entries : {&lp.within_steps, &lp.coupling}) {
        for (const Entry& entry : *entries) {
            rows[entry.row] += entry.value * x[entry.column];
        }
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
        worst = std::max(worst, outside(rows[r], lp.row_lower[r], lp.row_upper[r]));
    }
    for (std::size_t t = 0; t < lp.layout.n_step; ++t) {
        for (std::size_t b = 0; b < system.sheds.size(); ++b) {
            worst = std::max(worst, outside(solution.shed_mw(b, t), 0, system.sheds.p_max_mw[b]));
        }
    }
    return worst;
}

} // namespace yuanwang::dispatch::program
