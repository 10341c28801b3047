/// @file
/// What is out of its limits in the base state: overloads, voltages, sections, steps without a
/// solution.
#pragma once

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

/// Steps of a block in which something is out of its limits.
struct ViolationCount {
    std::size_t overload_steps = 0;
    std::size_t voltage_steps = 0;
    std::size_t section_steps = 0;
};

/// Fills `data.verdicts` from `data.result`: a row per element and step beyond its normal rating
/// (`overload`, percent), outside its normal band (`voltage`, pu), beyond its limit (`section`,
/// MW), per step that did not converge (`non_convergence`, worst mismatch in MW at its bus), and per
/// state that must be doubted (`doubtful`, lowest voltage in pu; see powerflow/plausibility.hpp), whose
/// `step_status` is set to `doubtful`.
[[nodiscard]] ViolationCount judge_block(const EpochModel& model, const ResultAxes& axes,
                                         StepRange steps, const powerflow::Options& options,
                                         BlockData& data);

} // namespace yuanwang::engine
