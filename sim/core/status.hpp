/// @file
/// How a step ended. Numerics that did not work out are a result, not an exception.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace yuanwang {

/// The numbers are part of the results format (`step_status`): they never change.
enum class StepStatus : std::uint8_t {
    converged = 0,         ///< every bus balances within the tolerance
    iteration_limit = 1,   ///< Newton did not get there in the allowed iterations
    singular_jacobian = 2, ///< the factorisation broke down
    not_finite = 3,        ///< an input or an iterate is NaN or infinite
    islanded = 4,          ///< a part of the grid with load has no source that may hold its balance
    not_run = 5,           ///< the step was not reached
    doubtful = 6, ///< balanced, but in a state no grid is operated in (powerflow/plausibility.hpp)
};

inline constexpr std::array<std::string_view, 7> step_status_names = {
    "converged", "iteration_limit", "singular_jacobian", "not_finite",
    "islanded",  "not_run",         "doubtful"};

[[nodiscard]] constexpr std::string_view to_string(StepStatus status) {
    return step_status_names[static_cast<std::size_t>(status)];
}

} // namespace yuanwang
