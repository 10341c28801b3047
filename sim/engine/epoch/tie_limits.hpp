/// @file
/// Limits of the grid that dispatch can keep without a power flow: sections that close off boundary
/// buses, and the transformers a plant sends out through.
#pragma once

#include <string>
#include <vector>

#include "dispatch/table.hpp"
#include "network/network.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// Adds a group of ties for every section whose branches are exactly the closed branches at some
/// boundary buses. The share of a tie is what of its schedule passes through those buses. The sign
/// of the branches says which way is import.
void add_tie_groups(const System& system, dispatch::TieGroups& groups,
                    std::vector<std::string>& group_id);

/// What each solar and wind plant may send out, MW; infinite where its bus has a line or is a
/// load's. Plants at one bus share the rating of its transformers in proportion to theirs.
[[nodiscard]] std::vector<double> find_station_limits(const System& system,
                                                      const network::Network& grid);

} // namespace yuanwang::engine
