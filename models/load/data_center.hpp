/// @file
/// Data center: IT power by utilisation, UPS losses, PUE by weather.
///
///     u    = mean (1 + swing cos(2π (h − peak)/24)), within 0…1                     h on the Beijing clock
///     IT   = it_mw (idle_share + (1 − idle_share) u)                                MW
///     COPa = chiller_cop ρr²                                                        ρr = ρ/1.225 of the step's air
///     PUE  = 1 + (1 − f) c/COPa + f/20 + (1/ups_efficiency − 1) + 0.02              f = liquid_share
///     p    = IT PUE                                                                 MW
///
/// c = 1 above the free-cooling temperature; below it the economiser leaves the fans, c = 0.8. Thin air carries less heat,
/// so the air side costs ρr⁻²; liquid cooling (COP 20) does not feel it. 0.02 is lighting and the like.
///
/// Source: planning model of a green data center at 2200 m (not measured): chiller_cop 8, ρr 0.805 and ups_efficiency
/// 1/1.055 give PUE 1.268, 1.154 and 1.125 at f = 0, 0.8 and 1. c is an assumption inside what that study's hourly means
/// imply (0.78…0.87). Left out: wet-bulb towers, deferrable jobs, losses by redundancy and part load.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_center].
struct DataCenters {
    std::vector<double> racks;
    std::vector<double> pflops;           ///< compute capacity, PFLOP/s
    std::vector<double> it_mw;            ///< IT power at full utilisation
    std::vector<double> idle_share;       ///< IT power at rest over full
    std::vector<double> utilisation_mean; ///< 0…1
    /// Half of (max − min) of the mean day, relative to the mean.
    std::vector<double> utilisation_swing;
    std::vector<double> peak_hour; ///< Beijing clock
    std::vector<double> ups_efficiency;
    std::vector<double> liquid_share;   ///< share of heat taken by liquid cooling, 0…1
    std::vector<double> free_cooling_c; ///< outdoor dry bulb below which no chiller runs
    std::vector<double> chiller_cop;    ///< of the air side, in air of standard density
    /// Name of the clean microgrid it can island with; empty: none.
    std::vector<std::string> microgrid;
    [[nodiscard]] std::size_t size() const { return racks.size(); }
    friend bool operator==(const DataCenters&, const DataCenters&) = default;
};

/// What the centers do, each [n_center × range.count].
struct DataCenterHours {
    Series it_mw; ///< power of the servers
    Series pue;   ///< total over IT power, UPS losses included
    Series p_mw;  ///< drawn from the grid
};

/// PUE of one hour; `air_cop` as `chiller_cop`, `density_ratio` is ρr.
[[nodiscard]] double data_center_pue(double liquid_share, double air_cop, double ups_efficiency,
                                     double density_ratio, bool free_cooling);

/// Fills the three series. `site` is each center's row in `weather`.
void compute_data_centers(const DataCenters& centers, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, DataCenterHours& out);

} // namespace yuanwang::models
