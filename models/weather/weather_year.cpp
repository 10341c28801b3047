#include "models/weather/weather_year.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

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
    if (weather.relative_humidity.size() == axis.n_step) {
        add_air(weather);
    }
}

void add_air(WeatherYear& weather) {
    weather.air_density_kg_per_m3.resize(weather.pressure_pa.size());
    for (std::size_t t = 0; t < weather.pressure_pa.size(); ++t) {
        weather.air_density_kg_per_m3[t] = air_density_kg_per_m3(
            weather.pressure_pa[t], weather.temperature_c[t], weather.relative_humidity[t]);
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
    add_air(weather);
}

void move_to_sea_level(WeatherYear& weather, const SitePosition& site) {
    const double standard_pa = pressure_at_altitude_pa(site.altitude_m);
    const double turbidity = linke_turbidity_at(site.altitude_m);
    for (std::size_t t = 0; t < weather.size(); ++t) {
        const double before_pa = weather.pressure_pa[t];
        const double after_pa =
            site.altitude_m == 0 ? before_pa : before_pa / standard_pa * sea_level_pressure_pa;
        weather.pressure_pa[t] = after_pa;
        const double zenith = 90.0 - weather.sun_elevation_degree[t];
        const double cos_z = std::cos(zenith * std::numbers::pi / 180.0);
        if (site.altitude_m == 0 || cos_z <= 0 || weather.ghi_w_per_m2[t] <= 0) {
            continue;
        }
        const double i0 = weather.dni_extra_w_per_m2[t];
        const Irradiance here = clear_sky_at(zenith, before_pa, site.altitude_m, i0);
        const Irradiance there = clear_sky_of(zenith, after_pa, turbidity, 0.0, i0);
        if (here.ghi_w_per_m2 <= 0 || here.dni_w_per_m2 <= 0) {
            continue;
        }
        const double ghi = weather.ghi_w_per_m2[t] * there.ghi_w_per_m2 / here.ghi_w_per_m2;
        const double dni =
            std::min(weather.dni_w_per_m2[t] * there.dni_w_per_m2 / here.dni_w_per_m2, ghi / cos_z);
        weather.ghi_w_per_m2[t] = ghi;
        weather.dni_w_per_m2[t] = dni;
        weather.dhi_w_per_m2[t] = ghi - dni * cos_z;
    }
    add_air(weather);
}

} // namespace yuanwang::models
