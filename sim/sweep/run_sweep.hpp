/// @file
/// Runs what is missing of a sweep: on several threads, in several processes, on several machines.
///
/// A member is a whole simulation on one thread, the last ones on those that would be idle (nine members on two threads take
/// as long as ten otherwise): the engine shares no mutable state and gives the same bytes on any number of threads, so members
/// do not know of each other and no answer depends on how many run at once. NetCDF and HDF5 do keep global state: with `keep: full` their calls take
/// turns. Any number of runs may work in one folder; claims (claims.hpp) keep them from doing a thing twice, and each stays
/// until every member of its share is done, so what a killed run had begun is taken over by the others.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "sweep/plan.hpp"
#include "sweep/stage_cache.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

/// Every n-th member, from the i-th (from 0) on: what an element of a job array works on.
struct Shard {
    std::size_t i = 0;
    std::size_t n = 1;
};

/// How far a run is.
struct Pulse {
    std::size_t n_done = 0;   ///< of its share, finished or failed, whoever did it
    std::size_t n_member = 0; ///< of its share
    std::size_t n_own = 0;    ///< run by this process so far
    std::size_t n_failed = 0;
    double elapsed_s = 0;
    double resident_mb = 0;
};

struct RunOptions {
    std::size_t n_thread = 1;
    std::string command_line;      ///< for run.json
    std::optional<Shard> shard;    ///< nothing: all members
    std::size_t first = 0;         ///< member to begin with, so that ranks start apart
    std::vector<std::size_t> only; ///< members to look at; empty: all of the share
    CacheOptions cache;
    std::function<void(const Pulse&)>
        on_pulse; ///< called from the caller's thread, ten times a second
};

/// Runs every member of the share that is not finished, failed ones once more. A member that fails is recorded with its
/// message; the rest goes on. The last of several runs in a folder to end writes `sweep.csv` and `sweep.nc`. Throws
/// `Interrupted` where progress asks to stop: what is finished stays, nothing else does; `IoError` where the folder cannot be
/// written or another sweep is running in it. Returns the state of every member, of a shard those of its own.
std::vector<MemberState> run_sweep(const Plan& plan, const std::filesystem::path& folder,
                                   const RunOptions& options, Progress& progress);

/// Makes a drafted plan ready for a folder: takes over what was checked there, or checks every member and writes the
/// manifest. Of several runs that begin together one checks, the others wait for it. Throws what `check_plan` throws, and
/// leaves no new folder then; `IoError` where another sweep is running there.
void settle_plan(Plan& plan, const std::filesystem::path& folder, Progress& progress,
                 std::size_t n_thread);

/// Writes `sweep.csv` and `sweep.nc` from what is stored.
std::vector<MemberState> collect(const std::filesystem::path& folder);

} // namespace yuanwang::sweep
