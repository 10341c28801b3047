/// @file
/// What a sweep will cost, measured on its base case: the base runs for a few seconds and is then extrapolated by the share
/// of its steps that were reached.
#pragma once

#include <cstddef>

#include "core/progress.hpp"
#include "sweep/plan.hpp"

namespace yuanwang::sweep {

struct Estimate {
    double member_s = 0;   ///< one member on one thread
    double prepare_s = 0;  ///< of it, before the first step: weather
    double program_mb = 0; ///< resident before a member runs
    double member_mb = 0;  ///< what one running member adds
    bool is_whole = false; ///< the base ran to its end

    /// Wall time of so many members on so many threads.
    [[nodiscard]] double wall_s(std::size_t n_member, std::size_t n_thread) const;
    [[nodiscard]] double memory_mb(std::size_t n_thread) const;
};

/// Runs the base for at most `limit_s` seconds of steps. Throws `Interrupted` where progress asks to stop.
[[nodiscard]] Estimate measure_base(const Plan& plan, Progress& progress, double limit_s = 3);

/// Memory of this process in MB: resident now, and its highest so far.
[[nodiscard]] double resident_mb();
[[nodiscard]] double peak_resident_mb();

} // namespace yuanwang::sweep
