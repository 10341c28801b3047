/// @file
/// Dispatch tables and inputs in a few lines: one island unless said otherwise, flat series.
#pragma once

#include <cstddef>
#include <limits>
#include <numeric>

#include "dispatch/rules/rules.hpp"

namespace yuanwang::test {

/// A table, its input and a schedule, grown row by row.
struct Tiny {
    dispatch::Table table;
    dispatch::BlockInput input;
    dispatch::State state;
    dispatch::Schedule schedule;

    explicit Tiny(double demand_mw, std::size_t n_step = 24, std::size_t n_island = 1) {
        table.n_island = n_island;
        table.unserved_price_cny_per_mwh = 20000;
        input.n_step = n_step;
        input.steps_per_day = 24;
        input.demand_mw = Series(n_island, n_step, demand_mw);
        input.loss_mw = Series(n_island, n_step, 0);
        input.thermal_minimum_mw.assign(n_step, 0);
        input.heating_season.assign(n_step, false);
    }

    std::size_t add_wind(double p_mw, std::size_t island = 0,
                         double limit_mw = std::numeric_limits<double>::infinity()) {
        table.variables.island.push_back(island);
        table.variables.station_limit_mw.push_back(limit_mw);
        return grow(input.variable_mw, p_mw);
    }
    std::size_t add_must_run(double p_mw, std::size_t island = 0) {
        table.must_run.island.push_back(island);
        return grow(input.must_run_mw, p_mw);
    }
    std::size_t add_hydro(double energy_mwh, double base_mw, double p_max_mw,
                          std::size_t island = 0) {
        table.hydros.island.push_back(island);
        input.hydro_energy_mwh.push_back(energy_mwh);
        input.hydro_base_mw.push_back(base_mw);
        input.hydro_max_mw.push_back(p_max_mw);
        return table.hydros.size() - 1;
    }
    std::size_t add_thermal(int units, double unit_mw, double least_mw, double price,
                            bool chp = false, std::size_t island = 0) {
        dispatch::Thermals& th = table.thermals;
        th.island.push_back(island);
        th.unit_p_max_mw.push_back(unit_mw);
        th.unit_p_min_mw.push_back(least_mw);
        th.units.push_back(units);
        th.chp.push_back(chp);
        th.counts_as_thermal.push_back(true);
        th.price_cny_per_mwh.push_back(price);
        return th.size() - 1;
    }
    struct Tie {
        double surplus_mw = 0;
        double import_mw = 0;
        double firm_mw = 0;
        double export_mw = 0;
        double surplus_price = 100;
        double firm_price = 300;
        std::size_t island = 0;
    };
    std::size_t add_tie(const Tie& tie) {
        dispatch::Ties& ties = table.ties;
        ties.island.push_back(tie.island);
        ties.import_max_mw.push_back(tie.import_mw);
        ties.export_max_mw.push_back(tie.export_mw);
        ties.firm_mw.push_back(tie.firm_mw);
        ties.surplus_price_cny_per_mwh.push_back(tie.surplus_price);
        ties.firm_price_cny_per_mwh.push_back(tie.firm_price);
        return grow(input.tie_surplus_mw, tie.surplus_mw);
    }
    std::size_t add_battery(double p_mw, double e_mwh, double soc = 0.5, std::size_t island = 0) {
        table.storages.island.push_back(island);
        models::Batteries& b = table.storages.batteries;
        b.p_charge_max_mw.push_back(p_mw);
        b.p_discharge_max_mw.push_back(p_mw);
        b.e_max_mwh.push_back(e_mwh);
        b.soc_min.push_back(0.1);
        b.soc_max.push_back(0.9);
        b.soc_initial.push_back(soc);
        b.eta_charge.push_back(0.95);
        b.eta_discharge.push_back(0.94);
        b.self_discharge_per_h.push_back(0.001);
        return b.size() - 1;
    }
    void add_managed(int shed_class, double p_mw, std::size_t island = 0) {
        table.managed.island.push_back(island);
        table.managed.shed_class.push_back(shed_class);
        table.managed.p_mw.push_back(p_mw);
    }

    /// Dispatches the block; the state is the initial one unless a block ran before.
    Tiny& run() {
        if (state.e_mwh.size() != table.storages.size()) {
            state = dispatch::make_initial_state(table);
        }
        dispatch::dispatch_block(table, input, state, schedule);
        return *this;
    }

    [[nodiscard]] static double sum(std::span<const double> values) {
        return std::accumulate(values.begin(), values.end(), 0.0);
    }

    /// Sum of the schedule of an island less what it has to serve, MW.
    [[nodiscard]] double imbalance_mw(std::size_t island, std::size_t t) const {
        const dispatch::Schedule& s = schedule;
        double p_mw = 0;
        const auto add = [&](const auto& family, const Series& series) {
            for (std::size_t k = 0; k < family.size(); ++k) {
                p_mw += family.island[k] == island ? series(k, t) : 0.0;
            }
        };
        add(table.must_run, s.must_run_mw);
        add(table.variables, s.variable_mw);
        add(table.hydros, s.hydro_mw);
        add(table.thermals, s.thermal_mw);
        add(table.ties, s.tie_surplus_mw);
        add(table.ties, s.tie_firm_mw);
        add(table.storages, s.storage_mw);
        add(table.managed, s.managed_mw);
        for (std::size_t k = 0; k < table.managed.size() && !s.recovery_mw.empty(); ++k) {
            p_mw -= table.managed.island[k] == island ? s.recovery_mw(k, t) : 0.0;
        }
        for (std::size_t k = 0; k < table.flexibles.size(); ++k) {
            p_mw -= table.flexibles.island[k] == island ? s.flexible_shift_mw(k, t) : 0.0;
        }
        return p_mw + s.unserved_mw(island, t) - input.demand_mw(island, t) -
               input.loss_mw(island, t);
    }

  private:
    /// Adds a flat row to a series; returns its number.
    std::size_t grow(Series& series, double value) const {
        const std::size_t n = series.n_element();
        Series next(n + 1, input.n_step, value);
        for (std::size_t t = 0; t < input.n_step; ++t) {
            for (std::size_t k = 0; k < n; ++k) {
                next(k, t) = series(k, t);
            }
        }
        series = std::move(next);
        return n;
    }
};

} // namespace yuanwang::test
