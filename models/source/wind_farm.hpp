/// @file
/// Wind farm: speed at hub height → density-corrected power curve → wake, losses, cut-outs.
///
///     v_hub = v_10 speed_factor (hub/10)^shear                                                     m/s
///     v_eq  = v_hub (ρ/1.225)^(1/3)             ρ of moist air at the site, every step             m/s
///     P     = P_rated curve(v_eq) farm_efficiency wake(v_eq, from) ready                                MW
///
/// **Storm**: beyond the last point of the curve (by v_hub, which is what the anemometer sees) the farm stands still, and
/// starts again below `storm_restart_m_per_s`. **Cold**: still below `cold_cut_out_c`, again above `cold_restart_c`.
/// **Wake**: a table by layout (wake.hpp) and the direction of the wind, else all of it is in `farm_efficiency`. **Ready**: the share `availability`;
/// with `turbines` > 0 each turbine on its own: its time falls into spells of `repair_h`, each of them lost with
/// probability 1 − availability (drawn by the farm's stream and the number of the spell, so every run has the same).
///
/// Left out: turbulence, icing, density at the hub instead of the ground (about 1 % per 100 m).
/// Source of the density correction: IEC 61400-12-1, machines with active power control.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/hash_normal.hpp"
#include "models/source/wake.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_farm]; those with a default may stay empty.
struct WindFarms {
    std::vector<double> p_rated_mw;
    std::vector<std::string> power_curve; ///< name in the curve library, such as `iec_class_3`
    std::vector<double> hub_height_m;
    std::vector<double> shear_exponent; ///< power law from 10 m
    /// Site speed over weather-site speed (siting, scaling to a declared yield).
    std::vector<double> speed_factor;
    std::vector<double>
        farm_efficiency; ///< electrical losses, and wake where there is no layout, 0…1
    std::vector<double> availability;   ///< 0…1
    std::vector<double> cold_cut_out_c; ///< no output below this temperature

    std::vector<std::vector<double>> curve_speed_m_per_s =
        {}; ///< a curve of its own, rising; none: the library's
    std::vector<std::vector<double>> curve_power = {}; ///< of the rating, 0…1
    std::vector<double> storm_restart_m_per_s = {};    ///< none: 3 m/s below the cut-out
    std::vector<double> cold_restart_c = {};           ///< none: 2 K above the cut-out
    std::vector<int> turbines = {};                    ///< none or 0: availability as a share
    std::vector<double> repair_h = {};                 ///< none: 72
    std::vector<WindLayout> layout = {};
    Streams stream = {}; ///< of the repairs
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const WindFarms&, const WindFarms&) = default;
};

/// Whether the farm stands still for storm or cold, [n_farm].
struct WindState {
    std::vector<std::uint8_t> stormed;
    std::vector<std::uint8_t> frozen;
};

[[nodiscard]] WindState make_wind_state(const WindFarms& farms);

/// Speed at which the curve of standard density gives the power of this density.
[[nodiscard]] double density_equivalent_speed(double speed_m_per_s, double density_kg_per_m3);

/// The farm's own curve, or that of the library. Precondition: the name is one of the library.
[[nodiscard]] PowerCurve curve_of(const WindFarms& farms, std::size_t k);

/// Output of every farm; `p_mw` becomes [n_farm × range.count]. `site` is each farm's row in `weather`; one that is
/// not valid gives nothing. `state` moves to the end of the range; `dt_h` and `range.first` count the spells of repair.
void compute_wind_power(const WindFarms& farms, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, double dt_h,
                        WindState& state, Series& p_mw);

/// The same from running turbines and hourly steps.
void compute_wind_power(const WindFarms& farms, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, Series& p_mw);

} // namespace yuanwang::models
