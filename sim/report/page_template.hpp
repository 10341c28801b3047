/// @file
/// The page without its data, embedded into the program at build time from `web/`.
#pragma once

#include <string_view>

namespace yuanwang::report {

[[nodiscard]] std::string_view page_template();

} // namespace yuanwang::report
