#include "models/weather/clearness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace yuanwang::models {
namespace {

constexpr double c_min = 0.05;
constexpr double hour_spread = 0.25; ///< largest σ(K)
constexpr double flat_gamma = 1e-4; // below, the exponential is a uniform distribution to round-off

double bendt_mean(double gamma, double c_max) {
    if (std::abs(gamma) < flat_gamma) {
        return 0.5 * (c_min + c_max);
    }
    // Written with exp(γ (c_min − c_max)) so that large γ do not overflow.
    const double low = std::exp(gamma * (c_min - c_max));
    return ((c_max - 1.0 / gamma) - (c_min - 1.0 / gamma) * low) / (1.0 - low);
}

/// Scales the index until its mean over `weight` is `target`; nothing above `most`.
void scale_to_mean(std::span<double> index, std::span<const double> weight, double target,
                   double most) {
    const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
    for (int round = 0; round < 60; ++round) {
        double sum = 0;
        double movable = 0; // energy of what is not at its bound
        for (std::size_t i = 0; i < index.size(); ++i) {
            sum += index[i] * weight[i];
            movable += index[i] < most ? index[i] * weight[i] : 0.0;
        }
        const double short_of = target * total - sum;
        if (std::abs(short_of) <= 1e-12 * total || (short_of > 0 && movable <= 0)) {
            return;
        }
        const double factor = short_of > 0 ? 1.0 + short_of / movable : target * total / sum;
        for (double& c : index) {
            c = std::min(most, c * factor);
        }
    }
}

} // namespace

double bendt_gamma(double c_mean, double c_max) {
    double low = -300.0;
    double high = 300.0;
    for (int i = 0; i < 80; ++i) { // the mean grows with γ
        const double middle = 0.5 * (low + high);
        (bendt_mean(middle, c_max) < c_mean ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double bendt_quantile(double gamma, double c_max, double share) {
    if (std::abs(gamma) < flat_gamma) {
        return std::lerp(c_min, c_max, share);
    }
    const double low = std::exp(gamma * (c_min - c_max));
    if (!std::isfinite(low)) { // γ strongly negative: all days at the lower end
        return c_min - std::log1p(-share) / -gamma;
    }
    return c_max + std::log(share + (1.0 - share) * low) / gamma;
}

std::vector<double> make_daily_index(const MonthOfDays& month) {
    constexpr double least_room = 1.02; // of the clearest days over the mean
    const std::size_t n = month.clear.size();
    const double total = std::accumulate(month.clear.begin(), month.clear.end(), 0.0);
    const double c_mean = total > 0 ? std::clamp(month.sum / total, 0.0, 1.0) : 0.0;
    const double c_max = std::min(1.0, std::max(month.c_max, least_room * c_mean));
    const double gamma = bendt_gamma(c_mean, c_max);
    std::vector<std::size_t> rank(n);
    std::iota(rank.begin(), rank.end(), std::size_t{0});
    std::stable_sort(rank.begin(), rank.end(),
                     [&](std::size_t a, std::size_t b) { return month.order[a] < month.order[b]; });
    std::vector<double> index(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
        index[rank[i]] = std::clamp(bendt_quantile(gamma, c_max, share), 0.0, c_max);
    }
    scale_to_mean(index, month.clear, c_mean, c_max);
    return index;
}

void make_hourly_index(std::span<const double> clear, double c_day, double k_clear,
                       std::span<const double> y, std::span<double> index) {
    const double k_day = c_day * k_clear;
    const double sigma =
        k_clear > 0 ? hour_spread * std::sin(std::numbers::pi * k_day / 0.933) / k_clear : 0.0;
    for (std::size_t h = 0; h < index.size(); ++h) {
        index[h] = std::clamp(c_day + sigma * y[h], 0.02, 1.0);
    }
    scale_to_mean(index, clear, c_day, 1.0);
}

} // namespace yuanwang::models
