#include "models/source/wake.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>
#include <span>

#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

constexpr std::size_t n_speed = 41;
constexpr std::size_t n_direction = 72;

/// Area two circles share, over that of the second. r1 the wake, r2 the rotor, d between their centres.
double overlap(double r1, double r2, double d) {
    if (d >= r1 + r2) {
        return 0;
    }
    if (d <= std::abs(r1 - r2)) {
        return r1 >= r2 ? 1.0 : (r1 * r1) / (r2 * r2);
    }
    const double a = std::acos(std::clamp((d * d + r1 * r1 - r2 * r2) / (2 * d * r1), -1.0, 1.0));
    const double b = std::acos(std::clamp((d * d + r2 * r2 - r1 * r1) / (2 * d * r2), -1.0, 1.0));
    const double area = r1 * r1 * (a - std::sin(2 * a) / 2) + r2 * r2 * (b - std::sin(2 * b) / 2);
    return area / (std::numbers::pi * r2 * r2);
}

/// The turbines of a farm with the wind from one direction, upstream first.
class Rows {
  public:
    Rows(const WindLayout& layout, const PowerCurve& curve, double from_degree)
        : layout_{layout}, curve_{curve} {
        const double a = from_degree * std::numbers::pi / 180.0;
        const std::size_t n = layout.east_m.size();
        for (std::size_t j = 0; j < n; ++j) { // along: how far downstream
            along_.push_back(-layout.east_m[j] * std::sin(a) - layout.north_m[j] * std::cos(a));
            across_.push_back(layout.east_m[j] * std::cos(a) - layout.north_m[j] * std::sin(a));
        }
        order_.resize(n);
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::ranges::stable_sort(order_, {}, [&](std::size_t j) { return along_[j]; });
        ct_.resize(n);
    }

    /// Σ P(U_j) over the turbines, of the rating of one.
    double sum_power(double speed) {
        double sum = 0;
        const double radius = 0.5 * layout_.rotor_m;
        for (std::size_t i = 0; i < order_.size(); ++i) {
            const std::size_t j = order_[i];
            double square = 0;
            for (std::size_t m = 0; m < i; ++m) {
                const std::size_t up = order_[m];
                const double x = along_[j] - along_[up];
                const double wide = radius + layout_.decay * x;
                const double deficit = jensen_deficit(ct_[up], layout_.rotor_m, layout_.decay, x) *
                                       overlap(wide, radius, std::abs(across_[j] - across_[up]));
                square += deficit * deficit;
            }
            const double left = speed * std::max(0.0, 1.0 - std::sqrt(square));
            const double power = curve_.at(left);
            ct_[j] = find_thrust(left, power);
            sum += power;
        }
        return sum;
    }

  private:
    [[nodiscard]] double find_thrust(double speed, double power) const {
        if (speed <= 0 || power <= 0) {
            return 0;
        }
        const double area = std::numbers::pi * 0.25 * layout_.rotor_m * layout_.rotor_m;
        const double wind_w = 0.5 * sea_level_density_kg_per_m3 * area * speed * speed * speed;
        return thrust_of_power(power * layout_.turbine_mw * 1e6 / wind_w);
    }

    const WindLayout& layout_;
    const PowerCurve& curve_;
    std::vector<double> along_;
    std::vector<double> across_;
    std::vector<std::size_t> order_;
    std::vector<double> ct_;
};

/// Share of the rose in which a direction lies, spread over the directions of its sector.
double weigh(const WindLayout& layout, std::size_t direction) {
    if (layout.rose.empty()) {
        return 1.0 / n_direction;
    }
    const double sum = std::accumulate(layout.rose.begin(), layout.rose.end(), 0.0);
    const auto n = static_cast<double>(layout.rose.size());
    const double at = static_cast<double>(direction) / n_direction * n + 0.5;
    const std::size_t sector = static_cast<std::size_t>(at) % layout.rose.size();
    return layout.rose[sector] / sum * n / n_direction;
}

/// Straight between the entries of whole metres per second.
double between_speeds(std::span<const double> table, double speed) {
    const auto i = static_cast<std::size_t>(speed);
    if (i + 1 >= table.size()) {
        return table.back();
    }
    return std::lerp(table[i], table[i + 1], speed - static_cast<double>(i));
}

} // namespace

double jensen_deficit(double ct, double rotor_m, double decay, double x_m) {
    if (x_m <= 0) {
        return 0;
    }
    const double radius = 0.5 * rotor_m;
    const double spread = radius / (radius + decay * x_m);
    return (1.0 - std::sqrt(1.0 - std::clamp(ct, 0.0, 1.0))) * spread * spread;
}

double thrust_of_power(double cp) {
    double low = 0.0;
    double high = 1.0 / 3.0;
    for (int i = 0; i < 50; ++i) { // Cp grows with a up to Betz
        const double a = 0.5 * (low + high);
        (4.0 * a * (1.0 - a) * (1.0 - a) < cp ? low : high) = a;
    }
    const double a = 0.5 * (low + high);
    return 4.0 * a * (1.0 - a);
}

WakeTable::WakeTable(const WindLayout& layout, const PowerCurve& curve)
    : by_direction_(n_speed * n_direction, 1.0), by_rose_(n_speed, 0.0) {
    const auto n = static_cast<double>(layout.east_m.size());
    double weights = 0;
    for (std::size_t d = 0; d < n_direction; ++d) {
        Rows rows{layout, curve, 360.0 * static_cast<double>(d) / n_direction};
        const double weight = weigh(layout, d);
        weights += weight;
        for (std::size_t v = 0; v < n_speed; ++v) {
            const double speed = static_cast<double>(v);
            const double free = n * curve.at(speed);
            double& efficiency = by_direction_[d * n_speed + v];
            efficiency = free > 0 ? rows.sum_power(speed) / free : 1.0;
            by_rose_[v] += weight * efficiency;
        }
    }
    for (double& efficiency : by_rose_) {
        efficiency /= weights;
    }
}

double WakeTable::at(double speed_m_per_s, double from_degree) const {
    const double x = from_degree / 360.0 * n_direction;
    const auto d = static_cast<std::size_t>(x);
    const std::span<const double> table{by_direction_};
    const auto before = table.subspan(d % n_direction * n_speed, n_speed);
    const auto after = table.subspan((d + 1) % n_direction * n_speed, n_speed);
    return std::lerp(between_speeds(before, speed_m_per_s), between_speeds(after, speed_m_per_s),
                     x - static_cast<double>(d));
}

double WakeTable::at(double speed_m_per_s) const {
    return between_speeds(by_rose_, speed_m_per_s);
}

} // namespace yuanwang::models
