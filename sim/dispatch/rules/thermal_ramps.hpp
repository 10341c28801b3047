/// @file
/// Ramps of thermal plants from step to step, for dispatch that walks.
///
///     P(t−1) − r z − s⁻ (z₀ − z)⁺  ≤  P(t)  ≤  P(t−1) + r z₀ + s⁺ (z − z₀)⁺
///
///     z₀, z  units on before and now; r, s⁺, s⁻  ramp, start-up and shut-down limit of a unit (unit_limits.hpp)      MW
///
/// A plant that was pushed below the least output of its units comes back to it at once. The rows rise and fall of program/unit_commitment.hpp. A plant without a ramp, or of which nothing is known, is free.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

class ThermalRamps {
  public:
    /// Units and output of [n_thermal] before the first step come from `state`, those of later steps from `schedule`.
    ThermalRamps(const Thermals& thermals, const State& state, double dt_h);

    /// What step t made of the plants is what the next one comes from.
    void move_on(std::span<const double> units_on, std::span<const double> p_mw);

    /// Most and least plant k may give with `units_on` of its units running.
    [[nodiscard]] double most_mw(std::size_t k, double units_on) const;
    [[nodiscard]] double least_mw(std::size_t k, double units_on) const;

    /// Brings what was committed for a step within the ramps: less where a plant cannot rise so fast; more, with as many
    /// units as that takes, where it cannot fall so fast.
    void keep(std::span<double> units_on, std::span<double> p_mw) const;

  private:
    [[nodiscard]] bool is_free(std::size_t k) const;

    const Thermals& thermals_;
    double dt_h_;
    std::vector<double> units_before_;
    std::vector<double> p_before_mw_;
};

} // namespace yuanwang::dispatch
