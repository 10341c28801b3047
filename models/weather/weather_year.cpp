#include "models/weather/weather_year.hpp"

#include <algorithm>
#include <cassert>

#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/sun_position.hpp"

namespace yuanwang::models {

void add_sun(WeatherYear& weather, const SitePosition& site, const TimeAxis& axis) {
    assert(weather.pressure_pa.size() == axis.n_step &&
           weather.temperature_c.size() == axis.n_step);
    weather.sun_elevation_degree.resize(axis.n_step);
    weather.sun_azimuth_degree.resize(axis.n_step);
    weather.dni_extra_w_per_m2.resize(axis.n_step);
    const SunTrack track{axis.start, axis.end()};
    for (std::size_t t = 0; t < axis.n_step; ++t) {
        const GeocentricSun sun = track.at(axis.at(t) + std::chrono::seconds{axis.step} / 2);
        const SunPosition seen =
            observe_sun(sun, site, weather.pressure_pa[t], weather.temperature_c[t]);
        weather.sun_elevation_degree[t] = seen.elevation_degree;
        weather.sun_azimuth_degree[t] = seen.azimuth_degree;
        weather.dni_extra_w_per_m2[t] = extraterrestrial_w_per_m2(sun.distance_au);
    }
}

void shift_temperature(WeatherYear& weather, double offset_k) {
    for (std::size_t t = 0; t < weather.temperature_c.size(); ++t) {
        const double before_c = weather.temperature_c[t];
        const double after_c = before_c + offset_k;
        weather.temperature_c[t] = after_c;
        weather.relative_humidity[t] =
            std::min(1.0, weather.relative_humidity[t] * saturation_pressure_pa(before_c) /
                              saturation_pressure_pa(after_c));
    }
}

} // namespace yuanwang::models
