/// @file
/// Single-diode model of a photovoltaic module: current by voltage and the points a data sheet states.
///
///     I(Vd) = IL − I0 (exp(Vd/a) − 1) − Vd/Rsh           Vd voltage of the junction
///     V(Vd) = Vd − I Rs
///
///     IL   photocurrent                      A             I0  saturation current of the diode       A
///     Rs   series resistance, ≥ 0            Ω             Rsh shunt resistance, > 0, may be infinite  Ω
///     a    n Ns k T/q, ideality × cells × thermal voltage  V
///
/// I falls and V rises with Vd, so each point is one root of a monotone function within a bracket that is known:
///
///     open circuit    I = 0                      0 ≤ Vd ≤ a ln(1 + IL/I0)
///     short circuit   V = 0                      0 ≤ Vd ≤ Vd(oc)
///     most power      I + I' (Vd − 2 I Rs) = 0   Vd(sc) ≤ Vd ≤ Vd(oc)      dP/dVd; one root, since P(V) is concave
///
/// Newton in Vd, halving the bracket where a step would leave it, always ends. Parameters at other irradiance G and cell
/// temperature T (De Soto), reference at 1000 W/m² and T0 = 298.15 K:
///
///     IL = G/1000 (IL0 + α (T − T0))      I0 = I00 (T/T0)³ exp((Eg0/T0 − Eg/T)/k)      Rsh = Rsh0 1000/G      a = a0 T/T0
///     Eg = Eg0 (1 − 0.0002677 (T − T0)),  Eg0 = 1.121 eV for silicon
///
/// Sources: Bishop, Solar Cells 25, 1988 (points by junction voltage); De Soto, Klein, Beckman, Solar Energy 80, 2006.
/// Left out: reverse breakdown, mismatch between modules, spectrum.
#pragma once

namespace yuanwang::models {

struct SingleDiode {
    double photocurrent_a;    ///< IL, ≥ 0
    double saturation_a;      ///< I0, > 0
    double series_ohm;        ///< Rs
    double shunt_ohm;         ///< Rsh
    double thermal_voltage_v; ///< a
};

/// What a data sheet states.
struct DiodePoints {
    double voc_v;
    double isc_a;
    double vmp_v;
    double imp_a;
    double pmp_w;
};

/// A module as data bases of single-diode parameters state it, at 1000 W/m² and 25 °C. The default is Canadian Solar
/// CS5P-220M, mono silicon, 96 cells (CEC module data base, NREL System Advisor Model): 219.7 W; only its shape counts.
struct ModuleDiode {
    double photocurrent_a = 5.114;
    double saturation_a = 8.196e-10;
    double series_ohm = 1.065;
    double shunt_ohm = 381.68;
    double thermal_voltage_v = 2.6373;
    double alpha_a_per_k = 0.004539; ///< of the short-circuit current
    friend bool operator==(const ModuleDiode&, const ModuleDiode&) = default;
};

/// Most power of a module at an irradiance and a cell temperature, W; 0 without light.
[[nodiscard]] double find_power_w(const ModuleDiode& module, double poa_w_per_m2, double cell_c);

/// Open circuit, short circuit and the point of most power; all zero without light.
[[nodiscard]] DiodePoints solve_points(const SingleDiode& module);
/// Current at a terminal voltage, 0 ≤ V ≤ Voc; A.
[[nodiscard]] double current_a(const SingleDiode& module, double voltage_v);
/// Parameters at an irradiance and a cell temperature from those at 1000 W/m² and 25 °C; `alpha` in A/K.
[[nodiscard]] SingleDiode translate(const SingleDiode& reference, double alpha_a_per_k,
                                    double poa_w_per_m2, double cell_c);

} // namespace yuanwang::models
