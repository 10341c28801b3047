/// @file
/// Thermal unit: rating, least output, fuel and carbon per MWh, heat season.
#pragma once

#include <cstddef>
#include <vector>

namespace yuanwang::models {

/// Parameters, columns [n_plant]; a plant of equal units.
struct ThermalPlants {
    std::vector<double> p_rated_mw; ///< of one unit
    std::vector<int> units;
    std::vector<double> p_min_mw;          ///< least stable output of one unit
    std::vector<bool> chp;                 ///< delivers heat: runs first in the heating season
    std::vector<double> coal_g_per_kwh;    ///< net standard-coal rate
    std::vector<double> price_cny_per_mwh; ///< marginal cost
    std::vector<double> co2_t_per_mwh;
    std::vector<double> auxiliary_share; ///< own use, 0…1; ratings above are net of it
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const ThermalPlants&, const ThermalPlants&) = default;
};

/// Net rating of plant k, all units.
[[nodiscard]] double plant_capacity_mw(const ThermalPlants& plants, std::size_t k);
/// Least output of plant k with `units_on` of its units running.
[[nodiscard]] double plant_minimum_mw(const ThermalPlants& plants, std::size_t k, int units_on);
/// Least number of units of plant k that can deliver p_mw, at most all of them.
[[nodiscard]] int units_needed(const ThermalPlants& plants, std::size_t k, double p_mw);
/// Standard coal burnt for an energy of plant k.
[[nodiscard]] double coal_t(const ThermalPlants& plants, std::size_t k, double energy_mwh);
/// Carbon dioxide of an energy of plant k.
[[nodiscard]] double co2_t(const ThermalPlants& plants, std::size_t k, double energy_mwh);

} // namespace yuanwang::models
