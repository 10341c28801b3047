#include "dispatch/plan/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace yuanwang::dispatch {

namespace {

/// Errors of a quantity over the steps of a block.
std::vector<double> draw_errors(const ForecastSettings& settings, double spread, std::size_t n_step,
                                double dt_h, std::uint64_t stream) {
    std::seed_seq seed{static_cast<std::uint64_t>(settings.seed), stream, stream >> 32U};
    std::mt19937_64 random{seed};
    // Box–Muller from the generator's own bits: the library's normal distribution is free to differ.
    const auto uniform = [&] { return (static_cast<double>(random() >> 11U) + 0.5) * 0x1.0p-53; };
    const auto normal = [&] {
        return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
    };
    const double rho = std::pow(settings.correlation, dt_h);
    std::vector<double> errors(n_step);
    double before = spread * normal();
    for (double& error : errors) {
        error = before;
        before = rho * before + std::sqrt(1 - rho * rho) * spread * normal();
    }
    return errors;
}

void apply_errors(const std::vector<double>& errors, Series& series) {
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        for (double& mw : series.step(t)) {
            mw = std::max(0.0, mw * (1 + errors[t]));
        }
    }
}

void copy_day_before(const BlockInput& before, BlockInput& forecast) {
    const auto copy = [](const Series& from, Series& to) {
        if (from.n_element() == to.n_element() && from.n_step() == to.n_step()) {
            to = from;
        }
    };
    copy(before.demand_mw, forecast.demand_mw);
    copy(before.variable_mw, forecast.variable_mw);
    copy(before.tie_surplus_mw, forecast.tie_surplus_mw);
}

Series cut(const Series& series, std::size_t t) {
    Series one;
    if (!series.empty()) {
        one.reshape(series.n_element(), 1);
        std::ranges::copy(series.step(t), one.step(0).begin());
    }
    return one;
}

} // namespace

void make_forecast(const ForecastSettings& settings, const BlockInput& actual,
                   const BlockInput* day_before, std::size_t number, BlockInput& forecast) {
    forecast = actual;
    if (settings.method == ForecastMethod::persistence && day_before != nullptr) {
        copy_day_before(*day_before, forecast);
    }
    if (settings.method == ForecastMethod::errors) {
        const auto stream = [&](std::uint64_t quantity) { return 4 * number + quantity; };
        const auto draw = [&](double spread, std::uint64_t quantity) {
            return draw_errors(settings, spread, actual.n_step, actual.dt_h, stream(quantity));
        };
        apply_errors(draw(settings.spread_demand, 0), forecast.demand_mw);
        apply_errors(draw(settings.spread, 1), forecast.variable_mw);
        apply_errors(draw(settings.spread, 2), forecast.tie_surplus_mw);
    }
}

BlockInput cut_step(const BlockInput& input, std::size_t t) {
    BlockInput one = input;
    one.n_step = 1;
    one.first_step_of_day =
        (input.first_step_of_day + t) % std::max<std::size_t>(1, input.steps_per_day);
    one.steps_since_order = input.steps_since_order + t;
    one.thermal_minimum_mw = {input.thermal_minimum_mw[t]};
    one.heating_season = {input.heating_season[t]};
    for (auto member :
         {&BlockInput::demand_mw, &BlockInput::loss_mw, &BlockInput::must_run_mw,
          &BlockInput::variable_mw, &BlockInput::tie_surplus_mw, &BlockInput::thermal_min_mw,
          &BlockInput::thermal_max_mw, &BlockInput::tie_surplus_price_cny_per_mwh,
          &BlockInput::tie_firm_price_cny_per_mwh, &BlockInput::storage_charge_max_mw,
          &BlockInput::storage_discharge_max_mw, &BlockInput::flexible_base_mw,
          &BlockInput::flexible_min_mw, &BlockInput::flexible_max_mw, &BlockInput::flexible_weight,
          &BlockInput::account_min, &BlockInput::account_max}) {
        one.*member = cut(input.*member, t);
    }
    return one;
}

double sum_cost(const Table& table, const BlockInput& input, const Schedule& schedule) {
    double cost = 0;
    const auto price = [](const Series& by_step, const std::vector<double>& constant, std::size_t k,
                          std::size_t t) { return by_step.empty() ? constant[k] : by_step(k, t); };
    for (std::size_t t = 0; t < input.n_step; ++t) {
        double per_hour = 0;
        for (std::size_t k = 0; k < table.thermals.size(); ++k) {
            per_hour += schedule.thermal_mw(k, t) * table.thermals.price_cny_per_mwh[k];
        }
        for (std::size_t k = 0; k < table.ties.size(); ++k) {
            per_hour +=
                schedule.tie_surplus_mw(k, t) * price(input.tie_surplus_price_cny_per_mwh,
                                                      table.ties.surplus_price_cny_per_mwh, k, t) +
                std::max(0.0, schedule.tie_firm_mw(k, t)) * price(input.tie_firm_price_cny_per_mwh,
                                                                  table.ties.firm_price_cny_per_mwh,
                                                                  k, t);
        }
        for (std::size_t i = 0; i < table.n_island; ++i) {
            per_hour += schedule.unserved_mw(i, t) * table.unserved_price_cny_per_mwh;
        }
        for (std::size_t k = 0; k < table.managed.size(); ++k) {
            per_hour += schedule.managed_mw(k, t) * 0.25 * table.unserved_price_cny_per_mwh;
        }
        cost += per_hour * input.dt_h;
    }
    return cost;
}

} // namespace yuanwang::dispatch
