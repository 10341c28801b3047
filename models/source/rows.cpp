#include "models/source/rows.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yuanwang::models {
namespace {
constexpr double degree = std::numbers::pi / 180.0;
}

RowViews see_rows(double g, double tilt_degree) {
    const double cos_b = std::cos(tilt_degree * degree);
    const double up = 0.5 * (1.0 + cos_b);
    const double down = 0.5 * (1.0 - cos_b);
    if (g <= 1e-6) {
        return {up, down, down, up, 1.0};
    }
    const double short_side = std::sqrt(1.0 - 2.0 * g * cos_b + g * g);
    const double long_side = std::sqrt(1.0 + 2.0 * g * cos_b + g * g);
    const double wide = (g + 1.0 - short_side) / (2.0 * g);
    const double narrow = (g + 1.0 - long_side) / (2.0 * g);
    return {wide, narrow, narrow, wide, 1.0 - g * (wide + narrow)};
}

RowLight light_rows(const RowViews& views, double g, const Plane& plane,
                    const Irradiance& horizontal, double zenith_degree, double sun_azimuth_degree,
                    double albedo) {
    RowLight light;
    double sunny_ground = 1.0;
    double beam_w_per_m2 = 0;
    if (zenith_degree < 89.5) {
        const double tan_phi = std::tan(zenith_degree * degree) *
                               std::cos((sun_azimuth_degree - plane.azimuth_degree) * degree);
        const double beta = plane.tilt_degree * degree;
        const double s = g * std::abs(std::cos(beta) + std::sin(beta) * tan_phi);
        sunny_ground = 1.0 - std::min(1.0, s);
        light.front_lit = s > 1.0 ? 1.0 / s : 1.0;
        beam_w_per_m2 = horizontal.dni_w_per_m2 * std::cos(zenith_degree * degree);
    }
    const double ground =
        albedo * (beam_w_per_m2 * sunny_ground + horizontal.dhi_w_per_m2 * views.ground_sky);
    light.ground_w_per_m2 = ground * views.front_ground;
    light.back_w_per_m2 = ground * views.back_ground + horizontal.dhi_w_per_m2 * views.back_sky;
    return light;
}

} // namespace yuanwang::models
