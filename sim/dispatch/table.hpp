/// @file
/// What dispatch decides about, as plain columns: the table of one epoch, the input of one block,
/// the state between blocks and the schedule that comes out.
///
/// Every row stands in an island: a connected part of the grid with a balance of its own. Within an
/// island the grid is a copper plate; ties and groups of ties (断面) carry the limits that dispatch
/// knows. All series are [n_row × n_step], MW, into the grid positive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/series.hpp"
#include "models/load/managed_registry.hpp"
#include "models/storage/battery.hpp"

namespace yuanwang::dispatch {

/// Runs as it comes: waste, HVDC, sources at a set power.
struct MustRun {
    std::vector<std::size_t> island;
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// Local wind and sun: taken first, curtailed where there is no use for it.
struct Variables {
    std::vector<std::size_t> island;
    std::vector<double> station_limit_mw; ///< what the station may send out; infinite: no limit
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// Plants with a base part and an energy budget per block.
struct Hydros {
    std::vector<std::size_t> island;
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// Plants of equal units that start and stop. A unit with a negative least output is a load that may be reduced: it draws
/// −p_min, and is reduced at its price.
struct Thermals {
    std::vector<std::size_t> island;
    std::vector<double> unit_p_max_mw;
    std::vector<double> unit_p_min_mw;
    std::vector<int> units;
    std::vector<bool> chp;               ///< committed first in the heating season
    std::vector<bool> counts_as_thermal; ///< its output counts towards the thermal minimum
    std::vector<double> price_cny_per_mwh;
    // Optional, by plant; empty: none.
    std::vector<double> ramp_mw_per_h;       ///< of the running plant, both ways
    std::vector<double> start_cost_cny;      ///< of one unit
    std::vector<double> idle_cost_cny_per_h; ///< of one running unit, whatever its output
    std::vector<double> min_up_h;
    std::vector<double> min_down_h;
    std::vector<double> start_up_limit_mw;  ///< of one unit; 0 or empty: see unit_limits.hpp
    std::vector<double> shut_down_limit_mw; ///< of one unit; 0 or empty: see unit_limits.hpp
    std::vector<int> least_units; ///< that run whatever is called, see unit_limits.hpp; empty: 0
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// External grids: clean surplus first, firm energy by price, export of what is left over.
struct Ties {
    std::vector<std::size_t> island;
    std::vector<double> import_max_mw;
    std::vector<double> export_max_mw;
    std::vector<double> firm_mw; ///< offered beyond the surplus
    std::vector<double> surplus_price_cny_per_mwh;
    std::vector<double> firm_price_cny_per_mwh;
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// A limit on a weighted sum of ties: −export_max ≤ Σ share · p_tie ≤ import_max.
struct TieGroups {
    std::vector<std::vector<std::size_t>> ties;
    std::vector<std::vector<double>> share;
    std::vector<double> import_max_mw;
    std::vector<double> export_max_mw;
    [[nodiscard]] std::size_t size() const { return ties.size(); }
};

struct Storages {
    std::vector<std::size_t> island;
    models::Batteries batteries;
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// Load that has agreed to be called before anybody is cut off.
struct ManagedLoads {
    std::vector<std::size_t> island;
    std::vector<int> shed_class;    ///< 1 is called first
    std::vector<double> p_mw;       ///< what the class can give up
    models::CallTerms terms;        ///< [n_managed]; empty: no notice, no quota, no recovery
    models::ManagedRecords records; ///< of the groups; empty: a group is called as one
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// What load management remembers; empty until the first call.
struct ManagedState {
    std::vector<double> used_h;   ///< [n_record], of the quota of the year
    std::vector<double> call_h;   ///< [n_record], length of the running call
    std::vector<double> rest_h;   ///< [n_record], left before the next call
    std::vector<double> owed_mwh; ///< [n_managed], comes back when the group's call is over
    struct Recovery {             ///< load that comes back
        std::size_t group = 0;
        double mw = 0;
        double left_h = 0;
    };
    std::vector<Recovery> recoveries;
    double year_h = 0; ///< since the quotas began
};

/// Load that may move: its consumption p stays between bounds, and what moving leads to stays in its accounts.
struct Flexibles {
    std::vector<std::size_t> island;
    [[nodiscard]] std::size_t size() const { return island.size(); }
};

/// What moved load owes or has in hand: work not yet done, heat of a bath, water in a basin.
///
///     x_t = keep x_{t−1} + Δt Σ_{r in rows} w_r (p_r − base_r),     x_min(t) ≤ x_t ≤ x_max(t)
///
/// Work with a deadline: keep 1, x ≤ 0 in every step, and −x is what waits; several sites in one account move work. Where what
/// passed from the block before waits beyond its bound, it is run as early as the rows allow.
struct Accounts {
    std::vector<std::vector<std::size_t>> rows; ///< of `Flexibles`
    std::vector<double> keep;                   ///< per step
    std::vector<std::size_t> deadline_steps;    ///< of work; 0 or empty: no work
    [[nodiscard]] std::size_t size() const { return rows.size(); }
    [[nodiscard]] bool is_work(std::size_t a) const {
        return a < deadline_steps.size() && deadline_steps[a] > 0;
    }
};

/// Everything dispatch decides about in one epoch.
struct Table {
    std::size_t n_island = 1;
    MustRun must_run;
    Variables variables;
    Hydros hydros;
    Thermals thermals;
    Ties ties;
    TieGroups groups;
    Storages storages;
    ManagedLoads managed;
    Flexibles flexibles;
    Accounts accounts;
    double unserved_price_cny_per_mwh = 0;
};

/// What one block brings.
struct BlockInput {
    double dt_h = 1;
    std::size_t n_step = 0;
    std::size_t steps_per_day = 24;
    std::size_t first_step_of_day = 0; ///< clock position of the block's first step
    std::size_t steps_since_order = 0; ///< of the day's order that went by before the first step
    Series demand_mw;                  ///< [n_island × n_step]
    Series loss_mw;                    ///< [n_island × n_step], losses reckoned with
    Series must_run_mw;                ///< may be negative (HVDC out of the city)
    Series variable_mw;                ///< available wind and sun
    Series tie_surplus_mw;
    std::vector<double> hydro_energy_mwh;   ///< [n_hydro], budget of the block, base part included
    std::vector<double> hydro_base_mw;      ///< [n_hydro], flows in every step
    std::vector<double> hydro_max_mw;       ///< [n_hydro]
    std::vector<double> thermal_minimum_mw; ///< [n_step], over the whole city
    std::vector<bool> heating_season;       ///< [n_step]
    // Optional; empty: the constants of the table.
    Series thermal_min_mw;                ///< [n_thermal × n_step], of the whole plant (CHP band)
    Series thermal_max_mw;                ///< [n_thermal × n_step]
    Series tie_surplus_price_cny_per_mwh; ///< [n_tie × n_step]
    Series tie_firm_price_cny_per_mwh;
    Series storage_charge_max_mw; ///< [n_storage × n_step] (cold)
    Series storage_discharge_max_mw;
    // Of flexible load. Its base is part of the demand; dispatch answers with what it moves.
    Series flexible_base_mw; ///< [n_flexible × n_step], consumption as planned
    Series flexible_min_mw;
    Series flexible_max_mw;
    Series flexible_weight; ///< [n_flexible × n_step], units of the account per MWh
    Series account_min;     ///< [n_account × n_step]
    Series account_max;
};

/// What passes from block to block.
struct State {
    std::vector<double> e_mwh;                     ///< [n_storage]
    std::vector<double> account;                   ///< [n_account]; empty: all zero
    std::vector<double> storage_value_cny_per_mwh; ///< [n_storage], of a plan; empty: none yet
    std::vector<double> thermal_mw; ///< [n_thermal], in the last step; empty: none yet
    Series
        units_before; ///< [n_thermal × n_past], units on in the steps before, the last one last; empty: none yet
    // What hydro met a day ago, [n_island × steps_per_day]; empty or NaN where there is no day before.
    Series residual_mw; ///< what was left to it
    Series firm_gap_mw; ///< beyond firm plants and ties, had there been no wind, sun and surplus
    ManagedState managed;
};

enum class Cause : std::uint8_t {
    section,
    station_limit,
    minimum_output,
    storage_full,
    surplus,
    branch_n,
    branch_n1,
    reserve
};
enum class LimitKind : std::uint8_t { none, tie, group, network };

inline constexpr std::size_t no_outage_row = static_cast<std::size_t>(-1);

/// A row of the curtailment ledger.
struct Curtailed {
    std::size_t step = 0;
    std::size_t variable = 0; ///< row in `Table::variables`
    Cause cause = Cause::surplus;
    LimitKind limit = LimitKind::none; ///< for causes `section`, `branch_n`, `branch_n1`
    std::size_t limit_row = 0;
    double mwh = 0;
    std::size_t outage_row = no_outage_row; ///< of the network's limits, where an outage is named
};

/// An enterprise that gives up power in a step.
struct ManagedCall {
    std::size_t step = 0;
    std::size_t record = 0; ///< of ManagedLoads::records
    double mw = 0;
};

/// Who does what.
struct Schedule {
    Series must_run_mw;
    Series variable_mw;
    Series curtailed_mw; ///< [n_variable × n_step]
    Series hydro_mw;
    Series thermal_mw;
    Series thermal_units_on;
    Series tie_surplus_mw;
    Series tie_firm_mw;             ///< negative: export
    Series storage_mw;              ///< discharge positive
    Series storage_e_mwh;           ///< at the end of the step
    Series storage_green_charge_mw; ///< of the charging power, wind, sun and clean surplus
    Series managed_mw;              ///< [n_managed × n_step]
    Series recovery_mw;             ///< [n_managed × n_step], load that comes back after calls
    Series flexible_shift_mw;       ///< [n_flexible × n_step], consumption above its base
    Series account;                 ///< [n_account × n_step], at the end of the step
    Series unserved_mw;             ///< [n_island × n_step]
    Series price_cny_per_mwh;       ///< [n_island × n_step], of the dearest source called
    Series backed_down_mw;          ///< [n_island × n_step], must-run output that had to give way
    std::vector<Curtailed> ledger;
    std::vector<ManagedCall> calls;
};

} // namespace yuanwang::dispatch
