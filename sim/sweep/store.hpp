/// @file
/// The folder of a sweep.
///
///     manifest.json                       what there should be
///     members/<ha>/<hash>/summary.json …  a finished member: complete or absent
///     members/<ha>/<hash>.failed          the message of a member that failed
///     sweep.csv, sweep.nc                 one row per member
///     .claims                             who works on what (claims.hpp)
///
/// `<hash>` is the first 16 digits of the member's hash, `<ha>` the first two, so that no folder grows long: the same scenario is the same folder, whichever sweep file asks
/// for it, and a changed one is another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sweep/manifest.hpp"

namespace yuanwang::sweep {

enum class MemberStatus : std::uint8_t {
    missing,
    failed,        ///< ended with a message
    not_converged, ///< finished, but some steps have no solution or a doubtful one
    done,
};
[[nodiscard]] std::string_view to_string(MemberStatus status);

[[nodiscard]] std::filesystem::path member_folder(const std::filesystem::path& sweep,
                                                  const ManifestMember& member);

/// What is stored of a member.
struct MemberState {
    MemberStatus status = MemberStatus::missing;
    std::string message;                  ///< of a failed one, what is damaged, what is not solved
    bool violates = false;                ///< anything out of its limits (results/run_finding.hpp)
    std::map<std::string, double> values; ///< indicators and counts of its summary
    [[nodiscard]] bool is_finished() const { return status >= MemberStatus::not_converged; }
    /// Every step has a solution: it may be ranked, tabulated and correlated beside others.
    [[nodiscard]] bool is_whole() const { return status == MemberStatus::done; }
};

/// Reads a member; one whose files are damaged, or lack the series asked for, counts as missing.
[[nodiscard]] MemberState read_member(const std::filesystem::path& sweep, const Manifest& manifest,
                                      std::size_t member);

void write_failure(const std::filesystem::path& sweep, const ManifestMember& member,
                   std::string_view message);
void clear_failure(const std::filesystem::path& sweep, const ManifestMember& member);

/// When a failure was recorded, or nothing.
[[nodiscard]] std::optional<std::filesystem::file_time_type>
find_failure_time(const std::filesystem::path& sweep, const ManifestMember& member);

/// The file of a finished member that is not what its `run.json` says, or empty: sizes, and the hash of the summary; with
/// `thorough` the hash of every file.
[[nodiscard]] std::string find_damaged_file(const std::filesystem::path& member_folder,
                                            bool thorough);

} // namespace yuanwang::sweep
