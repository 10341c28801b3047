/// @file
/// From which source, over which branches, does a bus live?
#pragma once

#include <string>

#include "study/study.hpp"

namespace yuanwang::cli {

/// The path of fewest branches from a bus to the nearest firm source, in the grid of the last
/// epoch; one branch a line. Throws `InputError` where there is no such bus.
[[nodiscard]] std::string describe_supply_path(const engine::Study& study,
                                               const std::string& bus_id);

} // namespace yuanwang::cli
