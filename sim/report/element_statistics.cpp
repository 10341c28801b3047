#include "report/element_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::report {
namespace {

double nearest_rank(const std::vector<double>& sorted, double percent) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(percent / 100.0 * static_cast<double>(sorted.size())));
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

ElementStatistics measure(const Series& series, std::size_t element, std::vector<double>& values) {
    ElementStatistics s;
    values.clear();
    double sum = 0;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        const double v = series(element, t);
        if (!std::isfinite(v)) {
            continue;
        }
        if (values.empty() || v > s.max) {
            s.max = v;
            s.step_of_max = t;
        }
        if (values.empty() || v < s.min) {
            s.min = v;
            s.step_of_min = t;
        }
        values.push_back(v);
        sum += v;
    }
    s.n_value = values.size();
    if (values.empty()) {
        return s;
    }
    std::ranges::sort(values);
    s.mean = sum / static_cast<double>(values.size());
    s.percentile_1 = nearest_rank(values, 1);
    s.percentile_50 = nearest_rank(values, 50);
    s.percentile_99 = nearest_rank(values, 99);
    return s;
}

template <class Test>
double count_hours(const Series& series, std::size_t element, double dt_h, const Test& test) {
    std::size_t n = 0;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        n += test(series(element, t)) ? 1U : 0U; // false for NaN
    }
    return static_cast<double>(n) * dt_h;
}

} // namespace

std::vector<ElementStatistics> measure_elements(const Series& series) {
    std::vector<ElementStatistics> rows;
    rows.reserve(series.n_element());
    std::vector<double> values;
    for (std::size_t i = 0; i < series.n_element(); ++i) {
        rows.push_back(measure(series, i, values));
    }
    return rows;
}

double count_hours_above(const Series& series, std::size_t element, double level, double dt_h) {
    return count_hours(series, element, dt_h, [level](double v) { return v > level; });
}

double count_hours_below(const Series& series, std::size_t element, double level, double dt_h) {
    return count_hours(series, element, dt_h, [level](double v) { return v < level; });
}

} // namespace yuanwang::report
