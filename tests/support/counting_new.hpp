/// @file
/// Counts every operator new of the test program.
#pragma once

#include <cstddef>

namespace yuanwang::testing {

[[nodiscard]] std::size_t count_allocations();

} // namespace yuanwang::testing
