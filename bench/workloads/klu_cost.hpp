/// @file
/// What no scalar Newton can go below: KLU's refactor and solve of the power-flow Jacobian, nothing else.
///
/// The Jacobian is the reduced one of textbooks and MATPOWER (P rows of PV and PQ buses, Q rows of PQ buses) at the solution
/// of the case; AMD ordering, no block triangular form, no scaling, the symbolic part and the pivot order kept.
#pragma once

#include <cstddef>

#include "bench/workloads/time_series.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::workloads {

struct KluCost {
    std::size_t order = 0;
    std::size_t n_entry = 0; ///< of J
    std::size_t fill = 0;    ///< of L and of U together
    double refactor_us = 0;  ///< least mean of several rounds
    double solve_us = 0;
    [[nodiscard]] double iteration_us() const { return refactor_us + solve_us; }
};

/// Measures at a solved state (step 0 of `states`) of the case.
[[nodiscard]] KluCost measure_klu(const FlowCase& flow_case, const powerflow::BlockStates& states);

} // namespace yuanwang::workloads
