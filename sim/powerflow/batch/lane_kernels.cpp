// Compiled once per instruction set: foreach_target includes this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "powerflow/batch/lane_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "powerflow/batch/instruction_set.hpp"
#include "powerflow/batch/lane_balance-inl.hpp"
#include "powerflow/batch/lane_chord-inl.hpp"
#include "powerflow/batch/lane_factor-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace yuanwang::powerflow::batch::HWY_NAMESPACE {

template <class D>
struct LaneNewton {
    using System = typename LaneVectors<D>::System;
    using Local = typename LaneVectors<D>::Local;

    /// Backward substitution; a bus moves as soon as its increments are known.
    static HWY_NOINLINE void substitute(const System& system) {
        const Local s(system);
        for (std::size_t i = s.n_row; i-- > 0;) {
            if (s.n_unknown[i] == 2) {
                LaneFactor<D>::template substitute_row<2>(s, i);
                LaneBalance<D>::template move_voltage<2>(s, i);
            } else {
                LaneFactor<D>::template substitute_row<1>(s, i);
                LaneBalance<D>::template move_voltage<1>(s, i);
            }
        }
    }

    static HWY_NOINLINE void solve_fixed(const System& system) {
        const Local s(system);
        for (std::size_t i = 0; i < s.n_row; ++i) {
            if (s.n_unknown[i] == 2) {
                LaneChord<D>::template forward_row<2>(s, i);
            } else {
                LaneChord<D>::template forward_row<1>(s, i);
            }
        }
        for (std::size_t i = s.n_row; i-- > 0;) {
            if (s.n_unknown[i] == 2) {
                LaneChord<D>::template backward_row<2>(s, i);
                LaneBalance<D>::template move_voltage<2>(s, i);
            } else {
                LaneChord<D>::template backward_row<1>(s, i);
                LaneBalance<D>::template move_voltage<1>(s, i);
            }
        }
        for (std::size_t l = 0; l < LaneVectors<D>::width; ++l) {
            s.pivot[l] = 1; // the factor has been judged where it was made
        }
    }

    static void chord_step(const System& system) {
        solve_fixed(system);
        LaneBalance<D>::evaluate(system);
    }

    static void step(const System& system) {
        LaneFactor<D>::factor(system);
        substitute(system);
        LaneBalance<D>::evaluate(system);
    }
};

template <class D>
LaneKernels<hwy::HWY_NAMESPACE::TFromD<D>> make_kernels() {
    return {hwy::HWY_NAMESPACE::MaxLanes(D{}), &LaneBalance<D>::evaluate, &LaneNewton<D>::step,
            &LaneNewton<D>::chord_step};
}

LaneKernels<float> make_float_kernels() {
    return make_kernels<hwy::HWY_NAMESPACE::ScalableTag<float>>();
}
LaneKernels<double> make_double_kernels() {
    return make_kernels<hwy::HWY_NAMESPACE::ScalableTag<double>>();
}
LaneKernels<double> make_single_kernels() {
    return make_kernels<hwy::HWY_NAMESPACE::CappedTag<double, 1>>();
}
const char* name_instruction_set() {
    return hwy::TargetName(HWY_TARGET);
}

} // namespace yuanwang::powerflow::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace yuanwang::powerflow::batch {

HWY_EXPORT(make_float_kernels);
HWY_EXPORT(make_double_kernels);
HWY_EXPORT(make_single_kernels);
HWY_EXPORT(name_instruction_set);

LaneKernels<float> float_kernels() {
    return HWY_DYNAMIC_DISPATCH(make_float_kernels)();
}
LaneKernels<double> double_kernels() {
    return HWY_DYNAMIC_DISPATCH(make_double_kernels)();
}
LaneKernels<double> single_kernels() {
    return HWY_DYNAMIC_DISPATCH(make_single_kernels)();
}
std::vector<std::string> list_instruction_sets() {
    std::vector<std::string> names;
    for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
        names.emplace_back(hwy::TargetName(left & -left)); // better targets have lower bits
    }
    return names;
}

std::string instruction_set() {
    return HWY_DYNAMIC_DISPATCH(name_instruction_set)();
}

bool pin_instruction_set(std::string_view name) {
    hwy::SetSupportedTargetsForTest(0);
    if (name.empty()) {
        return true;
    }
    for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
        const std::int64_t target = left & -left;
        if (name == hwy::TargetName(target)) {
            hwy::SetSupportedTargetsForTest(target);
            return true;
        }
    }
    return false;
}

} // namespace yuanwang::powerflow::batch
#endif
