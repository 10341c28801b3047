#include "models/source/waste_to_energy.hpp"

namespace yuanwang::models {

void compute_waste_power(const WastePlants& plants, StepRange range, Series& p_mw) {
    p_mw.reshape(plants.size(), range.count);
    for (std::size_t k = 0; k < plants.size(); ++k) {
        const double mwh_per_day =
            plants.design_t_per_day[k] * plants.supply_share[k] * plants.kwh_per_t[k] / 1000.0;
        for (std::size_t i = 0; i < range.count; ++i) {
            p_mw(k, i) = mwh_per_day / 24.0;
        }
    }
}

} // namespace yuanwang::models
