/// @file
/// Radiation outside the atmosphere and under a cloudless sky.
///
///     I0   = 1361/R²                                          normal to the beam, R in AU                        W/m²
///     AM   = 1/(cos z + 0.50572 (96.07995 − z)^−1.6364)       relative air mass, z apparent zenith in degrees    1
///     AMa  = AM p/101325                                      absolute air mass                                  1
///     GHIc = cg1 I0 cos z exp(−cg2 AMa (fh1 + fh2 (TL − 1)))
///     DNIc = min(I0 b exp(−0.09 AMa (TL − 1)),
///                GHIc (1 − (0.1 − 0.2 exp(−TL))/(0.1 + 0.882/fh1))/cos z)
///     DHIc = GHIc − DNIc cos z
///            fh1 = exp(−h/8000)         fh2 = exp(−h/1250)         b = 0.664 + 0.163/fh1
///            cg1 = 5.09e-5 h + 0.868    cg2 = 3.92e-5 h + 0.0387
///
/// with TL the Linke turbidity and h the altitude in m: thin plateau air lets more beam through.
/// Sources: Kopp and Lean, Geophys. Res. Lett. 38, 2011 (solar constant); Spencer, Search 2(5), 1971; Kasten and Young,
/// Applied Optics 28, 1989; Ineichen and Perez, Solar Energy 73(3), 2002. The enhancement factor exp(0.01 AMa^1.8) some
/// programs add is left out.
#pragma once

namespace yuanwang::models {

inline constexpr double solar_constant_w_per_m2 = 1361.0;

/// I0 by the distance to the sun.
[[nodiscard]] double extraterrestrial_w_per_m2(double distance_au);
/// I0 by the day of the year, Spencer's series, for a solar constant of the caller's.
[[nodiscard]] double
extraterrestrial_spencer_w_per_m2(unsigned day_of_year,
                                  double solar_constant = solar_constant_w_per_m2);

/// Relative air mass; zenith beyond 90° counts as 90°.
[[nodiscard]] double relative_air_mass(double apparent_zenith_degree);

struct Irradiance {
    double ghi_w_per_m2 = 0;
    double dni_w_per_m2 = 0;
    double dhi_w_per_m2 = 0;
};

/// Clear-sky irradiance; all zero with the sun below the horizon. `air_mass_absolute` is AMa.
[[nodiscard]] Irradiance clear_sky_ineichen(double apparent_zenith_degree, double air_mass_absolute,
                                            double linke_turbidity, double altitude_m,
                                            double dni_extra_w_per_m2);

/// Linke turbidity by altitude: TL = 2.2 + 1.8 exp(−h/2000 m). An assumption: 4 in the haze of the plains, about 2.8 at
/// Xining, where it gives a clear winter noon the beam of ASHRAE's clear sky (0.9 kW/m²) within a tenth.
[[nodiscard]] double linke_turbidity_at(double altitude_m);

/// Ineichen of a turbidity, GHI at most 0.88 I0 cos z as below.
[[nodiscard]] Irradiance clear_sky_of(double apparent_zenith_degree, double pressure_pa,
                                      double linke_turbidity, double altitude_m,
                                      double dni_extra_w_per_m2);

/// Clear sky of a place: Ineichen with linke_turbidity_at, and GHI at most 0.88 I0 cos z, because the fit overshoots on
/// high ground (at 5000 m it passes the extraterrestrial).
[[nodiscard]] Irradiance clear_sky_at(double apparent_zenith_degree, double pressure_pa,
                                      double altitude_m, double dni_extra_w_per_m2);

} // namespace yuanwang::models
