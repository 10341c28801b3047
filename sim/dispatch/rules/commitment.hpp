/// @file
/// Thermal minimum: which units run, and at what, to keep a least thermal output in the city.
///
/// Units come on in order (in the heating season CHP first; then by price) as long as the sum of
/// their least outputs fits the minimum, so that it is shared by as many machines as it carries;
/// more where their ratings do not reach it. What the minimum asks beyond the least outputs is
/// shared in proportion to room. One unit at least runs where the minimum is positive.
#pragma once

#include <span>
#include <vector>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Commits units for a minimum. Writes units on and output of every plant, [n_thermal] each.
void commit_minimum(const Thermals& thermals, double minimum_mw, bool heating_season,
                    std::span<double> units_on, std::span<double> p_mw);

/// Moves what is committed into the band heat leaves to each plant: at least `least_mw`, with the units that takes, at
/// most `most_mw`. What heat adds beyond the city's minimum the others give back, down to their own least output.
void keep_heat_band(const Thermals& thermals, std::span<const double> least_mw,
                    std::span<const double> most_mw, double minimum_mw, std::span<double> units_on,
                    std::span<double> p_mw);

} // namespace yuanwang::dispatch
