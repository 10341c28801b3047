/// @file
/// Hydro plant with a daily energy budget: a run-of-river part that flows evenly and a flexible part dispatch places.
///
///     energy = share Σ_t min(mean(month), P_rated) Δt                           MWh of the block
///     base   = share min(mean, max((1 − flexible_share) mean, P_min))           MW in every step
///     p_max  = share P_rated                                                    MW
///
/// So a plant without water of its own: its monthly mean is its budget. A plant with inflow or a reservoir (water.hpp)
/// takes the mean as a plan only; what its water allows is the budget.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/time_axis.hpp"

namespace yuanwang::models {

/// Water of one plant. Neither inflow nor upstream plant: the energy budget is taken as written.
struct Reservoir {
    double v_max_hm3 = 0; ///< usable volume, million m³; 0: run of river
    /// Share of it before the first step; none: the guide curve of that date, without a guide one half.
    std::optional<double> v_initial = {};
    double head_m = 0;         ///< gross, reservoir full
    double head_empty_m = 0;   ///< gross, at the lower end of the usable volume; 0: as full
    double efficiency = 0.9;   ///< water to wire
    double q_min_m3_per_s = 0; ///< ecological flow below the dam
    double wetness = 1;        ///< factor of all inflows: a dry year 0.8, a wet one 1.2
    std::array<double, 12>
        inflow_m3_per_s{}; ///< mean natural inflow by month, without what comes from upstream
    std::array<double, 12>
        target{}; ///< share of the volume aimed at by the end of each month; all 0: the plan of energy
    int upstream = -1;  ///< row of the plant whose outflow arrives
    double delay_h = 0; ///< of that outflow
    [[nodiscard]] bool has_water() const { return head_m > 0; }
    friend bool operator==(const Reservoir&, const Reservoir&) = default;
};

/// Parameters, columns [n_plant].
struct HydroPlants {
    std::vector<double> p_rated_mw; ///< plant rating
    /// Share of plant and energy that serves the studied system, 0…1.
    std::vector<double> city_share;
    std::vector<std::array<double, 12>> mean_mw; ///< mean output of the whole plant by month
    /// Share of the day's energy that may be moved within the day, 0…1.
    std::vector<double> flexible_share;
    std::vector<double> p_min_mw; ///< least output of the whole plant (ecological flow)
    std::vector<Reservoir> reservoir = {};
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const HydroPlants&, const HydroPlants&) = default;
};

/// What the water of a block of steps allows, columns [n_plant], share of the studied system only.
struct HydroDay {
    std::vector<double> energy_mwh; ///< budget of the block
    std::vector<double> base_mw;    ///< run-of-river part, flows in every step
    std::vector<double> p_max_mw;
};

/// Fills the budget of the steps of `range` from the monthly means, whatever the water.
void compute_hydro_day(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                       HydroDay& out);

} // namespace yuanwang::models
