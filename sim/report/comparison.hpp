/// @file
/// Finished runs beside one another: indicators, what the scenarios say differently, which elements moved most.
///
/// The first run is the base; every difference is against it. Elements are found by id, so runs of different grids compare
/// by what they share.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/name.hpp"

namespace yuanwang::report {

/// Values of one row, run by run; NaN where a run has none.
struct ComparedNumber {
    std::string key;
    std::vector<double> values;
    [[nodiscard]] double change(std::size_t run) const { return values[run] - values.front(); }
};

/// A value of the scenario that is not the same everywhere; empty where a run has none.
struct ScenarioChange {
    std::string path;
    std::vector<std::string> values;
};

/// One fact of one element.
struct MovedElement {
    std::string
        what; ///< line_loading, transformer_loading, source_energy, tie_energy, storage_discharge, bus_voltage
    std::string id;
    Name name;
    std::string unit; ///< %, GWh, pu
    std::vector<double> values;
};

struct Comparison {
    std::vector<std::string> folder;
    std::vector<Name> name; ///< of the scenarios
    std::vector<ComparedNumber>
        indicators; ///< by name; nested ones as `curtailed_mwh_by_cause.surplus`
    std::vector<ComparedNumber> counts;
    std::vector<ScenarioChange> changes;
    std::vector<MovedElement> moved; ///< at most ten of each kind, most moved first
    std::vector<std::vector<std::string>>
        missing; ///< by run: variables its `results.nc`, of an earlier version, lacks; `results.nc` where it has none
};

/// Reads `summary.json`, `scenario.resolved.yaml` and `results.nc` of each folder. Members of a sweep have no `results.nc`
/// unless asked to keep it: their elements are not compared. Throws `IoError` where anything else is missing.
/// Precondition: two folders or more.
[[nodiscard]] Comparison compare_runs(std::span<const std::filesystem::path> folders);

[[nodiscard]] std::string format_comparison_text(const Comparison& found, Language language);
/// `a, b, c`
[[nodiscard]] std::string join_names(const std::vector<std::string>& names);
[[nodiscard]] std::string format_comparison_json(const Comparison& found);
/// A page of its own, without scripts.
[[nodiscard]] std::string format_comparison_html(const Comparison& found, Language language);

} // namespace yuanwang::report
