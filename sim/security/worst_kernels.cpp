// Compiled once per instruction set: foreach_target includes this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "security/worst_kernels.cpp"
#include <hwy/foreach_target.h>

#include <limits>

#include <hwy/highway.h>

#include "security/worst_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::security::HWY_NAMESPACE {
namespace { // other kernels of this folder have names of their own for rows and lanes

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, worst_lanes>;
using V = hn::VFromD<D>;
constexpr std::size_t width = hn::MaxLanes(D{});

struct Complex {
    V re, im;
};

HWY_INLINE Complex load(const double* e, const double* f, std::size_t at) {
    return {hn::LoadU(D{}, e + at), hn::LoadU(D{}, f + at)};
}
HWY_INLINE V square(const Complex& a) {
    return hn::Add(hn::Mul(a.re, a.re), hn::Mul(a.im, a.im));
}
/// Y_1 V_1 + Y_2 V_2.
HWY_INLINE Complex find_current(double g_1, double b_1, const Complex& v_1, double g_2, double b_2,
                                const Complex& v_2) {
    const V g1 = hn::Set(D{}, g_1);
    const V b1 = hn::Set(D{}, b_1);
    const V g2 = hn::Set(D{}, g_2);
    const V b2 = hn::Set(D{}, b_2);
    const V re = hn::Add(hn::Sub(hn::Mul(g1, v_1.re), hn::Mul(b1, v_1.im)), hn::Mul(g2, v_2.re));
    const V im = hn::Add(hn::Add(hn::Mul(g1, v_1.im), hn::Mul(b1, v_1.re)), hn::Mul(g2, v_2.im));
    return {hn::Sub(re, hn::Mul(b2, v_2.im)), hn::Add(im, hn::Mul(b2, v_2.re))};
}

HWY_NOINLINE void compute_loading(const WorstBranch& k, const double* e, const double* f,
                                  double* loading2, double* p_from) {
    const WorstBranch y = k; // behind every vector store the compiler would read it again
    for (std::size_t w = 0; w < worst_lanes; w += width) {
        const Complex from = load(e, f, y.from * worst_lanes + w);
        const Complex to = load(e, f, y.to * worst_lanes + w);
        const Complex at_from = find_current(y.ff_g, y.ff_b, from, y.ft_g, y.ft_b, to);
        const Complex at_to = find_current(y.tf_g, y.tf_b, from, y.tt_g, y.tt_b, to);
        const V from2 =
            hn::Mul(hn::Mul(square(from), square(at_from)), hn::Set(D{}, y.inverse_rate2_from));
        const V to2 = hn::Mul(hn::Mul(square(to), square(at_to)), hn::Set(D{}, y.inverse_rate2_to));
        hn::StoreU(hn::IfThenElse(hn::Gt(from2, to2), from2, to2), D{}, loading2 + w);
        hn::StoreU(hn::Add(hn::Mul(from.re, at_from.re), hn::Mul(from.im, at_from.im)), D{},
                   p_from + w);
    }
}

/// One vector's part of a row. `worse` compares; NaN never is.
template <class Worse>
HWY_INLINE void widen(V value, V index, double* best, double* outage, Worse worse) {
    const V before = hn::LoadU(D{}, best);
    const auto wins = worse(value, before);
    hn::StoreU(hn::IfThenElse(wins, value, before), D{}, best);
    hn::StoreU(hn::IfThenElse(wins, index, hn::LoadU(D{}, outage)), D{}, outage);
}

struct Higher {
    HWY_INLINE auto operator()(V a, V b) const { return hn::Gt(a, b); }
};
struct Lower {
    HWY_INLINE auto operator()(V a, V b) const { return hn::Lt(a, b); }
};

template <class Worse>
HWY_INLINE void widen_rows(std::size_t n, const double* value, const double* index,
                           const WorstSoFar& so_far, Worse worse) {
    for (std::size_t w = 0; w < worst_lanes; w += width) {
        const V names = hn::LoadU(D{}, index + w);
        for (std::size_t i = w; i < n * worst_lanes; i += worst_lanes) {
            widen(hn::LoadU(D{}, value + i), names, so_far.value + i, so_far.outage + i, worse);
        }
    }
}

HWY_NOINLINE void widen_high(std::size_t n, const double* value, const double* index,
                             const WorstSoFar& shared) {
    const WorstSoFar so_far = shared;
    widen_rows(n, value, index, so_far, Higher{});
}

HWY_NOINLINE void widen_low(std::size_t n, const double* value, const double* index,
                            const WorstSoFar& shared) {
    const WorstSoFar so_far = shared;
    widen_rows(n, value, index, so_far, Lower{});
}

HWY_NOINLINE void widen_buses(std::size_t n, const std::size_t* node_of_bus, const double* e,
                              const double* f, const double* index, const WorstSoFar& shared_low,
                              const WorstSoFar& shared_high) {
    const WorstSoFar low = shared_low;
    const WorstSoFar high = shared_high;
    const V dark = hn::Set(D{}, std::numeric_limits<double>::infinity());
    for (std::size_t w = 0; w < worst_lanes; w += width) {
        const V names = hn::LoadU(D{}, index + w);
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t at = i * worst_lanes + w;
            const V vm2 = square(load(e, f, node_of_bus[i] * worst_lanes + w));
            const V lit = hn::IfThenElse(hn::Gt(vm2, hn::Zero(D{})), vm2, dark);
            widen(vm2, names, high.value + at, high.outage + at, Higher{});
            widen(lit, names, low.value + at, low.outage + at, Lower{});
        }
    }
}

WorstKernels make_kernels() {
    return {&compute_loading, &widen_high, &widen_low, &widen_buses};
}

} // namespace
} // namespace yuanwang::security::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace yuanwang::security {

HWY_EXPORT(make_kernels);

WorstKernels worst_kernels() {
    return HWY_DYNAMIC_DISPATCH(make_kernels)();
}

} // namespace yuanwang::security
#endif
