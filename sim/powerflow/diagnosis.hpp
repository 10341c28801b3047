/// @file
/// Why a power flow has no solution: likely causes in order, and the largest share of it that does solve.
///
/// A cause is tried, not guessed: what looks wrong is put right in a copy, and the power flow is solved again. Causes that
/// make it solve come first.
///
/// | kind                | looked for                                                       | tried by                      |
/// |---------------------|------------------------------------------------------------------|-------------------------------|
/// | not_finite          | NaN or infinite injections                                       | –                             |
/// | no_slack            | a part with load that no running unit can hold                   | –                             |
/// | isolated_bus        | such a part of one bus without any branch in service             | –                             |
/// | impedance_slip      | a branch 30 times off the middle of its like: surge impedance √(x/b) of lines with charging, reactance of the others of its level; uk of a rated transformer against 12 % | the middle of its like |
/// | ratio_slip          | a turns ratio outside 0.5…2                                      | ratio 1                       |
/// | load_slip           | load or schedule 80 times the middle of all, and more than all others together | the middle                    |
/// | voltage_slip        | a unit asked to hold below 0.7 or above 1.3 pu                   | 1 pu                          |
/// | corridor_limit      | DC flow of a corridor beyond V²/X                                | a tenth of its impedance      |
/// | reactive_limit      | units beyond their reactive range where limits are switched off     | limits of that unit alone lifted |
/// | reactive_deficit    | the bus with the lowest voltage at the margin                    | voltage held there; the value is the Mvar that takes |
///
/// The share: loads and schedules times s ≤ 1, found by bisection to 0.1 %; where nothing flows there may be no solution
/// either (charging that no unit may absorb), then from above in steps of 5 %. A flow that turns out to
/// solve (other starts, other controls) says so. Cost: some thirty power flows of one step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/name.hpp"
#include "core/status.hpp"
#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow {

enum class CauseKind : std::uint8_t {
    not_finite,
    no_slack,
    isolated_bus,
    impedance_slip,
    ratio_slip,
    load_slip,
    voltage_slip,
    corridor_limit,
    reactive_limit,
    reactive_deficit,
};
[[nodiscard]] std::string_view to_string(CauseKind kind);

struct Cause {
    CauseKind kind = CauseKind::reactive_deficit;
    std::string element; ///< id of a bus, branch or unit
    double value = 0;    ///< what was found: pu, MW, Mvar or degree, as the kind says
    double usual = 0;    ///< what would be usual or possible; 0 where there is no such number
    bool cures = false;  ///< put right, the power flow solves
};

struct Diagnosis {
    StepStatus status = StepStatus::not_run; ///< of the reference solver on this step
    std::vector<Cause> causes;               ///< likeliest first
    double solvable_share = 0;               ///< largest s that solves; 1 where the whole does
};

/// Looks at step `t` of a block.
[[nodiscard]] Diagnosis diagnose(const network::Network& grid, const Units& units,
                                 const Options& options, const BlockInjections& injections,
                                 std::size_t t);

/// One sentence, with numbers and units.
[[nodiscard]] std::string describe(const Cause& cause, Language language);

} // namespace yuanwang::powerflow
