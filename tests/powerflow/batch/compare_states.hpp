/// @file
/// Two solvers' answers to one block, side by side.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>

#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

struct Difference {
    double v_pu = 0;          ///< largest |ΔV| of steps in the same positions
    std::size_t status = 0;   ///< steps that end otherwise
    std::size_t moved = 0;    ///< steps in other positions
    std::size_t in_lanes = 0; ///< steps of `b` that lanes have solved
    std::size_t solved = 0;
};

inline Difference compare_states(const BlockStates& a, const BlockStates& b) {
    Difference difference;
    for (std::size_t t = 0; t < a.outcome.size(); ++t) {
        difference.in_lanes += b.outcome[t].by_reference ? 0U : 1U;
        if (a.outcome[t].status != b.outcome[t].status) {
            ++difference.status;
            continue;
        }
        if (a.outcome[t].status != StepStatus::converged &&
            a.outcome[t].status != StepStatus::islanded) {
            continue;
        }
        ++difference.solved;
        if (!std::ranges::equal(a.tap.step(t), b.tap.step(t)) ||
            !std::ranges::equal(a.shunt_steps.step(t), b.shunt_steps.step(t))) {
            ++difference.moved;
            continue;
        }
        for (std::size_t i = 0; i < a.vm_pu.n_element(); ++i) {
            if (!std::isnan(a.vm_pu(i, t)) || !std::isnan(b.vm_pu(i, t))) {
                const double distance = std::abs(std::polar(a.vm_pu(i, t), a.va_rad(i, t)) -
                                                 std::polar(b.vm_pu(i, t), b.va_rad(i, t)));
                difference.v_pu = std::isnan(distance) ? 1.0 : std::max(difference.v_pu, distance);
            }
        }
    }
    return difference;
}

} // namespace yuanwang::powerflow::batch
