/// @file
/// `manifest.json`: what a sweep folder is meant to hold. With the member folders beside it, it is the whole state of a
/// sweep; `status` and `collect` need nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yuanwang::sweep {

/// A band an indicator must lie in for a member to be ranked.
struct Limit {
    std::string indicator;
    std::optional<double> min;
    std::optional<double> max;
    std::string place; ///< where the sweep file says so
};

/// Orders the members within the limits by one indicator.
struct Ranking {
    std::string by;
    bool descending = false;
    std::vector<Limit> limits;
};

enum class Design : std::uint8_t {
    full,            ///< every combination; the last axis turns fastest
    zip,             ///< first points together, second points together, …
    latin_hypercube, ///< each axis cut into as many equal parts as members, each part met once
    sobol,           ///< the first points of the Sobol sequence
    monte_carlo,     ///< random points
    saltelli,        ///< n·(axes + 2) points from which sensitivity indices follow
    list,            ///< combinations as written
};
[[nodiscard]] std::string_view to_string(Design design);
/// Points drawn from ranges and distributions.
[[nodiscard]] bool is_sampled(Design design);

struct ManifestMember {
    std::vector<std::string> coordinates; ///< one per axis, as written
    std::string hash; ///< of all that decides its results, 64 hexadecimal digits
};

struct Manifest {
    std::string version;    ///< of the program that checked the members
    std::string maker;      ///< its build and instruction set (build_id.hpp)
    std::string sweep_file; ///< where the plan was read from
    std::string base;       ///< the scenario file, for the reader's eye
    Design design = Design::full;
    std::size_t n_sample = 0;      ///< `members` of a sampled design
    std::vector<std::string> axes; ///< their names
    std::vector<std::string> indicators;
    std::optional<Ranking> ranking;
    bool keep_series = false;                  ///< `results.nc` of every member
    std::map<std::string, std::string> inputs; ///< SHA-256 of every file the members were made of
    std::vector<ManifestMember> members;
};

[[nodiscard]] std::string format_manifest(const Manifest& manifest);

/// Reads the manifest of a sweep folder. Throws `IoError` where there is none or it is damaged.
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& folder);

/// The same, or nothing where there is none or it is damaged: a run then writes a new one.
[[nodiscard]] std::optional<Manifest> find_manifest(const std::filesystem::path& folder);

} // namespace yuanwang::sweep
