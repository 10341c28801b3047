// Compiled once per instruction set: foreach_target includes this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "security/screen_kernel.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "security/screen_kernel.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::security::HWY_NAMESPACE {
namespace { // other kernels of this folder have names of their own for rows and lanes

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, screen_lanes>;
using V = hn::VFromD<D>;
constexpr std::size_t width = hn::MaxLanes(D{});
constexpr std::size_t parts = screen_lanes / width;

/// The worst so far, and whose.
struct Worst {
    V most[parts];
    V which[parts];
    HWY_INLINE void meet(std::size_t n, V flow, V number) {
        const V size = hn::Abs(flow);
        const auto worse = hn::Gt(size, most[n]);
        most[n] = hn::IfThenElse(worse, size, most[n]);
        which[n] = hn::IfThenElse(worse, number, which[n]);
    }
};

HWY_NOINLINE void screen_branch(const ScreenTable& shared, const double* factors, std::size_t own,
                                const double* flow, double* worst, double* which) {
    const ScreenTable table = shared;
    V base[parts];
    Worst found;
    for (std::size_t n = 0; n < parts; ++n) {
        base[n] = hn::LoadU(D{}, flow + n * width);
        found.most[n] = found.which[n] = hn::Set(D{}, -1.0);
    }
    const auto meet_outages = [&](std::size_t begin, std::size_t end) HWY_ATTR {
        for (std::size_t k = begin; k < end; ++k) {
            const V factor = hn::Set(D{}, factors[k]);
            const V number = hn::Set(D{}, table.number[k]);
            for (std::size_t n = 0; n < parts; ++n) {
                const V lost = hn::LoadU(D{}, table.lost + k * screen_lanes + n * width);
                found.meet(n, hn::Add(base[n], hn::Mul(factor, lost)), number);
            }
        }
    };
    meet_outages(0, own);
    if (own < table.n_outage) {
        for (std::size_t n = 0; n < parts; ++n) {
            found.meet(n, base[n], hn::Set(D{}, -1.0));
        }
        meet_outages(own + 1, table.n_outage);
    }
    for (std::size_t n = 0; n < parts; ++n) {
        hn::StoreU(found.most[n], D{}, worst + n * width);
        hn::StoreU(found.which[n], D{}, which + n * width);
    }
}

ScreenKernel make_kernel() {
    return {&screen_branch};
}

} // namespace
} // namespace yuanwang::security::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace yuanwang::security {

HWY_EXPORT(make_kernel);

ScreenKernel screen_kernel() {
    return HWY_DYNAMIC_DISPATCH(make_kernel)();
}

} // namespace yuanwang::security
#endif
