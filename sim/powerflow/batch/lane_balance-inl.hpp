/// @file
/// Moves the voltages of all lanes by Newton's increments and evaluates the power at them, in double. Included once per
/// instruction set.
///
/// Voltages move by V ← V (1 + ν)(cos Δθ + j sin Δθ) with the first terms of
/// the series: exact in the limit of small steps, which is where Newton ends. A PV bus is then
/// pulled back onto its magnitude, |V|² → vm², so nothing drifts.

#if defined(YUANWANG_LANE_BALANCE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef YUANWANG_LANE_BALANCE_INL
#undef YUANWANG_LANE_BALANCE_INL
#else
#define YUANWANG_LANE_BALANCE_INL
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "powerflow/batch/lane_vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::powerflow::batch::HWY_NAMESPACE {

/// Voltages and the powers at them, for all lanes.
template <class D>
struct LaneBalance : LaneVectors<D> {
    using Base = LaneVectors<D>;
    using Base::at;
    using Base::demote;
    using Base::load;
    using Base::parts;
    using Base::promote;
    using Base::store;
    using typename Base::Double;
    using typename Base::Local;
    using typename Base::System;
    using typename Base::W;

    // ---- Voltages -------------------------------------------------------------------------------

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
            if (R == 1 || s.rows[i] != Rows::free) {
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
        const bool switches = s.rows[i] != Rows::free;
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
};

} // namespace yuanwang::powerflow::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
