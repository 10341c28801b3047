/// @file
/// Wind farm: speed at hub height → density-corrected power curve → farm losses.
#pragma once

#include <string>
#include <vector>

namespace yuanwang::models {

/// Parameters, columns [n_farm].
struct WindFarms {
    std::vector<double> p_rated_mw;
    std::vector<std::string> power_curve; ///< name in the curve library, such as `iec_class_3`
    std::vector<double> hub_height_m;
    std::vector<double> shear_exponent; ///< power law from 10 m
    std::vector<double> speed_factor;   ///< site speed over weather-site speed (siting, scaling to a declared yield)
    std::vector<double> farm_efficiency; ///< wake and electrical losses, 0…1
    std::vector<double> availability;    ///< 0…1
    std::vector<double> cold_cut_out_c;  ///< no output below this temperature
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
};

} // namespace yuanwang::models
