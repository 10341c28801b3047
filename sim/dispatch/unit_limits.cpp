#include "dispatch/unit_limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yuanwang::dispatch {

namespace {

double limit_or_least(const Thermals& thermals, const std::vector<double>& limit_mw, std::size_t k,
                      double dt_h) {
    const bool declared = k < limit_mw.size() && limit_mw[k] > 0;
    return declared ? limit_mw[k]
                    : std::max(thermals.unit_p_min_mw[k], unit_ramp_mw(thermals, k, dt_h));
}

} // namespace

double unit_ramp_mw(const Thermals& thermals, std::size_t k, double dt_h) {
    if (k >= thermals.ramp_mw_per_h.size() || !std::isfinite(thermals.ramp_mw_per_h[k])) {
        return std::numeric_limits<double>::infinity();
    }
    return thermals.ramp_mw_per_h[k] * dt_h / std::max(1, thermals.units[k]);
}

double start_up_mw(const Thermals& thermals, std::size_t k, double dt_h) {
    return limit_or_least(thermals, thermals.start_up_limit_mw, k, dt_h);
}

double shut_down_mw(const Thermals& thermals, std::size_t k, double dt_h) {
    return limit_or_least(thermals, thermals.shut_down_limit_mw, k, dt_h);
}

bool ramps_by_units(const Thermals& thermals, std::size_t k, double dt_h) {
    const double ramp_mw = unit_ramp_mw(thermals, k, dt_h);
    if (!std::isfinite(ramp_mw) || thermals.units[k] == 0) {
        return false;
    }
    const double band_mw = thermals.unit_p_max_mw[k] - thermals.unit_p_min_mw[k];
    return start_up_mw(thermals, k, dt_h) != ramp_mw ||
           shut_down_mw(thermals, k, dt_h) != ramp_mw ||
           (thermals.units[k] > 1 && ramp_mw < band_mw);
}

int count_held_units(const Table& table, const BlockInput& input, std::size_t k, std::size_t t) {
    const Thermals& thermals = table.thermals;
    if (k >= thermals.least_units.size() || thermals.least_units[k] == 0) {
        return 0;
    }
    const int units = std::min(thermals.least_units[k], thermals.units[k]);
    const std::size_t island = thermals.island[k];
    const double need_mw = input.demand_mw(island, t) + input.loss_mw(island, t);
    return units * thermals.unit_p_min_mw[k] <= std::max(0.0, need_mw) ? units : 0;
}

void hold_units(const Table& table, const BlockInput& input, std::size_t t,
                std::span<double> units_on, std::span<double> p_mw) {
    for (std::size_t k = 0; k < table.thermals.size(); ++k) {
        const double more = count_held_units(table, input, k, t) - units_on[k];
        if (more > 0) {
            units_on[k] += more;
            p_mw[k] = std::max(p_mw[k] + more * std::min(0.0, table.thermals.unit_p_min_mw[k]),
                               units_on[k] * table.thermals.unit_p_min_mw[k]);
        }
    }
}

} // namespace yuanwang::dispatch
