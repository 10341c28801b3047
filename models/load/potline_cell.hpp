/// @file
/// Electrolysis cells of a potline: metal, voltage and the heat of the bath within its window.
///
///     m  = M/(z F) I CE                           8.054 kg per kA and day at CE = 1                          kg
///     w  = z F/M V/CE                             2980 V/CE                                                  kWh/t DC
///     V  = E + R I,  R = (V_n − E)/I_n            E = 1.65 V, the voltage extrapolated to no current         V
///     q  = I (V − V_ext − E_Al)                   E_Al = 1.65 + 0.48 CE, what making the metal takes         kW a cell
///     C dϑ/dt = q(I) − q(I_n) − G ϑ               ϑ bath above its working temperature, |ϑ| ≤ window         K
///
///     I current, kA      CE current efficiency, 0…1      V cell voltage with its share of the busbars, V_ext in V
///     C heat that moves the bath by a kelvin, ledge and lining included, kWh/K       G what more it loses then, kW/K
///
/// Within a step the current stands, so ϑ is an exponential and the window gives a range of current in closed form.
/// M = 26.9815 g/mol, z = 3, F = 96485.33 C/mol. Sources: Faraday's law (CODATA 2018); Haupin, Light Metals 1998 (E_Al;
/// Entner's AlPrg balance of 200 kA, 4.2 V, 95 % has 409 kW instead of 421). C and G are *assumed* such that a tenth of
/// the current can be moved for 2…4 h. Left out: current efficiency by temperature and current, anode effects, feeding,
/// the ledge as a state, heat exchangers (they raise C and G).
#pragma once

#include <cstddef>
#include <vector>

namespace yuanwang::models {

/// Parameters, columns [n_line].
struct PotlineCells {
    std::vector<double> n_cell;
    std::vector<double> current_ka; ///< I_n
    std::vector<double> voltage_v;  ///< V_n
    std::vector<double> external_v; ///< V_ext, drop in busbars outside the cells
    std::vector<double> current_efficiency;
    std::vector<double> modulation_share; ///< how far the current may be moved, ± share of I_n
    std::vector<double> window_k;         ///< how far the bath may be moved, ±
    std::vector<double> heat_capacity_kwh_per_k;
    std::vector<double> loss_kw_per_k;
    [[nodiscard]] std::size_t size() const { return n_cell.size(); }
    friend bool operator==(const PotlineCells&, const PotlineCells&) = default;
};

struct CurrentRange {
    double min_ka;
    double max_ka;
};

/// Aluminium made by one kA in a day at full efficiency: 8.054 kg.
[[nodiscard]] double metal_kg_per_ka_day();
/// DC energy of a tonne of aluminium at a cell voltage and a current efficiency.
[[nodiscard]] double dc_energy_kwh_per_t(double voltage_v, double current_efficiency);
/// The voltage at which a tonne takes that energy.
[[nodiscard]] double cell_voltage_v(double dc_kwh_per_t, double current_efficiency);
/// The current at which one cell makes `t_per_day`.
[[nodiscard]] double cell_current_ka(double t_per_day, double current_efficiency);

[[nodiscard]] double voltage_at_v(const PotlineCells& lines, std::size_t k, double current_ka);
/// DC power of line k.
[[nodiscard]] double dc_power_mw(const PotlineCells& lines, std::size_t k, double current_ka);
/// Metal of line k.
[[nodiscard]] double metal_t_per_h(const PotlineCells& lines, std::size_t k, double current_ka);
/// Heat left in one cell of line k; at rest its losses equal it.
[[nodiscard]] double cell_heat_kw(const PotlineCells& lines, std::size_t k, double current_ka);

/// ϑ at the end of a step that begins at `bath_k`.
[[nodiscard]] double advance_bath_k(const PotlineCells& lines, std::size_t k, double bath_k,
                                    double current_ka, double dt_h);
/// Currents within the modulation that end a step inside the window; from a bath outside it, the nearest ones.
[[nodiscard]] CurrentRange current_range(const PotlineCells& lines, std::size_t k, double bath_k,
                                         double dt_h);
/// Time until a bath inside the window reaches its edge at a current that stands; infinite where it never does.
[[nodiscard]] double hold_h(const PotlineCells& lines, std::size_t k, double bath_k,
                            double current_ka);

} // namespace yuanwang::models
