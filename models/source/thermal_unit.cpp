#include "models/source/thermal_unit.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::models {

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

double coal_t(const ThermalPlants& plants, std::size_t k, double energy_mwh) {
    return plants.coal_g_per_kwh[k] * energy_mwh / 1000.0; // g/kWh is kg/MWh
}

double co2_t(const ThermalPlants& plants, std::size_t k, double energy_mwh) {
    return plants.co2_t_per_mwh[k] * energy_mwh;
}

} // namespace yuanwang::models
