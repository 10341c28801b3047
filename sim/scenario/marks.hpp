/// @file
/// Where values come from: `{value: 199, source: "…"}`, `{value: 8, assumed: "…"}`, and the same two words standing in
/// any map for every value below it that has no nearer mark.
///
/// Marks are spread to the values of a file before files are merged, so that an overlay never inherits the source of
/// what it replaces. Writing and listing gather them again at the highest map where all values share one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "scenario/node.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

/// Unwraps marked values and spreads every mark to the scalars it covers.
void spread_marks(Node& root, std::vector<Fault>& faults);

/// What the values below a node say about where they come from.
struct SharedMark {
    bool shared = true;               ///< all the same, none included
    std::shared_ptr<const Mark> mark; ///< the one they share; empty: none has a mark
};
[[nodiscard]] SharedMark find_shared_mark(const Node& node);

/// Facts and assumptions of a tree, one row per subtree that shares a mark: `grid.lines[l_ganhe]`, `12 values`.
[[nodiscard]] std::vector<engine::Provenance> list_provenance(const Node& root);

} // namespace yuanwang::scenario
