/// @file
/// A composed tree → a study: time, sites, epochs, columns. Every epoch is checked.
#pragma once

#include <vector>

#include "core/error.hpp"
#include "scenario/node.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

/// Builds the study of a tree, its provenance left empty; it is complete only where no fault was added.
[[nodiscard]] engine::Study build_study(const Node& tree, std::vector<Fault>& faults);

} // namespace yuanwang::scenario
