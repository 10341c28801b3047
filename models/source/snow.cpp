#include "models/source/snow.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yuanwang::models {

double slide_snow(const Snow& snow, double tilt_degree, double poa_w_per_m2, double air_c,
                  double snowfall_cm, double dt_h, double cover) {
    constexpr double slides_above_w_per_m2_k = -80.0;
    constexpr double slide_per_h = 0.197;
    if (snowfall_cm / dt_h > snow.threshold_cm_per_h) {
        return 1;
    }
    if (air_c > poa_w_per_m2 / slides_above_w_per_m2_k) {
        cover -= slide_per_h * std::sin(tilt_degree * std::numbers::pi / 180.0) * dt_h;
    }
    return std::max(0.0, cover);
}

double snow_loss(const Snow& snow, double cover) {
    return std::ceil(cover * snow.strings - 1e-12) / snow.strings;
}

} // namespace yuanwang::models
