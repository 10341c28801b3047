/// @file
/// The inner loop of the DC screen, by the vector instructions of the machine: sixteen steps side by side.
///
///     w(l,t) = max over outages k of |f_l(t) + L(l,k) f_k(t)|
///
/// `lost` holds the flows of the branches that may be lost; where l itself is lost it carries |f_l| and no outage is named.
#pragma once

#include <cstddef>

namespace yuanwang::security {

constexpr std::size_t screen_lanes = 16;

struct ScreenTable {
    std::size_t n_outage = 0;
    const double* number = nullptr; ///< [n_outage] by which each outage is known
    const double* lost = nullptr;   ///< [n_outage × lanes] MW
};

struct ScreenKernel {
    /// `factors` [n_outage] of one branch, `own` where it is itself lost (n_outage: nowhere), `flow` [lanes] before; fills
    /// `worst` [lanes] and `which` [lanes], −1: none. NaN never wins.
    void (*screen_branch)(const ScreenTable&, const double* factors, std::size_t own,
                          const double* flow, double* worst, double* which);
};

/// As `dc_kernels`.
[[nodiscard]] ScreenKernel screen_kernel();

} // namespace yuanwang::security
