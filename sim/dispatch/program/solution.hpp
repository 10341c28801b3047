/// @file
/// The answer of a block program and the proof that it is one.
///
/// A primal answer is checked against every bound, balance and branch limit. A dual answer proves how good it is: with the
/// duals λ, ν, μ the reduced costs are d = cost − Aᵀ(λ, ν, μ), and no feasible answer costs less than
///
///     bound = Σ_rows (y > 0 ? y·lower : y·upper) + Σ_columns (d > 0 ? d·lower : d·upper)
///
/// The bound is taken over every shed row at its own price, whichever columns the engine worked with: where it meets the
/// objective, cutting off load in proportion was exact. Branches the engine never looked at have μ = 0 and need no row.
/// Source: Bertsimas, Tsitsiklis, Introduction to Linear Optimization, 1997, section 4.3 (weak duality).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/series.hpp"
#include "dispatch/program/program.hpp"

namespace yuanwang::dispatch::program {

enum class SolveStatus : std::uint8_t {
    optimal,    ///< checked: feasible, and no dearer than the bound
    not_sound,  ///< a number of the block is not finite, or a lower bound lies above its upper one
    infeasible, ///< no schedule keeps all limits, with all load cut off
    iteration_limit, ///< the solver stopped before its end
    round_limit,     ///< branch limits were still violated after the last round
    rejected,        ///< the solver called it optimal, the check did not
};
[[nodiscard]] std::string_view to_string(SolveStatus status);

/// A limit that holds something back, in the base state or after an outage.
struct BindingBranch {
    std::size_t step = 0;
    std::size_t branch = 0;
    double value_per_mwh = 0;       ///< what one more MWh through the limit would save
    std::size_t outage = no_outage; ///< the branch lost
    double outage_factor = 0;       ///< L of the two
    bool forward = true;            ///< the flow from → to is held back
    double overload_mw = 0;         ///< beyond the limit, where nothing cheaper was left
};

/// Schedule and prices of a block. Empty unless `optimal`, `round_limit` or `rejected`.
struct Solution {
    SolveStatus status = SolveStatus::rejected;
    double objective = 0;          ///< currency, of the schedule
    double bound = 0;              ///< currency, nothing costs less
    double max_violation_mw = 0;   ///< over bounds, balances (MWh for storages) and branch limits
    std::vector<double> step_cost; ///< [n_step], currency, without the value of energy left

    Series generation_mw; ///< [n_generator × n_step]
    Series charge_mw;     ///< [n_storage × n_step]
    Series discharge_mw;
    Series spill_mw;
    Series stored_mwh;
    Series shed_mw;       ///< [n_shed × n_step]
    Series account;       ///< [n_account × n_step]
    Series price_per_mwh; ///< [n_bus × n_step], λ + Σ_k μ_k H_ki: what one more MWh there costs
    Series storage_value; ///< [n_storage × n_step], −ν: what one more stored MWh would save
    Series group_value; ///< [n_group × n_step], what moving the limit by an MWh would save, ≥ 0
    std::vector<BindingBranch> binding;

    int rounds = 0;               ///< times the program was solved
    int iterations = 0;           ///< of the simplex method
    std::size_t n_branch_row = 0; ///< branch limits in the program at the end
};

/// What duals a solver found: per row of the program, and per branch and step where a limit was a row.
struct Duals {
    std::vector<double> rows;          ///< [layout.n_row]
    std::vector<BindingBranch> branch; ///< of limit rows; value with the sign of μ, currency/MW
};

/// Flow of every limit, MW, from the injection at every bus less its demand and the flow of everything else, into `flow_mw`
/// [n_limit]. `H_columns` is the PTDF by columns.
void compute_flows(const std::vector<double>& H_columns, const Block& block, std::size_t t,
                   std::span<const double> injection_mw, std::span<double> flow_mw);

/// What a limit row may carry, MW, less what flows whatever the program decides: f⁰ − Σ H D stands on the other side.
struct RowLimits {
    double lower_mw = 0;
    double upper_mw = 0;
};
[[nodiscard]] RowLimits find_row_limits(const System& system, const Block& block,
                                        const BindingBranch& row);

/// Factor of a limit row at a bus: H, or H + L H of the branch lost.
[[nodiscard]] double find_row_factor(const System& system, const BindingBranch& row,
                                     std::size_t bus);

/// Most an overload column may take, MW: more than any line carries.
inline constexpr double overload_max_mw = 1e5;

/// Injection less demand of every bus in step t, MW, into `injection_mw` [n_bus].
void compute_injection(const System& system, const Block& block, const Solution& solution,
                       std::size_t t, std::span<double> injection_mw);

/// Fills costs and objective from the schedule, overloads of `binding` included.
void compute_costs(const System& system, const Block& block, Solution& solution);

/// Fills prices and the bound from the duals.
void compute_prices_and_bound(const System& system, const Block& block, const LinearProgram& lp,
                              const Duals& duals, Solution& solution);

/// Largest violation of column bounds and rows of the program by the schedule, MW (MWh for storages and budgets).
[[nodiscard]] double measure_violation(const System& system, const LinearProgram& lp,
                                       const Solution& solution);

} // namespace yuanwang::dispatch::program
