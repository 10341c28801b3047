#include "engine/epoch/weather_driven.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace yuanwang::engine {

namespace {

/// Calls `keep(row now, row before)` for every id of both lists.
template <class Keep>
void match_ids(const std::vector<std::string>& now, const std::vector<std::string>& before,
               Keep keep) {
    for (std::size_t k = 0; k < now.size(); ++k) {
        const auto it = std::ranges::find(before, now[k]);
        if (it != before.end()) {
            keep(k, static_cast<std::size_t>(it - before.begin()));
        }
    }
}

ExposedState enter_exposed_state(const Sources& sources, double dt_h, const ExposedState* before) {
    ExposedState state{sources.solar.id, models::make_solar_state(sources.solar.plants, dt_h),
                       sources.wind.id, models::make_wind_state(sources.wind.farms)};
    if (before == nullptr) {
        return state;
    }
    match_ids(state.solar_id, before->solar_id, [&](std::size_t k, std::size_t row) {
        state.solar.dust[k] = before->solar.dust[row];
        state.solar.snow_cover[k] = before->solar.snow_cover[row];
    });
    match_ids(state.wind_id, before->wind_id, [&](std::size_t k, std::size_t row) {
        state.wind.stormed[k] = before->wind.stormed[row];
        state.wind.frozen[k] = before->wind.frozen[row];
    });
    return state;
}

} // namespace

void compute_weather_driven(const System& system, std::span<const models::WeatherYear> weather,
                            const TimeAxis& time, StepRange steps, const ExposedState* before,
                            WeatherDriven& out) {
    const double dt_h = time.dt_h();
    const SolarFleet& solar = system.sources.solar;
    const WindFleet& wind = system.sources.wind;
    const ExternalFleet& external = system.sources.external_grids;
    ExposedState state = enter_exposed_state(system.sources, dt_h, before);
    out.steps = steps;
    models::compute_solar_power(solar.plants, solar.site, weather, steps, dt_h, state.solar,
                                out.solar_mw);
    models::compute_wind_power(wind.farms, wind.site, weather, steps, dt_h, state.wind,
                               out.wind_mw);
    models::compute_base_power(external.grids, external.solar_site, external.wind_site, weather,
                               steps, dt_h, out.base_solar_mw, out.base_wind_mw);
    out.at_end = std::move(state);
}

} // namespace yuanwang::engine
