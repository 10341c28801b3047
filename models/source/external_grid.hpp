/// @file
/// External grid behind a tie: what its own sun, wind and water leave after its own load and export duty.
///
///     output(t)  = solar(t) + wind(t) + hydro
///     duty(t)    = min(hvdc_rated, hvdc_duty_share · max(0, output(t) − own load − reserved))
///     surplus(t) = max(0, output(t) − own load) − duty(t)                              all MW, ≥ 0
///
/// Surplus is clean and cheap; beyond it the grid sells firm energy at its own mix, up to the tie limit.
///
/// Solar and wind follow the weather of their own sites through solar_plant.hpp and wind_farm.hpp with the plants a
/// plateau base is built of (assumed): fixed racks at 35° facing south, DC/AC 1.2, 14 % DC losses; class III turbines, hub
/// 100 m, 1/7 shear, 8 % wake and 3 % outage. Hydro and own load are flat. A site that is not valid gives nothing.
#pragma once

#include <span>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_external].
struct ExternalGrids {
    std::vector<double> solar_mw; ///< AC rating of the base behind the tie
    std::vector<double> wind_mw;
    std::vector<double> wind_speed_factor; ///< as WindFarms::speed_factor
    std::vector<double> hydro_mw;          ///< mean output
    std::vector<double> own_load_mw;       ///< mean
    std::vector<double> hvdc_rated_mw;     ///< export duty over HVDC
    /// share of (output − own load − reserved) the duty takes, 0…1
    std::vector<double> hvdc_duty_share;
    std::vector<double> p_import_max_mw; ///< tie limit towards the studied system
    std::vector<double> p_export_max_mw;
    std::vector<double> firm_mw;          ///< firm energy offered beyond the surplus
    std::vector<double> firm_green_share; ///< 0…1
    std::vector<double> firm_co2_t_per_mwh;
    std::vector<double> surplus_price_cny_per_mwh;
    std::vector<double> firm_price_cny_per_mwh;
    std::vector<double> reserved_mw; ///< kept for the studied system before the duty; empty: 0
    [[nodiscard]] std::size_t size() const { return solar_mw.size(); }
    friend bool operator==(const ExternalGrids&, const ExternalGrids&) = default;
};

/// What the external grids have, each [n_external × range.count], ≥ 0.
struct ExternalHours {
    Series output_mw; ///< solar + wind + hydro
    Series own_load_mw;
    Series duty_mw;    ///< HVDC export taken from the output
    Series surplus_mw; ///< what is left for the studied system, before the tie limit
};

/// Fills the four series. `solar_site` and `wind_site` are each grid's rows in `weather`.
void compute_external_surplus(const ExternalGrids& grids, std::span<const SiteIdx> solar_site,
                              std::span<const SiteIdx> wind_site,
                              std::span<const WeatherYear> weather, StepRange range,
                              ExternalHours& out);

} // namespace yuanwang::models
