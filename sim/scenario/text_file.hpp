/// @file
/// Text that comes from outside: bounded in size, UTF-8 throughout.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace yuanwang::scenario {

/// Reads a file of at most `max_bytes`; a larger one is a fault, told before it is read. Throws `IoError` where it cannot be
/// read.
[[nodiscard]] std::optional<std::string> read_text_file(const std::filesystem::path& file,
                                                        const std::string& shown_as,
                                                        std::size_t max_bytes,
                                                        std::vector<Fault>& faults);

/// The first byte that is not part of UTF-8 text (RFC 3629) or is a control character YAML does not allow, or nothing.
[[nodiscard]] std::optional<Fault> find_binary(std::string_view text, const std::string& shown_as);

} // namespace yuanwang::scenario
