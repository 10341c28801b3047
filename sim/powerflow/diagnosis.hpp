/// @file
/// Why a power flow has no solution: likely causes in order, and the largest share of it that does solve.
///
/// A cause is tried, not guessed: what looks wrong is put right in a copy, and the power flow is solved again. Only what makes
/// it solve is named as a cause; without any, the bus where the voltage collapses first is told as what it is, an observation.
///
/// | kind                | looked for                                                       | tried by                      |
/// |---------------------|------------------------------------------------------------------|-------------------------------|
/// | not_finite          | NaN or infinite injections                                       | –                             |
/// | no_slack            | a part with load that no running unit can hold                   | –                             |
/// | isolated_bus        | such a part of one bus without any branch in service             | –                             |
/// | voltage_slip        | a unit asked to hold below 0.85 or above 1.15 pu                 | 1 pu                          |
/// | setpoint_conflict   | units of one node, or of nodes 0.02 pu apart, more than 0.05 pu apart in what they hold | the one nearer to 1 pu |
/// | ratio_slip          | a turns ratio outside 0.75…1.33                                  | ratio 1                       |
/// | sign_slip           | loads and schedules below zero, the largest first                | the same above zero           |
/// | load_slip           | load or schedule 80 times the middle of all, and more than all others together; or a thousandth of the middle | a thousandth, a thousandfold, the middle |
/// | impedance_slip      | a branch 10 times off the middle of its like: surge impedance √(x/b) of lines with charging, reactance of the others of its level; uk of a rated transformer against 12 % | the middle of its like |
/// | charging_slip       | charging or a fixed shunt of 1 pu and more, 30 times the middle  | a thousandth                  |
/// | negative_reactance  | x < 0 of a branch that is no winding of a star                   | its size                      |
/// | open_branch         | a branch out of service                                          | closed                        |
/// | corridor_limit      | DC flow of a corridor beyond V²/X                                | a tenth of its impedance      |
/// | reactive_limit      | units beyond their reactive range where limits are kept          | limits of that unit alone lifted |
/// | reactive_deficit    | the bus with the lowest voltage at the margin                    | voltage held there; the value is the Mvar that takes |
///
/// The share: loads and schedules times s ≤ 1, found by bisection to 0.1 %; where nothing flows there may be no solution
/// either (charging that no unit may absorb), then from above in steps of 5 %. A flow that turns out to
/// solve (other starts, other controls) says so.
///
/// **Bounded by counted work.** Newton iterations times nodes of all trials, never time: about 2 s on 3000 buses, 10 s on 10 000.
/// On large grids a trial takes few starts and few iterations (`ReferenceSolver::try_briefly`). What the work did not reach is
/// counted in `untried`.
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
    setpoint_conflict,
    sign_slip,
    charging_slip,
    negative_reactance,
    open_branch,
};
[[nodiscard]] std::string_view to_string(CauseKind kind);

struct Cause {
    CauseKind kind = CauseKind::reactive_deficit;
    std::string element; ///< id of a bus, branch or unit
    double value = 0;    ///< what was found: pu, MW, Mvar or degree, as the kind says
    double usual = 0;    ///< what would be usual or possible; 0 where there is no such number
    bool cures =
        false; ///< put right, the power flow solves; false: known from the graph, or an observation
};

struct Diagnosis {
    StepStatus status = StepStatus::not_run; ///< of the reference solver on this step
    std::vector<Cause> causes;               ///< likeliest first
    double solvable_share = 0;               ///< largest s that solves; 1 where the whole does
    int tried = 0;                           ///< suspicions put right and solved again
    int untried = 0;                         ///< that were left when the work was used up
};

/// Looks at step `t` of a block.
[[nodiscard]] Diagnosis diagnose(const network::Network& grid, const Units& units,
                                 const Options& options, const BlockInjections& injections,
                                 std::size_t t);

/// One sentence, with numbers and units.
[[nodiscard]] std::string describe(const Cause& cause, Language language);

} // namespace yuanwang::powerflow
