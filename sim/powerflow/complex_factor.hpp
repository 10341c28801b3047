/// @file
/// Sparse LU of a complex admittance matrix, many right-hand sides on one factor: columns of the impedance matrix.
///
///     Y Z = 1        Y [n × n] complex, of symmetric pattern; column k of Z is the answer to the unit vector of k
///
/// KLU with AMD ordering. The pattern is analysed once, values may be written and factorised again.
/// Source: Davis, Palamadai Natarajan, ACM Trans. Math. Softw. 37(3), 2010 (Algorithm 907).
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace yuanwang::powerflow {

class ComplexFactor {
  public:
    /// How many right-hand sides one pass over the factor serves best.
    static constexpr std::size_t lanes = 4;

    /// Analyses a square pattern in compressed columns; rows ascend within a column.
    ComplexFactor(std::vector<int> column_start, std::vector<int> row);
    ~ComplexFactor();
    ComplexFactor(ComplexFactor&&) noexcept;
    ComplexFactor& operator=(ComplexFactor&&) noexcept;

    /// Values in the order of the pattern; write them, then factorise.
    [[nodiscard]] std::span<std::complex<double>> values();
    /// False where the matrix is singular.
    [[nodiscard]] bool factorise();
    /// Replaces the columns of `b` [n × n_column] by the solutions. Precondition: factorised.
    void solve(std::span<std::complex<double>> b, std::size_t n_column) const;
    [[nodiscard]] std::size_t order() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow
