/// @file
/// A year of one element in a few numbers: the rows of the report's ranking tables, from full
/// precision.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "core/series.hpp"

namespace yuanwang::report {

/// Values that are NaN (out of service, step not solved) are left out. Percentiles are the nearest
/// rank: the smallest value that at least p % of the values do not exceed.
struct ElementStatistics {
    std::size_t n_value = 0;
    double min = std::numeric_limits<double>::quiet_NaN();
    double max = std::numeric_limits<double>::quiet_NaN();
    double mean = std::numeric_limits<double>::quiet_NaN();
    double percentile_1 = std::numeric_limits<double>::quiet_NaN();
    double percentile_50 = std::numeric_limits<double>::quiet_NaN();
    double percentile_99 = std::numeric_limits<double>::quiet_NaN();
    std::size_t step_of_min = 0;
    std::size_t step_of_max = 0;
};

/// One row per element of a series.
[[nodiscard]] std::vector<ElementStatistics> measure_elements(const Series& series);

/// Hours in which an element lies above a level.
[[nodiscard]] double count_hours_above(const Series& series, std::size_t element, double level,
                                       double dt_h);
/// Hours in which an element lies below a level.
[[nodiscard]] double count_hours_below(const Series& series, std::size_t element, double level,
                                       double dt_h);

} // namespace yuanwang::report
