/// @file
/// The pieces of the photovoltaic chain: module temperature, DC power, system losses, inverter.
///
///     SAPM      Tm = Ta + G exp(a + b v)          Tc = Tm + G/1000 ΔT                                  °C
///     PVsyst    Tc = Ta + G α (1 − η)/(Uc + Uv v)                                                      °C
///     Faiman    Tm = Ta + G/(U0 + U1 v)                                                                °C
///     PVWatts   Pdc = P_peak G/1000 (1 + γ (Tc − 25))
///     losses    1 − Π(1 − Li)
///     inverter  η = η_nom/0.9637 (−0.0162 ζ − 0.0059/ζ + 0.9858)      ζ = Pdc/Pdc0      Pac = min(η Pdc, η_nom Pdc0)
///
/// G on the plane of array in W/m², v in m/s at the module, Pdc0 the DC power at which the inverter gives its rating.
/// Sources: King, Boyson, Kratochvil, SAND2004-3535, 2004 (SAPM); Faiman, Prog. Photovolt. 16(4), 2008; Mermoud, PVsyst
/// help; Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641, 2014.
#pragma once

#include <cstdint>
#include <span>

namespace yuanwang::models {

enum class Mounting : std::uint8_t {
    open_rack_glass_glass,
    open_rack_glass_polymer,
    close_mount_glass_glass
};

struct SapmThermal {
    double a;
    double b;
    double delta_t_k;
};

[[nodiscard]] SapmThermal sapm_thermal(Mounting mounting);
[[nodiscard]] double module_temperature_sapm_c(const SapmThermal& thermal, double poa_w_per_m2,
                                               double air_c, double wind_m_per_s);
[[nodiscard]] double cell_temperature_sapm_c(const SapmThermal& thermal, double poa_w_per_m2,
                                             double air_c, double wind_m_per_s);
[[nodiscard]] double cell_temperature_pvsyst_c(double poa_w_per_m2, double air_c,
                                               double wind_m_per_s, double uc = 29.0,
                                               double uv = 0.0, double efficiency = 0.1,
                                               double absorption = 0.9);
[[nodiscard]] double module_temperature_faiman_c(double poa_w_per_m2, double air_c,
                                                 double wind_m_per_s, double u0 = 25.0,
                                                 double u1 = 6.84);

/// Same unit as `peak`.
[[nodiscard]] double pvwatts_dc(double poa_w_per_m2, double cell_c, double peak,
                                double gamma_per_k);
/// Total of independent losses, all 0…1.
[[nodiscard]] double combine_losses(std::span<const double> losses);
/// AC power, same unit as `dc` and `dc0`; 0 for dc ≤ 0.
[[nodiscard]] double pvwatts_inverter_ac(double dc, double dc0, double efficiency_nominal);

/// Share of the beam that enters the glass at an angle of incidence: 1 − b0 (1/cos θ − 1), ≥ 0 (ASHRAE 93-77).
[[nodiscard]] double incidence_modifier_ashrae(double cos_incidence, double b0 = 0.05);

} // namespace yuanwang::models
