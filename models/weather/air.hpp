/// @file
/// Moist air: pressure by altitude, humidity, density, wet bulb.
///
///     p(z)    = 101325 (1 − 0.0065 z/288.15)^5.2559      (written as 100 ((44331.514 −
///     z)/11880.516)^(1/0.1902632))   Pa es(T)   = 610.94 exp(17.625 T/(T + 243.04)) saturation
///     over water, T in °C                              Pa rho     = (p − 0.378 e)/(287.05 (T +
///     273.15))      e = RH es(T)                                                kg/m³ wet bulb: e
///     = es(Tw) − 6.6e-4 (1 + 0.00115 Tw) p (T − Tw)
///
/// The psychrometric equation carries the pressure: at 77 kPa the same air has a lower wet bulb
/// than at sea level. Sources: ISO 2533 standard atmosphere in the form of pvlib `alt2pres`;
/// Alduchov and Eskridge, J. Appl. Meteor. 35, 1996 (Magnus form); WMO-No. 8, Guide to Instruments,
/// annex 4.B (psychrometer).
#pragma once

namespace yuanwang::models {

inline constexpr double sea_level_pressure_pa = 101325.0;
inline constexpr double sea_level_density_kg_per_m3 = 1.225; ///< dry, 15 °C

[[nodiscard]] double pressure_at_altitude_pa(double altitude_m);
[[nodiscard]] double saturation_pressure_pa(double temperature_c);
[[nodiscard]] double dew_point_c(double vapour_pressure_pa);
[[nodiscard]] double air_density_kg_per_m3(double pressure_pa, double temperature_c,
                                           double relative_humidity);
[[nodiscard]] double wet_bulb_c(double pressure_pa, double temperature_c, double relative_humidity);

} // namespace yuanwang::models
