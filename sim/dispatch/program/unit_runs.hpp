/// @file
/// Minimum up and down times of a group of equal units, kept by turning the fewest steps around.
///
/// A group of N units with counts z(t) is N layers: unit j runs where z(t) ≥ j. A layer that keeps its times, what ran before
/// included, keeps them for a real unit, and so does the sum of such layers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace yuanwang::dispatch::program {

enum class Repair : std::uint8_t {
    keep_on,   ///< short runs are lengthened
    leave_out, ///< short runs leave, where what ran before the block allows it
};

struct RunTimes {
    int units = 1;
    std::size_t min_up_steps = 1;
    std::size_t min_down_steps = 1;
};

/// Repairs `on` [n_step] after `before` [n_past]. Runs and gaps that reach the end of the block may go on behind it.
void repair_runs(const RunTimes& times, std::span<const int> before, Repair how, std::span<int> on);

/// Whether counts keep the times.
[[nodiscard]] bool keeps_times(const RunTimes& times, std::span<const int> before,
                               std::span<const int> on);

} // namespace yuanwang::dispatch::program
