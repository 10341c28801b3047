/// @file
/// From text to a study: read, compose (`extends`, `--set`), check everything, build.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace yuanwang::scenario {

struct LoadOptions {
    std::vector<std::filesystem::path>
        overlays; ///< files merged over the scenario, as if one file extended all of them in order
    std::vector<std::string> set;      ///< `grid.lines[l_ganhe].rate_mva=800`
    std::optional<std::uint64_t> seed; ///< overrides weather.seed
};

struct LoadedScenario {
    engine::Study study;
    std::string
        resolved_yaml; ///< the composed scenario, self-contained, same bytes for the same input
    std::vector<std::filesystem::path> inputs; ///< every file read, in order
};

/// Reads and checks a scenario. Throws `InputError` with all faults at once, `IoError` where a file cannot be read.
[[nodiscard]] LoadedScenario load_scenario(const std::filesystem::path& file,
                                           const LoadOptions& options = {});

/// `yuanwang inspect`: every value of the resolved scenario with where it came from, one line each.
[[nodiscard]] std::string inspect_scenario(const std::filesystem::path& file,
                                           const LoadOptions& options = {});

/// JSON Schema (draft 2020-12) of the whole language, from the table that validates it.
[[nodiscard]] std::string make_json_schema();

} // namespace yuanwang::scenario
