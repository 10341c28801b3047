/// @file
/// Runs what is missing of a sweep on several threads.
///
/// A member is a whole simulation on one thread: the engine shares no mutable state, so members do not know of each other
/// and no answer depends on how many run at once. NetCDF and HDF5 do keep global state: with `keep: full` their calls take
/// turns.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "sweep/plan.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

struct RunOptions {
    std::size_t n_thread = 1;
    std::string command_line; ///< for run.json
};

/// Runs every member that is not finished, failed ones once more, and writes `sweep.csv`. A member that fails is recorded
/// with its message; the rest goes on. Throws `Interrupted` where progress asks to stop: what is finished stays, nothing
/// else does; `IoError` where the folder cannot be written. Returns the state of every member.
std::vector<MemberState> run_sweep(const Plan& plan, const std::filesystem::path& folder,
                                   const RunOptions& options, Progress& progress);

/// Writes `sweep.csv` from what is stored.
std::vector<MemberState> collect(const std::filesystem::path& folder);

} // namespace yuanwang::sweep
