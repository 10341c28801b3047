/// @file
/// `sweep.csv` and `sweep.nc`: one row per member – number, hash, status, coordinates, indicators, rank, message.
///
/// It is made from what is stored, in the order of the manifest: how many threads made the members, and in how many
/// sittings, leaves no trace in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/manifest.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

/// A field of CSV (RFC 4180): in quotes where it holds a separator.
[[nodiscard]] std::string quote_field(std::string_view text);

/// The stored state of every member.
[[nodiscard]] std::vector<MemberState> read_members(const std::filesystem::path& folder,
                                                    const Manifest& manifest);

/// Finished members within all limits, the best first; equal ones in their order.
[[nodiscard]] std::vector<std::size_t> rank_members(const Ranking& ranking,
                                                    const std::vector<MemberState>& members);

/// Limits no finished member meets, each with the member that comes nearest: `sweep.yaml:7:12: rank.limits: …`.
[[nodiscard]] std::vector<std::string> explain_limits(const Manifest& manifest,
                                                      const std::vector<MemberState>& members);

/// The numbers of an axis, or nothing where one of its points is text.
[[nodiscard]] std::optional<std::vector<double>> read_axis_numbers(const Manifest& manifest,
                                                                   std::size_t axis);

[[nodiscard]] std::string format_table(const Manifest& manifest,
                                       const std::vector<MemberState>& members);

/// The same as NetCDF: dimension `member`; axes of numbers and indicators as doubles, NaN where there is none. Throws
/// `IoError`.
void write_netcdf_table(const std::filesystem::path& file, const Manifest& manifest,
                        const std::vector<MemberState>& members);

} // namespace yuanwang::sweep
