/// @file
/// A sweep as a Slurm job array: how many elements, how long, how much memory; the scripts.
///
/// Each element is `sweep run --shard i/n`: one scheduler job does minutes of work, not one member, so that a sweep of
/// thousands costs the scheduler hundreds of jobs at most.
///
///     members per element  c = max(⌈target / t⌉, ⌈N / n_max⌉)        n = ⌈N / c⌉ elements
///
///     t      seconds a member takes on one core, measured on the base     s
///     N      members of the sweep                                         1
///     n_max  elements the cluster allows, MaxArraySize − 1                1
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sweep/estimate.hpp"

namespace yuanwang::sweep {

struct ArrayOptions {
    double target_s = 600;           ///< of work per element
    std::size_t max_elements = 1000; ///< MaxArraySize − 1
    std::size_t max_running = 0;     ///< elements at once; 0: as many as the cluster gives
    std::size_t n_thread = 1;        ///< members at once within an element
    std::string partition;           ///< empty: the cluster's default
    std::vector<std::string> extra;  ///< more options of sbatch, `--account=grid`
};

struct JobArray {
    std::size_t n_element = 0;
    std::size_t n_per_element = 0;     ///< members
    std::vector<std::size_t> elements; ///< those with work left, from 1
    double element_s = 0;              ///< of work, as estimated
    std::size_t limit_min = 0; ///< time asked for: three times the estimate and five minutes
    std::size_t memory_mb = 0; ///< asked for: half as much again as measured, and 100 MB
};

/// Cuts a sweep into elements; `unfinished` are the members with work left.
[[nodiscard]] JobArray cut_into_elements(std::size_t n_member,
                                         const std::vector<std::size_t>& unfinished,
                                         const Estimate& estimate, const ArrayOptions& options);

/// `1-4,7` from element numbers in order.
[[nodiscard]] std::string format_elements(const std::vector<std::size_t>& elements);

/// What both scripts call.
struct SweepCommand {
    std::filesystem::path program;
    std::filesystem::path sweep_file;
    std::filesystem::path folder;
    std::filesystem::path cache; ///< empty: none
    std::string simd = {}; ///< word of `--simd` for all elements; empty: the best of each node
};

/// The script of the array, with its options as `#SBATCH` lines, and that of the job that collects after it.
[[nodiscard]] std::string format_array_script(const JobArray& array, const SweepCommand& command,
                                              const ArrayOptions& options);
[[nodiscard]] std::string format_collect_script(const SweepCommand& command,
                                                const ArrayOptions& options);

} // namespace yuanwang::sweep
