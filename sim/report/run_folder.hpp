/// @file
/// One folder per run, complete or absent: everything is written into a sibling and renamed at the
/// end.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/name.hpp"
#include "core/progress.hpp"
#include "engine/simulator.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::report {

struct RunFolderOptions {
    Language language = Language::zh; ///< the report opens in this one; both are inside
    bool html = true;
    std::string command_line; ///< for run.json
    int n_thread = 1;         ///< of the power flow
};

/// Simulates a loaded scenario and writes `results.nc`, `summary.json`, `report.html`,
/// `scenario.resolved.yaml` and `run.json` into `folder`. On any fault or interruption nothing of
/// it is left. An existing folder of an earlier run is replaced in one rename; anything else in the
/// way is an `IoError`.
engine::RunReport write_run(const scenario::LoadedScenario& scenario,
                            const std::filesystem::path& folder, const RunFolderOptions& options,
                            Progress& progress);

/// Rebuilds `report.html` of a finished run from its results. Returns what `results.nc`, of an earlier version, does not hold;
/// there the report stays empty.
std::vector<std::string> rebuild_report(const std::filesystem::path& folder, Language language);

/// The summary a person reads after a run, plain text.
[[nodiscard]] std::string format_summary(const engine::Summary& summary, Language language);

} // namespace yuanwang::report
