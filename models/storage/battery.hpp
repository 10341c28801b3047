/// @file
/// Battery: power and energy limits, one-way efficiencies, self-discharge.
///
///     e(t) = e(t−1) (1 − self_discharge Δt) + η_c p_charge Δt − p_discharge Δt/η_d      soc_min ≤ e/e_max ≤ soc_max
///
/// Powers at the grid side. Left out: part-load efficiency, auxiliary load, cold derating, ageing.
#pragma once

#include <cstddef>
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
    std::vector<double> eta_charge; ///< one way, 0…1
    std::vector<double> eta_discharge;
    std::vector<double> self_discharge_per_h; ///< share of the stored energy lost in an hour
    [[nodiscard]] std::size_t size() const { return e_max_mwh.size(); }
    friend bool operator==(const Batteries&, const Batteries&) = default;
};

/// Most the grid may push into battery k over a step of dt_h from a stored energy of e_mwh; ≥ 0.
[[nodiscard]] double charge_limit_mw(const Batteries& batteries, std::size_t k, double e_mwh,
                                     double dt_h);
/// Most battery k may deliver to the grid over a step; ≥ 0.
[[nodiscard]] double discharge_limit_mw(const Batteries& batteries, std::size_t k, double e_mwh,
                                        double dt_h);
/// Stored energy at the end of a step at p_mw, discharge positive.
[[nodiscard]] double advance(const Batteries& batteries, std::size_t k, double e_mwh, double p_mw,
                             double dt_h);
/// Energy lost inside battery k over the same step: terminal energy in − out − growth of the store; ≥ 0.
[[nodiscard]] double loss_mwh(const Batteries& batteries, std::size_t k, double e_mwh, double p_mw,
                              double dt_h);

} // namespace yuanwang::models
