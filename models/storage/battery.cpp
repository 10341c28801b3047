#include "models/storage/battery.hpp"

#include <algorithm>

namespace yuanwang::models {
namespace {

/// What self-discharge leaves of e over a step.
double rested_mwh(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    return e_mwh * std::max(0.0, 1.0 - batteries.self_discharge_per_h[k] * dt_h);
}

} // namespace

double charge_limit_mw(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    const double room_mwh =
        batteries.soc_max[k] * batteries.e_max_mwh[k] - rested_mwh(batteries, k, e_mwh, dt_h);
    return std::clamp(room_mwh / (batteries.eta_charge[k] * dt_h), 0.0,
                      batteries.p_charge_max_mw[k]);
}

double discharge_limit_mw(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    const double above_mwh =
        rested_mwh(batteries, k, e_mwh, dt_h) - batteries.soc_min[k] * batteries.e_max_mwh[k];
    return std::clamp(above_mwh * batteries.eta_discharge[k] / dt_h, 0.0,
                      batteries.p_discharge_max_mw[k]);
}

double advance(const Batteries& batteries, std::size_t k, double e_mwh, double p_mw, double dt_h) {
    const double rested = rested_mwh(batteries, k, e_mwh, dt_h);
    return p_mw >= 0 ? rested - p_mw * dt_h / batteries.eta_discharge[k]
                     : rested - p_mw * dt_h * batteries.eta_charge[k];
}

double loss_mwh(const Batteries& batteries, std::size_t k, double e_mwh, double p_mw, double dt_h) {
    return e_mwh - p_mw * dt_h - advance(batteries, k, e_mwh, p_mw, dt_h);
}

} // namespace yuanwang::models
