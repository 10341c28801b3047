/// @file
/// The block loop: availability → dispatch → injections → AC power flow → losses back into dispatch → record.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/progress.hpp"
#include "engine/epoch/shared_stages.hpp"
#include "results/results.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

struct BlockData;
struct EpochModel;

struct RunReport {
    Summary summary;
    std::map<std::string, double>
        stage_seconds; ///< weather, availability, dispatch, powerflow, results
    bool all_converged = true;
    bool relaxed = false; ///< unserved energy or a limit that had to give way
};

/// What a run uses of the machine and of its sister runs; results do not depend on it.
struct RunSettings {
    int n_thread = 1;
    SharedStages shared = {};
    /// Is shown every block once it is solved; empty: nobody looks.
    std::function<void(const EpochModel&, const BlockData&)> observe = {};
};

/// Simulates the whole study and streams it into the sink; stages that `settings.shared` offers are taken from there.
/// Throws `Interrupted` where progress asks to stop.
[[nodiscard]] RunReport simulate(const Study& study, ResultSink& sink, Progress& progress,
                                 const RunSettings& settings = {});

} // namespace yuanwang::engine
