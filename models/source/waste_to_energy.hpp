/// @file
/// Waste-to-energy plant: tonnes that arrive, wait in the bunker, burn, and become MWh.
///
///     arrive(t)  = design supply_share weekday month / 24                                              t/h
///     burn(t)    = clamp(mean arrivals + (B − B_target)/(7 d), min_load design, max_load design)       t/h
///     B'         = arrive − burn − divert           0 ≤ B ≤ bunker_t; what does not fit is diverted    t
///     gross      = burn kwh_per_t/(1 − auxiliary_share)       net = burn kwh_per_t                     kW
///
/// Nothing burns during the overhaul. A plant without a bunker burns what arrives, evenly. Every tonne is accounted for:
/// B − B_initial = arrived − burnt − diverted.
/// Source of 470 kWh/t: press pages of Xining, 1 Mt to 470 GWh. The week's target and τ = 7 d are ours.
#pragma once

#include <array>
#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"

namespace yuanwang::models {

/// Bunker and rhythm of one plant.
struct Bunker {
    double bunker_t = 0;   ///< 0: none
    double initial = 0.5;  ///< share of it full before the first step
    double target = 0.5;   ///< share the rule steers for
    double min_load = 0.6; ///< of the design burn, while it burns: the must-run band
    double max_load = 1.1;
    std::array<double, 7> weekday{1, 1, 1, 1, 1, 1, 1}; ///< of the mean arrivals, Monday first
    std::array<double, 12> month{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    int overhaul_start_day = 0; ///< day of year; 0: none
    int overhaul_days = 0;
    friend bool operator==(const Bunker&, const Bunker&) = default;
};

/// Parameters, columns [n_plant].
struct WastePlants {
    std::vector<double> design_t_per_day; ///< design throughput
    std::vector<double> supply_share;     ///< waste that arrives, share of design, 0…1
    std::vector<double> kwh_per_t;        ///< net electricity per tonne
    std::vector<double> green_share;      ///< biogenic share counted as green, 0…1
    std::vector<double> co2_t_per_mwh;
    std::vector<double> auxiliary_share = {}; ///< own use of the gross output; none: 0.15
    std::vector<Bunker> bunker = {};
    [[nodiscard]] std::size_t size() const { return design_t_per_day.size(); }
    friend bool operator==(const WastePlants&, const WastePlants&) = default;
};

/// State, columns [n_plant]; sums since it was made.
struct WasteState {
    std::vector<double> bunker_t;
    std::vector<double> arrived_t;
    std::vector<double> burnt_t;
    std::vector<double> diverted_t;
    std::vector<double> gross_mwh;
};

[[nodiscard]] WasteState make_waste_state(const WastePlants& plants);

/// Net output of every plant; `p_mw` becomes [n_plant × range.count]. The state moves to the end of the range.
void compute_waste_power(const WastePlants& plants, const TimeAxis& axis, StepRange range,
                         WasteState& state, Series& p_mw);

} // namespace yuanwang::models
