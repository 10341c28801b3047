/// @file
/// A tree → YAML text that reads back to the same tree, the same bytes every time.
///
/// What fits a line is written in flow style, everything else in blocks. Marks are written at the highest map whose values
/// all share them (marks.hpp). Sections come in the order of the schema table.
#pragma once

#include <string>

#include "scenario/node.hpp"

namespace yuanwang::scenario {

[[nodiscard]] std::string write_yaml(const Node& root);

/// A scalar as YAML: plain where that reads back the same, else in double quotes.
[[nodiscard]] std::string write_scalar(const Node& scalar);

} // namespace yuanwang::scenario
