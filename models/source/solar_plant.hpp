/// @file
/// Solar plant: plane of array → rows, soiling, snow → incidence → cell temperature → DC → inverter → AC.
///
///     Ge  = (1 − soiling)(IAM(θ) beam · lit + sky (Perez) + ground + bifaciality (1 − rear loss) back)       W/m²
///     Tc  SAPM, Faiman or PVsyst, with wind v ρ/1.225: air cools by its mass flow, thin air cools less      °C
///     Pdc = P_rated dc_ac_ratio (1 − dc_losses)(1 − snow) · Ge/1000 (1 + γ (Tc − 25))       PVWatts         MW
///                                                         · Pmp(Ge, Tc)/Pmp(1000, 25 °C)    single diode
///     Pac by the inverter with Pdc0 = P_rated/η_nom, at most P_rated · limit(pressure)                      MW
///
/// The skyline of the plant, or else of its site, hides beam and part of the diffuse sky; rows of a ground cover ratio
/// shade each other (rows.hpp). Dust and snow have a state that moves with the weather: soiling.hpp, snow.hpp.
///
/// Left out: spectral shift, shading that darkens whole strings, degradation over the years.
/// Sources: weather/transposition.hpp, source/photovoltaic.hpp and the headers named.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/source/inverter.hpp"
#include "models/source/photovoltaic.hpp"
#include "models/source/single_diode.hpp"
#include "models/source/snow.hpp"
#include "models/source/soiling.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

enum class Tracking : std::uint8_t { fixed, single_axis };
enum class ThermalModel : std::uint8_t { sapm, faiman, pvsyst };
enum class DcModel : std::uint8_t { pvwatts, single_diode };

/// Parameters, columns [n_plant]; those with a default may stay empty.
struct SolarPlants {
    std::vector<double> p_rated_mw;  ///< AC rating of the inverters
    std::vector<double> dc_ac_ratio; ///< DC peak power / AC rating
    std::vector<Tracking> tracking;
    std::vector<double> tilt_degree; ///< from horizontal; fixed
    /// From north clockwise; 180 faces south; axis azimuth when tracking.
    std::vector<double> azimuth_degree;
    std::vector<double> albedo;
    std::vector<Mounting> mounting;
    std::vector<double> gamma_per_k; ///< power temperature coefficient, negative
    std::vector<double> dc_losses; ///< 0…1, mismatch to availability; soiling where it has no model
    std::vector<double> inverter_efficiency; ///< nominal

    std::vector<double> ground_cover_ratio = {}; ///< row width over pitch; 0, or none: a lone row
    std::vector<double> tracker_max_degree = {}; ///< none: 60
    std::vector<double> bifaciality = {};        ///< back over front efficiency, 0…1; none: 0
    std::vector<double> rear_loss =
        {}; ///< of the light on the back: structure, mismatch; none: 0.1
    std::vector<ThermalModel> thermal_model = {};
    std::vector<DcModel> dc_model = {};
    std::vector<ModuleDiode> module = {}; ///< for dc_model single_diode
    std::vector<Inverter> inverter = {};
    std::vector<Soiling> soiling = {};
    std::vector<Snow> snow = {};
    std::vector<Horizon> horizon = {}; ///< of the plant; a free one stands for that of its site
    [[nodiscard]] std::size_t size() const { return p_rated_mw.size(); }
    friend bool operator==(const SolarPlants&, const SolarPlants&) = default;
};

/// What lies on the modules, [n_plant].
struct SolarState {
    std::vector<SoilingState> dust;
    std::vector<double> snow_cover; ///< 0…1
};

[[nodiscard]] SolarState make_solar_state(const SolarPlants& plants, double dt_h);

/// AC output of every plant; `p_mw` becomes [n_plant × range.count]. `site` is each plant's row in `weather`; one that
/// is not valid gives nothing. `state` moves to the end of the range.
void compute_solar_power(const SolarPlants& plants, std::span<const SiteIdx> site,
                         std::span<const WeatherYear> weather, StepRange range, double dt_h,
                         SolarState& state, Series& p_mw);

/// The same from clean modules and hourly steps.
void compute_solar_power(const SolarPlants& plants, std::span<const SiteIdx> site,
                         std::span<const WeatherYear> weather, StepRange range, Series& p_mw);

} // namespace yuanwang::models
