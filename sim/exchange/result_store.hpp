/// @file
/// `results.nc`: NetCDF-4, CF-1.10, streamed block by block, and read back whole.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "results/results.hpp"

namespace yuanwang::exchange {

/// A sink that writes a NetCDF file. Throws `IoError` (full disk, no permission) with the file's
/// name. `title` and `history` become global attributes; neither may hold a time of day, so that
/// two runs give the same bytes.
[[nodiscard]] std::unique_ptr<engine::ResultSink>
open_result_file(const std::filesystem::path& file, const std::string& title);

/// A run read back from its file. A file of an earlier version may lack variables that came later: their columns are NaN.
struct StoredResults {
    engine::ResultAxes axes;
    engine::BlockResult columns; ///< all steps
    std::vector<engine::CurtailmentRow> curtailment;
    std::vector<engine::VerdictRow> verdicts;
    std::vector<engine::ManagedCallRow> managed_calls;
    std::vector<std::string> missing; ///< variables and tables the file lacks, by name
};

/// Throws `IoError` where the file cannot be read or is none of ours.
[[nodiscard]] StoredResults read_results(const std::filesystem::path& file);

} // namespace yuanwang::exchange
