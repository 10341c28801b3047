/// @file
/// PTDF and LODF: how an injection spreads over branches, and where the flow of a lost branch goes.
///
///     f = H p,     H = Bf inv(B)                          reference columns are zero
///     L(l,k) = h_l / (1 − h_k),   h = b_l (θ_from − θ_to) with B θ = e_from(k) − e_to(k)
///     f after outage of k:   f_l + L(l,k) f_k,   L(k,k) = −1
///
///     H  [n_branch × n_bus]      power transfer distribution factors (PTDF)   1
///     L  [n_branch × n_outage]   line outage distribution factors (LODF)      1
///
/// DC approximation: lossless, |V| = 1 pu, small angle differences. The columns of a bridge are NaN: its outage splits the
/// grid, and the graph knows it before any matrix. LODF come block by block from as many solutions on one factor as there
/// are lanes; no dense PTDF is formed for them.
/// Sources: Christie, Wollenberg, Wangensteen, Proc. IEEE 88(2), 2000; Guler, Gross, Liu, IEEE Trans. Power Syst. 22(4), 2007.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "security/dc_factor.hpp"
#include "security/dc_kernels.hpp"
#include "security/outage_tape.hpp"

namespace yuanwang::security {

/// A dense matrix by rows: [n_row × n_column].
struct DenseMatrix {
    std::size_t n_row = 0;
    std::size_t n_column = 0;
    std::vector<double> values;
    [[nodiscard]] double operator()(std::size_t i, std::size_t j) const {
        return values[i * n_column + j];
    }
    [[nodiscard]] double& operator()(std::size_t i, std::size_t j) {
        return values[i * n_column + j];
    }
};

/// LODF of a grid, block by block.
class OutageFactors {
  public:
    static constexpr std::size_t lanes = DcFactor::lanes;

    OutageFactors(const network::Network& grid, BusIdx reference);

    [[nodiscard]] bool factorised() const { return factor_.factorised(); }
    [[nodiscard]] std::size_t n_branch() const { return n_branch_; }
    /// Branches whose outage does not split the grid, in service. Those of a block stand close together in the elimination
    /// tree, so they do not ascend.
    [[nodiscard]] const std::vector<BranchIdx>& outages() const { return tape_.outages(); }
    [[nodiscard]] std::size_t n_block() const { return tape_.n_block(); }

    /// LODF of the outages lanes·block … into `factors` [n_branch × lanes]; lanes past the last outage hold zero.
    void compute_block(std::size_t block, std::span<double> factors);

    /// Flows after the outages lanes·block … into `flows` [n_branch × lanes], MW, from the base flows `p_mw` [n_branch];
    /// the lost branch itself carries 0, lanes past the last outage repeat the base.
    void compute_flows(std::size_t block, std::span<const double> p_mw, std::span<double> flows);

    /// The same for tables too large for any cache: written past them, so that nobody waits for old contents.
    /// Precondition: `flows` begins a line of the cache (core/aligned.hpp).
    void stream_flows(std::size_t block, std::span<const double> p_mw, std::span<double> flows);

    /// Highest |flow| · inverse_rate over the branches after the outages lanes·block …, into `worst` [lanes]; the lost branch
    /// itself does not count. Nothing else is stored. Precondition: flows are finite.
    void screen_block(std::size_t block, std::span<const double> p_mw,
                      std::span<const double> inverse_rate, std::span<double, lanes> worst);

    /// What a block passes over beside the tables it is given: factor, branches, angles.
    [[nodiscard]] std::size_t bytes() const { return tape_.bytes(); }

  private:
    /// The outages of a block; `flow` [n_branch] is what each lost branch carries.
    [[nodiscard]] DcOutages load(std::size_t block, std::span<const double> flow);
    [[nodiscard]] DcMemory memory() { return {y_.data(), theta_.data()}; }

    std::size_t n_branch_;
    DcFactor factor_;
    OutageTape tape_;
    AlignedVector<double> y_;
    AlignedVector<double> theta_;
    AlignedVector<double> lost_; ///< [lanes]
    DcKernels kernels_ = dc_kernels();
};

/// Dense PTDF [n_branch × n_bus]. Precondition: the grid's B has a factor.
[[nodiscard]] DenseMatrix make_ptdf(const network::Network& grid, BusIdx reference);

/// Dense LODF [n_branch × n_branch]; columns of bridges and of branches out of service are NaN.
[[nodiscard]] DenseMatrix make_lodf(const network::Network& grid, BusIdx reference);

} // namespace yuanwang::security
