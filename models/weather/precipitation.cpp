#include "models/weather/precipitation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/hash_normal.hpp"

namespace yuanwang::models {
namespace {

constexpr double snow_below_c = 1.0;
constexpr double snow_cm_per_mm = 1.0;

/// Quantiles of an exponential for n days, the largest first, summing to 1.
std::vector<double> share_out(std::size_t n) {
    std::vector<double> share(n);
    for (std::size_t i = 0; i < n; ++i) {
        share[i] = -std::log((static_cast<double>(i) + 0.5) / static_cast<double>(n));
    }
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    for (double& s : share) {
        s = sum > 0 ? s / sum : 1.0;
    }
    return share;
}

} // namespace

void make_precipitation(const WetMonth& month, std::uint64_t key, std::span<double> water_mm,
                        std::span<double> snow_cm) {
    std::ranges::fill(water_mm, 0.0);
    std::ranges::fill(snow_cm, 0.0);
    const std::size_t n_day = month.clear_sky_index.size();
    if (month.sum_mm <= 0 || n_day == 0) {
        return;
    }
    const auto n_wet = static_cast<std::size_t>(
        std::clamp(std::round(month.wet_days), 1.0, static_cast<double>(n_day)));
    std::vector<std::size_t> cloudiest(n_day);
    std::iota(cloudiest.begin(), cloudiest.end(), std::size_t{0});
    std::ranges::stable_sort(cloudiest, {},
                             [&](std::size_t d) { return month.clear_sky_index[d]; });
    const std::vector<double> share = share_out(n_wet);
    for (std::size_t i = 0; i < n_wet; ++i) {
        const std::size_t d = cloudiest[i];
        const double mm = month.sum_mm * share[i];
        const auto spell =
            static_cast<std::size_t>(std::clamp(std::round(2.0 + mm / 1.5), 2.0, 12.0));
        const std::uint64_t draw = split_mix(
            key ^
            split_mix(static_cast<std::uint64_t>(month.first_day + static_cast<std::int64_t>(d))));
        const std::size_t first = 24 * d + draw % (25 - spell);
        for (std::size_t h = first; h < first + spell; ++h) {
            water_mm[h] = mm / static_cast<double>(spell);
            if (month.temperature_c[h] < snow_below_c) {
                snow_cm[h] = water_mm[h] * snow_cm_per_mm;
            }
        }
    }
}

} // namespace yuanwang::models
