/// @file
/// The pages without their data, embedded into the program at build time from `web/`.
#pragma once

#include <string_view>

namespace yuanwang::report {

[[nodiscard]] std::string_view page_template();
/// The page of a sweep.
[[nodiscard]] std::string_view sweep_page_template();

} // namespace yuanwang::report
