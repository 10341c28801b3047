/// @file
/// SHA-256 of a file, by which `run.json` says what a run has read.
/// Source: FIPS PUB 180-4 (2015), sections 4.1.2, 5.1.1, 6.2.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace yuanwang::report {

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string hash_text(std::string_view text);

/// Hash of a file's bytes, read in pieces. Throws `IoError` where it cannot be read.
[[nodiscard]] std::string hash_file(const std::filesystem::path& file);

} // namespace yuanwang::report
