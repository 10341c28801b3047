/// @file
/// What looks wrong in a grid and its injections before anything is solved (diagnosis.hpp names the rules).
#pragma once

#include <functional>
#include <vector>

#include "network/network.hpp"
#include "powerflow/block.hpp"
#include "powerflow/diagnosis.hpp"

namespace yuanwang::powerflow {

/// One step of a block, with what it is solved on; candidates change copies of it.
struct FlowQuestion {
    network::Network grid;
    Units units;
    BlockInjections injections; ///< one step
};

/// A suspicion and what would put it right in a copy of the question.
struct Candidate {
    Cause cause;
    std::function<void(FlowQuestion&)> repair;
    double weight = 0; ///< how far off, decades
};

/// NaN and infinite injections.
[[nodiscard]] std::vector<Cause> find_not_finite(const FlowQuestion& question);
/// Parts with load or schedule that no running unit can hold.
[[nodiscard]] std::vector<Cause> find_unheld_parts(const FlowQuestion& question);

[[nodiscard]] std::vector<Candidate> find_impedance_slips(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_ratio_slips(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_power_slips(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_voltage_slips(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_setpoint_conflicts(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_sign_slips(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_charging_slips(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_negative_reactances(const FlowQuestion& question);
[[nodiscard]] std::vector<Candidate> find_open_branches(const FlowQuestion& question);
/// Corridors whose DC flow is beyond V²/X, what they carry at 90° and 1 pu.
[[nodiscard]] std::vector<Candidate> find_overloaded_corridors(const FlowQuestion& question);

} // namespace yuanwang::powerflow
