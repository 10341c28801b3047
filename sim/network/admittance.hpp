/// @file
/// Admittance matrices: injected currents and branch currents from bus voltages, per unit on 100 MVA.
///
///     I = Ybus V,   I_from = Yf V,   I_to = Yt V
///
///     Yff = (y + y_from) / τ²,   Yft = −y / (τ e^{−jφ}),   Ytf = −y / (τ e^{jφ}),   Ytt = y + y_to,   y = 1/(r + jx)
///
/// Ybus [n_bus × n_bus], Yf and Yt [n_branch × n_bus], complex. Rows of buses that share the node of another are empty:
/// their current flows at that node. Branches out of service have empty rows. Fixed shunts and scheduled switched
/// shunts stand on the diagonal. Source: Zimmerman, Murillo-Sánchez, MATPOWER User's Manual, section 3.2.
#pragma once

#include <complex>

#include <Eigen/SparseCore>

#include "network/branch_admittance.hpp"
#include "network/network.hpp"

namespace yuanwang::network {

using ComplexMatrix = Eigen::SparseMatrix<std::complex<double>>;

struct Admittance {
    ComplexMatrix Ybus;
    ComplexMatrix Yf;
    ComplexMatrix Yt;
};

[[nodiscard]] Admittance make_admittance(const Network& grid);

} // namespace yuanwang::network
