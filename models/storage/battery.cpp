#include "models/storage/battery.hpp"

#include <algorithm>

namespace yuanwang::models {
namespace {

/// What self-discharge leaves of e over a step.
double rested_mwh(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    return e_mwh * std::max(0.0, 1.0 - batteries.self_discharge_per_h[k] * dt_h);
}

/// Largest power P ≤ P_max with P ≤ P_max (1 − m (beyond + P per_mw)): what a taper of slope m leaves when the step begins
/// `beyond` its SOC and each MW moves the SOC by `per_mw`.
double tapered_mw(double p_max_mw, double slope, double beyond, double per_mw) {
    const double p_mw = p_max_mw * (1.0 - slope * beyond) / (1.0 + p_max_mw * slope * per_mw);
    return std::clamp(p_mw, 0.0, p_max_mw);
}

double slope_of(double floor, double width) {
    return width > 0 ? (1.0 - floor) / width : 0.0;
}

} // namespace

double charge_limit_mw(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    const double e_max_mwh = batteries.e_max_mwh[k];
    const double rested = rested_mwh(batteries, k, e_mwh, dt_h);
    const double room_mwh = batteries.soc_max[k] * e_max_mwh - rested;
    double p_max_mw = batteries.p_charge_max_mw[k];
    if (!batteries.charge_taper_soc.empty()) {
        const double from = batteries.charge_taper_soc[k];
        p_max_mw =
            tapered_mw(p_max_mw, slope_of(batteries.taper_floor[k], batteries.soc_max[k] - from),
                       rested / e_max_mwh - from, batteries.eta_charge[k] * dt_h / e_max_mwh);
    }
    return std::clamp(room_mwh / (batteries.eta_charge[k] * dt_h), 0.0, p_max_mw);
}

double discharge_limit_mw(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    const double e_max_mwh = batteries.e_max_mwh[k];
    const double rested = rested_mwh(batteries, k, e_mwh, dt_h);
    const double above_mwh = rested - batteries.soc_min[k] * e_max_mwh;
    double p_max_mw = batteries.p_discharge_max_mw[k];
    if (!batteries.discharge_taper_soc.empty()) {
        const double from = batteries.discharge_taper_soc[k];
        p_max_mw =
            tapered_mw(p_max_mw, slope_of(batteries.taper_floor[k], from - batteries.soc_min[k]),
                       from - rested / e_max_mwh, dt_h / (batteries.eta_discharge[k] * e_max_mwh));
    }
    return std::clamp(above_mwh * batteries.eta_discharge[k] / dt_h, 0.0, p_max_mw);
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
