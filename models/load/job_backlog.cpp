#include "models/load/job_backlog.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

namespace yuanwang::models {

void compute_work_hours(const DataCenters& centers, const TimeAxis& axis, StepRange range,
                        std::uint64_t seed, WorkHours& out) {
    out.arrival_mwh.reshape(centers.size(), range.count);
    out.most_mwh.reshape(centers.size(), range.count);
    for (std::size_t i = 0; i < range.count; ++i) {
        for (std::size_t k = 0; k < centers.size(); ++k) {
            const WorkPower work =
                work_power(centers, k, utilisation_at(centers, k, axis, range.first + i, seed));
            out.arrival_mwh(k, i) = work.arriving_mw * axis.dt_h();
            out.most_mwh(k, i) = work.most_mw * axis.dt_h();
        }
    }
}

std::vector<double> find_least_backlog(std::span<const double> arrival,
                                       std::span<const double> most, std::size_t deadline_steps,
                                       bool closes) {
    assert(arrival.size() == most.size());
    const std::size_t n = arrival.size();
    std::vector<double> arrived(n); // A and C, from the beginning of the window
    std::vector<double> capacity(n);
    std::inclusive_scan(arrival.begin(), arrival.end(), arrived.begin());
    std::inclusive_scan(most.begin(), most.end(), capacity.begin());
    const auto due = [&](std::size_t s) {
        if (closes && s + 1 == n) {
            return arrived[s];
        }
        return s >= deadline_steps ? arrived[s - deadline_steps] : 0.0;
    };
    std::vector<double> least(n);
    double pressing = -std::numeric_limits<double>::infinity(); // most that is due beyond capacity
    for (std::size_t t = n; t-- > 0;) {
        pressing = std::max(pressing, due(t) - capacity[t]);
        least[t] = std::min(0.0, pressing + capacity[t] - arrived[t]);
    }
    return least;
}

} // namespace yuanwang::models
