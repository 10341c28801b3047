/// @file
/// `sweep.csv`: one row per member – number, hash, status, coordinates, indicators, rank, message.
///
/// It is made from what is stored, in the order of the manifest: how many threads made the members, and in how many
/// sittings, leaves no trace in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sweep/manifest.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

/// The stored state of every member.
[[nodiscard]] std::vector<MemberState> read_members(const std::filesystem::path& folder,
                                                    const Manifest& manifest);

/// Finished members within all limits, the best first; equal ones in their order.
[[nodiscard]] std::vector<std::size_t> rank_members(const Ranking& ranking,
                                                    const std::vector<MemberState>& members);

[[nodiscard]] std::string format_table(const Manifest& manifest,
                                       const std::vector<MemberState>& members);

} // namespace yuanwang::sweep
