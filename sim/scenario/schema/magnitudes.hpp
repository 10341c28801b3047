/// @file
/// What cannot be: magnitudes no element of a voltage class has. Wide on purpose – unusual is allowed, a slipped unit is not.
///
///     series reactance of a line     1e-5 … 5 pu on 100 MVA      z_base = kV²/100 Ω: 0.0004 Ω at 110 kV is refused
///     length of a line               750 kV 800, 330 kV 500, 220 kV 400, 110 kV 200, below 100 km at most
///     rating of a circuit            S = √3·kV·I with I = 0.02…8 kA
///     rating of a transformer        750 kV 300…3000, 330 kV 40…1500, 220 kV 20…1000, 110 kV 2…400, below 0.02…250 MVA
///
/// Source: ranges around GB/T 6451 (transformer ratings), GB 50545 (conductor currents) and DL/T 5429 (line lengths by class).
#pragma once

#include <string>

#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

/// Ohm of a line from end to end.
[[nodiscard]] Range line_reactance_range_ohm(double base_kv);
/// Longest line of a class, km.
[[nodiscard]] double longest_line_km(double base_kv);
/// MVA of one circuit.
[[nodiscard]] Range circuit_rating_range_mva(double base_kv);
/// MVA of one transformer unit by the voltage of its high side.
[[nodiscard]] Range transformer_rating_range_mva(double hv_kv);

/// `must be within 19…1143 MVA at 110 kV`
[[nodiscard]] std::string write_rule_at(const Range& range, const std::string& unit,
                                        double base_kv);

/// Normal voltage band and the band after an outage, per unit of the nominal voltage.
///
///     750 kV   712…800 kV, the same after an outage
///     330 kV   313…363 kV, the same after an outage
///     110 kV   0.97…1.07, after an outage 0.90…1.10
///     others   0.90…1.10 always
///
/// Source: DL/T 1773 practice; the lower bounds of 750 and 330 kV are assumptions.
struct VoltageBand {
    double min_pu = 0.9;
    double max_pu = 1.1;
    double emergency_min_pu = 0.9;
    double emergency_max_pu = 1.1;
};
[[nodiscard]] VoltageBand find_voltage_band(double base_kv);

} // namespace yuanwang::scenario
