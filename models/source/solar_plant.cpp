#include "models/source/solar_plant.hpp"

#include <algorithm>
#include <cassert>

#include "models/weather/air.hpp"
#include "models/weather/transposition.hpp"

namespace yuanwang::models {
namespace {

constexpr double tracker_max_angle_degree = 60.0;
constexpr double tracker_ground_cover = 0.35;

} // namespace

void compute_solar_power(const SolarPlants& plants, std::span<const SiteIdx> site,
                         std::span<const WeatherYear> weather, StepRange range, Series& p_mw) {
    assert(site.size() == plants.size());
    p_mw.reshape(plants.size(), range.count);
    for (std::size_t k = 0; k < plants.size(); ++k) {
        if (!site[k].valid()) {
            continue;
        }
        const WeatherYear& w = weather[site[k].row()];
        const double dc0_mw = plants.p_rated_mw[k] / plants.inverter_efficiency[k];
        const double peak_mw =
            plants.p_rated_mw[k] * plants.dc_ac_ratio[k] * (1.0 - plants.dc_losses[k]);
        const SapmThermal thermal = sapm_thermal(plants.mounting[k]);
        const bool tracks = plants.tracking[k] == Tracking::single_axis;
        Plane plane{plants.tilt_degree[k], plants.azimuth_degree[k]};
        for (std::size_t i = 0; i < range.count; ++i) {
            const std::size_t t = range.first + i;
            if (w.ghi_w_per_m2[t] <= 0) {
                continue;
            }
            const double zenith = 90.0 - w.sun_elevation_degree[t];
            if (tracks) {
                plane = track_sun(zenith, w.sun_azimuth_degree[t], plants.azimuth_degree[k],
                                  tracker_max_angle_degree, tracker_ground_cover);
            }
            const PlaneIrradiance on_plane = transpose(
                plane, {w.ghi_w_per_m2[t], w.dni_w_per_m2[t], w.dhi_w_per_m2[t]},
                w.dni_extra_w_per_m2[t], zenith, w.sun_azimuth_degree[t], plants.albedo[k]);
            const double effective =
                on_plane.beam_w_per_m2 * incidence_modifier_ashrae(on_plane.cos_incidence) +
                on_plane.sky_w_per_m2 + on_plane.ground_w_per_m2;
            const double density =
                air_density_kg_per_m3(w.pressure_pa[t], w.temperature_c[t], w.relative_humidity[t]);
            const double cooling_wind =
                w.wind_speed_m_per_s[t] * density / sea_level_density_kg_per_m3;
            const double cell_c = cell_temperature_sapm_c(thermal, on_plane.total_w_per_m2(),
                                                          w.temperature_c[t], cooling_wind);
            const double dc_mw = pvwatts_dc(effective, cell_c, peak_mw, plants.gamma_per_k[k]);
            p_mw(k, i) = std::min(pvwatts_inverter_ac(dc_mw, dc0_mw, plants.inverter_efficiency[k]),
                                  plants.p_rated_mw[k]);
        }
    }
}

} // namespace yuanwang::models
