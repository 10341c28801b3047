/// @file
/// The scenario `yuanwang init` writes.
#pragma once

#include <string_view>

namespace yuanwang::cli {

extern const std::string_view starter_scenario;

} // namespace yuanwang::cli
