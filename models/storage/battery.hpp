/// @file
/// Battery, and any reservoir that is charged and discharged: power and energy limits, one-way efficiencies, self-discharge.
///
///     e(t) = e(t−1) (1 − self_discharge Δt) + η_c p_charge Δt − p_discharge Δt/η_d      soc_min ≤ e/e_max ≤ soc_max
///
///     p_charge    ≤ P_c (1 − (1 − f)(s − s_c)/(soc_max − s_c))     above s_c    s = e/e_max at the end of the step
///     p_discharge ≤ P_d (1 − (1 − f)(s_d − s)/(s_d − soc_min))     below s_d    f share of the power left at the bound
///
/// The taper looks at the end of the step, so the largest constant power has a closed form and no step overshoots, be it
/// five minutes or an hour. Powers at the grid side. The same equations carry flywheels, supercapacitors and pumped hydro
/// (reservoir.hpp); auxiliary load and cold are container.hpp, ageing is ageing.hpp. Left out: part-load efficiency.
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
    // Taper by state of charge; empty columns: none.
    std::vector<double> charge_taper_soc;    ///< s_c
    std::vector<double> discharge_taper_soc; ///< s_d
    std::vector<double> taper_floor;         ///< f, 0…1
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
