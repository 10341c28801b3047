/// @file
/// Battery: power and energy limits, one-way efficiencies, self-discharge.
///
///     e(t) = e(t−1)·(1 − self_discharge·Δt) + η_c·p_charge·Δt − p_discharge·Δt/η_d       e in soc_min…soc_max of e_max
#pragma once

#include <vector>

namespace yuanwang::models {

/// Parameters, columns [n_battery].
struct Batteries {
    std::vector<double> p_charge_max_mw;    ///< at the grid side
    std::vector<double> p_discharge_max_mw; ///< at the grid side
    std::vector<double> e_max_mwh;
    std::vector<double> soc_min; ///< 0…1
    std::vector<double> soc_max;
    std::vector<double> soc_initial;
    std::vector<double> eta_charge;    ///< one way, 0…1
    std::vector<double> eta_discharge;
    std::vector<double> self_discharge_per_h; ///< share of the stored energy lost in an hour
    [[nodiscard]] std::size_t size() const { return e_max_mwh.size(); }
};

} // namespace yuanwang::models
