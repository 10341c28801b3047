/// @file
/// The Sobol sequence: points that fill a cube more evenly than random ones.
///
///     x_k = ⊕ v_i over the bits i of gray(k) that are set,    gray(k) = k ⊕ k/2
///     m_i = 2 a_1 m_(i−1) ⊕ 4 a_2 m_(i−2) ⊕ … ⊕ 2^s m_(i−s) ⊕ m_(i−s),    v_i = m_i / 2^i
///
///     x_k        point k in one dimension, in (0, 1): the middle of its interval of 2^−32     1
///     s, a       degree and coefficients of a primitive polynomial over two elements          1
///     m_1 … m_s  odd starting values, m_i < 2^i                                               1
///
/// A random digital shift (one number per dimension, ⊕ to every point) makes a seed's sequence of its own with the same
/// evenness: every first 2^n points meet each of 2^n equal parts of each axis once.
///
/// Source: Sobol, USSR Comput. Math. Math. Phys. 7(4), 1967; Gray code order: Antonov, Saleev, 19(1), 1979; polynomials and
/// starting values: Joe, Kuo, SIAM J. Sci. Comput. 30, 2635–2654, 2008 (table new-joe-kuo-6.21201, first 36 dimensions).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace yuanwang::sweep {

inline constexpr std::size_t max_sobol_dimensions = 36;

class SobolSequence {
  public:
    /// `shift` is the digital shift of each dimension, at most `max_sobol_dimensions`; all zero: the plain sequence.
    explicit SobolSequence(std::vector<std::uint32_t> shift);

    /// The next point, one coordinate per dimension.
    [[nodiscard]] std::span<const double> next();

  private:
    using Directions = std::array<std::uint32_t, 32>;
    std::vector<std::uint32_t> shift_;
    std::vector<Directions> directions_;
    std::vector<std::uint32_t> bits_;
    std::vector<double> point_;
    std::uint32_t k_ = 0;
};

} // namespace yuanwang::sweep
