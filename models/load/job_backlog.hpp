/// @file
/// How much work of data centers may wait, across steps and days.
///
///     x(t) = D(t) − A(t) ≤ 0             work done less work arrived up to the end of step t                  MWh of IT
///     x(t) ≥ A(s − d) − A(t) − C(t, s)   for all s ≥ t: what arrived d steps before s is done by then, though the centers
///                                        can run no more than C in the steps t + 1 … s
///     x(T) = 0                           nothing waits beyond the last step
///
/// A queue (first come, first served) over all centers of a pool then keeps every deadline, if the pool keeps one: the
/// shortest of its centers. Arrival and capacity follow from the clock and the seed alone, so any stretch of time may be
/// asked for. Left out: jobs that cannot be divided, data that moves along with them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/load/data_center.hpp"

namespace yuanwang::models {

/// Work by center and step, each [n_center × range.count], MWh of IT.
struct WorkHours {
    Series arrival_mwh;
    Series most_mwh; ///< that could be run; at least what arrives
};

void compute_work_hours(const DataCenters& centers, const TimeAxis& axis, StepRange range,
                        std::uint64_t seed, WorkHours& out);

/// Least x at the end of every step of a window. `arrival` and `most` are those of the pool in the steps of the window,
/// what arrived before it is due within its first d steps; `closes`: the window ends with the last step there is, else
/// bounds look no farther than its end.
[[nodiscard]] std::vector<double> find_least_backlog(std::span<const double> arrival,
                                                     std::span<const double> most,
                                                     std::size_t deadline_steps, bool closes);

} // namespace yuanwang::models
