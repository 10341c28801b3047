#include "models/source/waste_to_energy.hpp"

#include <algorithm>

#include "models/column_or.hpp"

namespace yuanwang::models {
namespace {

constexpr double hours_to_target = 7 * 24;

bool is_overhauled(const Bunker& bunker, int day_of_year) {
    const int since = day_of_year - bunker.overhaul_start_day;
    return bunker.overhaul_start_day > 0 && since >= 0 && since < bunker.overhaul_days;
}

/// Mean of the weekday factors, so that a week has its tonnes.
double week_mean(const Bunker& bunker) {
    double sum = 0;
    for (const double factor : bunker.weekday) {
        sum += factor / 7.0;
    }
    return sum > 0 ? sum : 1.0;
}

} // namespace

WasteState make_waste_state(const WastePlants& plants) {
    const std::size_t n = plants.size();
    WasteState state;
    for (std::size_t k = 0; k < n; ++k) {
        const Bunker bunker = column_or(plants.bunker, k, Bunker{});
        state.bunker_t.push_back(bunker.bunker_t * bunker.initial);
    }
    state.arrived_t.assign(n, 0.0);
    state.burnt_t.assign(n, 0.0);
    state.diverted_t.assign(n, 0.0);
    state.gross_mwh.assign(n, 0.0);
    return state;
}

void compute_waste_power(const WastePlants& plants, const TimeAxis& axis, StepRange range,
                         WasteState& state, Series& p_mw) {
    p_mw.reshape(plants.size(), range.count);
    const double dt_h = axis.dt_h();
    for (std::size_t k = 0; k < plants.size(); ++k) {
        const Bunker bunker = column_or(plants.bunker, k, Bunker{});
        const double design_t_per_h = plants.design_t_per_day[k] / 24.0;
        const double mean_t_per_h = design_t_per_h * plants.supply_share[k];
        const double of_week = 1.0 / week_mean(bunker);
        const double mwh_per_t = plants.kwh_per_t[k] / 1000.0;
        const double gross = 1.0 / (1.0 - column_or(plants.auxiliary_share, k, 0.15));
        double& stored_t = state.bunker_t[k];
        for (std::size_t i = 0; i < range.count; ++i) {
            const auto at = axis.middle(range.first + i);
            const double arrive_t = dt_h * mean_t_per_h * of_week * bunker.weekday[at.weekday - 1] *
                                    bunker.month[at.month - 1];
            double burn_t = 0;
            if (!is_overhauled(bunker, static_cast<int>(at.day_of_year))) {
                const double steered =
                    mean_t_per_h + (stored_t - bunker.target * bunker.bunker_t) / hours_to_target;
                burn_t = bunker.bunker_t > 0
                             ? dt_h * std::clamp(steered, bunker.min_load * design_t_per_h,
                                                 bunker.max_load * design_t_per_h)
                             : arrive_t;
                burn_t = std::min(burn_t, stored_t + arrive_t);
            }
            stored_t += arrive_t - burn_t;
            const double divert_t = std::max(0.0, stored_t - bunker.bunker_t);
            stored_t -= divert_t;
            state.arrived_t[k] += arrive_t;
            state.burnt_t[k] += burn_t;
            state.diverted_t[k] += divert_t;
            state.gross_mwh[k] += burn_t * mwh_per_t * gross;
            p_mw(k, i) = burn_t * mwh_per_t / dt_h;
        }
    }
}

} // namespace yuanwang::models
