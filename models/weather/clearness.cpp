#include "models/weather/clearness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace yuanwang::models {
namespace {

constexpr double c_min = 0.05;
constexpr double flat_gamma = 1e-4; // below, the exponential is a uniform distribution to round-off

double bendt_mean(double gamma) {
    if (std::abs(gamma) < flat_gamma) {
        return 0.5 * (c_min + 1.0);
    }
    // Written with exp(γ (c_min − 1)) so that large γ do not overflow.
    const double low = std::exp(gamma * (c_min - 1.0));
    return ((1.0 - 1.0 / gamma) - (c_min - 1.0 / gamma) * low) / (1.0 - low);
}

/// Scales the index until its mean over `weight` is `target`; nothing above 1.
void scale_to_mean(std::span<double> index, std::span<const double> weight, double target) {
    const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
    for (int round = 0; round < 60; ++round) {
        double sum = 0;
        double movable = 0; // energy of what is not at its bound
        for (std::size_t i = 0; i < index.size(); ++i) {
            sum += index[i] * weight[i];
            movable += index[i] < 1.0 ? index[i] * weight[i] : 0.0;
        }
        const double short_of = target * total - sum;
        if (std::abs(short_of) <= 1e-12 * total || (short_of > 0 && movable <= 0)) {
            return;
        }
        const double factor = short_of > 0 ? 1.0 + short_of / movable : target * total / sum;
        for (double& c : index) {
            c = std::min(1.0, c * factor);
        }
    }
}

} // namespace

double bendt_gamma(double c_mean) {
    double low = -300.0;
    double high = 300.0;
    for (int i = 0; i < 80; ++i) { // the mean grows with γ
        const double middle = 0.5 * (low + high);
        (bendt_mean(middle) < c_mean ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double bendt_quantile(double gamma, double share) {
    if (std::abs(gamma) < flat_gamma) {
        return std::lerp(c_min, 1.0, share);
    }
    const double low = std::exp(gamma * (c_min - 1.0));
    if (!std::isfinite(low)) { // γ strongly negative: all days at the lower end
        return c_min - std::log1p(-share) / -gamma;
    }
    return 1.0 + std::log(share + (1.0 - share) * low) / gamma;
}

std::vector<double> make_daily_index(std::span<const double> clear, double sum,
                                     std::span<const double> order) {
    const std::size_t n = clear.size();
    const double total = std::accumulate(clear.begin(), clear.end(), 0.0);
    const double c_mean = total > 0 ? std::clamp(sum / total, 0.0, 1.0) : 0.0;
    const double gamma = bendt_gamma(c_mean);
    std::vector<std::size_t> rank(n);
    std::iota(rank.begin(), rank.end(), std::size_t{0});
    std::stable_sort(rank.begin(), rank.end(),
                     [&](std::size_t a, std::size_t b) { return order[a] < order[b]; });
    std::vector<double> index(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
        index[rank[i]] = std::clamp(bendt_quantile(gamma, share), 0.0, 1.0);
    }
    scale_to_mean(index, clear, c_mean);
    return index;
}

void make_hourly_index(std::span<const double> clear, double c_day, std::span<const double> y,
                       std::span<double> index) {
    const double sigma = 0.30 * std::sin(std::numbers::pi * std::pow(c_day, 1.3));
    for (std::size_t h = 0; h < index.size(); ++h) {
        index[h] = std::clamp(c_day + sigma * y[h], 0.02, 1.0);
    }
    scale_to_mean(index, clear, c_day);
}

} // namespace yuanwang::models
