/// @file
/// The clock of a run: equal steps, labelled by their start.
///
/// Powers are means over the step, stored energy holds at its end. People and tariffs live by
/// Beijing time (UTC+8, no daylight saving), files by UTC, the sun by true solar time
/// (models/weather). Leap years have 8784 hours.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace yuanwang {

inline constexpr std::chrono::hours beijing_offset{8};

/// Calendar fields of an instant on the Beijing clock.
struct LocalTime {
    int year = 0;
    unsigned month = 1;       ///< 1…12
    unsigned day = 1;         ///< 1…31
    unsigned day_of_year = 1; ///< 1…366
    unsigned weekday = 1;     ///< 1 = Monday … 7 = Sunday
    double hour = 0;          ///< 0 ≤ hour < 24
};

[[nodiscard]] LocalTime to_beijing(std::chrono::sys_seconds utc);

/// 00:00 Beijing time of a date, as UTC.
[[nodiscard]] std::chrono::sys_seconds beijing_midnight(std::chrono::year_month_day date);

/// `2025-01-01T00:00:00Z`
[[nodiscard]] std::string to_iso_utc(std::chrono::sys_seconds utc);
/// `2025-01-01 08:00` on the Beijing clock
[[nodiscard]] std::string to_beijing_text(std::chrono::sys_seconds utc);

struct TimeAxis {
    std::chrono::sys_seconds start{}; ///< UTC start of step 0
    std::chrono::minutes step{60};
    std::size_t n_step = 0;

    [[nodiscard]] double dt_h() const { return static_cast<double>(step.count()) / 60.0; }
    [[nodiscard]] std::chrono::sys_seconds at(std::size_t t) const {
        return start + step * static_cast<std::chrono::minutes::rep>(t);
    }
    [[nodiscard]] std::chrono::sys_seconds end() const { return at(n_step); }
    /// Calendar of the middle of step t, which is what a mean over the step speaks of.
    [[nodiscard]] LocalTime middle(std::size_t t) const {
        return to_beijing(at(t) + std::chrono::seconds{step} / 2);
    }
    /// First step that starts at or after an instant, at most n_step.
    [[nodiscard]] std::size_t first_step_from(std::chrono::sys_seconds instant) const;
    friend bool operator==(const TimeAxis&, const TimeAxis&) = default;
};

/// A run of consecutive steps.
struct StepRange {
    std::size_t first = 0;
    std::size_t count = 0;
    [[nodiscard]] std::size_t last() const { return first + count; } ///< one past the end
    friend bool operator==(const StepRange&, const StepRange&) = default;
};

} // namespace yuanwang
