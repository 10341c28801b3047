#include "engine/epoch/weather_driven.hpp"

#include <algorithm>

namespace yuanwang::engine {

namespace {

/// The steps before an epoch that bring dust, snow and storms into their state.
StepRange list_spin_up(const TimeAxis& time, StepRange steps) {
    constexpr double days = 60;
    const auto longest = static_cast<std::size_t>(days * 24.0 / time.dt_h());
    const std::size_t count = std::min(steps.first, longest);
    return {steps.first - count, count};
}

} // namespace

void compute_weather_driven(const System& system, std::span<const models::WeatherYear> weather,
                            const TimeAxis& time, StepRange steps, WeatherDriven& out) {
    const double dt_h = time.dt_h();
    const SolarFleet& solar = system.sources.solar;
    const WindFleet& wind = system.sources.wind;
    const ExternalFleet& external = system.sources.external_grids;
    models::SolarState surface = models::make_solar_state(solar.plants, dt_h);
    models::WindState turbines = models::make_wind_state(wind.farms);
    out.steps = steps;
    for (const StepRange range : {list_spin_up(time, steps), steps}) {
        models::compute_solar_power(solar.plants, solar.site, weather, range, dt_h, surface,
                                    out.solar_mw);
        models::compute_wind_power(wind.farms, wind.site, weather, range, dt_h, turbines,
                                   out.wind_mw);
    }
    models::compute_base_power(external.grids, external.solar_site, external.wind_site, weather,
                               steps, dt_h, out.base_solar_mw, out.base_wind_mw);
}

} // namespace yuanwang::engine
