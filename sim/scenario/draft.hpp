/// @file
/// What the schema table is bound to: a study and the system of one epoch, while they are being built.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace yuanwang::scenario {

struct Draft {
    engine::Study study;   ///< without its epochs
    engine::System system; ///< of the epoch at hand
    // The time section, before it is an axis.
    std::chrono::sys_seconds start{};
    int step_min = 60;
    std::string duration;
};

/// A span on the calendar: `1 y`, `7 d`, `12 h`.
struct Duration {
    int count = 0;
    char unit = 'h'; ///< y, d, h
};
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
/// `2025-01-01` or `2025-01-01 08:00`, on the Beijing clock.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_instant(std::string_view text);

} // namespace yuanwang::scenario
