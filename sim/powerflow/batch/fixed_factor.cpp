#include "powerflow/batch/fixed_factor.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>

namespace yuanwang::powerflow::batch {

namespace {

using Complex = std::complex<double>;
using Block = std::array<double, 4>; // by rows, two columns

std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

/// One factorisation under way.
class Factoriser {
  public:
    Factoriser(const Elimination& plan, const BusAdmittance& y, std::span<const Complex> V)
        : plan_{plan}, y_{y}, V_{V}, l_row_(plan.n_l_row_value), u_(plan.n_u_value) {}

    template <class T>
    bool run(FixedFactor<T>& factor) {
        factor.l_start.resize(plan_.n_row);
        factor.d.assign(4 * plan_.n_row, T{});
        factor.u.resize(u_.size());
        factor.l.clear();
        for (std::size_t i = 0; i < plan_.n_row; ++i) {
            factor.l_start[i] = static_cast<std::int32_t>(factor.l.size());
            const std::size_t n_l = eliminate_left(i);
            for (std::size_t n = 0; n < n_l; ++n) {
                factor.l.push_back(static_cast<T>(l_row_[n]));
            }
            Block inverse{};
            if (!invert_diagonal(i, inverse)) {
                return false;
            }
            for (std::size_t n = 0; n < 4; ++n) {
                factor.d[4 * i + n] = static_cast<T>(inverse[n]);
            }
            eliminate_right(i, inverse);
        }
        std::ranges::transform(u_, factor.u.begin(), [](double v) { return static_cast<T>(v); });
        return true;
    }

  private:
    /// J of block n in row i; see lane_factor-inl.hpp.
    [[nodiscard]] Block jacobian(std::size_t i, std::size_t n) const {
        const std::size_t at_y = at(plan_.y_place[n]);
        if (at_y >= plan_.y_entry.size()) {
            return {}; // fill
        }
        const std::size_t entry = at(plan_.y_entry[at_y]);
        const std::size_t j = at(plan_.column[n]);
        const Complex product = V(i) * std::conj(Complex{y_.g_pu[entry], y_.b_pu[entry]} * V(j));
        const double p = product.real();
        const double q = product.imag();
        if (i != j) {
            return {q, p, -p, q};
        }
        const Complex s = power(i);
        return {q - s.imag(), s.real() + p, s.real() - p, s.imag() + q};
    }
    [[nodiscard]] Complex V(std::size_t i) const { return V_[at(plan_.bus[i])]; }
    [[nodiscard]] Complex power(std::size_t i) const {
        Complex current = 0;
        for (std::size_t n = at(plan_.y_start[i]); n < at(plan_.y_start[i + 1]); ++n) {
            const std::size_t entry = at(plan_.y_entry[n]);
            current += Complex{y_.g_pu[entry], y_.b_pu[entry]} * V(at(plan_.y_column[n]));
        }
        return V(i) * std::conj(current);
    }
    [[nodiscard]] std::size_t unknowns(std::size_t i) const { return plan_.n_unknown[i]; }

    void subtract_products(std::size_t n, std::size_t height, std::size_t width,
                           Block& block) const {
        for (auto k = at(plan_.product_start[n]); k < at(plan_.product_start[n + 1]); ++k) {
            const double* const l = l_row_.data() + plan_.product[k].l;
            const double* const u = u_.data() + plan_.product[k].u;
            for (std::size_t r = 0; r < height; ++r) {
                for (std::size_t c = 0; c < width; ++c) {
                    block[2 * r + c] -= l[r] * u[c];
                }
            }
        }
    }

    /// Leaves the row of L in `l_row_`; returns its length.
    std::size_t eliminate_left(std::size_t i) {
        std::size_t length = 0;
        const std::size_t height = unknowns(i);
        for (auto n = at(plan_.block_start[i]); n < at(plan_.diagonal[i]); ++n) {
            const std::size_t width = unknowns(at(plan_.column[n]));
            Block block = jacobian(i, n);
            subtract_products(n, height, width, block);
            for (std::size_t c = 0; c < width; ++c) {
                for (std::size_t r = 0; r < height; ++r) {
                    l_row_[at(plan_.place[n]) + c * height + r] = block[2 * r + c];
                }
            }
            length += width * height;
        }
        return length;
    }

    bool invert_diagonal(std::size_t i, Block& inverse) const {
        const auto n = at(plan_.diagonal[i]);
        Block d = jacobian(i, n);
        const Block before = d;
        subtract_products(n, unknowns(i), unknowns(i), d);
        constexpr double eps = 4 * std::numeric_limits<double>::epsilon();
        if (unknowns(i) == 1) {
            inverse = {1 / d[0], 0, 0, 0};
            return std::abs(d[0]) > eps * std::abs(before[0]);
        }
        const double det = d[0] * d[3] - d[1] * d[2];
        inverse = {d[3] / det, -d[1] / det, -d[2] / det, d[0] / det};
        return std::abs(det) >
               eps * eps * (std::abs(before[0] * before[3]) + std::abs(before[1] * before[2]));
    }

    void eliminate_right(std::size_t i, const Block& inverse) {
        const std::size_t height = unknowns(i);
        for (auto n = at(plan_.diagonal[i]) + 1; n < at(plan_.block_start[i + 1]); ++n) {
            const std::size_t width = unknowns(at(plan_.column[n]));
            Block block = jacobian(i, n);
            subtract_products(n, height, width, block);
            for (std::size_t r = 0; r < height; ++r) {
                for (std::size_t c = 0; c < width; ++c) {
                    u_[at(plan_.place[n]) + r * width + c] =
                        inverse[2 * r] * block[c] +
                        (height == 2 ? inverse[2 * r + 1] * block[2 + c] : 0.0);
                }
            }
        }
    }

    const Elimination& plan_;
    const BusAdmittance& y_;
    std::span<const Complex> V_;
    std::vector<double> l_row_, u_;
};

} // namespace

template <class T>
bool factorise_at(const Elimination& plan, const BusAdmittance& y, std::span<const Complex> V,
                  FixedFactor<T>& factor) {
    return Factoriser{plan, y, V}.run(factor);
}

template bool factorise_at(const Elimination&, const BusAdmittance&, std::span<const Complex>,
                           FixedFactor<float>&);
template bool factorise_at(const Elimination&, const BusAdmittance&, std::span<const Complex>,
                           FixedFactor<double>&);

} // namespace yuanwang::powerflow::batch
