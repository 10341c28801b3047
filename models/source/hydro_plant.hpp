/// @file
/// Hydro plant with a daily energy budget: a run-of-river part that flows evenly and a flexible part dispatch places.
///
///     energy = share Σ_t min(mean(month), P_rated) Δt                           MWh of the block
///     base   = share min(mean, max((1 − flexible_share) mean, P_min))           MW in every step
///     p_max  = share P_rated                                                    MW
///
/// The budget is a monthly mean; inflow, head and cascades are left out.
#pragma once

#include <array>
#include <vector>

#include "core/time_axis.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_plant].
struct HydroPlants {
    std::vector<double> p_rated_mw; ///< plant rating
    /// Share of plant and energy that serves the studied system, 0…1.
    std::vector<double> city_share;
    std::vector<std::array<double, 12>> mean_mw; ///< mean output of the whole plant by month
    /// Share of the day's energy that may be moved within the day, 0…1.
    std::vector<double> flexible_share;
    std::vector<double> p_min_mw; ///< least output of the whole plant (ecological flow)
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const HydroPlants&, const HydroPlants&) = default;
};

/// What the water of a block of steps allows, columns [n_plant], share of the studied system only.
struct HydroDay {
    std::vector<double> energy_mwh; ///< budget of the block
    std::vector<double> base_mw;    ///< run-of-river part, flows in every step
    std::vector<double> p_max_mw;
};

/// Fills the budget of the steps of `range`.
void compute_hydro_day(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                       HydroDay& out);

} // namespace yuanwang::models
