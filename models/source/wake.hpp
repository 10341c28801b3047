/// @file
/// Wake of a wind farm by its layout: what the rows in front leave to the rows behind.
///
///     ΔU/U  = (1 − √(1 − Ct)) (r/(r + k x))² A_overlap/A         of one turbine, x downstream               Jensen
///     U_j   = U (1 − √Σ (ΔU/U)²)                                 of all in front                            Katić
///     Ct    = 4 a (1 − a)  with  Cp = 4 a (1 − a)² = P/(½ ρ A U³)   momentum theory, a ≤ 1/3
///     η(U, direction) = Σ_j P(U_j)/(n P(U)),     η(U) = Σ_direction share η(U, direction)
///
/// The efficiency is a table over the free speed at standard density and the direction, made once. Where the direction of
/// the hour is not known, directions are weighted by a rose of equal sectors whose first is centred on north (empty: all
/// alike). Left out: turbulence, wake of neighbouring farms, stability.
/// Sources: Jensen, Risø-M-2411, 1983; Katić, Højstrup, Jensen, EWEC 1986; Burton et al., Wind Energy Handbook, 2011,
/// ch. 3 (momentum theory).
#pragma once

#include <vector>

#include "models/source/power_curve.hpp"

namespace yuanwang::models {

/// Where the turbines stand; none: no layout.
struct WindLayout {
    std::vector<double> east_m;
    std::vector<double> north_m;
    double rotor_m = 150;  ///< diameter
    double turbine_mw = 4; ///< rating of one
    double decay = 0.075;  ///< k, onshore
    std::vector<double> rose =
        {}; ///< share of each sector the wind comes from, from north clockwise
    [[nodiscard]] bool empty() const { return east_m.empty(); }
    friend bool operator==(const WindLayout&, const WindLayout&) = default;
};

/// Deficit ΔU/U a turbine of thrust Ct leaves x behind it, on its axis; 0 in front.
[[nodiscard]] double jensen_deficit(double ct, double rotor_m, double decay, double x_m);

/// Thrust coefficient of a power coefficient, the slow branch of momentum theory; Cp beyond Betz counts as Betz.
[[nodiscard]] double thrust_of_power(double cp);

/// Farm efficiency by free speed at standard density and direction of the wind; 1 where nothing is lost.
class WakeTable {
  public:
    WakeTable(const WindLayout& layout, const PowerCurve& curve);

    /// With the wind from one direction (from north clockwise); straight between 5° and 1 m/s.
    [[nodiscard]] double at(double speed_m_per_s, double from_degree) const;
    /// Weighted by the rose of the layout.
    [[nodiscard]] double at(double speed_m_per_s) const;

  private:
    std::vector<double> by_direction_; ///< [n_speed × n_direction], speed fastest
    std::vector<double> by_rose_;      ///< [n_speed]
};

} // namespace yuanwang::models
