/// @file
/// Findings of a run in words, for the terminal, `summary.json` and the report's first page.
#pragma once

#include <string>

#include "core/name.hpp"
#include "results/results.hpp"

namespace yuanwang::report {

/// One sentence: what, where, how long, worst value and limit.
[[nodiscard]] std::string describe(const engine::RunFinding& finding, Language language);

/// The findings of a run as lines, gravest first; of each kind the first three places and how many more there are.
[[nodiscard]] std::string format_findings(const engine::Summary& summary, Language language);

} // namespace yuanwang::report
