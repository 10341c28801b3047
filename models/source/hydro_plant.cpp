#include "models/source/hydro_plant.hpp"

#include <algorithm>

namespace yuanwang::models {

void compute_hydro_day(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                       HydroDay& out) {
    out.energy_mwh.assign(plants.size(), 0.0);
    out.base_mw.assign(plants.size(), 0.0);
    out.p_max_mw.assign(plants.size(), 0.0);
    if (range.count == 0) {
        return;
    }
    for (std::size_t t = range.first; t < range.last(); ++t) {
        const std::size_t month = axis.middle(t).month - 1;
        for (std::size_t k = 0; k < plants.size(); ++k) {
            out.energy_mwh[k] +=
                std::min(plants.mean_mw[k][month], plants.p_rated_mw[k]) * axis.dt_h();
        }
    }
    const double hours = static_cast<double>(range.count) * axis.dt_h();
    for (std::size_t k = 0; k < plants.size(); ++k) {
        const double share = plants.city_share[k];
        const double mean_mw = out.energy_mwh[k] / hours;
        const double run_of_river_mw = (1.0 - plants.flexible_share[k]) * mean_mw;
        out.base_mw[k] = share * std::min(mean_mw, std::max(run_of_river_mw, plants.p_min_mw[k]));
        out.energy_mwh[k] *= share;
        out.p_max_mw[k] = share * plants.p_rated_mw[k];
    }
}

} // namespace yuanwang::models
