#include "models/grid/conductor.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace yuanwang::models {

namespace {

constexpr std::array<Conductor, 6> library{{
    {.name = "LGJ-185/30", .diameter_mm = 18.88, .r20_ohm_per_km = 0.1592},
    {.name = "LGJ-240/30", .diameter_mm = 21.60, .r20_ohm_per_km = 0.1181},
    {.name = "LGJ-300/40", .diameter_mm = 23.94, .r20_ohm_per_km = 0.09614},
    {.name = "LGJ-400/35", .diameter_mm = 26.82, .r20_ohm_per_km = 0.07389},
    {.name = "LGJ-400/50", .diameter_mm = 27.63, .r20_ohm_per_km = 0.07232},
    {.name = "LGJ-500/45", .diameter_mm = 30.00, .r20_ohm_per_km = 0.05912},
}};

constexpr double omega = 2 * std::numbers::pi * 50;
constexpr double mu0_over_2pi = 2e-7;         // H/m
constexpr double epsilon0 = 8.8541878128e-12; // F/m
constexpr double strand_gmr = 0.81;           // of the radius, steel-cored aluminium

double resistance_at(const Conductor& conductor, double temperature_c) {
    return conductor.r20_ohm_per_km * (1 + conductor.alpha_per_k * (temperature_c - 20));
}

/// Geometric mean radius of n conductors of radius r on a regular polygon of side s.
double bundle_radius(int n, double r, double s) {
    if (n == 1) {
        return r;
    }
    const double circle = s / (2 * std::sin(std::numbers::pi / n));
    return std::pow(n * r * std::pow(circle, n - 1), 1.0 / n);
}

/// Heat taken away by wind or, where there is little, by rising air, in W/m (IEEE 738-2012 eq. 3a,
/// 3b, 5a, 13–15).
double convection(double diameter_m, const ThermalConditions& at) {
    const double film_c = (at.conductor_temperature_c + at.ambient_temperature_c) / 2;
    const double rise_k = at.conductor_temperature_c - at.ambient_temperature_c;
    const double viscosity = 1.458e-6 * std::pow(film_c + 273, 1.5) / (film_c + 383.4);
    const double density =
        (1.293 - 1.525e-4 * at.altitude_m + 6.379e-9 * at.altitude_m * at.altitude_m) /
        (1 + 0.00367 * film_c);
    const double conductivity = 2.424e-2 + 7.477e-5 * film_c - 4.407e-9 * film_c * film_c;
    const double reynolds = diameter_m * density * at.wind_speed_m_per_s / viscosity;

    const double low_wind = (1.01 + 1.35 * std::pow(reynolds, 0.52)) * conductivity * rise_k;
    const double high_wind = 0.754 * std::pow(reynolds, 0.6) * conductivity * rise_k;
    const double natural =
        3.645 * std::sqrt(density) * std::pow(diameter_m, 0.75) * std::pow(rise_k, 1.25);
    return std::max({at.wind_speed_m_per_s > 0 ? low_wind : 0.0, high_wind, natural});
}

double fourth_power(double x) {
    return x * x * x * x;
}

} // namespace

std::span<const Conductor> conductor_library() {
    return library;
}

const Conductor* find_conductor(std::string_view name) {
    const auto found = std::ranges::find(library, name, &Conductor::name);
    return found == library.end() ? nullptr : &*found;
}

LineConstants compute_line_constants(const Conductor& conductor, const BundleGeometry& geometry,
                                     double conductor_temperature_c) {
    const double r = conductor.diameter_mm / 2000;
    const double distance = std::cbrt(2.0) * geometry.phase_spacing_m;
    const double gmr = bundle_radius(geometry.bundle, strand_gmr * r, geometry.bundle_spacing_m);
    const double radius = bundle_radius(geometry.bundle, r, geometry.bundle_spacing_m);
    return {.r_ohm_per_km = resistance_at(conductor, conductor_temperature_c) / geometry.bundle,
            .x_ohm_per_km = omega * mu0_over_2pi * std::log(distance / gmr) * 1e3,
            .b_us_per_km =
                omega * 2 * std::numbers::pi * epsilon0 / std::log(distance / radius) * 1e9};
}

double compute_ampacity_a(const Conductor& conductor, const ThermalConditions& at) {
    if (at.conductor_temperature_c <= at.ambient_temperature_c) {
        return 0;
    }
    const double diameter_m = conductor.diameter_mm / 1000;
    const double cooled = convection(diameter_m, at);
    const double radiated = 17.8 * diameter_m * at.emissivity *
                            (fourth_power((at.conductor_temperature_c + 273) / 100) -
                             fourth_power((at.ambient_temperature_c + 273) / 100));
    const double absorbed = at.absorptivity * at.sun_w_per_m2 * diameter_m;
    const double r_ohm_per_m = resistance_at(conductor, at.conductor_temperature_c) / 1000;
    return std::sqrt(std::max(0.0, cooled + radiated - absorbed) / r_ohm_per_m);
}

} // namespace yuanwang::models
