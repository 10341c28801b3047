/// @file
/// Ageing of a battery: capacity left after a history of SOC and temperature, by cycles (rainflow) and by time.
///
/// Xu et al. (fitted to an LMO cell; damage is linear, so years add up):
///
///     q   = a exp(−b f) + (1 − a) exp(−f)                                           capacity left, 1 when new
///     f   = Σ n S_d(d) S_σ(σ) S_T(T)  +  S_t t S_σ(σ̄) S_T(T̄)                        damage, cycles + calendar
///     S_d = 1/(1.40e5 d^−0.501 − 1.23e5)      d depth of a cycle, 0…1
///     S_σ = exp(1.04 (σ − 0.5))               σ mean SOC of the cycle, σ̄ of the history
///     S_T = exp(0.0693 (T − 25) 298.15/(T + 273.15))      T mean temperature of the cycle, T̄ of the history; °C
///     S_t = 4.14e-10 per s                    t in s
///
/// LFP, large-format LFP–graphite cell of 250 Ah (losses follow power laws, each continued from the loss so far):
///
///     q    = 1 − q_t − q_N                     q_t = k_t days^0.526      q_N = k_N EFC^0.828
///     k_t  = 8.37e4 exp(−5210/T) exp(−3560 Ua(σ)/T)                                 T in K, mean over the history
///     k_N  = (4.38e-8 + 1.55e-8 d + 1.68e-7 C)(exp(2190/T) + exp(−1.55e5/T))
///     C    = Σ |ΔSOC| / t over the steps that move 0.01 per hour or more      1/h, t the whole history; slower is rest
///     EFC  = Σ n d                             equivalent full cycles
///     Ua   graphite against lithium at x = 0.0085 + 0.7715 σ                        V
///
/// Fitted for 10…45 °C, depth 0.8…1, charge ≤ 0.65 C, discharge ≤ 1 C; beyond that it extrapolates.
/// Sources: Xu, Oudalov, Ulbig, Andersson, Kirschen, IEEE Trans. Smart Grid 9(2), 2018. Gasper, NREL BLAST-Lite,
/// lfp_gr_250AhPrismatic, C as in its extract_stressors (data: J. Energy Storage, doi 10.1016/j.est.2023.109042). Ua: Safari
/// and Delacourt, J. Electrochem. Soc. 158(5), 2011. Left out: growth of resistance, knee after the end of life, spread of cells.
#pragma once

#include <span>

namespace yuanwang::models {

/// Samples dt_h apart, both columns [n_sample]; n samples last (n − 1) dt_h.
struct SocHistory {
    std::span<const double> soc;           ///< 0…1
    std::span<const double> temperature_c; ///< of the cells
    double dt_h;
};

/// Parameter set of Xu et al.; the defaults are the published ones.
struct XuAgeing {
    double sei_share = 5.75e-2;    ///< a
    double sei_rate = 121.0;       ///< b
    double depth_factor = 1.40e5;  ///< of S_d
    double depth_exponent = 0.501; ///< of S_d, as d^−x
    double depth_offset = 1.23e5;  ///< of S_d
    double soc_slope = 1.04;
    double soc_reference = 0.5;
    double temperature_slope = 6.93e-2;
    double temperature_reference_c = 25.0;
    double calendar_per_s = 4.14e-10; ///< S_t
};

[[nodiscard]] double depth_stress(const XuAgeing& cell, double depth);
[[nodiscard]] double soc_stress(const XuAgeing& cell, double soc);
[[nodiscard]] double temperature_stress(const XuAgeing& cell, double temperature_c);
/// Damage f of the cycles of a history; that of a repeated history is its multiple.
[[nodiscard]] double cycle_damage(const XuAgeing& cell, const SocHistory& history);
/// Damage f of the time a history lasts.
[[nodiscard]] double calendar_damage(const XuAgeing& cell, const SocHistory& history);
/// Capacity left at a damage ≥ 0; 1 … 0.
[[nodiscard]] double capacity_left(const XuAgeing& cell, double damage);
/// Damage at which `capacity` is left, 0 < capacity ≤ 1; over the damage of a year this is the life in years.
[[nodiscard]] double damage_at_capacity(const XuAgeing& cell, double capacity);

/// Parameter set of the LFP cell; the defaults are the published ones.
struct LfpAgeing {
    double calendar_factor = 8.37e4;
    double calendar_temperature_k = -5.21e3;
    double calendar_potential_k_per_v = -3.56e3;
    double calendar_exponent = 0.526;
    double cycle_base = 4.38e-8;
    double cycle_per_depth = 1.55e-8;
    double cycle_per_c_rate = 1.68e-7;
    double cycle_cold_k = 2.19e3;
    double cycle_hot_k = -1.55e5;
    double cycle_exponent = 0.828;
    double rest_below_c_rate = 0.01; ///< 1/h
};

/// Losses so far, shares of the capacity when new.
struct LfpState {
    double calendar_loss = 0;
    double cycle_loss = 0;
};

/// Potential Ua of graphite against lithium, V.
[[nodiscard]] double graphite_potential_v(double soc);
[[nodiscard]] double calendar_rate(const LfpAgeing& cell, double temperature_c, double soc);
[[nodiscard]] double cycle_rate(const LfpAgeing& cell, double temperature_c, double depth,
                                double c_rate);
/// k ((y/k)^(1/p) + dx)^p: a loss y of the law k x^p after dx more; rates that change are followed by the loss.
[[nodiscard]] double continue_power_law(double loss, double rate, double exponent, double dx);
/// The state after one more history.
[[nodiscard]] LfpState advance(const LfpAgeing& cell, const LfpState& state,
                               const SocHistory& history);
[[nodiscard]] double capacity_left(const LfpState& state);

} // namespace yuanwang::models
