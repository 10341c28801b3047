#include "models/weather/transposition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace yuanwang::models {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

constexpr double isotropic_beyond_degree = 87.5;

struct PerezRow {
    double f11, f12, f13, f21, f22, f23;
};

constexpr std::array<double, 7> perez_clearness = {1.065, 1.230, 1.500, 1.950, 2.800, 4.500, 6.200};
constexpr std::array<PerezRow, 8> perez_rows = {{
    {-0.008, 0.588, -0.062, -0.060, 0.072, -0.022},
    {0.130, 0.683, -0.151, -0.019, 0.066, -0.029},
    {0.330, 0.487, -0.221, 0.055, -0.064, -0.026},
    {0.568, 0.187, -0.295, 0.109, -0.152, -0.014},
    {0.873, -0.392, -0.362, 0.226, -0.462, 0.001},
    {1.132, -1.237, -0.412, 0.288, -0.823, 0.056},
    {1.060, -1.600, -0.359, 0.264, -1.127, 0.131},
    {0.678, -0.327, -0.250, 0.156, -1.377, 0.251},
}};

double sky_view(const Plane& plane) {
    return 0.5 * (1.0 + std::cos(plane.tilt_degree * degree));
}

} // namespace

double cos_incidence(const Plane& plane, double zenith_degree, double sun_azimuth_degree) {
    const double z = zenith_degree * degree;
    const double beta = plane.tilt_degree * degree;
    return std::cos(z) * std::cos(beta) +
           std::sin(z) * std::sin(beta) *
               std::cos((sun_azimuth_degree - plane.azimuth_degree) * degree);
}

double sky_isotropic_w_per_m2(const Plane& plane, double dhi_w_per_m2) {
    return dhi_w_per_m2 * sky_view(plane);
}

double sky_hay_davies_w_per_m2(const Plane& plane, double dhi_w_per_m2, double dni_w_per_m2,
                               double dni_extra_w_per_m2, double zenith_degree,
                               double sun_azimuth_degree) {
    const double ai = dni_w_per_m2 / dni_extra_w_per_m2;
    const double rb = std::max(0.0, cos_incidence(plane, zenith_degree, sun_azimuth_degree)) /
                      std::max(std::cos(zenith_degree * degree), 0.01745);
    return dhi_w_per_m2 * (ai * rb + (1.0 - ai) * sky_view(plane));
}

double sky_perez_w_per_m2(const Plane& plane, double dhi_w_per_m2, double dni_w_per_m2,
                          double dni_extra_w_per_m2, double zenith_degree,
                          double sun_azimuth_degree, double relative_air_mass) {
    if (dhi_w_per_m2 <= 0) {
        return 0;
    }
    const double z = zenith_degree * degree;
    const double kz3 = 1.041 * z * z * z;
    const double clearness = ((dhi_w_per_m2 + dni_w_per_m2) / dhi_w_per_m2 + kz3) / (1.0 + kz3);
    const double brightness = dhi_w_per_m2 * relative_air_mass / dni_extra_w_per_m2;
    const auto bin = static_cast<std::size_t>(
        std::upper_bound(perez_clearness.begin(), perez_clearness.end(), clearness) -
        perez_clearness.begin());
    const PerezRow& row = perez_rows[bin];
    // A share of the diffuse light: at low sun an air mass of 10 and more carries the fit beyond 1.
    const double f1 = std::clamp(row.f11 + row.f12 * brightness + row.f13 * z, 0.0, 1.0);
    const double f2 = row.f21 + row.f22 * brightness + row.f23 * z;
    const double a = std::max(0.0, cos_incidence(plane, zenith_degree, sun_azimuth_degree));
    const double b = std::max(std::cos(85.0 * degree), std::cos(z));
    return std::max(0.0, dhi_w_per_m2 * ((1.0 - f1) * sky_view(plane) + f1 * a / b +
                                         f2 * std::sin(plane.tilt_degree * degree)));
}

double ground_w_per_m2(const Plane& plane, double ghi_w_per_m2, double albedo) {
    return ghi_w_per_m2 * albedo * (1.0 - sky_view(plane));
}

PlaneIrradiance transpose(const Plane& plane, const Irradiance& horizontal,
                          double dni_extra_w_per_m2, double zenith_degree,
                          double sun_azimuth_degree, double albedo) {
    PlaneIrradiance on_plane;
    on_plane.cos_incidence = cos_incidence(plane, zenith_degree, sun_azimuth_degree);
    on_plane.ground_w_per_m2 = ground_w_per_m2(plane, horizontal.ghi_w_per_m2, albedo);
    if (zenith_degree < 90.0) {
        on_plane.beam_w_per_m2 = horizontal.dni_w_per_m2 * std::max(0.0, on_plane.cos_incidence);
    }
    if (zenith_degree > isotropic_beyond_degree) {
        on_plane.sky_w_per_m2 = sky_isotropic_w_per_m2(plane, horizontal.dhi_w_per_m2);
        return on_plane;
    }
    on_plane.sky_w_per_m2 = sky_perez_w_per_m2(
        plane, horizontal.dhi_w_per_m2, horizontal.dni_w_per_m2, dni_extra_w_per_m2, zenith_degree,
        sun_azimuth_degree, relative_air_mass(zenith_degree));
    return on_plane;
}

Plane track_sun(double zenith_degree, double sun_azimuth_degree, double axis_azimuth_degree,
                double max_angle_degree, double gcr) {
    // The sun in the plane across the axis: x to the right of the axis direction, height up.
    const double z = zenith_degree * degree;
    const double x = std::sin(z) * std::sin((sun_azimuth_degree - axis_azimuth_degree) * degree);
    const double height = std::cos(z);
    if (height <= 0) {
        return {0.0, axis_azimuth_degree + 90.0}; // stowed flat at night
    }
    double angle = std::atan2(x, height);        // turned to the right positive
    const double shadow = std::cos(angle) / gcr; // below 1 the rows would shade each other
    if (shadow < 1.0) {
        angle -= std::copysign(std::acos(shadow), angle);
    }
    angle = std::clamp(angle / degree, -max_angle_degree, max_angle_degree);
    return {std::abs(angle), axis_azimuth_degree + (angle >= 0 ? 90.0 : -90.0)};
}

} // namespace yuanwang::models
