/// @file
/// The version that results carry.
#pragma once

#include <string_view>

namespace yuanwang {

inline constexpr std::string_view version = YUANWANG_VERSION;

} // namespace yuanwang
