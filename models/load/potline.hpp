/// @file
/// Potline (electrolytic aluminium): tonnes a year × DC kWh/t / rectifier efficiency + auxiliaries.
///
///     p = production_t_per_year dc_kwh_per_t/8760/1000/rectifier_efficiency (1 + auxiliary_share)           MW
///
/// A line that names its cells gets their working point from these figures (potline_cell.hpp): the current that makes the
/// production, the voltage that takes the energy per tonne. Moving the power P of a line then moves the bath,
///
///     ϑ(t) = k ϑ(t−1) + w (P − P_n) Δt,    k = e^(−GΔt/C),   w = s (1 − k)/(G Δt)/n_cell · 1000     K per MWh of DC
///     s = Δq/ΔP of one cell at the greatest current: heat grows faster than power, so this s never makes a rise too small
///
/// which is linear, so that dispatch may plan with it; the exact bath follows by advance_bath_k.
#pragma once

#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/load/potline_cell.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_line].
struct Potlines {
    std::vector<double> production_t_per_year;
    std::vector<double> dc_kwh_per_t;
    std::vector<double> rectifier_efficiency;
    std::vector<double> auxiliary_share;
    std::vector<double> modulation_share; ///< how far the current may be moved, ± share
    // Cells; empty or n_cell 0: none, and no modulation.
    std::vector<double> n_cell;
    std::vector<double> current_efficiency;
    std::vector<double> external_v;
    std::vector<double> window_k;
    std::vector<double> heat_capacity_kwh_per_k;
    std::vector<double> loss_kw_per_k;
    [[nodiscard]] std::size_t size() const { return production_t_per_year.size(); }
    friend bool operator==(const Potlines&, const Potlines&) = default;
};

/// Cells at the working point that makes each line's tonnes with its energy; lines without cells have n_cell 0.
[[nodiscard]] PotlineCells make_cells(const Potlines& lines);
/// AC power over DC power of line k.
[[nodiscard]] double potline_ac_per_dc(const Potlines& lines, std::size_t k);
/// The current at which line k takes a DC power.
[[nodiscard]] double current_at_power_ka(const PotlineCells& cells, std::size_t k, double dc_mw);
/// s w/Δt above: bath kelvin per MWh of DC beyond the working point, at the end of a step.
[[nodiscard]] double bath_k_per_mwh(const PotlineCells& cells, std::size_t k, double dt_h);
/// What a step leaves of the bath's deviation.
[[nodiscard]] double bath_keep(const PotlineCells& cells, std::size_t k, double dt_h);

/// Demand of every potline, the same in every step; `p_mw` becomes [n_line × range.count].
void compute_potlines(const Potlines& lines, StepRange range, Series& p_mw);

} // namespace yuanwang::models
