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

#include "security/dc_factor.hpp"

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
    [[nodiscard]] std::size_t n_branch() const { return ends_.size(); }
    /// Branches whose outage does not split the grid, in service, ascending.
    [[nodiscard]] const std::vector<BranchIdx>& outages() const { return outages_; }
    [[nodiscard]] std::size_t n_block() const { return (outages_.size() + lanes - 1) / lanes; }

    /// LODF of the outages lanes·block … into `factors` [n_branch × lanes]; lanes past the last outage hold zero.
    void compute_block(std::size_t block, std::span<double> factors);

  private:
    struct Ends {
        std::int32_t from; ///< row of the factor, −1 at a reference
        std::int32_t to;
        double b;
    };
    DcFactor factor_;
    std::vector<Ends> ends_;
    std::vector<BranchIdx> outages_;
    std::vector<double> theta_; ///< [(n_row + 1) × lanes], the last row stays zero: the references
};

/// Flow on every branch after every outage of `factors.outages()`: [n_outage_block][n_branch][lanes] MW, one base flow.
/// `visit(block, flows)` sees each block once; `flows` is [n_branch × lanes].
template <class Visitor>
void visit_outage_flows(OutageFactors& factors, std::span<const double> p_mw,
                        std::span<double> scratch, Visitor&& visit) {
    constexpr std::size_t W = OutageFactors::lanes;
    for (std::size_t block = 0; block < factors.n_block(); ++block) {
        factors.compute_block(block, scratch);
        double lost[W] = {};
        for (std::size_t w = 0; w < W && block * W + w < factors.outages().size(); ++w) {
            lost[w] = p_mw[factors.outages()[block * W + w].row()];
        }
        for (std::size_t l = 0; l < factors.n_branch(); ++l) {
            double* const row = scratch.data() + l * W;
            for (std::size_t w = 0; w < W; ++w) {
                row[w] = p_mw[l] + row[w] * lost[w];
            }
        }
        visit(block, std::span<const double>(scratch));
    }
}

/// Dense PTDF [n_branch × n_bus]. Precondition: the grid's B has a factor.
[[nodiscard]] DenseMatrix make_ptdf(const network::Network& grid, BusIdx reference);

/// Dense LODF [n_branch × n_branch]; columns of bridges and of branches out of service are NaN.
[[nodiscard]] DenseMatrix make_lodf(const network::Network& grid, BusIdx reference);

} // namespace yuanwang::security
