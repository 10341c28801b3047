/// @file
/// Standard normal numbers by name instead of by turn: the number of (key, i) is the same whoever asks first.
///
/// Two SplitMix64 hashes make two uniforms, Box and Muller (1958) make the normal.
/// Source: Steele, Lea, Flood, OOPSLA 2014 (SplitMix64).
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

namespace yuanwang::models {

[[nodiscard]] constexpr std::uint64_t split_mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Key of a purpose under a seed.
[[nodiscard]] constexpr std::uint64_t make_key(std::uint64_t seed, std::string_view purpose) {
    std::uint64_t key = split_mix(seed);
    for (const char c : purpose) {
        key = split_mix(key ^ static_cast<unsigned char>(c));
    }
    return key;
}

/// Columns of streams: by which stream the random part of row k is drawn. Named by the id of the element (`name_stream`), so
/// that an element more or less moves no other; empty: by the row.
using Streams = std::vector<std::uint64_t>;

/// Stream of the element `id` of a family, such as `"load"`.
[[nodiscard]] constexpr std::uint64_t name_stream(std::string_view family, std::string_view id) {
    return make_key(make_key(0, family), id);
}

[[nodiscard]] inline double hash_normal(std::uint64_t key, std::int64_t i) {
    const std::uint64_t a = split_mix(key ^ split_mix(static_cast<std::uint64_t>(i)));
    const std::uint64_t b = split_mix(a ^ 0x5851f42d4c957f2dULL);
    const double u = 1.0 - static_cast<double>(a >> 11) * 0x1.0p-53;
    const double v = static_cast<double>(b >> 11) * 0x1.0p-53;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

} // namespace yuanwang::models
