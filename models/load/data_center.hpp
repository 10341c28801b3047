/// @file
/// Data center: IT power by utilisation, UPS losses, PUE by weather.
#pragma once

#include <string>
#include <vector>

namespace yuanwang::models {

/// Parameters, columns [n_center].
struct DataCenters {
    std::vector<double> racks;
    std::vector<double> pflops;        ///< compute capacity, PFLOP/s
    std::vector<double> it_mw;         ///< IT power at full utilisation
    std::vector<double> idle_share;    ///< IT power at rest over full
    std::vector<double> utilisation_mean; ///< 0…1
    std::vector<double> utilisation_swing; ///< half of (max − min) of the mean day, relative to the mean
    std::vector<double> peak_hour;     ///< Beijing clock
    std::vector<double> ups_efficiency;
    std::vector<double> liquid_share;  ///< share of heat taken by liquid cooling, 0…1
    std::vector<double> free_cooling_c; ///< outdoor dry bulb below which no chiller runs
    std::vector<double> chiller_cop;
    std::vector<std::string> microgrid; ///< name of the clean microgrid it can island with; empty: none
    [[nodiscard]] std::size_t size() const { return racks.size(); }
};

} // namespace yuanwang::models
