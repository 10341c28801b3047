/// @file
/// One entry of `axes`: values, ranges, distributions, overlays, projects.
#pragma once

#include <filesystem>
#include <string>

#include "sweep/section.hpp"
#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

/// Reads an axis of a sweep with this design; `folder` is where relative paths start.
[[nodiscard]] Axis read_axis(Section& section, const std::string& at, Design design,
                             const std::filesystem::path& folder);

/// The file a name means; a fault where it cannot be read.
[[nodiscard]] std::filesystem::path find_file(Section& section, const scenario::Node& value,
                                              std::string_view key,
                                              const std::filesystem::path& folder);

} // namespace yuanwang::sweep
