/// @file
/// DC power flow: lossless, |V| = 1 pu, small angle differences.
///
///     B' θ = P − P_shift,   p_k = (θ_from − θ_to − φ_k) / (x_k τ_k)
///
///     P        [n_bus]      net injection, generation − consumption    MW; the reference takes what is missing
///     θ        [n_bus]      voltage angle, 0 at the reference          rad
///     p        [n_branch]   branch flow, from → to positive            MW
///
/// Fixed shunts draw their conductance at 1 pu. Every island takes its first bus that generates as reference unless it
/// holds the one given. Source: Zimmerman, Murillo-Sánchez, MATPOWER User's Manual, section 3.7.
#pragma once

#include <span>
#include <vector>

#include "core/status.hpp"
#include "network/network.hpp"

namespace yuanwang::powerflow {

struct DcResult {
    StepStatus status =
        StepStatus::not_run; ///< `singular_jacobian` where B' is, `not_finite` for a NaN injection
    std::vector<double> va_rad;    ///< [n_bus]
    std::vector<double> p_from_mw; ///< [n_branch]
    double reference_p_mw =
        0; ///< what the reference bus (and those of other islands) took beside its injection
};

[[nodiscard]] DcResult solve_dc(const network::Network& grid, std::span<const double> injection_mw,
                                BusIdx reference);

} // namespace yuanwang::powerflow
