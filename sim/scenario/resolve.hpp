/// @file
/// The composed scenario as one text that stands alone, and as a list of values with where each came from.
#pragma once

#include <string>

#include "scenario/node.hpp"

namespace yuanwang::scenario {

/// The tree in the order of the schema table, without unset values, files by absolute path. Written as YAML it loads again
/// to an equal study.
[[nodiscard]] Node arrange(const Node& tree);

/// One line per value: `path = value`, then where it came from: `file:line:column`, `--set …` or `default`, and its mark.
[[nodiscard]] std::string list_values(const Node& tree);

} // namespace yuanwang::scenario
