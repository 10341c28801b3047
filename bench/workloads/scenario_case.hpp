/// @file
/// A scenario as a case of the power-flow workloads: the grid of its first step, and that step's loads and units as its own
/// dispatch left them.
///
/// What W1 to W4 ask of a public case holds here as well: units in voltage mode hold their set-point whatever reactive
/// power that takes, taps and switched shunts stand where they are scheduled, one slack takes the rest. In place of Pd, Qd
/// and Pg stand the loads after dispatch and the schedule of every unit that runs (units that do not run are left out), so
/// W2 multiplies those by s(t); bus i is the row of the bus as written. A scenario of one power flow (`dispatch.method:
/// none`) gives what `yuanwang powerflow` solves.
#pragma once

#include <filesystem>

#include "bench/workloads/sg1.hpp"
#include "bench/workloads/time_series.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::workloads {

/// Throws what reading the scenario throws, and `InputError` where the grid of the first step has no units, or parts that no
/// branch joins to the slack.
[[nodiscard]] FlowCase load_scenario_case(const std::filesystem::path& file,
                                          const scenario::LoadOptions& options = {});

/// A MATPOWER case (.m) or a scenario, by the name of the file.
[[nodiscard]] FlowCase load_any_case(const std::filesystem::path& file,
                                     const scenario::LoadOptions& options = {});

/// A MATPOWER case (.m) or a scenario as the start of SG-1. Of a scenario: the grid and loads of its first step as above, as
/// thermal units its thermal plants, whole, and its generators, each at its price; other sources are left to the workload.
[[nodiscard]] Sg1Case load_sg1_case(const std::filesystem::path& file,
                                    const scenario::LoadOptions& options = {});

} // namespace yuanwang::workloads
