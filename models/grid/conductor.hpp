/// @file
/// Overhead conductors: what a kilometre of a bundle is electrically, and how much current a conductor carries.
///
/// Positive sequence at 50 Hz, earth ignored, flat spacing D between neighbouring phases, so D_m = ∛2 · D:
///
///     R = R20 (1 + α (T − 20)) / n                                            Ω/km
///     X = ω μ0/2π · ln(D_m / GMR_b),   GMR_b = ⁿ√(n · 0.81 r · A^(n−1))       Ω/km
///     B = ω 2π ε0 / ln(D_m / r_b),     r_b   = ⁿ√(n · r · A^(n−1))            µS/km
///
/// r radius of a sub-conductor, n sub-conductors on a circle of radius A = s / (2 sin(π/n)), s spacing of neighbours.
/// 0.81 r is the geometric mean radius of a steel-cored strand. Check on any pair: √(X B) is 1.00–1.02 times ω/c.
/// Source: Grainger, Stevenson, Power System Analysis (1994), ch. 4–5. Conductor data: GB/T 1179.
#pragma once

#include <span>
#include <string_view>

namespace yuanwang::models {

struct Conductor {
    std::string_view name;        ///< `LGJ-400/50`: aluminium / steel cross-section in mm²
    double diameter_mm = 0;       ///< outer
    double r20_ohm_per_km = 0;    ///< DC resistance at 20 °C
    double alpha_per_k = 0.00403; ///< temperature coefficient of the resistance
};

/// All conductors known by name, in order of cross-section.
[[nodiscard]] std::span<const Conductor> conductor_library();

/// The conductor of a name, or null where the library has none.
[[nodiscard]] const Conductor* find_conductor(std::string_view name);

/// How sub-conductors and phases hang.
struct BundleGeometry {
    int bundle = 1;                ///< sub-conductors per phase, on a regular polygon
    double bundle_spacing_m = 0.4; ///< between neighbours of a bundle
    double phase_spacing_m = 0;    ///< flat spacing between neighbouring phases
};

/// Series impedance and shunt susceptance of one circuit per kilometre.
struct LineConstants {
    double r_ohm_per_km = 0;
    double x_ohm_per_km = 0;
    double b_us_per_km = 0;
};

[[nodiscard]] LineConstants compute_line_constants(const Conductor& conductor,
                                                   const BundleGeometry& geometry,
                                                   double conductor_temperature_c);

/// What cools and heats a conductor.
struct ThermalConditions {
    double ambient_temperature_c = 40;
    double altitude_m = 0;
    double wind_speed_m_per_s = 0.5; ///< across the conductor
    double sun_w_per_m2 = 1000;      ///< on the projected area; 0 at night
    double conductor_temperature_c = 70;
    double emissivity = 0.9;
    double absorptivity = 0.9;
};

/// Steady-state current of one conductor in A: the heat balance q_c + q_r = q_s + I² R(T_c).
///
///     q_c = max(forced at low wind, forced at high wind, natural convection)   W/m
///     q_r = 17.8 D ε [((T_c + 273)/100)⁴ − ((T_a + 273)/100)⁴]                 W/m
///     q_s = α G D                                                              W/m
///
/// 0 where the sun alone heats it beyond `conductor_temperature_c`. Source: IEEE Std 738-2012,
/// section 4.
[[nodiscard]] double compute_ampacity_a(const Conductor& conductor,
                                        const ThermalConditions& conditions);

} // namespace yuanwang::models
