/// @file
/// YAML text → our tree. The only file that knows yaml-cpp, because yaml-cpp alone counts lines from 0, keeps duplicate
/// keys silently and expands aliases without bound.
///
/// One document of UTF-8 text. Lines and columns count from 1, columns in characters. Anchors, aliases and `<<` merge keys
/// are expanded; what an alias brings keeps the place it was written at. A key written twice in one map is a fault.
/// Bounds: `max_file_bytes`, `max_depth`, `max_keys` of one map, `max_values` after expansion.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "scenario/node.hpp"

namespace yuanwang::scenario {

inline constexpr std::size_t max_file_bytes = std::size_t{64} << 20U;
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_keys = 1000;
inline constexpr std::size_t max_values = 1'000'000;

/// Reads a file; an empty one is an empty map. `shown_as` is the name faults use. What is wrong is added to `faults`; a file
/// that is no YAML at all gives a null node. Throws `IoError` where the file cannot be read.
[[nodiscard]] Node read_yaml_file(const std::filesystem::path& file, const std::string& shown_as,
                                  std::vector<Fault>& faults);

/// The same for text; `shown_as` stands for the file.
[[nodiscard]] Node read_yaml_text(std::string_view text, const std::string& shown_as,
                                  std::vector<Fault>& faults);

} // namespace yuanwang::scenario
