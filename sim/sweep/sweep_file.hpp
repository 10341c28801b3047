/// @file
/// The sweep file: a base scenario, what varies, how the points are laid out, what is kept of each member.
///
///     base: starter.yaml
///     axes:
///       - {name: e_max_mwh, path: "storage.batteries[battery].e_max_mwh", values: [20, 40, 80]}
///       - {path: weather.seed, values: [1, 2]}
///     design: full
///     indicators: [curtailed_mwh, cost_cny]
///
/// Checked as strictly as a scenario: unknown keys, duplicates, empty axes, all faults at once with their places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "sweep/manifest.hpp"

namespace yuanwang::sweep {

/// A value as written, with where it was written.
struct Written {
    std::string text;
    Place place;
};

struct Range {
    double from = 0;
    double to = 0;
    Place place;
};

/// One thing that varies: a path of the scenario set to values, or overlays merged over it.
struct Axis {
    std::string name; ///< column of `sweep.csv`
    std::string path; ///< of the scenario; empty: the points are overlay files
    std::vector<Written> points;
    std::optional<Range> range; ///< instead of points, where the design samples it
};

enum class Design : std::uint8_t {
    full,            ///< every combination; the last axis turns fastest
    zip,             ///< first points together, second points together, …
    latin_hypercube, ///< `members` points, each axis cut into as many equal parts, each part met once
};

struct SweepFile {
    std::filesystem::path file;
    std::filesystem::path base; ///< relative paths resolve against the sweep file, also overlays
    std::vector<Axis> axes;
    Design design = Design::full;
    std::size_t n_member = 0; ///< of latin_hypercube
    std::uint64_t seed = 1;   ///< of latin_hypercube
    Place design_place;
    std::vector<Written> indicators;
    std::optional<Ranking> ranking;
    bool keep_series = false;
};

/// More would be a mistake sooner than a wish.
inline constexpr std::size_t max_members = 100'000;

/// Reads and checks a sweep file; scenarios are not looked at. Throws `InputError` or `IoError`.
[[nodiscard]] SweepFile read_sweep_file(const std::filesystem::path& file);

} // namespace yuanwang::sweep
