#include "sweep/distribution.hpp"

#include <cmath>
#include <numbers>

namespace yuanwang::sweep {

namespace {

double normal_share(double z) {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// Φ⁻¹ of x stretched over what the bounds z_min, z_max leave.
double invert_between(double x, double z_min, double z_max) {
    const double low = normal_share(z_min);
    const double high = normal_share(z_max);
    return std::fmin(std::fmax(invert_normal(low + (high - low) * x), z_min), z_max);
}

double find_triangular(const Distribution& d, double x) {
    const double width = d.to - d.from;
    const double rise = d.mode - d.from;
    if (x * width < rise) {
        return d.from + std::sqrt(x * width * rise);
    }
    return d.to - std::sqrt((1 - x) * width * (d.to - d.mode));
}

double find_unrounded(const Distribution& d, double x) {
    switch (d.kind) {
    case Distribution::Kind::uniform:
        break;
    case Distribution::Kind::log_uniform:
        return d.from * std::pow(d.to / d.from, x);
    case Distribution::Kind::normal:
        return d.center + d.spread * invert_between(x, (d.min - d.center) / d.spread,
                                                    (d.max - d.center) / d.spread);
    case Distribution::Kind::lognormal: {
        const auto to_z = [&](double value) {
            return value <= 0 ? -std::numeric_limits<double>::infinity()
                              : std::log(value / d.center) / d.spread;
        };
        return d.center * std::exp(d.spread * invert_between(x, to_z(d.min), to_z(d.max)));
    }
    case Distribution::Kind::triangular:
        return find_triangular(d, x);
    }
    return d.from + (d.to - d.from) * x;
}

} // namespace

double invert_normal(double x) {
    if (x > 0.5) { // the lower tail is where erfc keeps its digits
        return -invert_normal(1 - x);
    }
    double low = -40;
    double high = 0;
    while (high - low > 1e-15) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) {
            break;
        }
        (normal_share(middle) < x ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double find_quantile(const Distribution& distribution, double x) {
    const double value = find_unrounded(distribution, x);
    return distribution.step > 0 ? std::round(value / distribution.step) * distribution.step
                                 : value;
}

} // namespace yuanwang::sweep
