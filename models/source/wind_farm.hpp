/// @file
/// Wind farm: speed at hub height → density-corrected power curve → farm losses.
///
///     v_hub = v_10 speed_factor (hub/10)^shear                                                     m/s
///     v_eq  = v_hub (ρ/1.225)^(1/3)             ρ of moist air at the site, every step             m/s
///     P     = P_rated curve(v_eq) farm_efficiency availability                                     MW
///
/// Nothing below the cold cut-out temperature, nothing beyond the last point of the curve (storm; by v_hub, which is
/// what the turbine's anemometer sees). Left out: hysteresis of the storm cut-out, turbulence, icing, density at the hub
/// instead of the ground (about 1 % per 100 m), wake by wind direction.
/// Source of the density correction: IEC 61400-12-1, machines with active power control.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_farm].
struct WindFarms {
    std::vector<double> p_rated_mw;
    std::vector<std::string> power_curve; ///< name in the curve library, such as `iec_class_3`
    std::vector<double> hub_height_m;
    std::vector<double> shear_exponent; ///< power law from 10 m
    /// Site speed over weather-site speed (siting, scaling to a declared yield).
    std::vector<double> speed_factor;
    std::vector<double> farm_efficiency; ///< wake and electrical losses, 0…1
    std::vector<double> availability;    ///< 0…1
    std::vector<double> cold_cut_out_c;  ///< no output below this temperature
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const WindFarms&, const WindFarms&) = default;
};

/// Speed at which the curve of standard density gives the power of this density.
[[nodiscard]] double density_equivalent_speed(double speed_m_per_s, double density_kg_per_m3);

/// Output of every farm; `p_mw` becomes [n_farm × range.count]. `site` is each farm's row in `weather`; one that is
/// not valid gives nothing. Every `power_curve` must name a curve of the library (power_curve.hpp).
void compute_wind_power(const WindFarms& farms, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, Series& p_mw);

} // namespace yuanwang::models
