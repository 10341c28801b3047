#include "models/load/slow_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yuanwang::models {
namespace {

constexpr std::int64_t node_s = 6 * 3600;

std::uint64_t split_mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

double node_normal(std::uint64_t seed, std::uint64_t stream, std::int64_t node) {
    const std::uint64_t key =
        split_mix(split_mix(seed) ^ stream) ^ static_cast<std::uint64_t>(node);
    const double u = 1.0 - static_cast<double>(split_mix(key) >> 11) * 0x1.0p-53;
    const double v = static_cast<double>(split_mix(key ^ 0x5851f42d4c957f2dULL) >> 11) * 0x1.0p-53;
    const double n = std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
    return std::clamp(n, -3.0, 3.0);
}

} // namespace

double slow_noise(std::uint64_t seed, std::uint64_t stream, std::chrono::sys_seconds instant) {
    const std::int64_t s = instant.time_since_epoch().count();
    const std::int64_t node = s >= 0 ? s / node_s : -((node_s - 1 - s) / node_s);
    const double w = static_cast<double>(s - node * node_s) / static_cast<double>(node_s);
    const double mixed =
        (1.0 - w) * node_normal(seed, stream, node) + w * node_normal(seed, stream, node + 1);
    return mixed / std::sqrt((1.0 - w) * (1.0 - w) + w * w);
}

} // namespace yuanwang::models
