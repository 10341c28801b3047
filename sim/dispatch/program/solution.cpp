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

/// The least a term y·x can be with x between lower and upper.
double least_term(double y, double lower, double upper) {
    return y == 0 ? 0 : y * (y > 0 ? lower : upper);
}

double stored_before(const System& system, const Block& block, const Solution& solution,
                     std::size_t s, std::size_t t) {
    if (t > 0) {
        return system.storages.retention[s] * solution.stored_mwh(s, t - 1);
    }
    return system.storages.retention[s] * (block.seam == Seam::cyclic
                                               ? solution.stored_mwh(s, block.n_step - 1)
                                               : block.e_start_mwh[s]);
}

double violate_bounds(const System& system, const Block& block, const Solution& solution,
                      std::size_t t) {
    double worst = 0;
    for (std::size_t k = 0; k < system.generators.size(); ++k) {
        worst = std::max(worst, outside(solution.generation_mw(k, t), block.p_min_mw(k, t),
                                        block.p_max_mw(k, t)));
    }
    const Storages& st = system.storages;
    for (std::size_t s = 0; s < st.size(); ++s) {
        const bool at_end = block.seam == Seam::fixed && t + 1 == block.n_step;
        const double e_min = at_end ? block.e_end_mwh[s] : st.e_min_mwh[s];
        const double e_max = at_end ? block.e_end_mwh[s] : st.e_max_mwh[s];
        worst = std::max({worst, outside(solution.charge_mw(s, t), 0, st.charge_max_mw[s]),
                          outside(solution.discharge_mw(s, t), 0, st.discharge_max_mw[s]),
                          outside(solution.spill_mw(s, t), 0, st.spill_max_mw[s]),
                          outside(solution.stored_mwh(s, t), e_min, e_max)});
    }
    for (std::size_t b = 0; b < system.sheds.size(); ++b) {
        worst = std::max(worst, outside(solution.shed_mw(b, t), 0, system.sheds.p_max_mw[b]));
    }
    return worst;
}

double violate_storage(const System& system, const Block& block, const Solution& solution,
                       std::size_t t) {
    const Storages& st = system.storages;
    double worst = 0;
    for (std::size_t s = 0; s < st.size(); ++s) {
        const double gained_mw = st.eta_charge[s] * solution.charge_mw(s, t) -
                                 solution.discharge_mw(s, t) / st.eta_discharge[s] -
                                 solution.spill_mw(s, t) + block.inflow_mw(s, t);
        const double expected =
            stored_before(system, block, solution, s, t) + system.dt_h * gained_mw;
        worst = std::max(worst, std::abs(solution.stored_mwh(s, t) - expected));
    }
    return worst;
}

/// Σ_rows of the bound: balances and storages, and branches with the demand behind them.
double bound_of_rows(const System& system, const Block& block, const LinearProgram& lp,
                     const Duals& duals) {
    double bound = 0;
    for (std::size_t r = 0; r < lp.layout.n_row(); ++r) {
        bound += least_term(duals.rows[r], lp.row_lower[r], lp.row_upper[r]);
    }
    for (const BindingBranch& row : duals.branch) {
        const auto h =
            system.branches.ptdf.begin() + static_cast<std::ptrdiff_t>(row.branch * system.n_bus);
        const auto demand = block.demand_mw.step(row.step);
        const double carried = std::inner_product(demand.begin(), demand.end(), h, 0.0);
        const double limit = system.branches.limit_mw[row.branch];
        bound += least_term(row.value_per_mwh, carried - limit, carried + limit);
    }
    return bound;
}

/// d = cost − Aᵀy of every column; branch rows act through the bus prices q − λ.
std::vector<double> reduced_costs(const System& system, const LinearProgram& lp, const Duals& duals,
                                  const Series& congestion) {
    std::vector<double> d = lp.cost;
    for (const auto* entries : {&lp.within_steps, &lp.coupling}) {
        for (const Entry& entry : *entries) {
            d[entry.column] -= duals.rows[entry.row] * entry.value;
        }
    }
    const Layout& at = lp.layout;
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t k = 0; k < at.n_generator; ++k) {
            d[at.g(t, k)] -= congestion(system.generators.bus[k], t);
        }
        for (std::size_t s = 0; s < at.n_storage; ++s) {
            d[at.c(t, s)] += congestion(system.storages.bus[s], t);
            d[at.d(t, s)] -= congestion(system.storages.bus[s], t);
        }
    }
    return d;
}

} // namespace

std::string_view to_string(SolveStatus status) {
    static constexpr std::array<std::string_view, 6> names = {
        "optimal", "not_sound", "infeasible", "iteration_limit", "round_limit", "rejected"};
    return names[static_cast<std::size_t>(status)];
}

void compute_flows(const std::vector<double>& H_columns, std::span<const double> injection_mw,
                   std::span<double> flow_mw) {
    std::ranges::fill(flow_mw, 0.0);
    const double* column = H_columns.data();
    for (const double p : injection_mw) {
        for (std::size_t k = 0; k < flow_mw.size(); ++k) {
            flow_mw[k] += p * column[k];
        }
        column += flow_mw.size();
    }
}

void compute_injection(const System& system, const Block& block, const Solution& solution,
                       std::size_t t, std::span<double> injection_mw) {
    std::ranges::transform(block.demand_mw.step(t), injection_mw.begin(), std::negate<>{});
    for (std::size_t k = 0; k < system.generators.size(); ++k) {
        injection_mw[system.generators.bus[k]] += solution.generation_mw(k, t);
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
    solution.objective = std::accumulate(solution.step_cost.begin(), solution.step_cost.end(), 0.0);
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
        for (std::size_t i = 0; i < system.n_bus; ++i) {
            congestion(i, row.step) +=
                row.value_per_mwh * system.branches.ptdf[row.branch * system.n_bus + i];
        }
    }
    std::vector<double> d = reduced_costs(system, lp, duals, congestion);

    solution.bound = bound_of_rows(system, block, lp, duals);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        d[at.u(t)] = 0; // each shed row stands for itself
        for (std::size_t b = 0; b < system.sheds.size(); ++b) {
            const double marginal = duals.rows[at.balance(t)] + congestion(system.sheds.bus[b], t);
            solution.bound += least_term(system.dt_h * system.sheds.price_per_mwh[b] - marginal, 0,
                                         system.sheds.p_max_mw[b]);
        }
    }
    for (std::size_t j = 0; j < at.n_column(); ++j) {
        solution.bound += least_term(d[j], lp.lower[j], lp.upper[j]);
    }

    solution.price_per_mwh.reshape(system.n_bus, block.n_step);
    solution.storage_value.reshape(system.storages.size(), block.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t i = 0; i < system.n_bus; ++i) {
            solution.price_per_mwh(i, t) =
                (duals.rows[at.balance(t)] + congestion(i, t)) / system.dt_h;
        }
        for (std::size_t s = 0; s < system.storages.size(); ++s) {
            solution.storage_value(s, t) = -duals.rows[at.storage(t, s)];
        }
    }
    solution.binding.clear();
    for (const BindingBranch& row : duals.branch) {
        if (row.value_per_mwh != 0) {
            solution.binding.push_back(
                {row.step, row.branch, std::abs(row.value_per_mwh) / system.dt_h});
        }
    }
}

double measure_violation(const System& system, const Block& block, const Solution& solution) {
    double worst = 0;
    std::vector<double> injection_mw(system.n_bus);
    for (std::size_t t = 0; t < block.n_step; ++t) {
        compute_injection(system, block, solution, t, injection_mw);
        const double surplus_mw = std::accumulate(injection_mw.begin(), injection_mw.end(), 0.0);
        worst = std::max({worst, std::abs(surplus_mw), violate_bounds(system, block, solution, t),
                          violate_storage(system, block, solution, t)});
    }
    return worst;
}

} // namespace yuanwang::dispatch::program
