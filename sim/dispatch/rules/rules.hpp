/// @file
/// Dispatch by rules: the order a clean-energy city follows, step after step, without foresight.
///
/// In each island, with the residual  r = demand + losses − what is placed so far:
///
///  1. must-run: waste, HVDC, the base part of hydro, the thermal minimum (commitment.hpp)
///  2. local wind and sun
///  3. if r < 0: storage charges, ties export, wind and sun are curtailed, must-run gives way
///  4. clean surplus of the external grids, cheapest first, up to tie and group limits
///  5. storage: charges from surplus that is still unused, or discharges if r > 0
///  6. flexible hydro:  h = (E_left/Δt − Σ ĝ) · r / (r + Σ r̂)  over the steps left in the block, where
///     r̂ is what hydro met at the same clock time a day before (on the first day: r itself) and ĝ the
///     firm gap: what all thermal plants and firm imports could not have served then, had wind, sun
///     and surplus failed; water for it is kept back. h is raised where the water would no longer
///     pass through the turbines later or r itself is beyond all firm sources, and never exceeds r
///  7. thermal above its minimum and firm energy of the ties together, by price. A unit starts
///     where the residual carries its least output; failing all else it starts and dearer or
///     flexible sources back down for it
///  8. managed load by class (managed_call.hpp)
///  9. unserved energy
///
/// Equal sources share in proportion to their room. The balance holds in every step and island:
///
/// Thermal plants stay within their ramps (thermal_ramps.hpp); in step 3 only what no must-run source can give up makes
/// them fall faster. Least times on and off are kept by plans only.
///
/// Where the block brings them, the output of a thermal plant stays in the band its heat leaves (its least output runs in
/// step 1), and firm energy of the ties goes by the price of the step.
///
///     Σ schedule = demand + Σ flexible shift + load that comes back after calls + losses − managed − unserved
///
/// Load that may move is placed before the walk (flexible_rule.hpp).
///
/// **Causes of curtailment**, found by relaxing limits in this order: a station's own limit; the
/// export limit of a tie or group, where any export is allowed (`section`); the output of must-run
/// sources (`minimum_output`); charging that a full storage refused (`storage_full`); the rest is
/// `surplus`. Causes sum to the curtailed energy.
#pragma once

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// The state a run starts from: storages at their initial SOC, no memory of a day before.
[[nodiscard]] State make_initial_state(const Table& table);

/// Gives every series of a schedule its shape, all zero.
void shape_schedule(const Table& table, std::size_t n_step, Schedule& schedule);

/// Dispatches one block and moves the state to its end. The schedule's memory is reused.
void dispatch_block(const Table& table, const BlockInput& input, State& state, Schedule& schedule);

} // namespace yuanwang::dispatch
