/// @file
/// A line from constants per kilometre: the exact pi model of one circuit.
///
///     Z = z l · sinh(γl)/(γl),    Y/2 = y l/2 · tanh(γl/2)/(γl/2),    γ = √(z y)
///
/// The hyperbolic factors are always applied: at 10 km they are 1 within 2e-5, at 300 km of 750 kV they take 1.7 % off X.
/// Line reactors stand at both ends beside Y/2, half each, and take a share of the charging b l.
/// Source: Grainger, Stevenson, Power System Analysis (1994), section 6.5.
#pragma once

#include "models/grid/conductor.hpp"

namespace yuanwang::models {

/// Pi model between two ends, in physical units.
///
///     from ──┬── r + jx ──┬── to
///         g + jb       g + jb      (g, b per end)
struct LinePi {
    double r_ohm = 0;
    double x_ohm = 0;
    double g_end_us = 0;
    double b_end_us = 0; ///< charging of half the line less its reactor
};

/// Pi model of one circuit. `reactor_compensation` is the share of the charging that line reactors
/// take, 0…1.
[[nodiscard]] LinePi make_line_pi(const LineConstants& constants, double length_km,
                                  double reactor_compensation = 0);

} // namespace yuanwang::models
