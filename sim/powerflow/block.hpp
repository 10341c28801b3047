/// @file
/// What the block loop hands to a power flow and gets back: plain columns for a block of steps.
///
/// Units are everything that injects at one bus: plants, batteries, ties, HVDC. The reference solver and a batch solver
/// read and write the same tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/status.hpp"

namespace yuanwang::powerflow {

enum class ReactiveMode : std::uint8_t {
    voltage,      ///< holds `vm_set_pu` at its bus within q_min…q_max (PV, becomes PQ at a limit)
    power_factor, ///< Q = P·tan φ of the step, clipped to q_min…q_max
    reactive,     ///< Q as scheduled
};

/// Constant columns of the injecting units of one epoch.
struct Units {
    Column<UnitIdx, std::string> id;
    Column<UnitIdx, BusIdx> bus;
    Column<UnitIdx, ReactiveMode> mode;
    Column<UnitIdx, double> vm_set_pu;  ///< mode voltage
    Column<UnitIdx, double> tan_phi;    ///< mode power_factor: Q/P, positive injects
    Column<UnitIdx, double> q_set_mvar; ///< mode reactive
    Column<UnitIdx, double>
        participation; ///< share of the mismatch; sums to 1 over an island's slack units
    UnitIdx reference; ///< its bus holds angle 0; invalid: the first slack unit's
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

/// Injections of a block, into the grid positive. [n_bus × n_step] and [n_unit × n_step], MW and Mvar.
struct BlockInjections {
    Series load_p_mw; ///< consumption at each bus, positive
    Series load_q_mvar;
    Series unit_p_mw; ///< schedule; negative while charging or exporting
    Series unit_on;   ///< 1 while the unit runs (it may hold voltage), else 0
    Series unit_q_min_mvar;
    Series unit_q_max_mvar;
    [[nodiscard]] std::size_t n_step() const { return unit_p_mw.n_step(); }
};

/// How one step ended.
struct StepOutcome {
    StepStatus status = StepStatus::not_run;
    int iterations = 0; ///< Newton iterations over all control rounds
    int control_rounds = 0;
    double max_mismatch_pu = 0; ///< largest bus balance in P or Q, in double, at the end
    BusIdx worst_bus;
    double residual_mw = 0; ///< generation − load − losses − shunt draw of the whole step
    double slack_mw = 0;    ///< what the participating units took beside their schedule
    int held_controls = 0;  ///< discrete controls caught in a limit cycle and held
    /// By how much the units that alone hold an island's voltage are beyond their reactive range, summed over their node: where
    /// that is most. Positive: beyond q_max; negative: below q_min; 0: every unit keeps its range.
    double q_beyond_mvar = 0;
    UnitIdx q_beyond_unit;     ///< the first of that node
    bool by_reference = false; ///< the reference solver found it
};

/// States of a block. Steps that did not converge hold NaN.
struct BlockStates {
    Series vm_pu;       ///< [n_bus × n_step]
    Series va_rad;      ///< [n_bus × n_step]
    Series unit_p_mw;   ///< [n_unit × n_step], schedule plus share of the mismatch
    Series unit_q_mvar; ///< [n_unit × n_step]
    Series tap;         ///< [n_tap × n_step], positions
    Series shunt_steps; ///< [n_shunt × n_step]
    Series p_from_mw;   ///< [n_branch × n_step]
    Series q_from_mvar;
    Series p_to_mw;
    Series q_to_mvar;
    Series losses_mw;                 ///< [1 × n_step], branches and fixed shunts
    std::vector<StepOutcome> outcome; ///< [n_step]
};

/// Who solves the steps of a block.
enum class Solver : std::uint8_t {
    batch,     ///< steps side by side in SIMD lanes; what they do not solve goes to the reference
    reference, ///< scalar Newton, step after step
};

struct Options {
    Solver solver = Solver::batch;
    double tolerance_pu = 1e-8; ///< largest bus mismatch of a converged step
    int max_iterations = 30;    ///< Newton iterations per control round
    int max_control_rounds = 30;
    bool q_limits = true;
    bool taps = true;
    bool shunts = true;
    bool distributed_slack = true; ///< false: the reference unit takes all
    bool branch_flows = true;      ///< false: flows stay empty, losses and residual 0
    /// A step starts from the positions of the step before, which stay where their voltage is inside the band; the first
    /// step of a block from `StartPositions`. False: every step starts from the scheduled positions (memoryless).
    bool chronological = false;
    double vm_doubtful_pu = 0.7; ///< a solution with a bus below it is marked; 0: none is
    friend bool operator==(const Options&, const Options&) = default;
};

/// Positions the first step of a block starts from in place of the scheduled ones.
struct StartPositions {
    std::vector<int> taps;   ///< [n_tap]
    std::vector<int> shunts; ///< [n_shunt]
};

/// Positions at the end of a block whose last step converged; nothing otherwise.
[[nodiscard]] std::optional<StartPositions> last_positions(const BlockStates& states);

} // namespace yuanwang::powerflow
