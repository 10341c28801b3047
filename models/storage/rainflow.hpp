/// @file
/// Rainflow counting: the closed loops in a series of turning points.
///
///     X = |s_n − s_(n−1)|,  Y = |s_(n−1) − s_(n−2)|        of the last three turning points not yet counted
///     X < Y        read the next turning point
///     X ≥ Y        Y counts as one cycle and its two points go; where Y holds the first point it counts as half a
///                  cycle and only that point goes
///     at the end   every range left counts as half a cycle
///
///     range  high − low of a cycle      as the series
///     mean   (high + low)/2             as the series
///     count  1 or ½
///
/// What goes up and down is kept: 2 Σ count range = Σ |s_i − s_(i−1)|. The first and the last point are turning points.
/// Cost: one pass, O(n). Source: ASTM E1049-85 (2017), 5.4.4.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace yuanwang::models {

struct RainflowCycle {
    double range;
    double mean;
    double count;      ///< 1 or ½
    std::size_t first; ///< place in the series where it begins
    std::size_t last;  ///< place where it turns
    friend bool operator==(const RainflowCycle&, const RainflowCycle&) = default;
};

struct RangeCount {
    double range;
    double count;
    friend bool operator==(const RangeCount&, const RangeCount&) = default;
};

/// Places of the turning points of a finite series, its ends among them; a plateau turns where it begins.
[[nodiscard]] std::vector<std::size_t> find_turning_points(std::span<const double> series);
/// Cycles in the order in which they close, then the halves that never did. Empty for fewer than two turning points.
[[nodiscard]] std::vector<RainflowCycle> count_rainflow(std::span<const double> series);
/// Counts of equal ranges added up, smallest range first.
[[nodiscard]] std::vector<RangeCount> sum_by_range(std::span<const RainflowCycle> cycles);

} // namespace yuanwang::models
