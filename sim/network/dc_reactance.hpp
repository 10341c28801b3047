/// @file
/// The reactance by which a branch shares flow in the DC approximation.
///
///     x_dc = x         and where a branch is resistive only, x = 0:         x_dc = |r|
///
/// A branch of no reactance would take all flow there, and no matrix with it can be factored. Low-voltage cables are written
/// so. x may be negative (series capacitors, star branches).
#pragma once

#include <cmath>

#include "network/network.hpp"

namespace yuanwang::network {

/// Per unit on 100 MVA; never 0 for a branch of a `Network`, whose impedance is at least `min_impedance_pu`.
[[nodiscard]] inline double dc_reactance_pu(const Branches& branches, BranchIdx k) {
    const double x_pu = branches.x_pu[k];
    return x_pu != 0 ? x_pu : std::abs(branches.r_pu[k]);
}

} // namespace yuanwang::network
