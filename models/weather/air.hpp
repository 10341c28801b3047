/// @file
/// Moist air: pressure by altitude, humidity, density, wet bulb.
///
///     p(z)  = 100 ((44331.514 − z)/11880.516)^(1/0.1902632)               standard atmosphere, z in m           Pa
///     es(T) = 610.94 exp(17.625 T/(T + 243.04))                           saturation over water, T in °C        Pa
///     ρ     = (p − 0.378 e)/(287.05 (T + 273.15))                         e = RH es(T)                          kg/m³
///     Tw:     e = es(Tw) − 6.6e-4 (1 + 0.00115 Tw) p (T − Tw)             wet bulb                              °C
///
/// The psychrometric equation carries the pressure: at 77 kPa the same air has a lower wet bulb than at sea level.
/// Sources: ISO 2533 (in the figures of Portland State Aerospace Society, 2004); Alduchov and Eskridge, J. Appl. Meteor.
/// 35, 1996 (Magnus form); WMO-No. 8, Guide to Instruments (psychrometer).
#pragma once

namespace yuanwang::models {

inline constexpr double sea_level_pressure_pa = 101325.0;
inline constexpr double sea_level_density_kg_per_m3 = 1.225; ///< dry, 15 °C

[[nodiscard]] double pressure_at_altitude_pa(double altitude_m);
/// z(p), the pressure altitude.
[[nodiscard]] double altitude_of_pressure_m(double pressure_pa);
[[nodiscard]] double saturation_pressure_pa(double temperature_c);
[[nodiscard]] double dew_point_c(double vapour_pressure_pa);
[[nodiscard]] double air_density_kg_per_m3(double pressure_pa, double temperature_c,
                                           double relative_humidity);
[[nodiscard]] double wet_bulb_c(double pressure_pa, double temperature_c, double relative_humidity);

} // namespace yuanwang::models
