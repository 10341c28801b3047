/// @file
/// Thermal plant of equal units: rating, least output, fuel by load, starts, ramps, heat.
///
///     fuel(p)  coal rate(p/P_rated) p       rate from a curve of points, straight between them, or flat        t/h
///     CO2(p)   co2_t_per_mwh · rate(p)/rate(rated) · p                                                         t/h
///     start    start_coal_t and start_cost_cny for every unit that comes on
///     idle     idle_cost_cny_per_h for every running unit, whatever its output
///
/// **Heat** of an extraction unit, Q thermal MW of the plant:
///
///     Q(t)     = heat_max clamp((T_base − T)/(T_base − T_design), 0, 1)   within the heating season
///     P ≥ back_pressure Q          P ≤ P_rated units − loss_of_power Q                                         MW
///
/// Sources: Ommen, Markussen, Elmegaard, Energy 74, 2014 (lines of extraction units); China's part-load rates are in
/// models/README.md.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// Coal rate by load of a unit; no points: flat.
struct CoalCurve {
    std::vector<double> load;      ///< of the unit's rating, rising, 0…1
    std::vector<double> g_per_kwh; ///< net standard-coal rate there
    friend bool operator==(const CoalCurve&, const CoalCurve&) = default;
};

/// Heat a plant delivers; heat_max_mw 0: none.
struct HeatDuty {
    double heat_max_mw = 0;      ///< thermal, on the design day
    double base_c = 18;          ///< no heat above
    double design_c = -13;       ///< outdoor design temperature
    double back_pressure = 0.45; ///< least electricity per heat
    double loss_of_power = 0.15; ///< electricity lost per heat taken from the turbine
    SiteIdx site;                ///< whose temperature
    friend bool operator==(const HeatDuty&, const HeatDuty&) = default;
};

/// Parameters, columns [n_plant]; a plant of equal units. Those with a default may stay empty.
struct ThermalPlants {
    std::vector<double> p_rated_mw; ///< of one unit
    std::vector<int> units;
    std::vector<double> p_min_mw;          ///< least stable output of one unit
    std::vector<bool> chp;                 ///< delivers heat: runs first in the heating season
    std::vector<double> coal_g_per_kwh;    ///< net standard-coal rate at the rating
    std::vector<double> price_cny_per_mwh; ///< marginal cost
    std::vector<double> co2_t_per_mwh;     ///< at the rating
    std::vector<double> auxiliary_share;   ///< own use, 0…1; ratings above are net of it

    std::vector<CoalCurve> coal_curve = {};
    std::vector<double> coal_cny_per_t = {};      ///< none or 0: cost is energy by price
    std::vector<double> start_cost_cny = {};      ///< of one unit, without its coal
    std::vector<double> start_coal_t = {};        ///< of one unit
    std::vector<double> idle_cost_cny_per_h = {}; ///< of one running unit
    std::vector<double> ramp_share_per_min = {};  ///< of a unit's rating; none or 0: free
    /// Greatest output of a unit in the step it starts, and in the step before it stops; none or 0: the larger of its least
    /// output and what it ramps in a step.
    std::vector<double> start_up_limit_mw = {};
    std::vector<double> shut_down_limit_mw = {};
    std::vector<double> min_up_h = {};
    std::vector<double> min_down_h = {};
    std::vector<HeatDuty> heat = {};
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const ThermalPlants&, const ThermalPlants&) = default;
};

/// Net rating of plant k, all units.
[[nodiscard]] double plant_capacity_mw(const ThermalPlants& plants, std::size_t k);
/// Least output of plant k with `units_on` of its units running.
[[nodiscard]] double plant_minimum_mw(const ThermalPlants& plants, std::size_t k, int units_on);
/// Least number of units of plant k that can deliver p_mw, at most all of them.
[[nodiscard]] int units_needed(const ThermalPlants& plants, std::size_t k, double p_mw);

/// Net coal rate of plant k with `units_on` units sharing p_mw evenly, g/kWh.
[[nodiscard]] double coal_rate_g_per_kwh(const ThermalPlants& plants, std::size_t k, double p_mw,
                                         double units_on);
/// Standard coal burnt for an energy of plant k at its rating.
[[nodiscard]] double coal_t(const ThermalPlants& plants, std::size_t k, double energy_mwh);
/// Carbon dioxide of an energy of plant k at its rating.
[[nodiscard]] double co2_t(const ThermalPlants& plants, std::size_t k, double energy_mwh);

/// What a step of a plant takes.
struct ThermalStep {
    double coal_t = 0;
    double co2_t = 0;
    double cost_cny = 0; ///< fuel or price, starts, idling
};

/// `started` units came on at the start of the step.
[[nodiscard]] ThermalStep burn(const ThermalPlants& plants, std::size_t k, double p_mw,
                               double units_on, double started, double dt_h);

/// Heat Q of plant k at an outdoor temperature, thermal MW.
[[nodiscard]] double heat_demand_mw(const HeatDuty& duty, double air_c);

/// Least and greatest electric output of every plant under its heat; both become [n_plant × range.count]. Outside the
/// season (`heating[i]` false) 0 and the rating.
void compute_heat_band(const ThermalPlants& plants, std::span<const WeatherYear> weather,
                       StepRange range, const std::vector<bool>& heating, Series& min_mw,
                       Series& max_mw);

} // namespace yuanwang::models
