#include "models/storage/rainflow.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::models {

std::vector<std::size_t> find_turning_points(std::span<const double> series) {
    std::vector<std::size_t> points;
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (points.empty()) {
            points.push_back(i);
            continue;
        }
        const double last = series[points.back()];
        if (series[i] == last) {
            continue;
        }
        const bool goes_on =
            points.size() > 1 && (last > series[points[points.size() - 2]]) == (series[i] > last);
        if (goes_on) {
            points.back() = i;
        } else {
            points.push_back(i);
        }
    }
    return points;
}

std::vector<RainflowCycle> count_rainflow(std::span<const double> series) {
    std::vector<RainflowCycle> cycles;
    const auto range = [&](std::size_t a, std::size_t b) {
        return std::abs(series[b] - series[a]);
    };
    const auto count = [&](std::size_t a, std::size_t b, double n) {
        cycles.push_back({range(a, b), 0.5 * (series[a] + series[b]), n, a, b});
    };

    std::vector<std::size_t> open;
    for (const std::size_t point : find_turning_points(series)) {
        open.push_back(point);
        while (open.size() >= 3) {
            const std::size_t n = open.size() - 1;
            if (range(open[n - 1], open[n]) < range(open[n - 2], open[n - 1])) {
                break;
            }
            if (n == 2) {
                count(open[0], open[1], 0.5);
                open.erase(open.begin());
            } else {
                count(open[n - 2], open[n - 1], 1.0);
                open.erase(open.end() - 3, open.end() - 1);
            }
        }
    }
    for (std::size_t i = 1; i < open.size(); ++i) {
        count(open[i - 1], open[i], 0.5);
    }
    return cycles;
}

std::vector<RangeCount> sum_by_range(std::span<const RainflowCycle> cycles) {
    std::vector<RainflowCycle> sorted(cycles.begin(), cycles.end());
    std::ranges::sort(sorted, {}, &RainflowCycle::range);
    std::vector<RangeCount> totals;
    for (const RainflowCycle& cycle : sorted) {
        if (totals.empty() || totals.back().range != cycle.range) {
            totals.push_back({cycle.range, 0.0});
        }
        totals.back().count += cycle.count;
    }
    return totals;
}

} // namespace yuanwang::models
