#include "models/storage/container.hpp"

#include <algorithm>
#include <cassert>

namespace yuanwang::models {

double cell_temperature_c(const Containers& plants, std::size_t k, double ambient_c) {
    const double ua = plants.ua_kw_per_k[k];
    if (ua <= 0) {
        return plants.keep_c[k];
    }
    if (ambient_c < plants.keep_c[k]) {
        return std::min(plants.keep_c[k], ambient_c + plants.heater_kw[k] / ua);
    }
    return std::min(ambient_c, plants.cool_c[k]);
}

double auxiliary_mw(const Containers& plants, std::size_t k, double ambient_c) {
    const double ua = plants.ua_kw_per_k[k];
    const double cell_c = cell_temperature_c(plants, k, ambient_c);
    const double heat_kw = ua > 0 ? ua * std::max(0.0, cell_c - ambient_c) : 0.0;
    const double cold_kw = ua * std::max(0.0, ambient_c - plants.cool_c[k]) / plants.chiller_cop[k];
    return plants.standby_mw[k] + (heat_kw + cold_kw) / 1000.0;
}

double cold_share(double cell_c, double stop_c, double full_c) {
    if (cell_c >= full_c) {
        return 1.0;
    }
    return cell_c <= stop_c ? 0.0 : (cell_c - stop_c) / (full_c - stop_c);
}

void compute_containers(const Containers& plants, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range,
                        ContainerHours& out) {
    assert(site.size() == plants.size());
    for (Series* series :
         {&out.cell_c, &out.auxiliary_mw, &out.charge_share, &out.discharge_share}) {
        series->reshape(plants.size(), range.count);
    }
    for (std::size_t i = 0; i < range.count; ++i) {
        for (std::size_t k = 0; k < plants.size(); ++k) {
            const double ambient_c = site[k].valid()
                                         ? weather[site[k].row()].temperature_c[range.first + i]
                                         : plants.keep_c[k];
            const double cell_c = cell_temperature_c(plants, k, ambient_c);
            out.cell_c(k, i) = cell_c;
            out.auxiliary_mw(k, i) = auxiliary_mw(plants, k, ambient_c);
            out.charge_share(k, i) =
                cold_share(cell_c, plants.charge_stop_c[k], plants.charge_full_c[k]);
            out.discharge_share(k, i) =
                cold_share(cell_c, plants.discharge_stop_c[k], plants.discharge_full_c[k]);
        }
    }
}

} // namespace yuanwang::models
