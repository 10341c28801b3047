/// @file
/// Processor time of this thread, s: on a busy machine the wall clock counts other people's work as well.
#pragma once

#include <ctime>

namespace yuanwang::workloads {

[[nodiscard]] inline double thread_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

} // namespace yuanwang::workloads
