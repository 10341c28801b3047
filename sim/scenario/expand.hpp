/// @file
/// What is short in a scenario is made explicit before it is built.
#pragma once

#include "scenario/node.hpp"

namespace yuanwang::scenario {

/// Buses of substations: level 330 of `ganhe` becomes the bus `ganhe_330`, in order of the stations and their levels;
/// `grid.buses` then merges over them by id, and its further buses follow.
void make_substation_buses(Node& tree);

} // namespace yuanwang::scenario
