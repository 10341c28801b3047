/// @file
/// Many power flows side by side: every number of one becomes a row of numbers, one per lane.
///
///     value of lane l in row i:   array[i · width + l]
///
/// State and mismatch are double. The Jacobian and its factors are of type T: double, or float with
/// twice the lanes. Newton only needs a direction, so float factors with a mismatch in double are
/// iterative refinement: the answer is as exact, at times after one more iteration.
/// Rows are those of `Elimination`.
#pragma once

#include <cstddef>
#include <cstdint>

namespace yuanwang::powerflow::batch {

struct Elimination;

/// Pointers into the workspace of a group of lanes. [n × width] unless said otherwise.
template <class T>
struct LaneSystem {
    const Elimination* plan = nullptr;

    // Voltage V = e + jf.
    double* e = nullptr; ///< n = n_bus
    double* f = nullptr;
    T* e_factor = nullptr; ///< the same as T
    T* f_factor = nullptr;

    // Power into the grid: scheduled, and at V.
    double* p_set = nullptr; ///< n = n_row
    double* q_set = nullptr;
    double* p = nullptr;
    double* q = nullptr;
    T* p_factor = nullptr;
    T* q_factor = nullptr;
    double* inv_vm2 = nullptr; ///< [n_row], not per lane: 1/|V|² a PV bus holds
    T* is_pq = nullptr;        ///< 1 or 0, looked at in rows that switch

    // Admittances, shared by all lanes; [n_y + 1], not per lane; the last is 0, for fill.
    const double* g = nullptr;
    const double* b = nullptr;
    const T* g_factor = nullptr;
    const T* b_factor = nullptr;
    // Rows that differ in some lane: the whole row lane-wise.
    const std::int32_t* changed = nullptr; ///< [n_row], not per lane: > 0 where a lane differs
    const double* g_lane = nullptr;        ///< n = n_y + 1
    const double* b_lane = nullptr;
    const T* g_lane_factor = nullptr;
    const T* b_lane_factor = nullptr;

    // Factorisation.
    T* u = nullptr;     ///< n = n_u_value
    T* l_row = nullptr; ///< n = n_l_row_value
    T* x = nullptr;     ///< n = 2 n_bus; y, then x

    // One factorisation for all lanes, as in `FixedFactor`; for `chord_step`.
    const std::int32_t* fixed_l_start = nullptr;
    const T* fixed_l = nullptr;
    const T* fixed_d = nullptr;
    const T* fixed_u = nullptr;

    // Outcome of a step, [width].
    double* mismatch = nullptr; ///< largest |ΔP|, |ΔQ|; NaN where a number is not finite
    T* pivot = nullptr;         ///< smallest margin of |det D|; negative: a pivot broke down
};

/// The kernels of one instruction set.
template <class T>
struct LaneKernels {
    std::size_t width = 0; ///< lanes side by side
    /// Computes p, q and mismatch from V.
    void (*evaluate)(const LaneSystem<T>&) = nullptr;
    /// Factors the Jacobian at V, solves for the increments, moves V, evaluates.
    void (*newton_step)(const LaneSystem<T>&) = nullptr;
    /// The same with the fixed factor in place of a factorisation. No row may switch.
    void (*chord_step)(const LaneSystem<T>&) = nullptr;
};

/// Kernels for the machine the program runs on: all lanes of its vectors, or one lane.
[[nodiscard]] LaneKernels<float> float_kernels();
[[nodiscard]] LaneKernels<double> double_kernels();
[[nodiscard]] LaneKernels<double> single_kernels();

} // namespace yuanwang::powerflow::batch
