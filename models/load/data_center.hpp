/// @file
/// Data center: IT power by utilisation, UPS losses, PUE by weather.
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
    std::vector<double>
        utilisation_swing;         ///< half of (max − min) of the mean day, relative to the mean
    std::vector<double> peak_hour; ///< Beijing clock
    std::vector<double> ups_efficiency;
    std::vector<double> liquid_share;   ///< share of heat taken by liquid cooling, 0…1
    std::vector<double> free_cooling_c; ///< outdoor dry bulb below which no chiller runs
    std::vector<double> chiller_cop;
    std::vector<std::string>
        microgrid; ///< name of the clean microgrid it can island with; empty: none
    [[nodiscard]] std::size_t size() const { return racks.size(); }
};

/// What the centers do, each [n_center × range.count].
struct DataCenterHours {
    Series it_mw; ///< power of the servers
    Series pue;   ///< total over IT power, UPS losses included
    Series p_mw;  ///< drawn from the grid
};

/// Fills the three series. `site` is each center's row in `weather`.
void compute_data_centers(const DataCenters& centers, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, DataCenterHours& out);

} // namespace yuanwang::models
