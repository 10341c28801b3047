/// @file
/// Battery container in the weather: temperature of the cells, auxiliary load, power left in the cold.
///
///     T_c = T_a                               keep ≤ T_a ≤ cool                       cells, °C
///     T_c = min(keep, T_a + heater/ua)        T_a < keep, the heater at its best      ua kW/K of the whole plant
///     T_c = cool                              T_a > cool, the chiller runs
///     aux = standby + ua max(0, T_c − T_a) [T_a < keep] + ua max(0, T_a − cool)/cop                   MW
///     charging share    = clamp((T_c − T_stop)/(T_full − T_stop), 0, 1), discharging likewise         of the rated power
///
/// Steady within a step. LFP cells take no charge below 0 °C (lithium plating) and deliver down to −20 °C: data sheets agree
/// on these bounds, the straight lines between are *assumed*. A plant without ua and standby is always at `keep` and draws
/// nothing, which is the plain battery. Left out: heat of the cells' own losses, heat stored in the cells.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_battery]; empty: no battery feels the weather.
struct Containers {
    std::vector<double> standby_mw; ///< controls, pumps, lights; all the time
    std::vector<double> ua_kw_per_k;
    std::vector<double> heater_kw; ///< greatest heating power
    std::vector<double> keep_c;    ///< what the heater aims at
    std::vector<double> cool_c;    ///< what the chiller aims at
    std::vector<double> chiller_cop;
    std::vector<double> charge_full_c; ///< full charging power at and above
    std::vector<double> charge_stop_c; ///< none at and below
    std::vector<double> discharge_full_c;
    std::vector<double> discharge_stop_c;
    [[nodiscard]] std::size_t size() const { return standby_mw.size(); }
    friend bool operator==(const Containers&, const Containers&) = default;
};

/// What the weather makes of them, each [n_battery × range.count].
struct ContainerHours {
    Series cell_c;
    Series auxiliary_mw;
    Series charge_share; ///< of p_charge_max_mw, 0…1
    Series discharge_share;
};

/// Cell temperature of plant k at an ambient temperature.
[[nodiscard]] double cell_temperature_c(const Containers& plants, std::size_t k, double ambient_c);
/// Auxiliary load of plant k.
[[nodiscard]] double auxiliary_mw(const Containers& plants, std::size_t k, double ambient_c);
/// 0 at `stop_c` and below, 1 at `full_c` and above, straight between.
[[nodiscard]] double cold_share(double cell_c, double stop_c, double full_c);

/// Fills the four series; `site` is each plant's row in `weather`, an invalid one: always at `keep`.
void compute_containers(const Containers& plants, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, ContainerHours& out);

} // namespace yuanwang::models
