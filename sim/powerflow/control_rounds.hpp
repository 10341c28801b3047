/// @file
/// How exactly a power flow is solved before its controls are asked: to the tolerance in the end, less exactly while they still
/// move, yet so that no decision hangs on where Newton came from. Both solvers ask at the same moments.
#pragma once

#include <algorithm>

namespace yuanwang::powerflow {

struct ControlRound {
    double tolerance_pu = 0; ///< largest bus mismatch
    double margin_pu = 0;    ///< by which a limit has to be broken
};

[[nodiscard]] inline ControlRound on_the_way(double tolerance_pu) {
    return {.tolerance_pu = std::max(1e-6, tolerance_pu), .margin_pu = 1e-3};
}
[[nodiscard]] inline ControlRound at_the_end(double tolerance_pu) {
    return {.tolerance_pu = tolerance_pu, .margin_pu = 2 * tolerance_pu};
}

} // namespace yuanwang::powerflow
