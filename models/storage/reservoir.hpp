/// @file
/// Reservoirs beside the battery, by what they are made of: how much energy they hold and which share of it is of use.
///
///     flywheel        E = ½ J ω²                                  J kg m², ω = 2π n/60 rad/s
///     supercapacitor  E = ½ C V²,  s_min = (V_min/V_max)²         C F, V at the bank's terminals
///     pumped hydro    E = ρ g V h                                 V m³, h m (mean gross head), ρ = 1000, g = 9.80665
///
/// Once charged they follow battery.hpp: one-way efficiencies (pump and turbine; converter and machine), self-discharge
/// (bearings and windage; leakage; evaporation and seepage) as a share of what is stored. Sources: the definitions of kinetic,
/// electric and potential energy; g after CGPM 1901. Left out: head that falls as the basin empties, rough zones and
/// start-up of pump turbines, speed-dependent losses of a flywheel.
#pragma once

namespace yuanwang::models {

/// Kinetic energy at a speed in revolutions per minute.
[[nodiscard]] double flywheel_energy_mwh(double inertia_kg_m2, double speed_rpm);
/// Energy of a capacitor at a voltage.
[[nodiscard]] double supercapacitor_energy_mwh(double capacitance_f, double voltage_v);
/// Share of its energy a capacitor or a flywheel keeps when voltage or speed has fallen to `ratio` of the greatest.
[[nodiscard]] double energy_share_left(double ratio);
/// Potential energy of a volume of water above the lower basin, before the turbine.
[[nodiscard]] double pumped_hydro_energy_mwh(double volume_m3, double head_m);

} // namespace yuanwang::models
