/// @file
/// `yuanwang sweep submit`: a sweep as a Slurm job array.
#pragma once

#include "cli/common.hpp"

namespace yuanwang::cli {

void add_sweep_submit(CLI::App& sweep, const CommonFlags& common, Action& action);

} // namespace yuanwang::cli
