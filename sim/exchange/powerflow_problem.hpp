/// @file
/// Units and injections of a system whose powers are simply written: generators, HVDC, static loads.
#pragma once

#include "network/network.hpp"
#include "powerflow/block.hpp"
#include "study/study.hpp"

namespace yuanwang::exchange {

/// What a power flow solver takes, for one step.
struct PowerflowProblem {
    powerflow::Units
        units; ///< generators, then HVDC; the first slack generator of an island takes what it lacks, the very first is the reference
    powerflow::BlockInjections injections;
};

/// Throws `InputError` where the system holds a device whose power follows from weather, time or dispatch, or no slack.
[[nodiscard]] PowerflowProblem make_problem(const engine::System& system,
                                            const network::Network& grid);

} // namespace yuanwang::exchange
