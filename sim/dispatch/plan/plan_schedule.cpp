#include "dispatch/plan/plan_schedule.hpp"

#include <algorithm>
#include <cmath>

#include "dispatch/ledger.hpp"
#include "dispatch/rules/unit_memory.hpp"

namespace yuanwang::dispatch {

namespace {

using program::BindingBranch;
using program::Solution;

constexpr double curtailed_min_mw = 1e-6;
constexpr double price_gap = 0.5; ///< CNY/MWh between two places that the network tells apart

/// Rounding of the solver is no output.
double clean(double p_mw) {
    return std::abs(p_mw) < 1e-9 ? 0.0 : p_mw;
}

class ScheduleReader {
  public:
    ScheduleReader(const Table& table, const PlanColumns& columns, const BlockInput& input,
                   const Series& loss_mw, const Solution& solution, const UnitBands& bands,
                   const PlanCalls& calls, Schedule& schedule)
        : table_{table}, c_{columns}, in_{input}, loss_mw_{loss_mw}, x_{solution}, bands_{bands},
          calls_{calls}, s_{schedule} {}

    void read_step(std::size_t t) {
        read_must_run(t);
        read_variables(t);
        read_hydros(t);
        read_thermals(t);
        read_ties(t);
        read_storages(t);
        read_flexibles(t);
        read_last_resorts(t);
        settle_rounding(t);
        read_green_charge(t);
    }

  private:
    [[nodiscard]] double output_mw(std::size_t column, std::size_t t) const {
        return clean(x_.generation_mw(column, t));
    }

    void read_must_run(std::size_t t) {
        for (std::size_t k = 0; k < table_.must_run.size(); ++k) {
            s_.must_run_mw(k, t) = output_mw(c_.must_run + k, t);
            s_.backed_down_mw(table_.must_run.island[k], t) +=
                clean(in_.must_run_mw(k, t) - s_.must_run_mw(k, t));
        }
    }

    void read_variables(std::size_t t) {
        for (std::size_t k = 0; k < table_.variables.size(); ++k) {
            const double available_mw = std::max(0.0, in_.variable_mw(k, t));
            const double p_mw =
                std::clamp(output_mw(c_.variable + k, t), 0.0,
                           std::min(available_mw, table_.variables.station_limit_mw[k]));
            s_.variable_mw(k, t) = p_mw;
            s_.curtailed_mw(k, t) = available_mw - p_mw;
        }
    }

    void read_hydros(std::size_t t) {
        for (std::size_t k = 0; k < table_.hydros.size(); ++k) {
            const double base_mw = output_mw(c_.hydro_base + k, t);
            s_.hydro_mw(k, t) = base_mw + std::max(0.0, output_mw(c_.hydro + k, t));
            s_.backed_down_mw(table_.hydros.island[k], t) += clean(in_.hydro_base_mw[k] - base_mw);
        }
    }

    void read_thermals(std::size_t t) {
        for (std::size_t k = 0; k < table_.thermals.size(); ++k) {
            const double least_mw = std::min(0.0, table_.thermals.unit_p_min_mw[k]);
            const double p_mw =
                std::max(least_mw * table_.thermals.units[k], output_mw(c_.thermal + k, t));
            s_.thermal_mw(k, t) = p_mw;
            s_.thermal_units_on(k, t) =
                count_units(table_.thermals, k, p_mw, bands_.committed(k, t));
        }
    }

    void read_ties(std::size_t t) {
        for (std::size_t k = 0; k < table_.ties.size(); ++k) {
            s_.tie_surplus_mw(k, t) = std::max(0.0, output_mw(c_.surplus + k, t));
            s_.tie_firm_mw(k, t) = output_mw(c_.firm + k, t) + output_mw(c_.exported + k, t);
        }
    }

    void read_storages(std::size_t t) {
        for (std::size_t k = 0; k < table_.storages.size(); ++k) {
            s_.storage_mw(k, t) = clean(x_.discharge_mw(k, t) - x_.charge_mw(k, t));
            s_.storage_e_mwh(k, t) = std::max(0.0, x_.stored_mwh(k, t));
        }
    }

    void read_flexibles(std::size_t t) {
        for (std::size_t k = 0; k < table_.flexibles.size(); ++k) {
            s_.flexible_shift_mw(k, t) = -output_mw(c_.flexible + k, t);
        }
        for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
            s_.account(a, t) = x_.account(a, t);
        }
    }

    void read_last_resorts(std::size_t t) {
        for (std::size_t k = 0; !calls_.has_records() && k < table_.managed.size(); ++k) {
            s_.managed_mw(k, t) = std::max(0.0, output_mw(c_.managed + k, t));
        }
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            s_.unserved_mw(i, t) = std::max(0.0, output_mw(c_.unserved + i, t));
            s_.price_cny_per_mwh(i, t) = x_.price_per_mwh(c_.places.island + i, t);
        }
    }

    /// What the solver left of a balance goes to whoever runs between its bounds: the balance holds to rounding.
    void settle_rounding(std::size_t t) {
        std::vector<double> left_mw(table_.n_island);
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            left_mw[i] = in_.demand_mw(i, t) + loss_mw_(i, t) - s_.unserved_mw(i, t);
        }
        for (std::size_t k = 0; k < table_.managed.size(); ++k) {
            left_mw[table_.managed.island[k]] += s_.recovery_mw(k, t);
        }
        const auto take = [&](const auto& family, const Series& series, double sign) {
            for (std::size_t k = 0; k < family.size(); ++k) {
                left_mw[family.island[k]] -= sign * series(k, t);
            }
        };
        take(table_.must_run, s_.must_run_mw, 1);
        take(table_.variables, s_.variable_mw, 1);
        take(table_.hydros, s_.hydro_mw, 1);
        take(table_.thermals, s_.thermal_mw, 1);
        take(table_.ties, s_.tie_surplus_mw, 1);
        take(table_.ties, s_.tie_firm_mw, 1);
        take(table_.storages, s_.storage_mw, 1);
        take(table_.managed, s_.managed_mw, 1);
        take(table_.flexibles, s_.flexible_shift_mw, -1);
        const auto settle = [&](const auto& family, Series& series, double least_mw) {
            for (std::size_t k = 0; k < family.size(); ++k) {
                double& rest_mw = left_mw[family.island[k]];
                if (std::abs(rest_mw) < rounding_mw && series(k, t) > least_mw) {
                    series(k, t) += rest_mw;
                    rest_mw = 0;
                }
            }
        };
        settle(table_.ties, s_.tie_firm_mw, rounding_mw);
        settle(table_.hydros, s_.hydro_mw, rounding_mw);
        settle(table_.thermals, s_.thermal_mw, rounding_mw);
        settle(table_.ties, s_.tie_surplus_mw, rounding_mw);
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            if (left_mw[i] > 0) {
                s_.unserved_mw(i, t) += left_mw[i] < rounding_mw ? 0.0 : left_mw[i];
            }
        }
    }

    /// Batteries charge from the mix of their island: of it, wind, sun and clean surplus are green.
    void read_green_charge(std::size_t t) {
        std::vector<double> green_mw(table_.n_island);
        std::vector<double> all_mw(table_.n_island);
        const auto add = [&](const auto& family, const Series& series, bool green) {
            for (std::size_t k = 0; k < family.size(); ++k) {
                const double p_mw = std::max(0.0, series(k, t));
                all_mw[family.island[k]] += p_mw;
                green_mw[family.island[k]] += green ? p_mw : 0.0;
            }
        };
        add(table_.must_run, s_.must_run_mw, false);
        add(table_.variables, s_.variable_mw, true);
        add(table_.hydros, s_.hydro_mw, false);
        add(table_.thermals, s_.thermal_mw, false);
        add(table_.ties, s_.tie_surplus_mw, true);
        add(table_.ties, s_.tie_firm_mw, false);
        for (std::size_t k = 0; k < table_.storages.size(); ++k) {
            const std::size_t i = table_.storages.island[k];
            const double share = all_mw[i] > 0 ? green_mw[i] / all_mw[i] : 0.0;
            s_.storage_green_charge_mw(k, t) = share * std::max(0.0, -s_.storage_mw(k, t));
        }
    }

    static constexpr double rounding_mw = 1e-4;

    const Table& table_;
    const PlanColumns& c_;
    const BlockInput& in_;
    const Series& loss_mw_;
    const Solution& x_;
    const UnitBands& bands_;
    const PlanCalls& calls_;
    Schedule& s_;
};

/// Causes of what the plan curtailed, step by step.
class LedgerWriter {
  public:
    LedgerWriter(const Table& table, const PlanColumns& columns, const BlockInput& input,
                 const Series& loss_factor, const Solution& solution, const program::System& system,
                 Schedule& schedule)
        : table_{table}, c_{columns}, in_{input},
          loss_factor_{loss_factor}, x_{solution}, system_{system}, s_{schedule} {}

    void write_step(std::size_t t) {
        std::vector<double> plain_mw(table_.n_island, 0); // beyond stations and network
        left_mw_.assign(table_.variables.size(), 0);
        for (std::size_t k = 0; k < table_.variables.size(); ++k) {
            left_mw_[k] = s_.curtailed_mw(k, t);
            take_station_limit(k, t);
            take_network(k, t);
            plain_mw[table_.variables.island[k]] += left_mw_[k];
        }
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            if (plain_mw[i] > curtailed_min_mw) {
                take_the_rest(i, t, plain_mw[i]);
            }
        }
    }

  private:
    void put(std::size_t k, std::size_t t, double mw, Curtailed row) {
        row.step = t;
        row.variable = k;
        row.mwh = mw * in_.dt_h;
        s_.ledger.push_back(row);
    }

    void take_station_limit(std::size_t k, std::size_t t) {
        const double over_mw =
            std::max(0.0, in_.variable_mw(k, t)) - table_.variables.station_limit_mw[k];
        if (over_mw > 0) {
            const double mw = std::min(over_mw, left_mw_[k]);
            put(k, t, mw, {.cause = Cause::station_limit});
            left_mw_[k] -= mw;
        }
    }

    void take_network(std::size_t k, std::size_t t) {
        const std::size_t place = c_.places.variable + k;
        const double kept = loss_factor_.empty() ? 1.0 : 1.0 - loss_factor_(place, t);
        const double island_price =
            kept * x_.price_per_mwh(c_.places.island + table_.variables.island[k], t);
        if (left_mw_[k] <= curtailed_min_mw ||
            x_.price_per_mwh(place, t) > island_price - price_gap) {
            return;
        }
        const BindingBranch* worst = nullptr;
        double most = 0;
        for (const BindingBranch& row : x_.binding) {
            const double sign = row.forward ? 1.0 : -1.0;
            const double held = row.step == t ? sign * row.value_per_mwh *
                                                    program::find_row_factor(system_, row, place)
                                              : 0.0;
            if (held > most) {
                most = held;
                worst = &row;
            }
        }
        if (worst != nullptr) {
            const bool after = worst->outage != program::no_outage;
            put(k, t, left_mw_[k],
                {.cause = after ? Cause::branch_n1 : Cause::branch_n,
                 .limit = LimitKind::network,
                 .limit_row = worst->branch,
                 .outage_row = worst->outage});
            left_mw_[k] = 0;
        }
    }

    void take_the_rest(std::size_t island, std::size_t t, double mw) {
        const CurtailmentContext context = look_around(island, t);
        for (const CausePart& part : split_by_cause(context, mw)) {
            const bool door = part.cause == Cause::section;
            for (std::size_t k = 0; k < table_.variables.size(); ++k) {
                if (table_.variables.island[k] == island && left_mw_[k] > 0) {
                    put(k, t, left_mw_[k] * (part.mw / mw),
                        {.cause = part.cause,
                         .limit = door ? context.limit : LimitKind::none,
                         .limit_row = door ? context.limit_row : 0});
                }
            }
        }
    }

    [[nodiscard]] CurtailmentContext look_around(std::size_t island, std::size_t t) const {
        CurtailmentContext context;
        const auto add = [&](const auto& family, const Series& series) {
            for (std::size_t k = 0; k < family.size(); ++k) {
                context.minimum_output_mw +=
                    family.island[k] == island ? std::max(0.0, series(k, t)) : 0.0;
            }
        };
        add(table_.must_run, s_.must_run_mw);
        add(table_.hydros, s_.hydro_mw);
        add(table_.thermals, s_.thermal_mw);
        for (std::size_t k = 0; k < table_.storages.size(); ++k) {
            if (table_.storages.island[k] == island) {
                context.storage_full_mw += table_.storages.batteries.p_charge_max_mw[k] +
                                           std::min(0.0, s_.storage_mw(k, t));
            }
        }
        for (std::size_t k = 0; k < table_.ties.size(); ++k) {
            if (table_.ties.island[k] == island && table_.ties.export_max_mw[k] > 0 &&
                context.limit == LimitKind::none) {
                context.limit = LimitKind::tie;
                context.limit_row = k;
            }
        }
        for (std::size_t n = 0; n < c_.door_of_group.size(); ++n) {
            if (x_.group_value(c_.tie_of_group.size() + n, t) > price_gap) {
                context.limit = LimitKind::group;
                context.limit_row = c_.door_of_group[n];
            }
        }
        return context;
    }

    const Table& table_;
    const PlanColumns& c_;
    const BlockInput& in_;
    const Series& loss_factor_;
    const Solution& x_;
    const program::System& system_;
    Schedule& s_;
    std::vector<double> left_mw_; ///< [n_variable], no cause yet
};

void move_state(const Table& table, std::size_t n_step, const Solution& solution,
                const Schedule& schedule, State& state) {
    const std::size_t last = n_step - 1;
    const auto at_end = [&](const Series& series) {
        const auto values = series.step(last);
        return std::vector<double>(values.begin(), values.end());
    };
    state.e_mwh = at_end(schedule.storage_e_mwh);
    state.account = at_end(schedule.account);
    state.storage_value_cny_per_mwh.resize(table.storages.size());
    for (std::size_t k = 0; k < table.storages.size(); ++k) {
        state.storage_value_cny_per_mwh[k] = std::max(0.0, solution.storage_value(k, last));
    }
}

/// Losses the solution covers: those of the input, and where they follow the plan o + Σ ℓ p.
void read_losses(const BlockInput& input, const program::Block& block, const Solution& solution,
                 const program::System& system, Series& loss_mw) {
    loss_mw = input.loss_mw;
    std::vector<double> p_mw(system.n_bus);
    for (std::size_t t = 0; t < input.n_step && !block.loss_factor.empty(); ++t) {
        program::compute_injection(system, block, solution, t, p_mw);
        for (std::size_t i = 0; i < system.n_island; ++i) {
            loss_mw(i, t) += block.loss_offset_mw(i, t);
        }
        for (std::size_t place = 0; place < p_mw.size(); ++place) {
            const double injected_mw = p_mw[place] + block.demand_mw(place, t);
            loss_mw(system.island(place), t) += block.loss_factor(place, t) * injected_mw;
        }
    }
}

} // namespace

void read_plan(const Table& table, const PlanColumns& columns, const BlockInput& input,
               const program::Block& block, const Solution& solution, const UnitBands& bands,
               const PlanCalls& calls, const program::System& system, State& state,
               Schedule& schedule, PlanOutcome& outcome) {
    shape_schedule(table, input.n_step, schedule);
    calls.read(schedule, state);
    read_losses(input, block, solution, system, outcome.loss_mw);
    ScheduleReader reader{table, columns, input, outcome.loss_mw, solution, bands, calls, schedule};
    LedgerWriter ledger{table, columns, input, block.loss_factor, solution, system, schedule};
    for (std::size_t t = 0; t < input.n_step; ++t) {
        reader.read_step(t);
        ledger.write_step(t);
    }
    move_state(table, input.n_step, solution, schedule, state);
    remember_units(table.thermals, input.dt_h, schedule, state);

    outcome.binding.clear();
    std::ranges::copy_if(solution.binding, std::back_inserter(outcome.binding),
                         [&](const BindingBranch& row) { return row.step < input.n_step; });
    outcome.reserve_short_mw.clear();
    for (std::size_t t = 0; columns.reserve && t < input.n_step; ++t) {
        outcome.reserve_short_mw.push_back(
            clean(solution.generation_mw(columns.held + table.storages.size(), t)));
    }
    outcome.group_value.reshape(table.groups.size(), input.n_step);
    for (std::size_t n = 0; n < columns.door_of_group.size(); ++n) {
        for (std::size_t t = 0; t < input.n_step; ++t) {
            outcome.group_value(columns.door_of_group[n], t) =
                solution.group_value(columns.tie_of_group.size() + n, t);
        }
    }
}

} // namespace yuanwang::dispatch
