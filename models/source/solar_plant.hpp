/// @file
/// Solar plant: plane of array → incidence → cell temperature → DC → inverter → AC.
///
///     Ge  = IAM(θ) beam + sky (Perez) + ground                          effective irradiance           W/m²
///     Tc  SAPM with wind v ρ/1.225: air cools by its mass flow, thin air cools less                    °C
///     Pdc = P_rated dc_ac_ratio (1 − dc_losses) Ge/1000 (1 + γ (Tc − 25))                              MW
///     Pac by the PVWatts inverter with Pdc0 = P_rated/η_nom, at most P_rated                           MW
///
/// Left out: snow, spectral shift, shading between fixed rows, derating of inverters by altitude and heat.
/// Sources: weather/transposition.hpp, source/photovoltaic.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/source/photovoltaic.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

enum class Tracking : std::uint8_t { fixed, single_axis };

/// Parameters, columns [n_plant].
struct SolarPlants {
    std::vector<double> p_rated_mw;  ///< AC rating of the inverters
    std::vector<double> dc_ac_ratio; ///< DC peak power / AC rating
    std::vector<Tracking> tracking;
    std::vector<double> tilt_degree; ///< from horizontal; fixed
    /// From north clockwise; 180 faces south; axis azimuth when tracking.
    std::vector<double> azimuth_degree;
    std::vector<double> albedo;
    std::vector<Mounting> mounting;
    std::vector<double> gamma_per_k;         ///< power temperature coefficient, negative
    std::vector<double> dc_losses;           ///< 0…1, soiling to availability
    std::vector<double> inverter_efficiency; ///< nominal
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const SolarPlants&, const SolarPlants&) = default;
};

/// AC output of every plant; `p_mw` becomes [n_plant × range.count]. `site` is each plant's row in `weather`; one that
/// is not valid gives nothing.
void compute_solar_power(const SolarPlants& plants, std::span<const SiteIdx> site,
                         std::span<const WeatherYear> weather, StepRange range, Series& p_mw);

} // namespace yuanwang::models
