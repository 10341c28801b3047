#include "models/storage/shared_storage.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::models {
namespace {

struct Totals {
    double charge_mw = 0;
    double discharge_mw = 0;
};

Totals sum_up(std::span<const double> p_mw) {
    Totals totals;
    for (const double p : p_mw) {
        (p < 0 ? totals.charge_mw : totals.discharge_mw) += std::abs(p);
    }
    return totals;
}

double rested_mwh(const Batteries& batteries, std::size_t k, double e_mwh, double dt_h) {
    return e_mwh * std::max(0.0, 1.0 - batteries.self_discharge_per_h[k] * dt_h);
}

double share_of(double part, double whole) {
    return whole > 0 ? part / whole : 0.0;
}

} // namespace

void grant_wishes(const Batteries& batteries, std::size_t k, const TenantSlices& slices,
                  std::span<const double> e_mwh, std::span<const double> wish_mw, double dt_h,
                  std::span<double> granted_mw) {
    double wished_mw = 0; // discharge within the slices
    double e_battery_mwh = 0;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const double above_mwh =
            rested_mwh(batteries, k, e_mwh[i], dt_h) -
            batteries.soc_min[k] * slices.energy_share[i] * batteries.e_max_mwh[k];
        const double limit_mw = std::clamp(above_mwh * batteries.eta_discharge[k] / dt_h, 0.0,
                                           slices.power_share[i] * batteries.p_discharge_max_mw[k]);
        granted_mw[i] = std::clamp(wish_mw[i], 0.0, limit_mw);
        wished_mw += granted_mw[i];
        e_battery_mwh += e_mwh[i];
    }
    const double battery_mw = discharge_limit_mw(batteries, k, e_battery_mwh, dt_h);
    if (wished_mw > battery_mw) { // a slice at rest has leaked below its floor
        for (double& granted : granted_mw) {
            granted *= battery_mw / wished_mw;
        }
    }
    const double stored_share = wished_mw > 0 ? 1.0 : batteries.eta_charge[k];
    for (std::size_t i = 0; i < slices.size(); ++i) {
        if (wish_mw[i] >= 0) {
            continue;
        }
        const double room_mwh =
            batteries.soc_max[k] * slices.energy_share[i] * batteries.e_max_mwh[k] -
            rested_mwh(batteries, k, e_mwh[i], dt_h);
        const double limit_mw = std::clamp(room_mwh / (stored_share * dt_h), 0.0,
                                           slices.power_share[i] * batteries.p_charge_max_mw[k]);
        granted_mw[i] = -std::min(-wish_mw[i], limit_mw);
    }
}

void advance_tenants(const Batteries& batteries, std::size_t k, std::span<const double> p_mw,
                     double dt_h, std::span<double> e_mwh) {
    const Totals totals = sum_up(p_mw);
    const double matched_mw = std::min(totals.charge_mw, totals.discharge_mw);
    const double mu_c = share_of(matched_mw, totals.charge_mw);
    const double mu_d = share_of(matched_mw, totals.discharge_mw);
    const double stored_per_mwh = mu_c + (1.0 - mu_c) * batteries.eta_charge[k];
    const double taken_per_mwh = mu_d + (1.0 - mu_d) / batteries.eta_discharge[k];
    for (std::size_t i = 0; i < p_mw.size(); ++i) {
        const double moved_mwh = p_mw[i] * dt_h * (p_mw[i] < 0 ? stored_per_mwh : taken_per_mwh);
        e_mwh[i] = rested_mwh(batteries, k, e_mwh[i], dt_h) - moved_mwh;
    }
}

void settle(const Batteries& batteries, std::size_t k, const TenantSlices& slices,
            const StorageTariff& tariff, std::span<const double> p_mw, double dt_h,
            Settlement& accounts) {
    accounts.tenant_cny.assign(slices.size(), 0.0);
    accounts.owner_cny = 0;
    accounts.grid_cny = 0;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const double traded_cny = tariff.price_cny_per_mwh * p_mw[i] * dt_h;
        const double held_mw = slices.power_share[i] * batteries.p_discharge_max_mw[k];
        const double fee_cny = tariff.rent_cny_per_mw_h * held_mw * dt_h +
                               tariff.wear_cny_per_mwh * std::abs(p_mw[i]) * dt_h;
        accounts.tenant_cny[i] = traded_cny - fee_cny;
        accounts.owner_cny += fee_cny;
        accounts.grid_cny -= traded_cny;
    }
}

} // namespace yuanwang::models
