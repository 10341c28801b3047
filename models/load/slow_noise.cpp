#include "models/load/slow_noise.hpp"

#include <algorithm>
#include <cmath>

#include "models/hash_normal.hpp"

namespace yuanwang::models {
namespace {

constexpr std::int64_t node_s = 6 * 3600;

double node_normal(std::uint64_t key, std::int64_t node) {
    return std::clamp(hash_normal(key, node), -3.0, 3.0);
}

} // namespace

double slow_noise(std::uint64_t seed, std::uint64_t stream, std::chrono::sys_seconds instant) {
    const std::int64_t s = instant.time_since_epoch().count();
    const std::int64_t node = s >= 0 ? s / node_s : -((node_s - 1 - s) / node_s);
    const double w = static_cast<double>(s - node * node_s) / static_cast<double>(node_s);
    const std::uint64_t key = split_mix(make_key(seed, "load") ^ stream);
    const double mixed = (1.0 - w) * node_normal(key, node) + w * node_normal(key, node + 1);
    return mixed / std::sqrt((1.0 - w) * (1.0 - w) + w * w);
}

} // namespace yuanwang::models
