/// @file
/// A slow random movement that can be asked for at any instant, in any order.
///
///     x(t) = ((1 − w) n_j + w n_j+1)/√((1 − w)² + w²)        j = ⌊t/6 h⌋,  w = t/6 h − j
///
/// n_j are standard normal, drawn by hash from (seed, stream, j) and cut at ±3: mean 0, standard deviation 1 at every
/// instant, forgotten after twelve hours.
#pragma once

#include <chrono>
#include <cstdint>

namespace yuanwang::models {

[[nodiscard]] double slow_noise(std::uint64_t seed, std::uint64_t stream,
                                std::chrono::sys_seconds instant);

} // namespace yuanwang::models
