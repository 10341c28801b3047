/// @file
/// Limits of single units of thermal plants: ramps, start-up, shut-down, and the units that run whatever is called.
///
///     r   = R Δt / N                      what a running unit ramps in a step                              MW
///     s⁺  = start-up limit, else max(p_min, r)      greatest output in the step a unit starts              MW
///     s⁻  = shut-down limit, else max(p_min, r)     greatest output in the step before it stops            MW
///
///     R  ramp of the running plant, MW/h;  Δt  length of a step, h;  N  units
///
/// **Units that run whatever is called.** `Thermals::least_units` run in every step: units whose least output is not positive
/// (synchronous condensers, loads that may be reduced) cost nothing to keep connected, and a unit that holds the voltage and
/// angle of an island is committed for it. A holder with a positive least output runs in the steps in which the demand of its
/// island takes that output; in the others there is nobody to hold the island for.
/// Source: Morales-España, Latorre, Ramos, IEEE Trans. Power Syst. 28(4), 2013 (start-up and shut-down capability).
#pragma once

#include <cstddef>
#include <span>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// r; infinite where plant k has no ramp.
[[nodiscard]] double unit_ramp_mw(const Thermals& thermals, std::size_t k, double dt_h);
/// s⁺ and s⁻ of plant k.
[[nodiscard]] double start_up_mw(const Thermals& thermals, std::size_t k, double dt_h);
[[nodiscard]] double shut_down_mw(const Thermals& thermals, std::size_t k, double dt_h);

/// Whether the ramp of plant k depends on which of its units run: else |ΔP| ≤ R Δt says the same.
[[nodiscard]] bool ramps_by_units(const Thermals& thermals, std::size_t k, double dt_h);

/// Units of plant k that run in step t whatever is called.
[[nodiscard]] int count_held_units(const Table& table, const BlockInput& input, std::size_t k,
                                   std::size_t t);

/// Starts the units that run whatever is called, each at its least output. Writes units on and output, [n_thermal] each.
void hold_units(const Table& table, const BlockInput& input, std::size_t t,
                std::span<double> units_on, std::span<double> p_mw);

} // namespace yuanwang::dispatch
