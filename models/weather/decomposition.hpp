/// @file
/// From global horizontal irradiance to its beam and diffuse parts.
///
///     kt = GHI/(I0 cos z)                                                       clearness index, 0…1
///     Erbs:     DHI/GHI = 1 − 0.09 kt                                           kt ≤ 0.22
///                       = 0.9511 − 0.1604 kt + 4.388 kt² − 16.638 kt³ + 12.336 kt⁴
///                       = 0.165                                                 kt > 0.8
///     DISC:     DNI = I0 (knc(AM) − (a(kt) + b(kt) exp(c(kt) AM)))
///     closure:  GHI = DHI + DNI cos z
///
/// cos z is held at 0.065 or above where kt is made, so that a low sun gives no infinities.
/// Sources: Erbs, Klein, Duffie, Solar Energy 28(4), 1982; Maxwell, SERI/TR-215-3087, 1987 (DISC).
#pragma once

#include "models/weather/clear_sky.hpp"

namespace yuanwang::models {

/// kt, within 0…1.
[[nodiscard]] double clearness_index(double ghi_w_per_m2, double zenith_degree,
                                     double dni_extra_w_per_m2);

[[nodiscard]] double erbs_diffuse_fraction(double clearness_index);

/// Erbs split of GHI; sun below the horizon: all diffuse.
[[nodiscard]] Irradiance decompose_erbs(double ghi_w_per_m2, double zenith_degree,
                                        double dni_extra_w_per_m2);

/// Absolute air mass DISC was fitted with (Kasten 1966), at most 12.
[[nodiscard]] double disc_air_mass(double zenith_degree, double pressure_pa);

/// DISC beam; zero beyond 87° zenith.
[[nodiscard]] double disc_dni_w_per_m2(double ghi_w_per_m2, double zenith_degree,
                                       double dni_extra_w_per_m2, double pressure_pa);

/// Keeps GHI, takes the beam from GHI − DHI, at most `dni_cap`; what the cap cuts off is diffuse. From 88° zenith on all is
/// diffuse: cos z of the middle says nothing of the step, and errors of GHI or DHI would count 30-fold and more.
/// Source of the limit: pvlib, irradiance.dni (zenith_threshold_for_zero_dni).
[[nodiscard]] Irradiance close_irradiance(double ghi_w_per_m2, double dhi_w_per_m2,
                                          double zenith_degree, double dni_cap_w_per_m2);

} // namespace yuanwang::models
