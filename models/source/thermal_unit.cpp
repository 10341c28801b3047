#include "models/source/thermal_unit.hpp"

#include <algorithm>
#include <cmath>

#include "models/column_or.hpp"

namespace yuanwang::models {
namespace {

double rate_at(const CoalCurve& curve, double load) {
    const auto above = std::ranges::upper_bound(curve.load, load);
    if (above == curve.load.begin()) {
        return curve.g_per_kwh.front();
    }
    if (above == curve.load.end()) {
        return curve.g_per_kwh.back();
    }
    const auto j = static_cast<std::size_t>(above - curve.load.begin());
    return std::lerp(curve.g_per_kwh[j - 1], curve.g_per_kwh[j],
                     (load - curve.load[j - 1]) / (curve.load[j] - curve.load[j - 1]));
}

} // namespace

double plant_capacity_mw(const ThermalPlants& plants, std::size_t k) {
    return plants.p_rated_mw[k] * plants.units[k];
}

double plant_minimum_mw(const ThermalPlants& plants, std::size_t k, int units_on) {
    return plants.p_min_mw[k] * std::clamp(units_on, 0, plants.units[k]);
}

int units_needed(const ThermalPlants& plants, std::size_t k, double p_mw) {
    if (p_mw <= 0 || plants.p_rated_mw[k] <= 0) {
        return 0;
    }
    const double wanted = std::ceil(p_mw / plants.p_rated_mw[k] * (1.0 - 1e-12));
    return wanted >= plants.units[k] ? plants.units[k] : static_cast<int>(wanted);
}

double coal_rate_g_per_kwh(const ThermalPlants& plants, std::size_t k, double p_mw,
                           double units_on) {
    if (plants.coal_curve.empty() || plants.coal_curve[k].load.empty() || units_on <= 0) {
        return plants.coal_g_per_kwh[k];
    }
    return rate_at(plants.coal_curve[k], p_mw / (units_on * plants.p_rated_mw[k]));
}

double coal_t(const ThermalPlants& plants, std::size_t k, double energy_mwh) {
    return plants.coal_g_per_kwh[k] * energy_mwh / 1000.0; // g/kWh is kg/MWh
}

double co2_t(const ThermalPlants& plants, std::size_t k, double energy_mwh) {
    return plants.co2_t_per_mwh[k] * energy_mwh;
}

ThermalStep burn(const ThermalPlants& plants, std::size_t k, double p_mw, double units_on,
                 double started, double dt_h) {
    const double mwh = std::max(0.0, p_mw) * dt_h;
    const double rate = coal_rate_g_per_kwh(plants, k, p_mw, units_on);
    const double rated = plants.coal_g_per_kwh[k];
    const double co2_per_coal = rated > 0 ? plants.co2_t_per_mwh[k] / (rated / 1000.0) : 0.0;
    const double start_coal = started * column_or(plants.start_coal_t, k, 0.0);
    const double price = column_or(plants.coal_cny_per_t, k, 0.0);
    ThermalStep step;
    step.coal_t = rate / 1000.0 * mwh + start_coal;
    step.co2_t = rated > 0 ? step.coal_t * co2_per_coal : plants.co2_t_per_mwh[k] * mwh;
    step.cost_cny = (price > 0 ? price * step.coal_t : plants.price_cny_per_mwh[k] * mwh) +
                    started * column_or(plants.start_cost_cny, k, 0.0) +
                    units_on * dt_h * column_or(plants.idle_cost_cny_per_h, k, 0.0);
    return step;
}

double heat_demand_mw(const HeatDuty& duty, double air_c) {
    const double share = (duty.base_c - air_c) / (duty.base_c - duty.design_c);
    return duty.heat_max_mw * std::clamp(share, 0.0, 1.0);
}

void compute_heat_band(const ThermalPlants& plants, std::span<const WeatherYear> weather,
                       StepRange range, const std::vector<bool>& heating, Series& min_mw,
                       Series& max_mw) {
    min_mw.reshape(plants.size(), range.count);
    max_mw.reshape(plants.size(), range.count);
    for (std::size_t k = 0; k < plants.size(); ++k) {
        const HeatDuty duty = column_or(plants.heat, k, HeatDuty{});
        const double rated_mw = plant_capacity_mw(plants, k);
        for (std::size_t i = 0; i < range.count; ++i) {
            const bool warms = duty.heat_max_mw > 0 && duty.site.valid() && heating[i];
            const double q_mw =
                warms
                    ? heat_demand_mw(duty, weather[duty.site.row()].temperature_c[range.first + i])
                    : 0.0;
            max_mw(k, i) = std::max(0.0, rated_mw - duty.loss_of_power * q_mw);
            min_mw(k, i) = std::min(max_mw(k, i), duty.back_pressure * q_mw);
        }
    }
}

} // namespace yuanwang::models
