/// @file
/// How many of everything: the `counts` of the summary, from the system of the last epoch.
#pragma once

#include <map>
#include <string>

#include "network/network.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// Substations are public stations in the city, each counted at its highest voltage level. The
/// backbone is the 750 kV sub-graph with parallel circuits merged and radial ties taken off.
[[nodiscard]] std::map<std::string, double> count_elements(const Study& study,
                                                           const network::Network& grid);

} // namespace yuanwang::engine
