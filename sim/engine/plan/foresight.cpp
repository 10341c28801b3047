#include "engine/plan/foresight.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "dispatch/rules/unit_memory.hpp"

namespace yuanwang::engine {

namespace {

using dispatch::BlockInput;
using dispatch::NetworkBlock;
using dispatch::PlanOutcome;
using dispatch::Schedule;
using dispatch::State;
using dispatch::Table;

constexpr double lean_to_plan =
    0.02;                        ///< of the value of stored energy, where the plan was indifferent
constexpr double any_debt = 1e9; ///< of an account whose load stays as planned

Series cut(const Series& series, std::size_t t) {
    Series one;
    if (!series.empty()) {
        one.reshape(series.n_element(), 1);
        std::ranges::copy(series.step(t), one.step(0).begin());
    }
    return one;
}

NetworkBlock cut(const NetworkBlock& network, std::size_t t) {
    return {.base_flow_mw = cut(network.base_flow_mw, t),
            .limit_mw = cut(network.limit_mw, t),
            .emergency_mw = cut(network.emergency_mw, t),
            .loss_factor = cut(network.loss_factor, t),
            .loss_offset_mw = cut(network.loss_offset_mw, t)};
}

/// Every series of a schedule.
constexpr auto members = [] {
    using S = Schedule;
    return std::array{&S::must_run_mw,
                      &S::variable_mw,
                      &S::curtailed_mw,
                      &S::hydro_mw,
                      &S::thermal_mw,
                      &S::thermal_units_on,
                      &S::tie_surplus_mw,
                      &S::tie_firm_mw,
                      &S::storage_mw,
                      &S::storage_e_mwh,
                      &S::storage_green_charge_mw,
                      &S::managed_mw,
                      &S::recovery_mw,
                      &S::flexible_shift_mw,
                      &S::account,
                      &S::unserved_mw,
                      &S::price_cny_per_mwh,
                      &S::backed_down_mw};
}();

/// Puts a schedule of one step at step t of a longer one.
void put_step(const Schedule& one, std::size_t t, Schedule& schedule) {
    for (const auto member : members) {
        const Series& from = one.*member;
        Series& to = schedule.*member;
        if (!from.empty() && !to.empty()) {
            std::ranges::copy(from.step(0), to.step(t).begin());
        }
    }
    for (dispatch::ManagedCall call : one.calls) {
        call.step = t;
        schedule.calls.push_back(call);
    }
    for (dispatch::Curtailed row : one.ledger) {
        row.step = t;
        schedule.ledger.push_back(row);
    }
}

void put_outcome(const PlanOutcome& one, std::size_t t, PlanOutcome& outcome) {
    outcome.solves += one.solves;
    outcome.rounds += one.rounds;
    outcome.iterations += one.iterations;
    outcome.fell_back = outcome.fell_back || one.fell_back;
    for (auto row : one.binding) {
        row.step = t;
        outcome.binding.push_back(row);
    }
    for (const auto member :
         {&PlanOutcome::price_cny_per_mwh, &PlanOutcome::loss_mw, &PlanOutcome::group_value}) {
        const Series& from = one.*member;
        Series& to = outcome.*member;
        if (!from.empty() && !to.empty() && from.n_element() == to.n_element()) {
            std::ranges::copy(from.step(0), to.step(t).begin());
        }
    }
}

/// Moved load stays where the plan put it.
void hold_flexibles(const Schedule& planned, std::size_t t, BlockInput& one) {
    for (std::size_t r = 0; r < one.flexible_base_mw.n_element(); ++r) {
        const double p_mw = one.flexible_base_mw(r, 0) + planned.flexible_shift_mw(r, t);
        one.flexible_min_mw(r, 0) = one.flexible_max_mw(r, 0) = p_mw;
    }
    for (std::size_t a = 0; a < one.account_min.n_element(); ++a) {
        one.account_min(a, 0) = -any_debt;
        one.account_max(a, 0) = any_debt;
    }
}

/// Units that are planned run, no others: in real time nothing starts.
void hold_units(const Table& table, const Schedule& planned, std::size_t t, BlockInput& one) {
    const dispatch::Thermals& thermals = table.thermals;
    const auto shape = [&](Series& series, double otherwise) {
        if (series.empty()) {
            series.reshape(thermals.size(), 1, otherwise);
        }
    };
    shape(one.thermal_min_mw, -std::numeric_limits<double>::infinity());
    shape(one.thermal_max_mw, std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k < thermals.size(); ++k) {
        const double on = planned.thermal_units_on(k, t);
        double& most_mw = one.thermal_max_mw(k, 0);
        most_mw = std::min(most_mw, on * thermals.unit_p_max_mw[k]);
        double& least_mw = one.thermal_min_mw(k, 0);
        least_mw = std::min(most_mw, std::max(least_mw, on * thermals.unit_p_min_mw[k]));
    }
}

} // namespace

void Foresight::plan(const Table& table, const dispatch::NetworkLimits& limits,
                     std::span<const BlockInput* const> actual, const NetworkBlock& network,
                     std::size_t number, dispatch::Planner& planner, State& state,
                     Schedule& schedule, PlanOutcome& outcome) {
    forecasts_.resize(actual.size());
    std::vector<const BlockInput*> believed;
    for (std::size_t n = 0; n < actual.size(); ++n) {
        dispatch::make_forecast(settings_, *actual[n], day_before_ ? &*day_before_ : nullptr,
                                number + n, forecasts_[n]);
        believed.push_back(&forecasts_[n]);
    }
    block_error_mwh_ = 0;
    const BlockInput& came = *actual.front();
    for (std::size_t t = 0; t < came.n_step; ++t) {
        for (std::size_t k = 0; k < came.variable_mw.n_element(); ++k) {
            block_error_mwh_ +=
                came.dt_h * std::abs(forecasts_[0].variable_mw(k, t) - came.variable_mw(k, t));
        }
    }

    State known = state;
    Schedule known_schedule;
    PlanOutcome known_outcome;
    planner.plan(table, actual, network, known, known_schedule, known_outcome);

    State believed_state = state;
    Schedule planned;
    PlanOutcome plan;
    planner.plan(table, believed, network, believed_state, planned, plan);
    if (plan.fell_back) { // the rules know only the step they are in
        planned = {};
        dispatch::dispatch_block(table, came, state, schedule);
        outcome = plan;
        outcome.loss_mw = came.loss_mw;
    } else {
        if (!real_time_) {
            dispatch::PlanSettings settings = plan_;
            settings.reserve_share = 0;
            settings.commitment = false; // units are those of the plan
            real_time_.emplace(table, limits, settings);
        }
        correct(table, came, network, planned, plan, state, schedule, outcome);
        state.storage_value_cny_per_mwh = believed_state.storage_value_cny_per_mwh;
    }
    block_cost_cny_ =
        dispatch::sum_cost(table, came, schedule) - dispatch::sum_cost(table, came, known_schedule);
    for (std::size_t s = 0; s < table.storages.size() && !known_outcome.fell_back; ++s) {
        block_cost_cny_ -= known.storage_value_cny_per_mwh[s] * (state.e_mwh[s] - known.e_mwh[s]);
    }
}

/// Storages by their planned power, give or take what was forecast wrong, and the planned value of what they hold.
void Foresight::hold_storages(const Table& table, const Schedule& planned, const PlanOutcome& plan,
                              std::size_t t, BlockInput& one, State& state) const {
    const BlockInput& believed = forecasts_.front();
    double wrong_mw = 0;
    const auto add = [&](const Series& came, const Series& told) {
        for (std::size_t k = 0; k < came.n_element(); ++k) {
            wrong_mw += std::abs(came(k, 0) - told(k, t));
        }
    };
    add(one.demand_mw, believed.demand_mw);
    add(one.variable_mw, believed.variable_mw);
    add(one.tie_surplus_mw, believed.tie_surplus_mw);
    const models::Batteries& b = table.storages.batteries;
    const auto limit = [&](Series& series, const std::vector<double>& constant) {
        if (series.empty()) {
            series.reshape(b.size(), 1);
            std::ranges::copy(constant, series.step(0).begin());
        }
    };
    limit(one.storage_charge_max_mw, b.p_charge_max_mw);
    limit(one.storage_discharge_max_mw, b.p_discharge_max_mw);
    state.storage_value_cny_per_mwh.resize(b.size());
    for (std::size_t s = 0; s < b.size(); ++s) {
        const double p_mw = planned.storage_mw(s, t);
        double& charge_mw = one.storage_charge_max_mw(s, 0);
        double& discharge_mw = one.storage_discharge_max_mw(s, 0);
        charge_mw = std::min(charge_mw, std::max(0.0, wrong_mw - p_mw));
        discharge_mw = std::min(discharge_mw, std::max(0.0, wrong_mw + p_mw));
        const double lean = p_mw > 0 ? 1 - lean_to_plan : p_mw < 0 ? 1 + lean_to_plan : 1;
        state.storage_value_cny_per_mwh[s] =
            std::max(0.0, plan.storage_value_cny_per_mwh(s, t)) * lean;
    }
}

void Foresight::correct(const Table& table, const BlockInput& actual, const NetworkBlock& network,
                        const Schedule& planned, const PlanOutcome& plan, State& state,
                        Schedule& schedule, PlanOutcome& outcome) {
    dispatch::shape_schedule(table, actual.n_step, schedule);
    outcome = plan;
    outcome.binding.clear();
    outcome.taken_away.clear();
    const Series units_before = state.units_before;
    std::vector<double> water_mwh(table.hydros.size(), 0); // planned and not yet used
    Schedule one_schedule;
    PlanOutcome one_outcome;
    for (std::size_t t = 0; t < actual.n_step; ++t) {
        BlockInput one = dispatch::cut_step(actual, t);
        for (std::size_t k = 0; k < water_mwh.size(); ++k) {
            water_mwh[k] += planned.hydro_mw(k, t) * actual.dt_h;
            one.hydro_energy_mwh[k] = water_mwh[k];
        }
        hold_flexibles(planned, t, one);
        if (plan_.commitment) {
            hold_units(table, planned, t, one);
        }
        hold_storages(table, planned, plan, t, one, state);
        const std::array<const BlockInput*, 1> step = {&one};
        real_time_->plan(table, step, cut(network, t), state, one_schedule, one_outcome);
        put_step(one_schedule, t, schedule);
        put_outcome(one_outcome, t, outcome);
        for (std::size_t k = 0; k < water_mwh.size(); ++k) {
            water_mwh[k] = std::max(0.0, water_mwh[k] - one_schedule.hydro_mw(k, 0) * actual.dt_h);
        }
    }
    if (plan_.commitment) {
        schedule.thermal_units_on = planned.thermal_units_on;
        state.units_before = units_before;
        dispatch::remember_units(table.thermals, actual.dt_h, schedule, state);
    }
}

void Foresight::account(const BlockInput& actual) {
    cost_cny_ += block_cost_cny_;
    error_mwh_ += block_error_mwh_;
    for (const double mw : actual.variable_mw.values()) {
        came_mwh_ += actual.dt_h * mw;
    }
    day_before_ = actual;
}

void Foresight::finish(std::map<std::string, double>& indicators) const {
    indicators["forecast_cost_cny"] = cost_cny_;
    indicators["forecast_error_percent"] = came_mwh_ > 0 ? 100 * error_mwh_ / came_mwh_ : 0;
}

} // namespace yuanwang::engine
