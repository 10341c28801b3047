/// @file
/// Capacitor and reactor banks: constant admittance, so power goes with the square of the voltage.
///
///     Q(V) = n · q_step · V²,   V in per unit;   q_step > 0 injects (capacitor), < 0 absorbs (reactor)
#pragma once

namespace yuanwang::models {

/// Reactive power in Mvar, into the grid, of `steps` steps at a voltage in per unit.
[[nodiscard]] constexpr double shunt_q_mvar(double q_step_mvar, int steps, double vm_pu) {
    return q_step_mvar * steps * vm_pu * vm_pu;
}

} // namespace yuanwang::models
