/// @file
/// Shared storage: tenants hold slices of MW and MWh of one battery; what they book sums to it at every step.
///
///     C = Σ c_i   charging of the tenants         D = Σ d_i   discharging of the tenants               MW, ≥ 0
///     m = min(C, D)                               passes from tenant to tenant without the converter   MW
///     e_i ← e_i (1 − self_discharge Δt) + c_i Δt (μ_c + (1 − μ_c) η_c) − d_i Δt (μ_d + (1 − μ_d)/η_d)  MWh
///     μ_c = m/C,  μ_d = m/D                       matched shares; charger and discharger meet at one kWh for one kWh
///     p   = D − C                                 what the grid sees of the battery, discharge positive MW
///
/// With these shares Σ e_i follows battery.hpp at p exactly: the gain of netting belongs to those who net.
///
///     tenant  i   price (d_i − c_i) Δt − rent s_i P Δt − wear (c_i + d_i) Δt                           CNY
///     owner       Σ (rent s_i P Δt + wear (c_i + d_i) Δt)                      P = p_discharge_max     CNY
///     grid        price (C − D) Δt                                                                     CNY
///
/// Money in is positive; the three sum to zero. Preconditions: each column of slices is ≥ 0 and sums to 1. Model: ours;
/// a tenant who is alone with his wish sees a battery of his own. Left out: lending of idle slices.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/storage/battery.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_tenant].
struct TenantSlices {
    std::vector<double> power_share;  ///< of both power limits
    std::vector<double> energy_share; ///< of e_max_mwh, soc_min and soc_max applying to each slice
    [[nodiscard]] std::size_t size() const { return power_share.size(); }
    friend bool operator==(const TenantSlices&, const TenantSlices&) = default;
};

struct StorageTariff {
    double price_cny_per_mwh; ///< of the step, at the grid side
    double rent_cny_per_mw_h; ///< for each MW held, used or not
    double wear_cny_per_mwh;  ///< for each MWh in or out
};

struct Settlement {
    std::vector<double> tenant_cny; ///< [n_tenant]
    double owner_cny = 0;
    double grid_cny = 0;
};

/// Cuts each tenant's wish (discharge positive) to his slice of battery k; `granted_mw` [n_tenant]. While others
/// discharge, a charger's room is reckoned at one kWh for one kWh, so that no match can overfill a slice.
/// What leaks below the floor of a slice at rest is held back by those who discharge, in proportion.
void grant_wishes(const Batteries& batteries, std::size_t k, const TenantSlices& slices,
                  std::span<const double> e_mwh, std::span<const double> wish_mw, double dt_h,
                  std::span<double> granted_mw);
/// Moves the tenants' energy by a step at `p_mw` (discharge positive, within the grant).
void advance_tenants(const Batteries& batteries, std::size_t k, std::span<const double> p_mw,
                     double dt_h, std::span<double> e_mwh);
/// Fills the accounts of one step.
void settle(const Batteries& batteries, std::size_t k, const TenantSlices& slices,
            const StorageTariff& tariff, std::span<const double> p_mw, double dt_h,
            Settlement& accounts);

} // namespace yuanwang::models
