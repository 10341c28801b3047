/// @file
/// When a factorisation is kept: Newton's method factorises at every step, the chord method once for all cases.
///
///     Newton   n_N (F + S + M)     F: Jacobian and factors, S: both substitutions, M: mismatch, multiply-adds of one case
///     chord    n_C (S + M)         the factor at the solution of the first case serves all
///
/// The chord takes more steps, and each gains a fixed share only. Counts of the time-series workloads to 1e-8 pu:
/// n_N = 3, n_C = 8. The choice follows from counted work of the grid at hand, never from a clock.
#pragma once

#include <cstdint>

#include "powerflow/batch/elimination.hpp"

namespace yuanwang::powerflow::batch {

enum class FactorReuse : std::uint8_t {
    by_cost, ///< whichever does less counted work
    never,   ///< Newton
    always,  ///< chord; what it does not solve is tried again with Newton
};

/// True where the chord method does less work. Precondition: all cases share Y and the types of buses.
[[nodiscard]] constexpr bool keeping_pays(const EliminationCost& cost) {
    constexpr std::size_t newton_steps = 3;
    constexpr std::size_t chord_steps = 8;
    return chord_steps * (cost.solve + cost.mismatch) <
           newton_steps * (cost.factor + cost.solve + cost.mismatch);
}

} // namespace yuanwang::powerflow::batch
