/// @file
/// The composed scenario as one text that stands alone, and as a list of values with where each came from.
#pragma once

#include <string>

#include "scenario/node.hpp"

namespace yuanwang::scenario {

/// One YAML text: sections in the order of the schema table, files by absolute path. It loads again to an equal study.
[[nodiscard]] std::string write_resolved(const Node& tree);

/// One line per value: `path = value`, then where it came from: `file:line:column`, `--set …` or `default`, and its mark.
[[nodiscard]] std::string list_values(const Node& tree);

} // namespace yuanwang::scenario
