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
#include "sweep/distribution.hpp"
#include "sweep/manifest.hpp"

namespace yuanwang::sweep {

/// A value as written, with where it was written.
struct Written {
    std::string text;
    Place place;
    std::size_t row = 0; ///< of a point: among the points of its axis
};

/// One thing that varies: a path of the scenario set to values, or overlays merged over it.
struct Axis {
    std::string name; ///< column of `sweep.csv`
    std::string path; ///< of the scenario; empty: the points are overlays
    std::vector<Written> points;
    std::vector<std::vector<std::filesystem::path>> overlays; ///< files of every point
    std::vector<double> weights;              ///< of the points, sum 1; empty: all alike
    std::optional<Distribution> distribution; ///< instead of points, where the design samples it
    Place place;
};

/// One point per axis.
using Combination = std::vector<Written>;

struct SweepFile {
    std::filesystem::path file;
    std::filesystem::path base; ///< relative paths resolve against the sweep file, also overlays
    std::vector<Axis> axes;
    Design design = Design::full;
    std::size_t n_member = 0; ///< of a sampled design
    std::uint64_t seed = 1;   ///< of a sampled design
    Place design_place;
    std::vector<Combination> list; ///< of design list
    std::vector<Written> filters;
    std::vector<Written> indicators;
    std::optional<Ranking> ranking;
    bool keep_series = false;
};

/// More would be a mistake sooner than a wish.
inline constexpr std::size_t max_members = 1'000'000;

/// Reads and checks a sweep file; scenarios are not looked at. Throws `InputError` or `IoError`.
[[nodiscard]] SweepFile read_sweep_file(const std::filesystem::path& file);

} // namespace yuanwang::sweep
