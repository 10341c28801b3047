/// @file
/// The chord method's linear step for all lanes: one factorisation that they share, both substitutions. Included once per
/// instruction set.
///
///     y_i = inv(D_i) (b_i − Σ_{k<i} L_ik y_k),        x_i = y_i − Σ_{j>i} U_ij x_j

#if defined(YUANWANG_LANE_CHORD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef YUANWANG_LANE_CHORD_INL
#undef YUANWANG_LANE_CHORD_INL
#else
#define YUANWANG_LANE_CHORD_INL
#endif

#include <cstddef>

#include <hwy/highway.h>

#include "powerflow/batch/lane_vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::powerflow::batch::HWY_NAMESPACE {

template <class D>
struct LaneChord : LaneVectors<D> {
    using Base = LaneVectors<D>;
    using Base::at;
    using Base::lack;
    using Base::load;
    using Base::store;
    using typename Base::Local;
    using typename Base::T;
    using typename Base::V;

    template <std::size_t R>
    static HWY_INLINE void forward_row(const Local& s, std::size_t i) {
        V rhs[R];
        rhs[0] = lack(s.p_set, s.p, i);
        if constexpr (R == 2) {
            rhs[1] = lack(s.q_set, s.q, i);
        }
        const T* l = s.fixed_l + at(s.fixed_l_start[i]);
        for (std::size_t n = at(s.block_start[i]); n < at(s.diagonal[i]); ++n) {
            const std::size_t j = at(s.column[n]);
            for (std::size_t c = 0; c < s.n_unknown[j]; ++c) {
                const V y = load(s.x, 2 * j + c);
                for (std::size_t r = 0; r < R; ++r) {
                    rhs[r] = hn::NegMulAdd(hn::Set(D{}, *l++), y, rhs[r]);
                }
            }
        }
        const T* d = s.fixed_d + 4 * i;
        for (std::size_t r = 0; r < R; ++r) {
            V y = hn::Mul(hn::Set(D{}, d[2 * r]), rhs[0]);
            if constexpr (R == 2) {
                y = hn::MulAdd(hn::Set(D{}, d[2 * r + 1]), rhs[1], y);
            }
            store(y, s.x, 2 * i + r);
        }
    }

    template <std::size_t R>
    static HWY_INLINE void backward_row(const Local& s, std::size_t i) {
        V x[R];
        for (std::size_t r = 0; r < R; ++r) {
            x[r] = load(s.x, 2 * i + r);
        }
        for (std::size_t n = at(s.diagonal[i]) + 1; n < at(s.block_start[i + 1]); ++n) {
            const T* u = s.fixed_u + at(s.place[n]);
            const std::size_t j = at(s.column[n]);
            const std::size_t width = s.n_unknown[j];
            for (std::size_t c = 0; c < width; ++c) {
                const V x_c = load(s.x, 2 * j + c);
                for (std::size_t r = 0; r < R; ++r) {
                    x[r] = hn::NegMulAdd(hn::Set(D{}, u[r * width + c]), x_c, x[r]);
                }
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
