#include "sweep/sobol.hpp"

#include <bit>
#include <cassert>
#include <utility>

namespace yuanwang::sweep {

namespace {

/// One dimension: degree s, inner coefficients a_1 … a_(s−1) as bits, m_1 … m_s.
struct Polynomial {
    unsigned s;
    std::uint32_t a;
    std::array<std::uint32_t, 7> m;
};

constexpr std::array<Polynomial, max_sobol_dimensions - 1> polynomials = {{
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
    {7, 50, {1, 3, 1, 3, 5, 53, 69}},
    {7, 55, {1, 1, 5, 5, 23, 33, 13}},
    {7, 56, {1, 1, 7, 7, 1, 61, 123}},
    {7, 59, {1, 1, 7, 9, 13, 61, 49}},
}};

/// v_1 … v_32 as integers of 32 bits. Dimension 0 is the sequence of van der Corput: all m are 1.
std::array<std::uint32_t, 32> make_directions(std::size_t dimension) {
    std::array<std::uint32_t, 32> v{};
    if (dimension == 0) {
        for (unsigned i = 0; i < 32; ++i) {
            v[i] = 1U << (31 - i);
        }
        return v;
    }
    const Polynomial& p = polynomials[dimension - 1];
    for (unsigned i = 0; i < p.s; ++i) {
        v[i] = p.m[i] << (31 - i);
    }
    for (unsigned i = p.s; i < 32; ++i) {
        v[i] = v[i - p.s] ^ (v[i - p.s] >> p.s);
        for (unsigned k = 1; k < p.s; ++k) {
            if ((p.a >> (p.s - 1 - k)) & 1U) {
                v[i] ^= v[i - k];
            }
        }
    }
    return v;
}

} // namespace

SobolSequence::SobolSequence(std::vector<std::uint32_t> shift)
    : shift_{std::move(shift)}, bits_(shift_.size()), point_(shift_.size()) {
    assert(shift_.size() <= max_sobol_dimensions);
    for (std::size_t d = 0; d < shift_.size(); ++d) {
        directions_.push_back(make_directions(d));
    }
}

std::span<const double> SobolSequence::next() {
    if (k_ > 0) { // the bit in which gray(k) differs from gray(k − 1)
        const auto bit = static_cast<std::size_t>(std::countr_zero(k_));
        for (std::size_t d = 0; d < bits_.size(); ++d) {
            bits_[d] ^= directions_[d][bit];
        }
    }
    ++k_;
    for (std::size_t d = 0; d < bits_.size(); ++d) {
        point_[d] = (static_cast<double>(bits_[d] ^ shift_[d]) + 0.5) * 0x1.0p-32;
    }
    return point_;
}

} // namespace yuanwang::sweep
