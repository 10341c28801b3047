/// @file
/// What a reader of a run must know before its numbers: steps and outages without a solution, doubtful states, balances
/// and limits a plan relaxed, limits violated. One row per kind and place, with hours, worst value and limit.
///
/// | severity  | is                                                                        | exit code           |
/// |-----------|---------------------------------------------------------------------------|---------------------|
/// | note      | a property of the method that mattered here                               | 0                   |
/// | violation | something is out of its limits; nothing promised to keep it               | 0, `--strict`: 4    |
/// | relaxed   | a balance, or a limit a plan was to keep, was relaxed                     | 4                   |
/// | unsolved  | a step or an outage has no solution, or one that must be doubted          | 5                   |
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace yuanwang::engine {

enum class Severity : std::uint8_t { note, violation, relaxed, unsolved };
inline constexpr std::array<std::string_view, 4> severity_names = {"note", "violation", "relaxed",
                                                                   "unsolved"};
[[nodiscard]] constexpr std::string_view to_string(Severity severity) {
    return severity_names[static_cast<std::size_t>(severity)];
}

struct RunFinding {
    /// unsolved_step, doubtful_state, unsolved_outage, unserved, backed_down, broken_limit, relaxed_balance, rules_fallback, overload, voltage,
    /// section, n1_insecure, fault_level, limits_not_seen
    std::string kind;
    Severity severity = Severity::note;
    std::string element;    ///< id; empty: the whole system
    std::string outage;     ///< empty: base state
    double hours = 0;       ///< NaN: has no hours
    double value = 0;       ///< worst; NaN: none
    double limit = 0;       ///< NaN: none
    std::string unit;       ///< of value and limit: percent, pu, MW, MWh, kA
    std::uint32_t step = 0; ///< of the worst
};

/// The gravest of a run; `note` of an empty list.
[[nodiscard]] inline Severity find_gravest(std::span<const RunFinding> findings) {
    Severity gravest = Severity::note;
    for (const RunFinding& finding : findings) {
        gravest = std::max(gravest, finding.severity);
    }
    return gravest;
}

} // namespace yuanwang::engine
