/// @file
/// The same work for many items on several threads, while the caller's thread shows progress.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "core/progress.hpp"

namespace yuanwang::sweep {

/// Calls `work(k)` for k = 0 … n−1, each once, in no particular order. Throws what a call throws, or `Interrupted` where
/// progress asks to stop; calls that have begun are finished first.
void for_each_parallel(std::size_t n, std::size_t n_thread, Progress& progress,
                       std::string_view stage, const std::function<void(std::size_t)>& work);

} // namespace yuanwang::sweep
