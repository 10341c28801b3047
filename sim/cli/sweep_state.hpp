/// @file
/// What is said of a sweep: counts, failures, the best members; and the exit code.
#pragma once

#include <filesystem>
#include <vector>

#include "core/name.hpp"
#include "sweep/manifest.hpp"
#include "sweep/store.hpp"

namespace yuanwang::cli {

void print_state(const sweep::Manifest& manifest, const std::vector<sweep::MemberState>& members,
                 Language language);

/// Names files that have changed since the members of a folder were planned.
void print_changed_inputs(const sweep::Manifest& manifest, Language language);

/// Says so where another build, or another instruction set, has planned the members of a folder: they stay, this program
/// makes its own.
void print_other_maker(const std::filesystem::path& folder, Language language);

/// 6 where a member failed, 5 where one has steps without a solution or a doubtful one, 4 where `strict` and one has anything
/// out of its limits, else 0.
[[nodiscard]] int judge(const std::vector<sweep::MemberState>& members, bool strict = false);

} // namespace yuanwang::cli
