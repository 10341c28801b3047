/// @file
/// Which vector instructions the batch uses. The best of the machine unless pinned; the answers agree to the tolerance, and
/// a pinned set gives the same bits on every machine that has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yuanwang::powerflow::batch {

/// Those that this program was built for and this machine has, best first: `AVX3`, `AVX2`, `SSE4`, …
[[nodiscard]] std::vector<std::string> list_instruction_sets();

/// The one that solvers made from now on use.
[[nodiscard]] std::string instruction_set();

/// Pins one of the list; empty: the best again. False where the list does not have it.
bool pin_instruction_set(std::string_view name);

} // namespace yuanwang::powerflow::batch
