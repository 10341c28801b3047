/// @file
/// The folder of a sweep.
///
///     manifest.json                     what there should be
///     members/<hash>/summary.json …     a finished member: complete or absent
///     members/<hash>.failed             the message of a member that failed
///     sweep.csv                         one row per member
///
/// `<hash>` is the first 16 digits of the member's hash: the same scenario is the same folder, whichever sweep file asks
/// for it, and a changed one is another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "sweep/manifest.hpp"

namespace yuanwang::sweep {

enum class MemberStatus : std::uint8_t {
    missing,
    failed,        ///< ended with a message
    not_converged, ///< finished, but some steps have no solution
    done,
};
[[nodiscard]] std::string_view to_string(MemberStatus status);

[[nodiscard]] std::filesystem::path member_folder(const std::filesystem::path& sweep,
                                                  const ManifestMember& member);

/// What is stored of a member.
struct MemberState {
    MemberStatus status = MemberStatus::missing;
    std::string message;                  ///< of a failed one
    std::map<std::string, double> values; ///< indicators and counts of its summary
    [[nodiscard]] bool is_finished() const { return status >= MemberStatus::not_converged; }
};

/// Reads a member; one whose files are damaged, or lack the series asked for, counts as missing.
[[nodiscard]] MemberState read_member(const std::filesystem::path& sweep, const Manifest& manifest,
                                      std::size_t member);

void write_failure(const std::filesystem::path& sweep, const ManifestMember& member,
                   std::string_view message);
void clear_failure(const std::filesystem::path& sweep, const ManifestMember& member);

/// The folder as long as this process writes into it. Throws `IoError` where another process does, or where the folder
/// holds something other than a sweep.
class SweepLock {
  public:
    explicit SweepLock(const std::filesystem::path& sweep);
    ~SweepLock();
    SweepLock(const SweepLock&) = delete;
    SweepLock& operator=(const SweepLock&) = delete;

  private:
    int file_ = -1;
};

} // namespace yuanwang::sweep
