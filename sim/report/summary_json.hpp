/// @file
/// The two small files of a run that scripts read: `summary.json` and `run.json`.
///
/// `summary.json` holds results only, in a fixed order: the same scenario gives the same bytes.
/// What differs from run to run (times, command line) stands in `run.json`.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/results.hpp"

namespace yuanwang::report {

/// `{scenario, counts, steps, balance, indicators, calibration, typical_days}`; `indicators` also
/// holds `curtailed_mwh_by_cause` and `energy_mwh_by_kind`. A value that is not a number is `null`.
[[nodiscard]] std::string format_summary_json(const engine::Summary& summary);

/// What a run was made with.
struct RunRecord {
    std::string command_line;
    std::string scenario_id;
    std::uint64_t seed = 0;
    std::vector<std::filesystem::path> inputs;
    std::vector<std::filesystem::path> outputs; ///< files beside it, by which damage shows
    std::map<std::string, double> stage_seconds;
    std::map<std::string, double> us_per_power_flow; ///< by study: `n_1`; microseconds of the clock
    std::map<std::string, double> steps;             ///< as in the summary
    std::string started_utc;
};

/// `{version, command_line, scenario, seed, instruction_set, started_utc, inputs: [{path, bytes, sha256}],
/// outputs: [{path, bytes, sha256}], stage_seconds, us_per_power_flow, peak_memory_mb, steps}`. Reads every input and
/// output once for its hash; outputs go by their bare name.
[[nodiscard]] std::string format_run_json(const RunRecord& record);

/// The program's version, `0.1.0`.
[[nodiscard]] std::string_view program_version();

} // namespace yuanwang::report
