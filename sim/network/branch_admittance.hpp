/// @file
/// The four admittances of one branch (equations in network/admittance.hpp).
#pragma once

#include <complex>

#include "network/network.hpp"

namespace yuanwang::network {

struct BranchAdmittance {
    std::complex<double> ff;
    std::complex<double> ft;
    std::complex<double> tf;
    std::complex<double> tt;
};

/// Admittances of a branch at a turns ratio of its from end, whether in service or not.
[[nodiscard]] inline BranchAdmittance branch_admittance(const Branches& branches, BranchIdx k,
                                                        double ratio) {
    const std::complex<double> y = 1.0 / std::complex<double>{branches.r_pu[k], branches.x_pu[k]};
    const std::complex<double> y_from{branches.g_from_pu[k], branches.b_from_pu[k]};
    const std::complex<double> y_to{branches.g_to_pu[k], branches.b_to_pu[k]};
    const std::complex<double> turns = std::polar(ratio, branches.shift_rad[k]);
    return {.ff = (y + y_from) / (ratio * ratio),
            .ft = -y / std::conj(turns),
            .tf = -y / turns,
            .tt = y + y_to};
}

} // namespace yuanwang::network
