/// @file
/// Seeded random numbers that are the same on every machine.
///
/// std::mt19937_64 is fixed by the C++ standard, the standard distributions are not: so the
/// transformations stand here.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string_view>

namespace yuanwang {

class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_{seed} {}
    /// A stream of its own for a named purpose under one seed, so that adding a consumer shifts no
    /// other.
    Random(std::uint64_t seed, std::string_view purpose) : engine_{mix(seed, purpose)} {}

    /// Uniform in [0, 1).
    [[nodiscard]] double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
    /// Standard normal, by Box and Muller (1958).
    [[nodiscard]] double normal() {
        const double u = 1.0 - uniform();
        const double v = uniform();
        return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
    }

  private:
    /// FNV-1a over the purpose, started from the seed.
    static std::uint64_t mix(std::uint64_t seed, std::string_view purpose) {
        std::uint64_t hash = 0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL);
        for (const char c : purpose) {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        }
        return hash;
    }

    std::mt19937_64 engine_;
};

} // namespace yuanwang
