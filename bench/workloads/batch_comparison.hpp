/// @file
/// Workloads W1, W2a, W2b, W3: the batch against our own scalar Newton on KLU in the same run, answers compared first.
///
///     W1   one solve from the flat start, symbolic part kept
///     W2   a year of steps, see workloads/time_series.hpp
///     W3   every outage of one branch that does not split the grid, from the voltages of the case
///
/// Both sides get the same schedules, tolerance and iteration limit; injections are prepared outside the timed part, all
/// complex voltages are stored inside it. Times are medians, of processor time on one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "bench/workloads/time_series.hpp"
#include "powerflow/batch/batch_solver.hpp"

namespace yuanwang::workloads {

enum class FlowWorkload { w1, w2a, w2b, w3 };

[[nodiscard]] std::string_view to_string(FlowWorkload workload);
/// `W1`, `W2a`, `W2b`, `W3`; none for any other word.
[[nodiscard]] std::optional<FlowWorkload> find_flow_workload(std::string_view name);

struct Comparison {
    std::size_t flows = 0;            ///< 0: a tree, of which W3 can lose nothing
    double batch_us = 0;              ///< per power flow
    double scalar_us = 0;             ///< per power flow
    double mean_vm_pu = 0;            ///< batch, over buses and converged flows
    double largest_difference_pu = 0; ///< |V batch − V scalar| where both converged
    double iterations = 0;            ///< batch, per flow
    std::size_t not_converged = 0;    ///< batch
    std::size_t disagreed = 0;        ///< flows that one of the two solved
    std::size_t bytes = 0;            ///< working set of the batch
    [[nodiscard]] double ratio() const { return scalar_us / batch_us; }
    /// Both solve the same flows, to the same voltages as far as the tolerance of both reaches.
    [[nodiscard]] bool agrees() const { return disagreed == 0 && largest_difference_pu < 1e-6; }
};

struct ComparisonOptions {
    powerflow::batch::Precision precision = powerflow::batch::Precision::float_factor;
    std::size_t n_step = 0; ///< of W2; 0: as published
    int rounds = 5;         ///< timed repetitions
    int n_thread = 1;       ///< of the batch; with more than one, its time is of the wall clock
};

[[nodiscard]] Comparison compare(const FlowCase& flow_case, FlowWorkload workload,
                                 const ComparisonOptions& options = {});

} // namespace yuanwang::workloads
