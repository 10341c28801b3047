/// @file
/// Runs the members of a plan while a line tells how far it is.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/common.hpp"
#include "sweep/run_sweep.hpp"

namespace yuanwang::cli {

/// What `sweep::run_sweep` returns. Ranks of one launcher begin apart; of them only the first shows progress.
[[nodiscard]] std::vector<sweep::MemberState>
run_members(const sweep::Plan& plan, const std::filesystem::path& folder, sweep::RunOptions options,
            const CommonFlags& common, Progress& progress);

/// False for all ranks but the first: what is printed is printed once.
[[nodiscard]] bool is_first_rank();

} // namespace yuanwang::cli
