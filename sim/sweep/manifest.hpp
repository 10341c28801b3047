/// @file
/// `manifest.json`: what a sweep folder is meant to hold. With the member folders beside it, it is the whole state of a
/// sweep; `status` and `collect` need nothing else.
#pragma once

#include <filesystem>
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
};

/// Orders the members within the limits by one indicator.
struct Ranking {
    std::string by;
    bool descending = false;
    std::vector<Limit> limits;
};

struct ManifestMember {
    std::vector<std::string> coordinates; ///< one per axis, as written
    std::string hash; ///< of all that decides its results, 64 hexadecimal digits
};

struct Manifest {
    std::string base;              ///< the scenario file, for the reader's eye
    std::vector<std::string> axes; ///< their names
    std::vector<std::string> indicators;
    std::optional<Ranking> ranking;
    bool keep_series = false; ///< `results.nc` of every member
    std::vector<ManifestMember> members;
};

[[nodiscard]] std::string format_manifest(const Manifest& manifest);

/// Reads the manifest of a sweep folder. Throws `IoError` where there is none or it is damaged.
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& folder);

} // namespace yuanwang::sweep
