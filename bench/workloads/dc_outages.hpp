/// @file
/// Workload W4: the DC flow on every branch after every outage that does not split the grid.
///
///     full      every flow stored: [n_outage × n_branch], MW
///     screen    the highest |flow| over rating of every outage kept, nothing else stored
///
/// Thirty-two outages side by side on one LDLᵀ factor against one right-hand side per outage on KLU, in the same run and in
/// turns; answers are compared before anything is timed. Both sides keep what belongs to the grid alone: the ordered factor,
/// lists of branches. Every solution, every 1 − h and every flow is computed inside the time. Branches without a rating
/// count with the largest base flow of the case.
#pragma once

#include <cstddef>

#include "bench/workloads/time_series.hpp"

namespace yuanwang::workloads {

struct OutageComparison {
    std::size_t outages = 0;     ///< 0: a tree, which can lose nothing
    double lanes_us = 0;         ///< full, per outage
    double one_by_one_us = 0;    ///< full, per outage
    double screen_us = 0;        ///< screen, per outage
    double screen_scalar_us = 0; ///< screen, per outage
    double fill_us =
        0; ///< filling the table of the lanes with zeros, per outage: no way of writing it is faster
    double largest_difference_mw = 0;
    double largest_screen_difference = 0; ///< of loading, 1
    std::size_t bytes = 0;                ///< working set of the screen, per thread
    [[nodiscard]] double ratio() const { return one_by_one_us / lanes_us; }
    [[nodiscard]] double screen_ratio() const { return screen_scalar_us / screen_us; }
};

/// Median of `rounds`. Throws `InputError` where the grid has no DC power flow. With more than one thread the lanes' blocks are shared out and times are of the wall clock.
[[nodiscard]] OutageComparison compare_dc_outages(const FlowCase& flow_case, int rounds = 7,
                                                  int n_thread = 1);

} // namespace yuanwang::workloads
