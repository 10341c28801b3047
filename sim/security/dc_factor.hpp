/// @file
/// One factorisation of the DC susceptance matrix, many right-hand sides at once.
///
///     B θ = p,   B = Σ_k b_k (e_from − e_to)(e_from − e_to)ᵀ,   b_k = 1/(x_k τ_k)
///     B = L D Lᵀ                                   rows and columns of the references left out
///
///     θ  [n_node × lanes]   voltage angle                    rad, as p
///     p  [n_node × lanes]   net injection                    pu
///     b  [n_branch]         susceptance, 0 out of service    pu
///
/// `lanes` right-hand sides lie side by side, so that one pass over L serves all of them with full vectors. Each
/// electrically separate part of the grid has a reference node of its own, whose angle is 0. Negative b (star branches of
/// three-winding transformers) are allowed: no pivot is taken beyond the order of elimination.
/// Source: Davis, Direct Methods for Sparse Linear Systems, SIAM 2006, chapters 4.1 to 4.8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "security/dc_kernels.hpp"

namespace yuanwang::security {

class DcFactor {
  public:
    static constexpr std::size_t lanes = dc_lanes;

    /// Orders and factorises. `reference` is the reference node of its part; every other part takes its first node.
    DcFactor(const network::Network& grid, BusIdx reference);

    /// False where B has no factor (a branch of b = −b of its parallel): no solution may be asked for.
    [[nodiscard]] bool factorised() const { return factorised_; }
    [[nodiscard]] std::size_t n_row() const { return inverse_d_.size(); }
    /// Where a bus stands in the order of elimination, a postorder of its tree; −1 for the reference of its part.
    [[nodiscard]] std::int32_t row(BusIdx bus) const { return row_[bus]; }
    /// b of each branch, pu.
    [[nodiscard]] const Column<BranchIdx, double>& susceptance() const { return b_; }

    /// The row that comes next on the way to the root of the elimination tree; −1 at a root.
    [[nodiscard]] std::int32_t parent(std::int32_t row) const;
    /// L and D as the kernels read them; valid while the factor lives.
    [[nodiscard]] DcColumns columns() const;

    /// Solves in place: `x` [n_row × lanes], right-hand sides in, angles out, rows in order of elimination.
    void solve(std::span<double> x) const;

  private:
    void order_nodes(const network::Network& grid, BusIdx reference);
    void assemble(const network::Network& grid);
    void factorise();

    Column<BusIdx, std::int32_t> row_;
    Column<BranchIdx, double> b_;
    // Upper triangle of B by columns: entries (row, value) with row < column, and the diagonal.
    std::vector<std::int32_t> a_start_;
    std::vector<std::int32_t> a_row_;
    std::vector<double> a_value_;
    std::vector<double> a_diagonal_;
    // L without its unit diagonal, by columns; 1/D.
    std::vector<std::int32_t> l_start_;
    std::vector<std::int32_t> l_row_;
    std::vector<double> l_value_;
    std::vector<double> inverse_d_;
    DcKernels kernels_ = dc_kernels();
    bool factorised_ = false;
};

} // namespace yuanwang::security
