/// @file
/// The border between physical units and per unit: nothing else in the project divides by a base.
///
///     S_b = 100 MVA,   Z_b = U_b² / S_b  (kV², MVA → Ω),   Y_b = 1 / Z_b
///
/// Per unit and radians live in `powerflow` and in `Network`; everything else speaks MW, Mvar, kV, Ω, degrees.
#pragma once

#include <numbers>

#include "network/network.hpp"

namespace yuanwang::network {

[[nodiscard]] constexpr double power_to_pu(double mva) {
    return mva / base_mva;
}
[[nodiscard]] constexpr double power_to_mva(double pu) {
    return pu * base_mva;
}

/// Base impedance of a voltage level in Ω.
[[nodiscard]] constexpr double base_impedance_ohm(double base_kv) {
    return base_kv * base_kv / base_mva;
}
[[nodiscard]] constexpr double impedance_to_pu(double ohm, double base_kv) {
    return ohm / base_impedance_ohm(base_kv);
}
[[nodiscard]] constexpr double admittance_to_pu(double microsiemens, double base_kv) {
    return microsiemens * 1e-6 * base_impedance_ohm(base_kv);
}

/// An impedance per unit of a plate (rated power and voltage) on the base of the bus it is seen
/// from.
[[nodiscard]] constexpr double plate_impedance_to_pu(double pu, double rate_mva, double rated_kv,
                                                     double base_kv) {
    return pu * (base_mva / rate_mva) * (rated_kv / base_kv) * (rated_kv / base_kv);
}
/// An admittance per unit of a plate on the base of the bus it is seen from.
[[nodiscard]] constexpr double plate_admittance_to_pu(double pu, double rate_mva, double rated_kv,
                                                      double base_kv) {
    return pu * (rate_mva / base_mva) * (base_kv / rated_kv) * (base_kv / rated_kv);
}

[[nodiscard]] constexpr double degree_to_rad(double degree) {
    return degree * std::numbers::pi / 180.0;
}
[[nodiscard]] constexpr double rad_to_degree(double rad) {
    return rad * 180.0 / std::numbers::pi;
}

/// √3 U I in MVA, from kV and A.
[[nodiscard]] constexpr double current_to_mva(double ampere, double base_kv) {
    return std::numbers::sqrt3 * base_kv * ampere * 1e-3;
}

} // namespace yuanwang::network
