#include "dispatch/plan/plan_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "dispatch/rules/commitment.hpp"
#include "dispatch/rules/flexible_rule.hpp"

namespace yuanwang::dispatch {

namespace {

using program::no_bus;
using program::Quantity;
using program::System;
using program::Term;

// Which groups there are

/// True where the parts of a tie together could pass what it carries: else their own bounds do.
bool needs_group(const Ties& ties, std::size_t k) {
    return ties.firm_mw[k] > 0 && ties.import_max_mw[k] > 0;
}

/// True where the ties of a door could pass it.
bool needs_group(const Table& table, std::size_t g) {
    const TieGroups& groups = table.groups;
    double import_mw = 0;
    double export_mw = 0;
    for (std::size_t m = 0; m < groups.ties[g].size(); ++m) {
        import_mw += groups.share[g][m] * table.ties.import_max_mw[groups.ties[g][m]];
        export_mw += groups.share[g][m] * table.ties.export_max_mw[groups.ties[g][m]];
    }
    return import_mw > groups.import_max_mw[g] || export_mw > groups.export_max_mw[g];
}

void add_tie_terms(const PlanColumns& columns, std::size_t tie, double factor,
                   std::vector<Term>& terms) {
    for (const std::size_t first : {columns.surplus, columns.firm, columns.exported}) {
        terms.push_back({Quantity::generation, first + tie, factor});
    }
}

std::vector<Term> list_minimum_terms(const Table& table, const PlanColumns& columns) {
    std::vector<Term> terms = {{Quantity::generation, columns.shortage, 1}};
    for (std::size_t k = 0; k < table.thermals.size(); ++k) {
        if (table.thermals.counts_as_thermal[k]) {
            terms.push_back({Quantity::generation, columns.thermal + k, 1});
        }
    }
    return terms;
}

/// What may rise: thermal plants, water and firm energy up to their ratings, storages by what they hold in reserve.
void add_reserve_groups(const Table& table, const PlanColumns& columns,
                        const PlanSettings& settings, program::Groups& groups) {
    std::vector<Term> asked;
    const auto room_of = [&](std::size_t first, std::size_t n) {
        for (std::size_t k = 0; k < n; ++k) {
            asked.push_back({Quantity::generation, first + k, -1});
        }
    };
    room_of(columns.thermal, table.thermals.size());
    room_of(columns.hydro, table.hydros.size());
    room_of(columns.firm, table.ties.size());
    const models::Batteries& batteries = table.storages.batteries;
    for (std::size_t s = 0; s < batteries.size(); ++s) {
        asked.push_back({Quantity::generation, columns.held + s, 1});
    }
    groups.terms.push_back(std::move(asked));
    for (std::size_t s = 0; s < batteries.size(); ++s) {
        groups.terms.push_back({{Quantity::generation, columns.held + s, 1},
                                {Quantity::discharge, s, 1},
                                {Quantity::charge, s, -1}});
        groups.terms.push_back({{Quantity::generation, columns.held + s, settings.reserve_hours},
                                {Quantity::stored, s, -batteries.eta_discharge[s]}});
    }
}

} // namespace

double guess_price(const Table& table) {
    double sum = 0;
    double count = 0;
    const auto add = [&](double price, double mw) {
        sum += mw > 0 ? price : 0.0;
        count += mw > 0 ? 1.0 : 0.0;
    };
    for (std::size_t k = 0; k < table.thermals.size(); ++k) {
        add(table.thermals.price_cny_per_mwh[k], table.thermals.unit_p_max_mw[k]);
    }
    for (std::size_t k = 0; k < table.ties.size(); ++k) {
        add(table.ties.firm_price_cny_per_mwh[k], table.ties.firm_mw[k]);
    }
    return count > 0 ? sum / count : 0.0;
}

Taper charge_taper(const models::Batteries& b, std::size_t s) {
    if (b.taper_floor.empty() || b.charge_taper_soc.empty() || b.e_max_mwh[s] <= 0 ||
        b.soc_max[s] <= b.charge_taper_soc[s]) {
        return {};
    }
    const double steep = (1 - b.taper_floor[s]) / (b.soc_max[s] - b.charge_taper_soc[s]);
    return {.slope_per_h = b.p_charge_max_mw[s] * steep / b.e_max_mwh[s],
            .room_mw = b.p_charge_max_mw[s] * (1 + steep * b.charge_taper_soc[s])};
}

Taper discharge_taper(const models::Batteries& b, std::size_t s) {
    if (b.taper_floor.empty() || b.discharge_taper_soc.empty() || b.e_max_mwh[s] <= 0 ||
        b.discharge_taper_soc[s] <= b.soc_min[s]) {
        return {};
    }
    const double steep = (1 - b.taper_floor[s]) / (b.discharge_taper_soc[s] - b.soc_min[s]);
    return {.slope_per_h = -b.p_discharge_max_mw[s] * steep / b.e_max_mwh[s],
            .room_mw = b.p_discharge_max_mw[s] * (1 - steep * b.discharge_taper_soc[s])};
}

PlanColumns number_columns(std::span<const Table* const> tables, const PlanSettings& settings) {
    const Table& table = *tables.front();
    const auto any = [&](auto needs) {
        return std::ranges::any_of(tables, [&](const Table* t) { return needs(*t); });
    };
    PlanColumns c;
    c.places = number_places(table);
    c.variable = c.must_run + table.must_run.size();
    c.hydro_base = c.variable + table.variables.size();
    c.hydro = c.hydro_base + table.hydros.size();
    c.thermal = c.hydro + table.hydros.size();
    c.surplus = c.thermal + table.thermals.size();
    c.firm = c.surplus + table.ties.size();
    c.exported = c.firm + table.ties.size();
    c.flexible = c.exported + table.ties.size();
    c.managed = c.flexible + table.flexibles.size();
    c.unserved = c.managed + table.managed.size();
    c.excess = c.unserved + table.n_island;
    c.shortage = c.excess + table.n_island;
    c.held = c.shortage + 1;
    c.reserve = settings.reserve_share > 0;
    c.count = c.held + (c.reserve ? table.storages.size() + 1 : 0); // the last: reserve not kept
    for (std::size_t k = 0; k < table.ties.size(); ++k) {
        if (any([&](const Table& t) { return needs_group(t.ties, k); })) {
            c.tie_of_group.push_back(k);
        }
    }
    for (std::size_t g = 0; g < table.groups.size(); ++g) {
        if (any([&](const Table& t) { return needs_group(t, g); })) {
            c.door_of_group.push_back(g);
        }
    }
    c.minimum_group = c.tie_of_group.size() + c.door_of_group.size();
    c.reserve_group = c.minimum_group + 1;
    c.taper_group = c.reserve_group + (c.reserve ? 1 + 2 * table.storages.size() : 0);
    for (std::size_t s = 0; s < table.storages.size(); ++s) {
        if (charge_taper(table.storages.batteries, s).slope_per_h != 0) {
            c.charge_tapered.push_back(s);
        }
        if (discharge_taper(table.storages.batteries, s).slope_per_h != 0) {
            c.discharge_tapered.push_back(s);
        }
    }
    c.n_group = c.taper_group + c.charge_tapered.size() + c.discharge_tapered.size();
    for (std::size_t k = 0; k < table.thermals.ramp_mw_per_h.size(); ++k) {
        if (std::isfinite(table.thermals.ramp_mw_per_h[k])) {
            c.ramped.push_back(k);
        }
    }
    return c;
}

System make_system(const Table& table, const PlanColumns& c, const NetworkLimits& limits,
                   const PlanSettings& settings) {
    System system;
    system.dt_h = settings.dt_h;
    const Places& at = c.places;
    system.n_bus = at.count;
    system.n_island = table.n_island;
    system.island_of_bus.assign(at.count, 0);
    system.generators.bus.assign(c.count, no_bus);
    const auto stand = [&](const auto& family, std::size_t place) {
        for (std::size_t k = 0; k < family.size(); ++k) {
            system.island_of_bus[place + k] = family.island[k];
        }
    };
    const auto put = [&](std::size_t first, std::size_t n, std::size_t place) {
        for (std::size_t k = 0; k < n; ++k) {
            system.generators.bus[first + k] = place + k;
        }
    };
    stand(table.must_run, at.must_run);
    stand(table.variables, at.variable);
    stand(table.hydros, at.hydro);
    stand(table.thermals, at.thermal);
    stand(table.ties, at.tie);
    stand(table.storages, at.storage);
    stand(table.flexibles, at.flexible);
    put(c.must_run, table.must_run.size(), at.must_run);
    put(c.variable, table.variables.size(), at.variable);
    put(c.hydro_base, table.hydros.size(), at.hydro);
    put(c.hydro, table.hydros.size(), at.hydro);
    put(c.thermal, table.thermals.size(), at.thermal);
    put(c.surplus, table.ties.size(), at.tie);
    put(c.firm, table.ties.size(), at.tie);
    put(c.exported, table.ties.size(), at.tie);
    put(c.flexible, table.flexibles.size(), at.flexible);
    put(c.unserved, table.n_island, at.island);
    put(c.excess, table.n_island, at.island);
    for (std::size_t i = 0; i < table.n_island; ++i) {
        system.island_of_bus[at.island + i] = i;
    }
    for (std::size_t k = 0; k < table.managed.size(); ++k) {
        system.generators.bus[c.managed + k] = at.island + table.managed.island[k];
    }

    const models::Batteries& batteries = table.storages.batteries;
    for (std::size_t s = 0; s < batteries.size(); ++s) {
        system.storages.bus.push_back(at.storage + s);
        system.storages.e_min_mwh.push_back(0); // by step, see write_storages
        system.storages.retention.push_back(1 - batteries.self_discharge_per_h[s] * settings.dt_h);
    }
    system.storages.charge_max_mw = batteries.p_charge_max_mw;
    system.storages.discharge_max_mw = batteries.p_discharge_max_mw;
    system.storages.spill_max_mw.assign(batteries.size(), 0);
    system.storages.e_max_mwh = batteries.e_max_mwh;
    system.storages.eta_charge = batteries.eta_charge;
    system.storages.eta_discharge = batteries.eta_discharge;

    for (const std::size_t k : c.tie_of_group) {
        add_tie_terms(c, k, 1, system.groups.terms.emplace_back());
    }
    for (const std::size_t g : c.door_of_group) {
        auto& terms = system.groups.terms.emplace_back();
        for (std::size_t m = 0; m < table.groups.ties[g].size(); ++m) {
            add_tie_terms(c, table.groups.ties[g][m], table.groups.share[g][m], terms);
        }
    }
    system.groups.terms.push_back(list_minimum_terms(table, c));
    if (c.reserve) {
        const std::size_t first = system.groups.terms.size();
        add_reserve_groups(table, c, settings, system.groups);
        system.groups.terms[first].push_back(
            {Quantity::generation, c.held + table.storages.size(), 1});
    }
    for (const std::size_t s : c.charge_tapered) {
        system.groups.terms.push_back(
            {{Quantity::charge, s, 1},
             {Quantity::stored, s, charge_taper(batteries, s).slope_per_h}});
    }
    for (const std::size_t s : c.discharge_tapered) {
        system.groups.terms.push_back(
            {{Quantity::discharge, s, 1},
             {Quantity::stored, s, discharge_taper(batteries, s).slope_per_h}});
    }
    for (const std::vector<std::size_t>& rows : table.accounts.rows) {
        auto& generators = system.accounts.generators.emplace_back();
        for (const std::size_t row : rows) {
            generators.push_back(c.flexible + row);
        }
    }
    system.accounts.keep = table.accounts.keep;
    for (const std::size_t k : c.ramped) {
        system.ramps.generator.push_back(c.thermal + k);
        system.ramps.limit_mw.push_back(table.thermals.ramp_mw_per_h[k] * settings.dt_h);
    }
    for (std::size_t k = 0; k < table.hydros.size(); ++k) {
        system.budgets.generator.push_back(c.hydro + k);
    }
    system.branches = {.limit_mw = limits.limit_mw,
                       .ptdf = limits.factors,
                       .overload_price_per_mwh = settings.overload_price,
                       .outage_overload_price_per_mwh = settings.outage_overload_price,
                       .outages = limits.outages,
                       .emergency_mw = limits.emergency_mw};
    return system;
}

} // namespace yuanwang::dispatch
