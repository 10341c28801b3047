/// @file
/// Apparent power that loads a branch, at its terminals.
///
///     S = max(|S_from|, |S_to|)      lines, impedances, two-winding transformers                MVA
///     S = |S_from|                   windings of a three-winding transformer (from: terminal, to: star point)
///
/// A winding is loaded by the power at its own terminal, against its own rating (IEC 60076-1, rated power of each winding).
/// The star point of the equivalent circuit is no terminal: what flows there lacks or includes losses, reactive losses and
/// the no-load branch, none of which a winding carries.
#pragma once

#include <algorithm>
#include <cmath>

#include "network/network.hpp"

namespace yuanwang::network {

[[nodiscard]] constexpr bool is_winding_of_star(BranchKind kind) {
    return kind == BranchKind::winding_hv || kind == BranchKind::winding_mv ||
           kind == BranchKind::winding_lv;
}

/// Whether the to end is a terminal, not a star point.
[[nodiscard]] constexpr bool has_terminal_at_to(BranchKind kind) {
    return !is_winding_of_star(kind);
}

/// From the powers at both ends, MW and Mvar or per unit; the answer in the same unit.
[[nodiscard]] inline double find_terminal_power(BranchKind kind, double p_from, double q_from,
                                                double p_to, double q_to) {
    const double from = std::hypot(p_from, q_from);
    return has_terminal_at_to(kind) ? std::max(from, std::hypot(p_to, q_to)) : from;
}

} // namespace yuanwang::network
