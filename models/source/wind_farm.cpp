#include "models/source/wind_farm.hpp"

#include <cassert>
#include <cmath>

#include "models/source/power_curve.hpp"
#include "models/weather/air.hpp"

namespace yuanwang::models {

double density_equivalent_speed(double speed_m_per_s, double density_kg_per_m3) {
    return speed_m_per_s * std::cbrt(density_kg_per_m3 / sea_level_density_kg_per_m3);
}

void compute_wind_power(const WindFarms& farms, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, Series& p_mw) {
    assert(site.size() == farms.size());
    p_mw.reshape(farms.size(), range.count);
    for (std::size_t k = 0; k < farms.size(); ++k) {
        if (!site[k].valid()) {
            continue;
        }
        const WeatherYear& w = weather[site[k].row()];
        const PowerCurve* curve = find_power_curve(farms.power_curve[k]);
        assert(curve != nullptr);
        const double to_hub =
            farms.speed_factor[k] * std::pow(farms.hub_height_m[k] / 10.0, farms.shear_exponent[k]);
        const double rated_mw =
            farms.p_rated_mw[k] * farms.farm_efficiency[k] * farms.availability[k];
        const double storm_m_per_s = curve->speed_m_per_s.back();
        for (std::size_t i = 0; i < range.count; ++i) {
            const std::size_t t = range.first + i;
            const double v_hub = w.wind_speed_m_per_s[t] * to_hub;
            if (w.temperature_c[t] < farms.cold_cut_out_c[k] || v_hub > storm_m_per_s) {
                continue;
            }
            const double density =
                air_density_kg_per_m3(w.pressure_pa[t], w.temperature_c[t], w.relative_humidity[t]);
            p_mw(k, i) = rated_mw * curve->at(density_equivalent_speed(v_hub, density));
        }
    }
}

} // namespace yuanwang::models
