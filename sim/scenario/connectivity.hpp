/// @file
/// What a grid must hang together like: every part of it in service holds a source, every id of a result axis is its own.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "scenario/node.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

/// Ids that share a result axis: branches, lines and transformers; sources and storage; loads.
void check_joint_ids(const Node& tree, std::vector<Fault>& faults);

/// Every electrically separate part, a single bus too, must hold a source or storage. `tree` gives the places (its
/// `grid.buses` rows are those of the system). `reported` holds what earlier epochs already said; `since` is the
/// first day of a later epoch.
void check_islands(const engine::System& system, const Node& tree, const std::string& since,
                   std::set<std::string>& reported, std::vector<Fault>& faults);

} // namespace yuanwang::scenario
