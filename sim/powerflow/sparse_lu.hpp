/// @file
/// Sparse LU of one pattern, factorised again and again: KLU with AMD ordering, no block triangular form, no scaling.
///
/// The pivot order comes from one reference matrix and is kept, so that results do not depend on which matrices came
/// before. Where a matrix does not stand that order, `factorise_with_pivoting` finds one for it alone.
/// Source: Davis, Palamadai Natarajan, ACM Trans. Math. Softw. 37(3), 2010 (Algorithm 907).
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace yuanwang::powerflow {

class SparseLu {
  public:
    /// Analyses a square pattern in compressed columns; rows ascend within a column.
    SparseLu(std::vector<int> column_start, std::vector<int> row);
    ~SparseLu();
    SparseLu(SparseLu&&) noexcept;
    SparseLu& operator=(SparseLu&&) noexcept;

    /// Values in the order of the pattern; write them, then factorise.
    [[nodiscard]] std::span<double> values();

    /// Factorises with pivoting and keeps the pivot order for `refactorise`. False where singular.
    [[nodiscard]] bool choose_pivots();
    /// Factorises in the kept pivot order, allocating nothing. False where a pivot vanishes or none was chosen.
    [[nodiscard]] bool refactorise();
    /// Factorises with a pivot order of its own, used until the next factorisation. False where singular.
    [[nodiscard]] bool factorise_with_pivoting();

    /// Replaces b by the solution of A x = b with the latest factors.
    void solve(std::span<double> b);
    /// The same of Aᵀ x = b.
    void solve_transposed(std::span<double> b);

    [[nodiscard]] std::size_t order() const;
    [[nodiscard]] std::size_t fill() const; ///< entries of L and U in the kept order

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow
