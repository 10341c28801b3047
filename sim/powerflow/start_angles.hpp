/// @file
/// Angles a power flow starts from: those the phase shifts alone would leave, or a DC estimate with the injections.
///
///     minimise Σ_k |y_k| (θ_from − θ_to − φ_k)²     ⇔     L θ = Aᵀ diag(|y|) φ (+ p),   θ_gauge = 0
///
///     y_k   series admittance of branch k over its ratio     pu
///     φ_k   its phase shift, from → to                       rad
///     L     Laplacian of the node graph with weights |y|     pu
///
/// Along a tree the first form follows the shifts exactly, as vector groups need it; around a loop whose shifts do not
/// cancel it spreads the rest over the impedances, as the circulating current does. Without shifts it is zero everywhere.
/// |y| in place of −Im y keeps L positive definite where series capacitors or star branches make reactances negative.
/// A shift is taken within ±180° of what a spanning tree from the gauge leaves for it, so that shifts which add up to a full
/// turn around a loop leave nothing to spread.
///
/// Cost: nothing where no branch shifts, else one sparse factorisation per topology.
/// Source: the DC model of Zimmerman, Murillo-Sánchez, MATPOWER User's Manual, section 3.7, with these weights.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "powerflow/nodal_matrix.hpp"
#include "powerflow/sparse_lu.hpp"

namespace yuanwang::powerflow {

class StartAngles {
  public:
    /// `gauge`: the node of each island whose angle is 0. Keeps a reference to the matrix.
    StartAngles(const NodalMatrix& matrix, std::vector<int> gauge);

    /// True where some branch in service shifts.
    [[nodiscard]] bool any_shift() const { return any_shift_; }

    /// Angles that the shifts alone leave [n_node], rad.
    [[nodiscard]] std::vector<double> follow_shifts();
    /// The same with injections p [n_node], pu; what they do not balance is the gauge's.
    void estimate(std::span<const double> p, std::span<double> va);

  private:
    void unwrap_shifts();
    [[nodiscard]] bool factorise();
    void solve(std::span<double> va);

    const NodalMatrix* matrix_;
    std::vector<int> gauge_;
    std::vector<double> shift_; ///< [n_branch] φ, whole turns taken out
    std::vector<double> drive_; ///< [n_node] Aᵀ diag(|y|) φ
    std::optional<SparseLu> lu_;
    bool any_shift_ = false;
    bool regular_ = false;
};

} // namespace yuanwang::powerflow
