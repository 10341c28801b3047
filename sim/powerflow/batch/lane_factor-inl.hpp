/// @file
/// Newton's linear step for all lanes of a vector: Jacobian, factorisation, both substitutions. Included once per
/// instruction set.
///
/// With M_ij = V_i conj(Y_ij V_j) = p_ij + j q_ij and relative magnitudes, the blocks are
///
///     J_ij = [ q_ij  p_ij; −p_ij  q_ij ]                                        i ≠ j
///     J_ii = [ −Q_i − B_ii |V_i|²   P_i + G_ii |V_i|²;
///               P_i − G_ii |V_i|²   Q_i − B_ii |V_i|² ]
///
/// (Tinney, Hart, IEEE Trans. PAS-86(11), 1967). They are computed where the factorisation needs
/// them and never stored. Rows of what a lane holds are identity rows: the second of a bus that switches where it is PV,
/// the first of a gauge.

#if defined(YUANWANG_LANE_FACTOR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef YUANWANG_LANE_FACTOR_INL
#undef YUANWANG_LANE_FACTOR_INL
#else
#define YUANWANG_LANE_FACTOR_INL
#endif

#include <cstddef>
#include <cstdint>
#include <limits>

#include <hwy/highway.h>

#include "powerflow/batch/lane_vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::powerflow::batch::HWY_NAMESPACE {

/// Newton's linear step for all lanes.
template <class D>
struct LaneFactor : LaneVectors<D> {
    using Base = LaneVectors<D>;
    using Base::at;
    using Base::lack;
    using Base::load;
    using Base::store;
    using Base::width;
    using typename Base::Local;
    using typename Base::System;
    using typename Base::T;
    using typename Base::V;
    template <std::size_t R, std::size_t C>
    using Block = typename Base::template Block<R, C>;

    // ---- Jacobian -------------------------------------------------------------------------------

    template <bool changed>
    static HWY_INLINE V conductance(const Local& s, std::size_t n) {
        return changed ? load(s.g_lane_factor, n) : hn::Set(D{}, s.g_factor[n]);
    }
    template <bool changed>
    static HWY_INLINE V susceptance(const Local& s, std::size_t n) {
        return changed ? load(s.b_lane_factor, n) : hn::Set(D{}, s.b_factor[n]);
    }

    /// J_ij of block n of row i. Fill has an admittance of zero: computing with it is cheaper than asking.
    template <std::size_t R, std::size_t C, bool changed>
    static HWY_INLINE Block<R, C> jacobian(const Local& s, V e, V f, std::size_t n) {
        Block<R, C> block;
        const std::size_t y = at(s.y_place[n]);
        const std::size_t j = at(s.column[n]);
        const V g = conductance<changed>(s, y);
        const V b = susceptance<changed>(s, y);
        const V ej = load(s.e_factor, j);
        const V fj = load(s.f_factor, j);
        const V re = hn::NegMulAdd(b, fj, hn::Mul(g, ej)); // Y_ij V_j
        const V im = hn::MulAdd(b, ej, hn::Mul(g, fj));
        const V p = hn::MulAdd(f, im, hn::Mul(e, re));
        const V q = hn::NegMulAdd(e, im, hn::Mul(f, re));
        block.v[0][0] = q;
        if constexpr (C == 2) {
            block.v[0][1] = p;
        }
        if constexpr (R == 2) {
            block.v[1][0] = hn::Neg(p);
        }
        if constexpr (R == 2 && C == 2) {
            block.v[1][1] = q;
        }
        return block;
    }

    template <std::size_t R, bool changed>
    static HWY_INLINE Block<R, R> jacobian_diagonal(const Local& s, V e, V f, std::size_t i) {
        const std::size_t y = at(s.y_start[i]);
        const V vm2 = hn::MulAdd(f, f, hn::Mul(e, e));
        const V g = hn::Mul(conductance<changed>(s, y), vm2);
        const V b = hn::Mul(susceptance<changed>(s, y), vm2);
        const V q = load(s.q_factor, i);
        Block<R, R> block;
        block.v[0][0] = hn::Neg(hn::Add(q, b));
        if constexpr (R == 2) {
            const V p = load(s.p_factor, i);
            block.v[0][1] = hn::Add(p, g);
            block.v[1][0] = hn::Sub(p, g);
            block.v[1][1] = hn::Sub(q, b);
        }
        return block;
    }

    // ---- Factorisation and forward substitution -------------------------------------------------

    /// Subtracts the products of block n: columns of L times rows of U.
    template <std::size_t R, std::size_t C>
    static HWY_INLINE void subtract_products(const Local& s, std::size_t n, Block<R, C>& block) {
        const Product* const last = s.product + s.product_start[n + 1];
        for (const Product* product = s.product + s.product_start[n]; product < last; ++product) {
            const T* l = s.l_row + at(product->l) * width;
            const T* u = s.u + at(product->u) * width;
            V u_c[C];
            for (std::size_t c = 0; c < C; ++c) {
                u_c[c] = load(u, c);
            }
            for (std::size_t r = 0; r < R; ++r) {
                const V l_r = load(l, r);
                for (std::size_t c = 0; c < C; ++c) {
                    block.v[r][c] = hn::NegMulAdd(l_r, u_c[c], block.v[r][c]);
                }
            }
        }
    }

    /// Clears the rows that are identity rows: the second in lanes where the bus is PV, the first of a gauge.
    template <Rows rows, std::size_t R, std::size_t C>
    static HWY_INLINE void clear_held(V is_pq, Block<R, C>& block) {
        if constexpr (rows == Rows::gauge) {
            for (V& value : block.v[0]) {
                value = hn::Zero(D{});
            }
        }
        if constexpr (rows != Rows::free) {
            for (V& value : block.v[1]) {
                value = hn::Mul(value, is_pq);
            }
        }
    }

    /// L_ij, kept for this row only, and its part of the right-hand side.
    template <std::size_t R, std::size_t C, bool changed, Rows rows>
    static HWY_INLINE void make_l(const Local& s, V e, V f, V is_pq, std::size_t n, V (&rhs)[R]) {
        auto block = jacobian<R, C, changed>(s, e, f, n);
        clear_held<rows>(is_pq, block);
        subtract_products(s, n, block);
        T* l = s.l_row + at(s.place[n]) * width;
        const T* y = s.x + 2 * at(s.column[n]) * width;
        for (std::size_t c = 0; c < C; ++c) {
            const V y_c = load(y, c);
            for (std::size_t r = 0; r < R; ++r) {
                store(block.v[r][c], l, c * R + r);
                rhs[r] = hn::NegMulAdd(block.v[r][c], y_c, rhs[r]);
            }
        }
    }

    /// inv(D), and how far its determinant is from breaking down: |det| against that of J_ii.
    static HWY_INLINE Block<1, 1> invert(const Block<1, 1>& d, const Block<1, 1>& before,
                                         V& margin) {
        const V scale = hn::Set(D{}, 4 * std::numeric_limits<T>::epsilon());
        margin = hn::Min(margin, hn::NegMulAdd(scale, hn::Abs(before.v[0][0]), hn::Abs(d.v[0][0])));
        return {{{hn::Div(hn::Set(D{}, T{1}), d.v[0][0])}}};
    }
    static HWY_INLINE Block<2, 2> invert(const Block<2, 2>& d, const Block<2, 2>& before,
                                         V& margin) {
        constexpr T eps = 4 * std::numeric_limits<T>::epsilon();
        const V scale = hn::Set(D{}, eps * eps);
        const V det = hn::NegMulAdd(d.v[0][1], d.v[1][0], hn::Mul(d.v[0][0], d.v[1][1]));
        const V size = hn::Add(hn::Abs(hn::Mul(before.v[0][0], before.v[1][1])),
                               hn::Abs(hn::Mul(before.v[0][1], before.v[1][0])));
        margin = hn::Min(margin, hn::NegMulAdd(scale, size, hn::Abs(det)));
        const V inv = hn::Div(hn::Set(D{}, T{1}), det);
        const V minus = hn::Neg(inv);
        return {{{hn::Mul(d.v[1][1], inv), hn::Mul(d.v[0][1], minus)},
                 {hn::Mul(d.v[1][0], minus), hn::Mul(d.v[0][0], inv)}}};
    }

    /// U_ij = inv(D_i) (J_ij − Σ L_ik U_kj).
    template <std::size_t R, std::size_t C, bool changed, Rows rows>
    static HWY_INLINE void make_u(const Local& s, V e, V f, V is_pq, const Block<R, R>& inv,
                                  std::size_t n) {
        auto block = jacobian<R, C, changed>(s, e, f, n);
        clear_held<rows>(is_pq, block);
        subtract_products(s, n, block);
        T* u = s.u + at(s.place[n]) * width;
        for (std::size_t r = 0; r < R; ++r) {
            for (std::size_t c = 0; c < C; ++c) {
                V value = hn::Mul(inv.v[r][0], block.v[0][c]);
                if constexpr (R == 2) {
                    value = hn::MulAdd(inv.v[r][1], block.v[1][c], value);
                }
                store(value, u, r * C + c);
            }
        }
    }

    template <std::size_t R, bool changed, Rows rows>
    static HWY_INLINE void eliminate_row(const Local& s, std::size_t i, V& margin) {
        const V e = load(s.e_factor, i);
        const V f = load(s.f_factor, i);
        const V is_pq = rows == Rows::free ? hn::Zero(D{}) : load(s.is_pq, i);
        V rhs[R];
        rhs[0] = lack(s.p_set, s.p, i);
        if constexpr (R == 2) {
            rhs[1] = lack(s.q_set, s.q, i);
            if constexpr (rows == Rows::gauge) {
                rhs[0] = hn::Zero(D{});
            }
            if constexpr (rows != Rows::free) {
                rhs[1] = hn::Mul(rhs[1], is_pq);
            }
        }
        const std::size_t diagonal = at(s.diagonal[i]);
        for (std::size_t n = at(s.block_start[i]); n < diagonal; ++n) {
            if (s.n_unknown[at(s.column[n])] == 2) {
                make_l<R, 2, changed, rows>(s, e, f, is_pq, n, rhs);
            } else {
                make_l<R, 1, changed, rows>(s, e, f, is_pq, n, rhs);
            }
        }
        auto before = jacobian_diagonal<R, changed>(s, e, f, i);
        clear_held<rows>(is_pq, before);
        const V one = hn::Set(D{}, T{1});
        if constexpr (rows == Rows::gauge) {
            before.v[0][0] = one;
        }
        if constexpr (rows != Rows::free) {
            before.v[1][1] = hn::Add(before.v[1][1], hn::Sub(one, is_pq));
        }
        auto d = before;
        subtract_products(s, diagonal, d);
        const auto inv = invert(d, before, margin);
        const std::size_t wide = at(s.wide[i]);
        for (std::size_t n = diagonal + 1; n < wide; ++n) {
            make_u<R, 1, changed, rows>(s, e, f, is_pq, inv, n);
        }
        for (std::size_t n = wide; n < at(s.block_start[i + 1]); ++n) {
            make_u<R, 2, changed, rows>(s, e, f, is_pq, inv, n);
        }
        for (std::size_t r = 0; r < R; ++r) {
            V y = hn::Mul(inv.v[r][0], rhs[0]);
            if constexpr (R == 2) {
                y = hn::MulAdd(inv.v[r][1], rhs[1], y);
            }
            store(y, s.x, 2 * i + r);
        }
    }

    template <std::size_t R, Rows rows>
    static HWY_INLINE void eliminate_row(const Local& s, std::size_t i, V& margin) {
        if (s.changed[i] > 0) {
            eliminate_row<R, true, rows>(s, i, margin);
        } else {
            eliminate_row<R, false, rows>(s, i, margin);
        }
    }

    static HWY_NOINLINE void factor(const System& system) {
        const Local s(system);
        V margin = hn::Set(D{}, std::numeric_limits<T>::max());
        for (std::size_t i = 0; i < s.n_row; ++i) {
            if (s.rows[i] == Rows::gauge) {
                eliminate_row<2, Rows::gauge>(s, i, margin);
            } else if (s.rows[i] == Rows::switches) {
                eliminate_row<2, Rows::switches>(s, i, margin);
            } else if (s.n_unknown[i] == 2) {
                eliminate_row<2, Rows::free>(s, i, margin);
            } else {
                eliminate_row<1, Rows::free>(s, i, margin);
            }
        }
        store(margin, s.pivot, 0);
    }

    // ---- Backward substitution and voltages -----------------------------------------------------

    template <std::size_t R>
    static HWY_INLINE void substitute_row(const Local& s, std::size_t i) {
        V x[R];
        for (std::size_t r = 0; r < R; ++r) {
            x[r] = load(s.x, 2 * i + r);
        }
        const std::size_t wide = at(s.wide[i]);
        for (std::size_t n = at(s.diagonal[i]) + 1; n < wide; ++n) {
            const T* u = s.u + at(s.place[n]) * width;
            const V x0 = load(s.x, 2 * at(s.column[n]));
            for (std::size_t r = 0; r < R; ++r) {
                x[r] = hn::NegMulAdd(load(u, r), x0, x[r]);
            }
        }
        for (std::size_t n = wide; n < at(s.block_start[i + 1]); ++n) {
            const T* u = s.u + at(s.place[n]) * width;
            const V x0 = load(s.x, 2 * at(s.column[n]));
            const V x1 = load(s.x, 2 * at(s.column[n]) + 1);
            for (std::size_t r = 0; r < R; ++r) {
                x[r] = hn::NegMulAdd(load(u, 2 * r), x0, x[r]);
                x[r] = hn::NegMulAdd(load(u, 2 * r + 1), x1, x[r]);
            }
        }
        for (std::size_t r = 0; r < R; ++r) {
            store(x[r], s.x, 2 * i + r);
        }
    }
};

} // namespace yuanwang::powerflow::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
