#include "dispatch/rules/thermal_ramps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dispatch/unit_limits.hpp"

namespace yuanwang::dispatch {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double rounding_mw = 1e-9;

} // namespace

ThermalRamps::ThermalRamps(const Thermals& thermals, const State& state, double dt_h)
    : thermals_{thermals}, dt_h_{dt_h} {
    const Series& units = state.units_before;
    if (units.n_element() == thermals.size() && units.n_step() > 0 &&
        state.thermal_mw.size() == thermals.size()) {
        move_on(units.step(units.n_step() - 1), state.thermal_mw);
    }
}

void ThermalRamps::move_on(std::span<const double> units_on, std::span<const double> p_mw) {
    units_before_.assign(units_on.begin(), units_on.end());
    p_before_mw_.assign(p_mw.begin(), p_mw.end());
}

bool ThermalRamps::is_free(std::size_t k) const {
    return p_before_mw_.empty() || thermals_.ramp_mw_per_h.empty() ||
           !std::isfinite(thermals_.ramp_mw_per_h[k]);
}

double ThermalRamps::most_mw(std::size_t k, double units_on) const {
    if (is_free(k)) {
        return infinity;
    }
    const double started = std::max(0.0, units_on - units_before_[k]);
    const double from_mw = std::max(p_before_mw_[k], units_before_[k] * thermals_.unit_p_min_mw[k]);
    return from_mw + unit_ramp_mw(thermals_, k, dt_h_) * units_before_[k] +
           start_up_mw(thermals_, k, dt_h_) * started;
}

double ThermalRamps::least_mw(std::size_t k, double units_on) const {
    if (is_free(k)) {
        return 0;
    }
    const double stopped = std::max(0.0, units_before_[k] - units_on);
    return std::max(0.0, p_before_mw_[k] - unit_ramp_mw(thermals_, k, dt_h_) * units_on -
                             shut_down_mw(thermals_, k, dt_h_) * stopped);
}

void ThermalRamps::keep(std::span<double> units_on, std::span<double> p_mw) const {
    for (std::size_t k = 0; k < thermals_.size(); ++k) {
        if (is_free(k)) {
            continue;
        }
        double& units = units_on[k];
        while (units < units_before_[k] &&
               least_mw(k, units) > units * thermals_.unit_p_max_mw[k] + rounding_mw) {
            units += 1;
        }
        const double floor_mw = std::max(least_mw(k, units), units * thermals_.unit_p_min_mw[k]);
        p_mw[k] = std::max(std::min(p_mw[k], most_mw(k, units)), floor_mw);
    }
}

} // namespace yuanwang::dispatch
