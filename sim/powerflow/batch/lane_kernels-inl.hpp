/// @file
/// Newton's step for all lanes of a vector. Included once per instruction set.
///
/// With M_ij = V_i conj(Y_ij V_j) = p_ij + j q_ij and relative magnitudes, the blocks are
///
///     J_ij = [ q_ij  p_ij; −p_ij  q_ij ]                                        i ≠ j
///     J_ii = [ −Q_i − B_ii |V_i|²   P_i + G_ii |V_i|²;
///               P_i − G_ii |V_i|²   Q_i − B_ii |V_i|² ]
///
/// (Tinney, Hart, IEEE Trans. PAS-86(11), 1967). They are computed where the factorisation needs
/// them and never stored. Voltages move by V ← V (1 + ν)(cos Δθ + j sin Δθ) with the first terms of
/// the series: exact in the limit of small steps, which is where Newton ends. A PV bus is then
/// pulled back onto its magnitude, |V|² → vm², so nothing drifts.

#if defined(YUANWANG_LANE_KERNELS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef YUANWANG_LANE_KERNELS_INL
#undef YUANWANG_LANE_KERNELS_INL
#else
#define YUANWANG_LANE_KERNELS_INL
#endif

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <hwy/highway.h>

#include "powerflow/batch/elimination.hpp"
#include "powerflow/batch/lane_system.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::powerflow::batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// D: tag of the vectors of the factorisation.
template <class D>
struct LaneNewton {
    using T = hn::TFromD<D>;
    using V = hn::VFromD<D>;
    static constexpr std::size_t width = hn::MaxLanes(D{});
    static constexpr bool mixed = std::is_same_v<T, float>;
    /// Double vectors that together hold as many lanes as one vector of the factorisation.
    using Double = std::conditional_t<mixed, hn::Rebind<double, hn::Half<D>>, D>;
    using W = hn::VFromD<Double>;
    static constexpr std::size_t half = hn::MaxLanes(Double{});
    static constexpr std::size_t parts = width / half;
    using System = LaneSystem<T>;

    /// System and plan as pointers of this function alone: behind every vector store the compiler would otherwise read
    /// them again.
    struct Local : System {
        explicit Local(const System& system)
            : System{system}, n_row{system.plan->n_row}, n_unknown{system.plan->n_unknown.data()},
              switches{system.plan->switches.data()}, y_start{system.plan->y_start.data()},
              y_column{system.plan->y_column.data()},
              block_start{system.plan->block_start.data()}, diagonal{system.plan->diagonal.data()},
              wide{system.plan->wide.data()}, column{system.plan->column.data()},
              y_place{system.plan->y_place.data()}, place{system.plan->place.data()},
              product_start{system.plan->product_start.data()}, product{
                                                                    system.plan->product.data()} {}
        std::size_t n_row;
        const std::uint8_t* n_unknown;
        const std::uint8_t* switches;
        const std::int32_t* y_start;
        const std::int32_t* y_column;
        const std::int32_t* block_start;
        const std::int32_t* diagonal;
        const std::int32_t* wide;
        const std::int32_t* column;
        const std::int32_t* y_place;
        const std::int32_t* place;
        const std::int32_t* product_start;
        const Product* product;
    };

    /// R×C numbers per lane.
    template <std::size_t R, std::size_t C>
    struct Block {
        V v[R][C];
    };

    static HWY_INLINE V load(const T* from, std::size_t i) {
        return hn::Load(D{}, from + i * width);
    }
    static HWY_INLINE void store(V value, T* to, std::size_t i) {
        hn::Store(value, D{}, to + i * width);
    }
    static HWY_INLINE W load(const double* from, std::size_t i, std::size_t part) requires mixed {
        return hn::Load(Double{}, from + i * width + part * half);
    }
    static HWY_INLINE W load(const double* from, std::size_t i, std::size_t) requires(!mixed) {
        return hn::Load(Double{}, from + i * width);
    }
    static HWY_INLINE void store(W value, double* to, std::size_t i, std::size_t part) {
        hn::Store(value, Double{}, to + i * width + part * half);
    }
    /// A part of a vector of T as doubles, and back.
    static HWY_INLINE W promote(const T* from, std::size_t i, std::size_t part) {
        if constexpr (mixed) {
            const hn::Half<D> d;
            return hn::PromoteTo(Double{}, hn::Load(d, from + i * width + part * half));
        } else {
            return hn::Load(Double{}, from + i * width);
        }
    }
    static HWY_INLINE void demote(W value, T* to, std::size_t i, std::size_t part) {
        if constexpr (mixed) {
            const hn::Half<D> d;
            hn::Store(hn::DemoteTo(d, value), d, to + i * width + part * half);
        } else {
            hn::Store(value, Double{}, to + i * width);
        }
    }

    /// set − value of row i, rounded once.
    static HWY_INLINE V lack(const double* set, const double* value, std::size_t i) {
        if constexpr (mixed) {
            const hn::Half<D> d;
            const auto low = hn::DemoteTo(d, hn::Sub(load(set, i, 0), load(value, i, 0)));
#if HWY_TARGET == HWY_SCALAR // one lane, no halves
            return low;
#else
            const auto high = hn::DemoteTo(d, hn::Sub(load(set, i, 1), load(value, i, 1)));
            return hn::Combine(D{}, high, low);
#endif
        } else {
            return hn::Sub(load(set, i, 0), load(value, i, 0));
        }
    }

    static HWY_INLINE std::size_t at(std::int32_t i) {
        return static_cast<std::size_t>(i);
    }

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

    /// In lanes where a bus that switches is PV, its second row is an identity row.
    template <std::size_t C>
    static HWY_INLINE void clear_second_row(V is_pq, Block<2, C>& block) {
        for (V& value : block.v[1]) {
            value = hn::Mul(value, is_pq);
        }
    }

    /// L_ij, kept for this row only, and its part of the right-hand side.
    template <std::size_t R, std::size_t C, bool changed, bool switches>
    static HWY_INLINE void make_l(const Local& s, V e, V f, V is_pq, std::size_t n, V (&rhs)[R]) {
        auto block = jacobian<R, C, changed>(s, e, f, n);
        if constexpr (switches) {
            clear_second_row(is_pq, block);
        }
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
    template <std::size_t R, std::size_t C, bool changed, bool switches>
    static HWY_INLINE void make_u(const Local& s, V e, V f, V is_pq, const Block<R, R>& inv,
                                  std::size_t n) {
        auto block = jacobian<R, C, changed>(s, e, f, n);
        if constexpr (switches) {
            clear_second_row(is_pq, block);
        }
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

    template <std::size_t R, bool changed, bool switches>
    static HWY_INLINE void eliminate_row(const Local& s, std::size_t i, V& margin) {
        const V e = load(s.e_factor, i);
        const V f = load(s.f_factor, i);
        const V is_pq = switches ? load(s.is_pq, i) : hn::Zero(D{});
        V rhs[R];
        rhs[0] = lack(s.p_set, s.p, i);
        if constexpr (R == 2) {
            rhs[1] = lack(s.q_set, s.q, i);
            if constexpr (switches) {
                rhs[1] = hn::Mul(rhs[1], is_pq);
            }
        }
        const std::size_t diagonal = at(s.diagonal[i]);
        for (std::size_t n = at(s.block_start[i]); n < diagonal; ++n) {
            if (s.n_unknown[at(s.column[n])] == 2) {
                make_l<R, 2, changed, switches>(s, e, f, is_pq, n, rhs);
            } else {
                make_l<R, 1, changed, switches>(s, e, f, is_pq, n, rhs);
            }
        }
        auto before = jacobian_diagonal<R, changed>(s, e, f, i);
        if constexpr (switches) {
            clear_second_row(is_pq, before);
            before.v[1][1] = hn::Add(before.v[1][1], hn::Sub(hn::Set(D{}, T{1}), is_pq));
        }
        auto d = before;
        subtract_products(s, diagonal, d);
        const auto inv = invert(d, before, margin);
        const std::size_t wide = at(s.wide[i]);
        for (std::size_t n = diagonal + 1; n < wide; ++n) {
            make_u<R, 1, changed, switches>(s, e, f, is_pq, inv, n);
        }
        for (std::size_t n = wide; n < at(s.block_start[i + 1]); ++n) {
            make_u<R, 2, changed, switches>(s, e, f, is_pq, inv, n);
        }
        for (std::size_t r = 0; r < R; ++r) {
            V y = hn::Mul(inv.v[r][0], rhs[0]);
            if constexpr (R == 2) {
                y = hn::MulAdd(inv.v[r][1], rhs[1], y);
            }
            store(y, s.x, 2 * i + r);
        }
    }

    template <std::size_t R, bool switches>
    static HWY_INLINE void eliminate_row(const Local& s, std::size_t i, V& margin) {
        if (s.changed[i] > 0) {
            eliminate_row<R, true, switches>(s, i, margin);
        } else {
            eliminate_row<R, false, switches>(s, i, margin);
        }
    }

    static HWY_NOINLINE void factor(const System& system) {
        const Local s(system);
        V margin = hn::Set(D{}, std::numeric_limits<T>::max());
        for (std::size_t i = 0; i < s.n_row; ++i) {
            if (s.switches[i] != 0) {
                eliminate_row<2, true>(s, i, margin);
            } else if (s.n_unknown[i] == 2) {
                eliminate_row<2, false>(s, i, margin);
            } else {
                eliminate_row<1, false>(s, i, margin);
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

    /// V_i ← V_i (1 + ν)(cos Δθ + j sin Δθ); PV buses back onto their magnitude.
    template <std::size_t R>
    static HWY_INLINE void move_voltage(const Local& s, std::size_t i) {
        const Double d;
        const W one = hn::Set(d, 1.0);
        for (std::size_t part = 0; part < parts; ++part) {
            const W x = promote(s.x, 2 * i, part);
            const W x2 = hn::Mul(x, x);
            W sine = hn::MulAdd(x2, hn::Set(d, 1.0 / 120), hn::Set(d, -1.0 / 6));
            sine = hn::Mul(hn::MulAdd(sine, x2, one), x);
            W cosine = hn::MulAdd(x2, hn::Set(d, -1.0 / 720), hn::Set(d, 1.0 / 24));
            cosine = hn::MulAdd(hn::MulAdd(cosine, x2, hn::Set(d, -0.5)), x2, one);
            if constexpr (R == 2) {
                const W grow = hn::Add(one, promote(s.x, 2 * i + 1, part));
                sine = hn::Mul(sine, grow);
                cosine = hn::Mul(cosine, grow);
            }
            const W e = load(s.e, i, part);
            const W f = load(s.f, i, part);
            W e_new = hn::NegMulAdd(f, sine, hn::Mul(e, cosine));
            W f_new = hn::MulAdd(f, cosine, hn::Mul(e, sine));
            if (R == 1 || s.switches[i] != 0) {
                const W vm2 = hn::MulAdd(f_new, f_new, hn::Mul(e_new, e_new));
                W pull = hn::Set(d, s.inv_vm2[i] * -0.5); // ≈ sqrt(vm² / |V|²) near 1
                pull = hn::MulAdd(vm2, pull, hn::Set(d, 1.5));
                if constexpr (R == 2) { // lanes where the bus is PQ are left alone
                    const W is_pq = promote(s.is_pq, i, part);
                    pull = hn::MulAdd(is_pq, hn::Sub(one, pull), pull);
                }
                e_new = hn::Mul(e_new, pull);
                f_new = hn::Mul(f_new, pull);
            }
            store(e_new, s.e, i, part);
            store(f_new, s.f, i, part);
            demote(e_new, s.e_factor, i, part);
            demote(f_new, s.f_factor, i, part);
        }
    }

    static HWY_NOINLINE void substitute(const System& system) {
        const Local s(system);
        for (std::size_t i = s.n_row; i-- > 0;) {
            if (s.n_unknown[i] == 2) {
                substitute_row<2>(s, i);
                move_voltage<2>(s, i);
            } else {
                substitute_row<1>(s, i);
                move_voltage<1>(s, i);
            }
        }
    }

    // ---- Mismatch -------------------------------------------------------------------------------

    struct Norm {
        W largest[parts];
        W poison[parts]; ///< 0, or NaN once a number was not finite: a maximum would forget it
    };

    /// P_i + jQ_i = V_i conj(Σ_j Y_ij V_j), and what the schedule lacks.
    template <bool changed>
    static HWY_INLINE void balance_row(const Local& s, std::size_t i, Norm& norm) {
        const Double d;
        W re[parts];
        W im[parts];
        for (std::size_t part = 0; part < parts; ++part) {
            re[part] = hn::Zero(d);
            im[part] = hn::Zero(d);
        }
        for (std::size_t n = at(s.y_start[i]); n < at(s.y_start[i + 1]); ++n) {
            const std::size_t j = at(s.y_column[n]);
            for (std::size_t part = 0; part < parts; ++part) {
                const W g = changed ? load(s.g_lane, n, part) : hn::Set(d, s.g[n]);
                const W b = changed ? load(s.b_lane, n, part) : hn::Set(d, s.b[n]);
                const W e = load(s.e, j, part);
                const W f = load(s.f, j, part);
                re[part] = hn::NegMulAdd(b, f, hn::MulAdd(g, e, re[part]));
                im[part] = hn::MulAdd(b, e, hn::MulAdd(g, f, im[part]));
            }
        }
        const bool free_magnitude = s.n_unknown[i] == 2;
        const bool switches = s.switches[i] != 0;
        for (std::size_t part = 0; part < parts; ++part) {
            const W e = load(s.e, i, part);
            const W f = load(s.f, i, part);
            const W p = hn::MulAdd(f, im[part], hn::Mul(e, re[part]));
            const W q = hn::NegMulAdd(e, im[part], hn::Mul(f, re[part]));
            store(p, s.p, i, part);
            store(q, s.q, i, part);
            demote(p, s.p_factor, i, part);
            demote(q, s.q_factor, i, part);
            const W dp = hn::Sub(load(s.p_set, i, part), p);
            norm.largest[part] = hn::Max(norm.largest[part], hn::Abs(dp));
            norm.poison[part] = hn::MulAdd(hn::Zero(d), dp, norm.poison[part]);
            if (free_magnitude) {
                W dq = hn::Sub(load(s.q_set, i, part), q);
                if (switches) {
                    dq = hn::Mul(dq, promote(s.is_pq, i, part));
                }
                norm.largest[part] = hn::Max(norm.largest[part], hn::Abs(dq));
                norm.poison[part] = hn::MulAdd(hn::Zero(d), dq, norm.poison[part]);
            }
        }
    }

    static HWY_NOINLINE void evaluate(const System& system) {
        const Local s(system);
        const Double d;
        Norm norm;
        for (std::size_t part = 0; part < parts; ++part) {
            norm.largest[part] = hn::Zero(d);
            norm.poison[part] = hn::Zero(d);
        }
        for (std::size_t i = 0; i < s.n_row; ++i) {
            if (s.changed[i] > 0) {
                balance_row<true>(s, i, norm);
            } else {
                balance_row<false>(s, i, norm);
            }
        }
        for (std::size_t part = 0; part < parts; ++part) {
            store(hn::Add(norm.largest[part], norm.poison[part]), s.mismatch, 0, part);
        }
    }

    static void step(const System& system) {
        factor(system);
        substitute(system);
        evaluate(system);
    }
};

} // namespace yuanwang::powerflow::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
