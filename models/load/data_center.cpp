#include "models/load/data_center.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

constexpr double liquid_cop = 20.0;
constexpr double other_share = 0.02;
constexpr double fan_share = 0.8; ///< of the air side's power, left when the economiser cools

} // namespace

double data_center_pue(double liquid_share, double air_cop, double ups_efficiency,
                       double density_ratio, bool free_cooling) {
    const double air = (free_cooling ? fan_share : 1.0) / (air_cop * density_ratio * density_ratio);
    return 1.0 + (1.0 - liquid_share) * air + liquid_share / liquid_cop +
           (1.0 / ups_efficiency - 1.0) + other_share;
}

void compute_data_centers(const DataCenters& centers, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, DataCenterHours& out) {
    assert(site.size() == centers.size());
    out.it_mw.reshape(centers.size(), range.count);
    out.pue.reshape(centers.size(), range.count);
    out.p_mw.reshape(centers.size(), range.count);
    for (std::size_t i = 0; i < range.count; ++i) {
        const std::size_t t = range.first + i;
        const double hour = axis.middle(t).hour;
        for (std::size_t k = 0; k < centers.size(); ++k) {
            const WeatherYear& w = weather[site[k].row()];
            const double swing =
                centers.utilisation_swing[k] *
                std::cos(2.0 * std::numbers::pi * (hour - centers.peak_hour[k]) / 24.0);
            const double use = std::clamp(centers.utilisation_mean[k] * (1.0 + swing), 0.0, 1.0);
            const double idle = centers.idle_share[k];
            const double density =
                air_density_kg_per_m3(w.pressure_pa[t], w.temperature_c[t], w.relative_humidity[t]);
            out.it_mw(k, i) = centers.it_mw[k] * (idle + (1.0 - idle) * use);
            out.pue(k, i) =
                data_center_pue(centers.liquid_share[k], centers.chiller_cop[k],
                                centers.ups_efficiency[k], density / sea_level_density_kg_per_m3,
                                w.temperature_c[t] <= centers.free_cooling_c[k]);
            out.p_mw(k, i) = out.it_mw(k, i) * out.pue(k, i);
        }
    }
}

} // namespace yuanwang::models
