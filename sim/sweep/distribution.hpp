/// @file
/// How likely the values of an axis are: x of (0, 1) → the value below which the share x lies.
///
///     uniform      Q(x) = from + (to − from) x
///     log_uniform  Q(x) = from (to / from)^x
///     normal       Q(x) = mean + sd Φ⁻¹(x)
///     lognormal    Q(x) = median exp(sigma Φ⁻¹(x))
///     triangular   Q(x) = from + √(x (to − from)(mode − from)) where x < (mode − from)/(to − from), mirrored above
///
///     Φ  standard normal distribution, ½ erfc(−z/√2)      1
///
/// A normal or lognormal cut off at `min` or `max` keeps its shape in between: x is stretched over (Φ(min), Φ(max)).
#pragma once

#include <cstdint>
#include <limits>

namespace yuanwang::sweep {

struct Distribution {
    enum class Kind : std::uint8_t { uniform, log_uniform, normal, lognormal, triangular };
    Kind kind = Kind::uniform;
    double from = 0; ///< uniform, log_uniform (> 0), triangular
    double to = 1;
    double mode = 0;   ///< triangular, from … to
    double center = 0; ///< mean of normal, median of lognormal (> 0)
    double spread = 1; ///< sd of normal, sigma of lognormal
    double min = -std::numeric_limits<double>::infinity(); ///< of normal and lognormal
    double max = std::numeric_limits<double>::infinity();
    double step = 0; ///< values are rounded to its multiples; 0: not
};

/// Value at x of (0, 1).
[[nodiscard]] double find_quantile(const Distribution& distribution, double x);

/// Φ⁻¹, to the last digits, by halving.
[[nodiscard]] double invert_normal(double x);

} // namespace yuanwang::sweep
