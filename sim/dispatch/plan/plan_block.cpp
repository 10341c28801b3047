#include "dispatch/plan/plan_block.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "dispatch/rules/commitment.hpp"
#include "dispatch/rules/flexible_rule.hpp"
#include "dispatch/unit_limits.hpp"

namespace yuanwang::dispatch {

namespace {

using program::Block;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double excess_max_mw = 1e5;
constexpr double cycling_price = 0.01;
constexpr double water_margin = 0.1; ///< beyond clean surplus, CNY/MWh
constexpr double band_tolerance_mw = 1e-6;

/// A step of one of the blocks.
struct Step {
    const BlockInput& input;
    std::size_t t;  ///< within the input
    std::size_t at; ///< within the plan
};

/// What passes from step to step of a plan.
struct Reach {
    std::vector<double> idle_mwh; ///< of each storage, had nothing been done since the plan began
    std::vector<double> full_mwh; ///< had it charged all the time
    std::vector<double> owed;     ///< of each account, had nothing moved since the plan began
};

/// The steps of the blocks of one table.
class StepWriter {
  public:
    StepWriter(const Table& table, const PlanColumns& columns, const PlanSettings& settings,
               Reach& reach, Block& block, UnitBands& bands)
        : table_{table}, c_{columns}, settings_{settings}, reach_{reach}, b_{block}, bands_{bands},
          dearest_{find_dearest(table)}, water_price_{find_water_price(table)} {}

    void write(const Step& step) {
        write_demand(step);
        write_must_run(step);
        write_variables(step);
        write_hydros(step);
        write_thermals(step);
        write_ties(step);
        write_storages(step);
        write_flexibles(step);
        write_last_resorts(step);
        write_groups(step);
    }

  private:
    static double find_dearest(const Table& table) {
        double dearest = 0;
        for (const auto* prices :
             {&table.thermals.price_cny_per_mwh, &table.ties.firm_price_cny_per_mwh,
              &table.ties.surplus_price_cny_per_mwh}) {
            for (const double price : *prices) {
                dearest = std::max(dearest, price);
            }
        }
        return dearest;
    }

    /// Water that is not used stays in its reservoir: it comes after clean surplus, before coal and firm imports.
    static double find_water_price(const Table& table) {
        double price = -2 * water_margin;
        for (std::size_t k = 0; k < table.ties.size(); ++k) {
            price = std::max(price, table.ties.surplus_price_cny_per_mwh[k]);
        }
        return price + water_margin;
    }

    void put(const Step& step, std::size_t column, double least_mw, double most_mw, double price) {
        b_.p_min_mw(column, step.at) = least_mw;
        b_.p_max_mw(column, step.at) = std::max(least_mw, most_mw);
        b_.price_per_mwh(column, step.at) = price;
    }

    void write_demand(const Step& step) {
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            b_.demand_mw(c_.places.island + i, step.at) =
                step.input.demand_mw(i, step.t) + step.input.loss_mw(i, step.t);
        }
    }

    void write_must_run(const Step& step) {
        for (std::size_t k = 0; k < table_.must_run.size(); ++k) {
            const double p_mw = step.input.must_run_mw(k, step.t);
            put(step, c_.must_run + k, std::min(p_mw, 0.0), p_mw, -settings_.back_down_price);
        }
    }

    void write_variables(const Step& step) {
        for (std::size_t k = 0; k < table_.variables.size(); ++k) {
            const double p_mw = std::min(std::max(0.0, step.input.variable_mw(k, step.t)),
                                         table_.variables.station_limit_mw[k]);
            put(step, c_.variable + k, 0, p_mw, -settings_.curtailment_price);
        }
    }

    void write_hydros(const Step& step) {
        for (std::size_t k = 0; k < table_.hydros.size(); ++k) {
            const double base_mw = step.input.hydro_base_mw[k];
            put(step, c_.hydro_base + k, 0, base_mw, -settings_.back_down_price / 2);
            put(step, c_.hydro + k, 0, step.input.hydro_max_mw[k] - base_mw, water_price_);
        }
    }

    void write_thermals(const Step& step) {
        const Thermals& thermals = table_.thermals;
        commit_minimum(thermals, step.input.thermal_minimum_mw[step.t],
                       step.input.heating_season[step.t], bands_.committed.step(step.at),
                       scratch_mw(thermals.size()));
        for (std::size_t k = 0; k < thermals.size(); ++k) {
            double& committed = bands_.committed(k, step.at);
            const int held = count_held_units(table_, step.input, k, step.t);
            committed = std::max(committed, static_cast<double>(held));
            double least_mw = committed * thermals.unit_p_min_mw[k];
            double most_mw = thermals.units[k] * thermals.unit_p_max_mw[k];
            if (!step.input.thermal_max_mw.empty()) {
                most_mw = std::min(most_mw, step.input.thermal_max_mw(k, step.t));
            }
            if (!step.input.thermal_min_mw.empty()) {
                least_mw = std::max(least_mw, step.input.thermal_min_mw(k, step.t));
                committed = std::max(committed, count_units(thermals, k, least_mw, 0));
            }
            put(step, c_.thermal + k, std::min(least_mw, most_mw), most_mw,
                thermals.price_cny_per_mwh[k]);
        }
        put(step, c_.shortage, 0, step.input.thermal_minimum_mw[step.t], settings_.minimum_price);
    }

    void write_ties(const Step& step) {
        const Ties& ties = table_.ties;
        const auto price = [&](const Series& by_step, const std::vector<double>& constant,
                               std::size_t k) {
            return by_step.empty() ? constant[k] : by_step(k, step.t);
        };
        for (std::size_t k = 0; k < ties.size(); ++k) {
            const double surplus_mw = std::max(0.0, step.input.tie_surplus_mw(k, step.t));
            const double surplus_price =
                price(step.input.tie_surplus_price_cny_per_mwh, ties.surplus_price_cny_per_mwh, k);
            const double firm_price =
                price(step.input.tie_firm_price_cny_per_mwh, ties.firm_price_cny_per_mwh, k);
            put(step, c_.surplus + k, 0, std::min(surplus_mw, ties.import_max_mw[k]),
                surplus_price);
            put(step, c_.firm + k, 0, std::min(ties.firm_mw[k], ties.import_max_mw[k]), firm_price);
            // Exports are worth nothing. Where imports are paid for, they cost what the import would bring, or a tie would
            // earn by importing and exporting at once.
            put(step, c_.exported + k, -ties.export_max_mw[k], 0,
                std::min({0.0, surplus_price, firm_price}));
        }
    }

    void write_storages(const Step& step) {
        const models::Batteries& batteries = table_.storages.batteries;
        const auto pick = [&](const Series& by_step, const std::vector<double>& constant,
                              std::size_t s) {
            return by_step.empty() ? constant[s] : by_step(s, step.t);
        };
        for (std::size_t s = 0; s < batteries.size(); ++s) {
            b_.charge_max_mw(s, step.at) =
                pick(step.input.storage_charge_max_mw, batteries.p_charge_max_mw, s);
            b_.discharge_max_mw(s, step.at) =
                pick(step.input.storage_discharge_max_mw, batteries.p_discharge_max_mw, s);
            write_energy_range(step, s);
            b_.discharge_price_per_mwh(s, step.at) = cycling_price;
        }
    }

    /// Between soc_min and soc_max, or on the way there from where the battery stands: what charging as much as it can
    /// reaches, and what doing nothing leaves.
    void write_energy_range(const Step& step, std::size_t s) {
        const models::Batteries& batteries = table_.storages.batteries;
        const double left = 1 - batteries.self_discharge_per_h[s] * settings_.dt_h;
        const double gain_mwh =
            batteries.eta_charge[s] * b_.charge_max_mw(s, step.at) * settings_.dt_h;
        const bool first = step.at == 0;
        reach_.full_mwh[s] = left * (first ? b_.e_start_mwh[s] : reach_.full_mwh[s]) + gain_mwh;
        reach_.idle_mwh[s] = left * (first ? b_.e_start_mwh[s] : reach_.idle_mwh[s]);
        b_.e_min_mwh(s, step.at) =
            std::min(batteries.soc_min[s] * batteries.e_max_mwh[s], reach_.full_mwh[s]);
        b_.e_max_mwh(s, step.at) =
            std::max(batteries.soc_max[s] * batteries.e_max_mwh[s], reach_.idle_mwh[s]);
    }

    void write_flexibles(const Step& step) {
        const BlockInput& in = step.input;
        for (std::size_t k = 0; k < table_.flexibles.size(); ++k) {
            const double base_mw = in.flexible_base_mw(k, step.t);
            put(step, c_.flexible + k, std::min(0.0, base_mw - in.flexible_max_mw(k, step.t)),
                std::max(0.0, base_mw - in.flexible_min_mw(k, step.t)), 0);
            b_.account_weight(c_.flexible + k, step.at) = in.flexible_weight(k, step.t);
        }
        for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
            reach_.owed[a] *= table_.accounts.keep[a];
            if (table_.accounts.is_work(a)) {
                reach_.owed[a] = std::min(
                    0.0, reach_.owed[a] + find_catch_up(table_.accounts.rows[a], in, step.t));
            }
            b_.account_min(a, step.at) = std::min(in.account_min(a, step.t), reach_.owed[a]);
            b_.account_max(a, step.at) = std::max(in.account_max(a, step.t), reach_.owed[a]);
        }
    }

    void write_last_resorts(const Step& step) {
        const ManagedLoads& managed = table_.managed;
        const double unserved = table_.unserved_price_cny_per_mwh;
        const double last_resort =
            std::min(std::max(dearest_, settings_.outage_overload_price), unserved);
        const int classes =
            managed.size() > 0 ? std::max(1, std::ranges::max(managed.shed_class)) : 1;
        for (std::size_t k = 0; k < managed.size(); ++k) {
            const double rank = static_cast<double>(managed.shed_class[k]) / (classes + 1);
            put(step, c_.managed + k, 0, std::max(0.0, managed.p_mw[k]),
                last_resort + rank * std::max(0.0, unserved - last_resort));
        }
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            const double need_mw = b_.demand_mw(c_.places.island + i, step.at);
            double drawn_mw = 0;
            for (std::size_t k = 0; k < table_.must_run.size(); ++k) {
                const bool here = table_.must_run.island[k] == i;
                drawn_mw += here ? std::max(0.0, -step.input.must_run_mw(k, step.t)) : 0.0;
            }
            for (std::size_t k = 0; k < table_.thermals.size(); ++k) {
                const bool here = table_.thermals.island[k] == i;
                drawn_mw += here ? std::max(0.0, -b_.p_min_mw(c_.thermal + k, step.at)) : 0.0;
            }
            put(step, c_.unserved + i, 0, std::max(0.0, need_mw + drawn_mw), unserved);
            put(step, c_.excess + i, -excess_max_mw, 0, -2 * unserved);
        }
    }

    void write_groups(const Step& step) {
        const auto limit = [&](std::size_t group, double lower, double upper) {
            b_.group_lower(group, step.at) = lower;
            b_.group_upper(group, step.at) = upper;
        };
        std::size_t group = 0;
        for (const std::size_t k : c_.tie_of_group) {
            limit(group++, -table_.ties.export_max_mw[k], table_.ties.import_max_mw[k]);
        }
        for (const std::size_t g : c_.door_of_group) {
            limit(group++, -table_.groups.export_max_mw[g], table_.groups.import_max_mw[g]);
        }
        limit(c_.minimum_group, step.input.thermal_minimum_mw[step.t], infinity);
        if (c_.reserve) {
            write_reserve(step, limit);
        }
        write_tapers(step, limit);
    }

    /// Idle storages keep their taper wherever their energy may stand.
    template <class Limit>
    void write_tapers(const Step& step, Limit&& limit) {
        const models::Batteries& batteries = table_.storages.batteries;
        std::size_t group = c_.taper_group;
        for (const std::size_t s : c_.charge_tapered) {
            const Taper taper = charge_taper(batteries, s);
            limit(group++, -infinity,
                  std::max(taper.room_mw, taper.slope_per_h * b_.e_max_mwh(s, step.at)));
        }
        for (const std::size_t s : c_.discharge_tapered) {
            const Taper taper = discharge_taper(batteries, s);
            limit(group++, -infinity,
                  std::max(taper.room_mw, taper.slope_per_h * b_.e_min_mwh(s, step.at)));
        }
    }

    template <class Limit>
    void write_reserve(const Step& step, Limit&& limit) {
        double room_mw = 0;
        const auto add = [&](std::size_t first, std::size_t n) {
            for (std::size_t k = 0; k < n; ++k) {
                room_mw += b_.p_max_mw(first + k, step.at);
            }
        };
        add(c_.thermal, table_.thermals.size());
        add(c_.hydro, table_.hydros.size());
        add(c_.firm, table_.ties.size());
        double asked_mw = 0;
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            asked_mw += settings_.reserve_share * std::max(0.0, step.input.demand_mw(i, step.t));
        }
        put(step, c_.held + table_.storages.size(), 0, asked_mw, settings_.minimum_price / 2);
        limit(c_.reserve_group, asked_mw - room_mw, infinity);
        for (std::size_t s = 0; s < table_.storages.size(); ++s) {
            const double most_mw = b_.discharge_max_mw(s, step.at);
            const models::Batteries& b = table_.storages.batteries;
            put(step, c_.held + s, 0, 2 * most_mw + b.p_charge_max_mw[s], 0);
            limit(c_.reserve_group + 1 + 2 * s, -infinity, most_mw);
            limit(c_.reserve_group + 2 + 2 * s, -infinity,
                  -b.eta_discharge[s] * b.soc_min[s] * b.e_max_mwh[s]);
        }
    }

    std::span<double> scratch_mw(std::size_t n) {
        scratch_.resize(n);
        return scratch_;
    }

    const Table& table_;
    const PlanColumns& c_;
    const PlanSettings& settings_;
    Reach& reach_;
    Block& b_;
    UnitBands& bands_;
    double dearest_;
    double water_price_;
    std::vector<double> scratch_;
};

void shape_block(const Table& table, const PlanColumns& c, std::size_t n_step, std::size_t n_span,
                 Block& b, UnitBands& bands) {
    const std::size_t n_storage = table.storages.size();
    b.n_step = n_step;
    b.seam = program::Seam::valued;
    b.demand_mw.reshape(c.places.count, n_step);
    b.p_min_mw.reshape(c.count, n_step);
    b.p_max_mw.reshape(c.count, n_step);
    b.price_per_mwh.reshape(c.count, n_step);
    b.discharge_price_per_mwh.reshape(n_storage, n_step);
    b.inflow_mw.reshape(n_storage, n_step);
    b.charge_max_mw.reshape(n_storage, n_step);
    b.discharge_max_mw.reshape(n_storage, n_step);
    b.e_min_mwh.reshape(n_storage, n_step);
    b.e_max_mwh.reshape(n_storage, n_step);
    b.group_lower.reshape(c.n_group, n_step);
    b.group_upper.reshape(c.n_group, n_step);
    b.account_weight.reshape(table.accounts.size() > 0 ? c.count : 0, n_step);
    b.account_min.reshape(table.accounts.size(), n_step);
    b.account_max.reshape(table.accounts.size(), n_step);
    b.budget_mwh.reshape(table.hydros.size(), n_span);
    b.span_of_step.clear();
    bands.committed.reshape(table.thermals.size(), n_step);
    bands.fixed.reshape(table.thermals.size(), n_step, std::numeric_limits<double>::quiet_NaN());
}

void write_budgets(const Table& table, std::span<const PlanBlock> blocks, Block& b) {
    for (std::size_t n = 0; n < blocks.size(); ++n) {
        const BlockInput& in = *blocks[n].input;
        const double hours = in.dt_h * static_cast<double>(in.n_step);
        for (std::size_t k = 0; k < table.hydros.size(); ++k) {
            b.budget_mwh(k, n) =
                std::max(0.0, in.hydro_energy_mwh[k] - in.hydro_base_mw[k] * hours);
        }
        b.span_of_step.insert(b.span_of_step.end(), in.n_step, n);
    }
}

/// A unit owed at the end costs the energy that works it off.
void write_account_values(const Table& table, const PlanColumns& columns, double price_cny_per_mwh,
                          Block& b) {
    b.account_end_value.assign(table.accounts.size(), 0.0);
    for (std::size_t a = 0; a < table.accounts.size(); ++a) {
        double weight = 0;
        for (const std::size_t row : table.accounts.rows[a]) {
            weight = std::max(weight, b.account_weight(columns.flexible + row, b.n_step - 1));
        }
        b.account_end_value[a] = weight > 0 ? price_cny_per_mwh / weight : 0.0;
    }
}

/// What a plant may move in a step whichever of its units run; where that is more than its ramp, its units are committed.
void write_ramps(const Table& table, const PlanColumns& columns, const PlanSettings& settings,
                 Block& b) {
    const Thermals& thermals = table.thermals;
    b.ramp_up_mw.reshape(columns.ramped.size(), b.n_step);
    b.ramp_down_mw.reshape(columns.ramped.size(), b.n_step);
    for (std::size_t t = 0; t < b.n_step; ++t) {
        for (std::size_t r = 0; r < columns.ramped.size(); ++r) {
            const std::size_t k = columns.ramped[r];
            const double ramp_mw = thermals.ramp_mw_per_h[k] * settings.dt_h;
            const double dt_h = settings.dt_h;
            b.ramp_up_mw(r, t) = std::max(ramp_mw, start_up_mw(thermals, k, dt_h));
            b.ramp_down_mw(r, t) = std::max(ramp_mw, shut_down_mw(thermals, k, dt_h));
        }
    }
}

/// What plants ramp from: their output, or the least of what runs where they were pushed below it.
void write_ramp_start(const Table& table, const PlanColumns& columns, const State& state,
                      Block& b) {
    const Series& units = state.units_before;
    const bool known = state.thermal_mw.size() == table.thermals.size();
    b.ramp_start_mw.clear();
    for (const std::size_t k : columns.ramped) {
        const double least_mw = known && units.n_step() > 0
                                    ? units(k, units.n_step() - 1) * table.thermals.unit_p_min_mw[k]
                                    : 0.0;
        b.ramp_start_mw.push_back(known ? std::max(state.thermal_mw[k], least_mw)
                                        : std::numeric_limits<double>::quiet_NaN());
    }
}

void write_seam(const Table& table, const State& state, Block& b) {
    const models::Batteries& batteries = table.storages.batteries;
    b.e_start_mwh = state.e_mwh;
    b.end_value_per_mwh = state.storage_value_cny_per_mwh;
    if (b.end_value_per_mwh.size() != batteries.size()) {
        b.end_value_per_mwh.assign(batteries.size(), std::numeric_limits<double>::quiet_NaN());
    }
    const double guess = guess_price(table);
    for (std::size_t s = 0; s < batteries.size(); ++s) {
        if (std::isnan(b.end_value_per_mwh[s])) {
            b.end_value_per_mwh[s] = guess * batteries.eta_discharge[s];
        }
    }
}

} // namespace

void write_plan(const PlanColumns& columns, const PlanSettings& settings,
                std::span<const PlanBlock> blocks, const NetworkBlock& network, const State& state,
                double price_cny_per_mwh, Block& block, UnitBands& bands) {
    const Table& table = *blocks.front().table;
    bands.table_of_step.clear();
    for (const PlanBlock& planned : blocks) {
        bands.table_of_step.insert(bands.table_of_step.end(), planned.input->n_step, planned.table);
    }
    shape_block(table, columns, bands.table_of_step.size(), blocks.size(), block, bands);
    Reach reach{.idle_mwh = std::vector<double>(table.storages.size(), 0.0),
                .full_mwh = std::vector<double>(table.storages.size(), 0.0),
                .owed = state.account};
    reach.owed.resize(table.accounts.size(), 0.0);
    block.account_start = reach.owed;
    write_seam(table, state, block);
    std::size_t at = 0;
    for (const PlanBlock& planned : blocks) {
        StepWriter writer{*planned.table, columns, settings, reach, block, bands};
        for (std::size_t t = 0; t < planned.input->n_step; ++t) {
            writer.write({*planned.input, t, at++});
        }
    }
    write_budgets(table, blocks, block);
    write_account_values(table, columns, price_cny_per_mwh, block);
    write_ramp_start(table, columns, state, block);
    write_ramps(table, columns, settings, block);
    block.base_flow_mw = network.base_flow_mw;
    block.limit_mw = network.limit_mw;
    block.emergency_mw = network.emergency_mw;
    block.loss_factor = network.loss_factor;
    block.loss_offset_mw = network.loss_offset_mw;
}

double count_units(const Thermals& thermals, std::size_t k, double p_mw, double committed) {
    const double unit_mw = thermals.unit_p_max_mw[k];
    const double needed = unit_mw > 0 ? std::ceil((p_mw - band_tolerance_mw) / unit_mw) : 0.0;
    return std::clamp(needed, std::min(committed, static_cast<double>(thermals.units[k])),
                      static_cast<double>(thermals.units[k]));
}

namespace {

/// Power in step t that no island takes.
double find_excess(const Table& table, const PlanColumns& columns,
                   const program::Solution& solution, std::size_t t) {
    double excess_mw = 0;
    for (std::size_t i = 0; i < table.n_island; ++i) {
        excess_mw -= solution.generation_mw(columns.excess + i, t);
    }
    return excess_mw;
}

} // namespace

bool move_into_bands(const PlanColumns& columns, const program::Solution& solution,
                     UnitBands& bands, Block& block) {
    bool moved = false;
    for (std::size_t t = 0; t < block.n_step; ++t) {
        const Table& table = *bands.table_of_step[t];
        const Thermals& thermals = table.thermals;
        const bool too_much = find_excess(table, columns, solution, t) > band_tolerance_mw;
        for (std::size_t k = 0; k < thermals.size(); ++k) {
            const std::size_t column = columns.thermal + k;
            const double p_mw = solution.generation_mw(column, t);
            const double committed = bands.committed(k, t);
            const double units = count_units(thermals, k, p_mw, committed);
            const double least_mw = units * thermals.unit_p_min_mw[k];
            double& fixed = bands.fixed(k, t);
            if (too_much && fixed > committed) { // moved up before
                fixed -= 1;
                block.p_max_mw(column, t) =
                    std::min(block.p_max_mw(column, t), fixed * thermals.unit_p_max_mw[k]);
                block.p_min_mw(column, t) =
                    std::min(block.p_max_mw(column, t), committed * thermals.unit_p_min_mw[k]);
                moved = true;
            } else if (p_mw < least_mw - band_tolerance_mw && std::isnan(fixed)) {
                fixed = units;
                block.p_min_mw(column, t) =
                    std::clamp(least_mw, block.p_min_mw(column, t), block.p_max_mw(column, t));
                moved = true;
            }
        }
    }
    return moved;
}

} // namespace yuanwang::dispatch
