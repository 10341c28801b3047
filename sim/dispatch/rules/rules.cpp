#include "dispatch/rules/rules.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "dispatch/rules/commitment.hpp"
#include "dispatch/rules/flexible_rule.hpp"
#include "dispatch/rules/island_step.hpp"
#include "dispatch/rules/unit_memory.hpp"
#include "dispatch/unit_limits.hpp"

namespace yuanwang::dispatch {

std::vector<IslandRows> sort_rows(const Table& table) {
    std::vector<IslandRows> islands(table.n_island);
    const auto place = [&](const auto& family, auto member) {
        for (std::size_t k = 0; k < family.size(); ++k) {
            (islands[family.island[k]].*member).push_back(k);
        }
    };
    place(table.must_run, &IslandRows::must_run);
    place(table.variables, &IslandRows::variables);
    place(table.hydros, &IslandRows::hydros);
    place(table.thermals, &IslandRows::thermals);
    place(table.ties, &IslandRows::ties);
    place(table.storages, &IslandRows::storages);
    for (IslandRows& rows : islands) {
        std::ranges::stable_sort(
            rows.ties, {}, [&](std::size_t k) { return table.ties.surplus_price_cny_per_mwh[k]; });
        for (const std::size_t k : rows.thermals) {
            rows.offers.push_back({false, k, table.thermals.price_cny_per_mwh[k]});
        }
        for (const std::size_t k : rows.ties) {
            rows.offers.push_back({true, k, table.ties.firm_price_cny_per_mwh[k]});
        }
        std::ranges::stable_sort(rows.offers, {}, &IslandRows::Offer::price_cny_per_mwh);
    }
    return islands;
}

std::vector<std::vector<GroupShare>> list_groups_of_ties(const Table& table) {
    std::vector<std::vector<GroupShare>> groups(table.ties.size());
    for (std::size_t g = 0; g < table.groups.size(); ++g) {
        for (std::size_t m = 0; m < table.groups.ties[g].size(); ++m) {
            if (table.groups.share[g][m] > 0) {
                groups[table.groups.ties[g][m]].push_back({g, table.groups.share[g][m]});
            }
        }
    }
    return groups;
}

namespace {

/// Water beyond the base part, [n_hydro].
std::vector<double> find_flexible_water(const BlockInput& input) {
    std::vector<double> water_mwh(input.hydro_energy_mwh.size());
    const double hours = input.dt_h * static_cast<double>(input.n_step);
    for (std::size_t k = 0; k < water_mwh.size(); ++k) {
        water_mwh[k] = std::max(0.0, input.hydro_energy_mwh[k] - input.hydro_base_mw[k] * hours);
    }
    return water_mwh;
}

void remember_no_day(const Table& table, const BlockInput& input, State& state) {
    if (state.residual_mw.n_element() != table.n_island ||
        state.residual_mw.n_step() != input.steps_per_day) {
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        state.residual_mw.reshape(table.n_island, input.steps_per_day, unknown);
        state.firm_gap_mw.reshape(table.n_island, input.steps_per_day, unknown);
    }
}

/// Offers of a step whose firm energy has a price of its own.
void sort_offers(const BlockInput& input, std::size_t t, std::vector<IslandRows>& islands) {
    for (IslandRows& rows : islands) {
        for (IslandRows::Offer& offer : rows.offers) {
            if (offer.firm) {
                offer.price_cny_per_mwh = input.tie_firm_price_cny_per_mwh(offer.row, t);
            }
        }
        std::ranges::stable_sort(rows.offers, {}, [](const IslandRows::Offer& offer) {
            return std::tuple{offer.price_cny_per_mwh, offer.firm, offer.row};
        });
    }
}

} // namespace

void shape_schedule(const Table& table, std::size_t n_step, Schedule& s) {
    s.must_run_mw.reshape(table.must_run.size(), n_step);
    s.variable_mw.reshape(table.variables.size(), n_step);
    s.curtailed_mw.reshape(table.variables.size(), n_step);
    s.hydro_mw.reshape(table.hydros.size(), n_step);
    s.thermal_mw.reshape(table.thermals.size(), n_step);
    s.thermal_units_on.reshape(table.thermals.size(), n_step);
    s.tie_surplus_mw.reshape(table.ties.size(), n_step);
    s.tie_firm_mw.reshape(table.ties.size(), n_step);
    s.storage_mw.reshape(table.storages.size(), n_step);
    s.storage_e_mwh.reshape(table.storages.size(), n_step);
    s.storage_green_charge_mw.reshape(table.storages.size(), n_step);
    s.managed_mw.reshape(table.managed.size(), n_step);
    s.recovery_mw.reshape(table.managed.size(), n_step);
    s.flexible_shift_mw.reshape(table.flexibles.size(), n_step);
    s.account.reshape(table.accounts.size(), n_step);
    s.unserved_mw.reshape(table.n_island, n_step);
    s.price_cny_per_mwh.reshape(table.n_island, n_step);
    s.backed_down_mw.reshape(table.n_island, n_step);
    s.ledger.clear();
    s.calls.clear();
}

State make_initial_state(const Table& table) {
    State state;
    const models::Batteries& batteries = table.storages.batteries;
    for (std::size_t k = 0; k < batteries.size(); ++k) {
        state.e_mwh.push_back(batteries.soc_initial[k] * batteries.e_max_mwh[k]);
    }
    return state;
}

void dispatch_block(const Table& table, const BlockInput& input, State& state, Schedule& schedule) {
    std::vector<IslandRows> islands = sort_rows(table);
    const std::vector<std::vector<GroupShare>> groups = list_groups_of_ties(table);
    shape_schedule(table, input.n_step, schedule);
    remember_no_day(table, input, state);
    shift_flexible_loads(table, input, state, schedule);
    ManagedCaller managed{table, input, state, schedule};
    Walk walk{table,
              input,
              state,
              schedule,
              groups,
              managed,
              ThermalRamps{table.thermals, state, input.dt_h},
              find_flexible_water(input)};

    for (std::size_t t = 0; t < input.n_step; ++t) {
        commit_minimum(table.thermals, input.thermal_minimum_mw[t], input.heating_season[t],
                       schedule.thermal_units_on.step(t), schedule.thermal_mw.step(t));
        if (!input.thermal_min_mw.empty()) {
            keep_heat_band(table.thermals, input.thermal_min_mw.step(t),
                           input.thermal_max_mw.step(t), input.thermal_minimum_mw[t],
                           schedule.thermal_units_on.step(t), schedule.thermal_mw.step(t));
        }
        hold_units(table, input, t, schedule.thermal_units_on.step(t), schedule.thermal_mw.step(t));
        walk.ramps.keep(schedule.thermal_units_on.step(t), schedule.thermal_mw.step(t));
        if (!input.tie_firm_price_cny_per_mwh.empty()) {
            sort_offers(input, t, islands);
        }
        for (std::size_t i = 0; i < table.n_island; ++i) {
            IslandStep step{walk, islands[i], i, t};
            step.run_what_must();
            step.take_wind_and_sun();
            step.find_use_for_surplus();
            step.import_surplus();
            step.charge_from_unused_surplus();
            step.discharge();
            step.release_water();
            step.call_by_price();
            step.call_managed_load();
            step.leave_unserved();
            step.move_storages();
        }
        walk.ramps.move_on(schedule.thermal_units_on.step(t), schedule.thermal_mw.step(t));
        managed.end_step(t);
    }
    remember_units(table.thermals, input.dt_h, schedule, state);
}

} // namespace yuanwang::dispatch
