/// @file
/// External grid behind a tie: what its own sun, wind and water leave after its own load and export duty, and what its
/// energy is worth hour by hour.
///
///     output(t)  = solar(t) + wind(t) + hydro month(t)
///     load(t)    = own load · month(t) · hour(t)
///     duty(t)    = min(hvdc_rated, hvdc_duty_share · max(0, output(t) − load(t) − reserved))
///     surplus(t) = max(0, output(t) − load(t)) − duty(t)                              all MW, ≥ 0
///
/// Surplus is clean and cheap; beyond it the grid sells firm energy at its own mix, up to the tie limit. The mix is what
/// serves its own load, the rest being thermal:
///
///     thermal(t) = max(thermal_min, load(t) − output(t))        clean(t) = max(0, load(t) − thermal(t))
///     green(t)   = clean/(clean + thermal)                      CO2(t)   = thermal_co2 (1 − green(t))
///     price(t)   = firm_price (1 + price_slope (thermal(t)/thermal_mw − ½))
///
/// A grid without `thermal_mw` keeps the constants of firm energy.
///
/// Solar and wind follow the weather of their own sites through solar_plant.hpp and wind_farm.hpp with the plants a
/// plateau base is built of (assumed): fixed racks at 35° facing south, DC/AC 1.2, 14 % DC losses; class III turbines, hub
/// 100 m, 1/7 shear, 8 % wake and 3 % outage. A site that is not valid gives nothing. Left out: its network, storage,
/// trade of its own; that the price is linear in the loading of its thermal units is an assumption.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Shape of an external grid over the year and the day, factors of a mean; and its thermal part.
struct ExternalMix {
    std::array<double, 12> load_month{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    std::array<double, 24> load_hour{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                     1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    std::array<double, 12> hydro_month{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    double thermal_mw = 0; ///< capacity; 0: the constants of firm energy hold
    double thermal_min_mw = 0;
    double thermal_co2_t_per_mwh = 0.85;
    double price_slope = 0;
    friend bool operator==(const ExternalMix&, const ExternalMix&) = default;
};

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
    std::vector<ExternalMix> mix = {};
    [[nodiscard]] std::size_t size() const { return solar_mw.size(); }
    friend bool operator==(const ExternalGrids&, const ExternalGrids&) = default;
};

/// What the external grids have, each [n_external × range.count], ≥ 0.
struct ExternalHours {
    Series output_mw; ///< solar + wind + hydro
    Series own_load_mw;
    Series duty_mw;    ///< HVDC export taken from the output
    Series surplus_mw; ///< what is left for the studied system, before the tie limit
    Series thermal_mw; ///< of their own, serving their own load
    Series firm_green_share;
    Series firm_co2_t_per_mwh;
    Series firm_price_cny_per_mwh;
};

/// Sun and wind of the bases, apart, so that they may be computed once: both [n_external × range.count].
void compute_base_power(const ExternalGrids& grids, std::span<const SiteIdx> solar_site,
                        std::span<const SiteIdx> wind_site, std::span<const WeatherYear> weather,
                        StepRange range, double dt_h, Series& solar_mw, Series& wind_mw);

/// Fills the hours from the sun and wind of the bases; rows and steps as theirs.
void compute_external_hours(const ExternalGrids& grids, const TimeAxis& axis, StepRange range,
                            const Series& solar_mw, const Series& wind_mw, ExternalHours& out);

} // namespace yuanwang::models
