/// @file
/// What a finished command tells the shell.
#pragma once

namespace yuanwang::cli {

enum ExitCode : int {
    exit_ok = 0,
    exit_internal = 1,      ///< our own mistake
    exit_usage = 2,         ///< the command line does not fit
    exit_invalid_input = 3, ///< faults in scenario or case, nothing written
    exit_relaxed = 4, ///< finished, but a balance, or a limit a plan was to keep, was relaxed;
                      ///< with --strict: anything is out of its limits. Results written
    exit_not_converged = 5,  ///< finished, but a step or an outage has no solution, or a doubtful
                             ///< one; results written
    exit_members_failed = 6, ///< a sweep finished, but some of its members failed
    exit_io = 7,             ///< a file could not be read or written
    exit_interrupted = 130,  ///< stopped by the user, nothing half-written
};

} // namespace yuanwang::cli
