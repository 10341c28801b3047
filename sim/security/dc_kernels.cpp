// Compiled once per instruction set: foreach_target includes this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "security/dc_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "security/dc_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::security::HWY_NAMESPACE {
namespace { // other kernels of this folder have names of their own for rows and lanes

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, dc_lanes>;
using V = hn::VFromD<D>;
constexpr std::size_t width = hn::MaxLanes(D{});
constexpr std::size_t parts = dc_lanes / width;

HWY_INLINE std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

/// All lanes of a number.
struct Row {
    V v[parts];
};

HWY_INLINE Row zero_row() {
    Row a;
    for (std::size_t n = 0; n < parts; ++n) {
        a.v[n] = hn::Zero(D{});
    }
    return a;
}
HWY_INLINE Row load(const double* x) {
    Row a;
    for (std::size_t n = 0; n < parts; ++n) {
        a.v[n] = hn::LoadU(D{}, x + n * width);
    }
    return a;
}
HWY_INLINE void store(const Row& a, double* x) {
    for (std::size_t n = 0; n < parts; ++n) {
        hn::StoreU(a.v[n], D{}, x + n * width);
    }
}
HWY_INLINE Row multiply(const Row& a, const Row& b) {
    Row c;
    for (std::size_t n = 0; n < parts; ++n) {
        c.v[n] = hn::Mul(a.v[n], b.v[n]);
    }
    return c;
}
HWY_INLINE Row multiply(const Row& a, double b) {
    Row c;
    for (std::size_t n = 0; n < parts; ++n) {
        c.v[n] = hn::Mul(a.v[n], hn::Set(D{}, b));
    }
    return c;
}
/// a + b·c.
HWY_INLINE Row add_product(const Row& a, const Row& b, const Row& c) {
    Row sum;
    for (std::size_t n = 0; n < parts; ++n) {
        sum.v[n] = hn::Add(a.v[n], hn::Mul(b.v[n], c.v[n]));
    }
    return sum;
}
/// a − l·x.
HWY_INLINE Row subtract_product(const Row& a, double l, const double* x) {
    Row rest;
    for (std::size_t n = 0; n < parts; ++n) {
        rest.v[n] = hn::Sub(a.v[n], hn::Mul(hn::Set(D{}, l), hn::LoadU(D{}, x + n * width)));
    }
    return rest;
}

HWY_NOINLINE void solve(const DcColumns& columns, double* x) {
    const DcColumns c = columns; // behind every vector store the compiler would read it again
    for (std::size_t j = 0; j < c.n_row; ++j) {
        const Row y = load(x + j * dc_lanes);
        for (auto p = at(c.start[j]); p < at(c.start[j + 1]); ++p) {
            double* const to = x + at(c.row[p]) * dc_lanes;
            for (std::size_t n = 0; n < parts; ++n) {
                const V old = hn::LoadU(D{}, to + n * width);
                hn::StoreU(hn::Sub(old, hn::Mul(hn::Set(D{}, c.l[p]), y.v[n])), D{},
                           to + n * width);
            }
        }
    }
    for (std::size_t j = c.n_row; j-- > 0;) {
        Row theta = multiply(load(x + j * dc_lanes), c.inverse_d[j]);
        for (auto p = at(c.start[j + 1]); p-- > at(c.start[j]);) {
            theta = subtract_product(theta, c.l[p], x + at(c.row[p]) * dc_lanes);
        }
        store(theta, x + j * dc_lanes);
    }
}

/// Forward pass over the rows that are reached, inv(L) p into y; returns m.
HWY_INLINE Row reach(const DcTape& tape, const DcOutages& o, double* y) {
    const std::size_t n_reached = o.visit.size();
    for (std::size_t i = 0; i < n_reached; ++i) {
        store(zero_row(), y + i * dc_lanes);
    }
    for (std::size_t w = 0; w < o.count; ++w) {
        y[at(o.from[w]) * dc_lanes + w] = 1.0;
        y[at(o.to[w]) * dc_lanes + w] = -1.0;
    }
    Row share = zero_row();
    const DcReach* r = o.reach;
    for (std::size_t i = 0; i < n_reached; ++i) {
        Row yi = load(y + i * dc_lanes);
        for (; r != o.reach + o.reach_end[i]; ++r) {
            yi = subtract_product(yi, tape.l[r->entry], y + at(r->of) * dc_lanes);
        }
        store(yi, y + i * dc_lanes);
        share = add_product(share, multiply(yi, o.inverse_d[i]), yi);
    }
    const Row b = load(o.b);
    const Row flow = load(o.flow);
    Row moved;
    for (std::size_t n = 0; n < parts; ++n) {
        const V rest = hn::Sub(hn::Set(D{}, 1.0), hn::Mul(b.v[n], share.v[n]));
        moved.v[n] = hn::Div(flow.v[n], rest);
    }
    return moved;
}

/// Zero in the lane, if any, whose outage the branch is.
HWY_INLINE Row leave_out(const Row& a, std::int32_t lane) {
    Row rest;
    const V own = hn::Set(D{}, static_cast<double>(lane));
    for (std::size_t n = 0; n < parts; ++n) {
        const V here = hn::Iota(D{}, static_cast<double>(n * width));
        rest.v[n] = hn::IfThenZeroElse(hn::Eq(here, own), a.v[n]);
    }
    return rest;
}

/// b (θ_from − θ_to).
HWY_INLINE Row find_change(const DcBranch& k, const Row& theta, const double* angles) {
    Row change;
    const Row other = load(angles + k.other);
    for (std::size_t n = 0; n < parts; ++n) {
        change.v[n] = hn::Mul(hn::Set(D{}, k.b), hn::Sub(theta.v[n], other.v[n]));
    }
    return change;
}

/// f + b (θ_from − θ_to).
HWY_INLINE Row find_flow(double f, const DcBranch& k, const Row& theta, const double* angles) {
    Row flow;
    const Row other = load(angles + k.other);
    for (std::size_t n = 0; n < parts; ++n) {
        flow.v[n] =
            hn::Add(hn::Set(D{}, f), hn::Mul(hn::Set(D{}, k.b), hn::Sub(theta.v[n], other.v[n])));
    }
    return flow;
}

// What is asked of every branch: its value, and what is done with it.

struct StoreFlows {
    const double* p;
    double* out;
    HWY_INLINE Row value(const DcBranch& k, const Row& theta, const double* angles) const {
        return find_flow(p[k.branch], k, theta, angles);
    }
    HWY_INLINE void take(const DcBranch& k, const Row& flow) const {
        store(flow, out + at(k.branch) * dc_lanes);
    }
};

struct StreamFlows {
    const double* p;
    double* out;
    HWY_INLINE Row value(const DcBranch& k, const Row& theta, const double* angles) const {
        return find_flow(p[k.branch], k, theta, angles);
    }
    HWY_INLINE void take(const DcBranch& k, const Row& flow) const {
        for (std::size_t n = 0; n < parts; ++n) {
            hn::Stream(flow.v[n], D{}, out + at(k.branch) * dc_lanes + n * width);
        }
    }
};

struct StoreFactors {
    double* out;
    HWY_INLINE Row value(const DcBranch& k, const Row& theta, const double* angles) const {
        return find_change(k, theta, angles);
    }
    HWY_INLINE void take(const DcBranch& k, const Row& factor) const {
        store(factor, out + at(k.branch) * dc_lanes);
    }
};

struct KeepWorst {
    const double* p;
    const double* inverse_rate;
    Row worst;
    HWY_INLINE Row value(const DcBranch& k, const Row& theta, const double* angles) const {
        Row loading = find_flow(p[k.branch], k, theta, angles);
        for (std::size_t n = 0; n < parts; ++n) {
            loading.v[n] = hn::Mul(hn::Abs(loading.v[n]), hn::Set(D{}, inverse_rate[k.branch]));
        }
        return loading;
    }
    HWY_INLINE void take(const DcBranch&, const Row& loading) {
        for (std::size_t n = 0; n < parts; ++n) {
            worst.v[n] = hn::Max(loading.v[n], worst.v[n]);
        }
    }
};

/// Where the backward pass stands on its tape.
struct Head {
    std::size_t entry = 0;
    const DcBranch* branch;
    std::size_t reached; ///< rows of y still to come
};

/// Backward pass over the visits begin … end; where `some_lost`, branches of these rows are lost in some lane.
template <bool some_lost, class Keep>
HWY_INLINE Head substitute(const DcTape& tape, const DcOutages& o, const DcMemory& memory,
                           std::size_t begin, std::size_t end, const Row& moved, Head head,
                           Keep& keep) {
    for (std::size_t i = begin; i < end; ++i) {
        const DcVisit& visit = tape.visit[i];
        Row theta = zero_row();
        if (head.reached > 0 && at(o.visit[head.reached - 1]) == i) {
            const std::size_t row = --head.reached;
            theta = multiply(multiply(load(memory.y + row * dc_lanes), moved), o.inverse_d[row]);
        }
        for (; head.entry < at(visit.entry_end); ++head.entry) {
            theta =
                subtract_product(theta, tape.l[head.entry], memory.theta + tape.place[head.entry]);
        }
        store(theta, memory.theta + visit.place);
        for (; head.branch != tape.branch + visit.branch_end; ++head.branch) {
            const DcBranch& k = *head.branch;
            const Row value = keep.value(k, theta, memory.theta);
            if constexpr (some_lost) {
                keep.take(k, k.outage < 0 ? value : leave_out(value, k.outage - o.first));
            } else {
                keep.take(k, value);
            }
        }
    }
    return head;
}

template <class Keep>
HWY_INLINE void solve_outages(const DcTape& shared_tape, const DcOutages& shared_outages,
                              const DcMemory& shared_memory, Keep& keep) {
    const DcTape tape = shared_tape; // as in `solve`
    const DcOutages o = shared_outages;
    const DcMemory memory = shared_memory;
    const Row moved = reach(tape, o, memory.y);
    store(zero_row(), memory.theta);
    Head head{0, tape.branch, o.visit.size()};
    for (; head.branch != tape.branch + tape.n_loose; ++head.branch) {
        keep.take(*head.branch, keep.value(*head.branch, zero_row(), memory.theta));
    }
    head = substitute<false>(tape, o, memory, 0, o.visit_begin, moved, head, keep);
    head = substitute<true>(tape, o, memory, o.visit_begin, o.visit_end, moved, head, keep);
    substitute<false>(tape, o, memory, o.visit_end, tape.n_visit, moved, head, keep);
}

HWY_NOINLINE void flows(const DcTape& tape, const DcOutages& outages, const DcMemory& memory,
                        const double* p, double* out) {
    StoreFlows keep{p, out};
    solve_outages(tape, outages, memory, keep);
}

HWY_NOINLINE void stream(const DcTape& tape, const DcOutages& outages, const DcMemory& memory,
                         const double* p, double* out) {
    StreamFlows keep{p, out};
    solve_outages(tape, outages, memory, keep);
    hwy::FlushStream();
}

HWY_NOINLINE void screen(const DcTape& tape, const DcOutages& outages, const DcMemory& memory,
                         const double* p, const double* inverse_rate, double* worst) {
    KeepWorst keep{p, inverse_rate, zero_row()};
    solve_outages(tape, outages, memory, keep);
    store(keep.worst, worst);
}

HWY_NOINLINE void factors(const DcTape& tape, const DcOutages& outages, const DcMemory& memory,
                          double* out) {
    StoreFactors keep{out};
    solve_outages(tape, outages, memory, keep);
}

DcKernels make_kernels() {
    return {&solve, &flows, &stream, &screen, &factors};
}

} // namespace
} // namespace yuanwang::security::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace yuanwang::security {

HWY_EXPORT(make_kernels);

DcKernels dc_kernels() {
    return HWY_DYNAMIC_DISPATCH(make_kernels)();
}

} // namespace yuanwang::security
#endif
