/// @file
/// Causes of curtailment within an island and step, by relaxing limits in the fixed order of rules.hpp.
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// What stood in the way of wind and sun.
struct CurtailmentContext {
    double minimum_output_mw = 0; ///< must-run output of others
    double storage_full_mw = 0;   ///< charging refused for want of energy room
    LimitKind limit = LimitKind::none;
    std::size_t limit_row = 0;
};

struct CausePart {
    Cause cause;
    double mw;
};
/// Splits an island's curtailment by cause; the parts sum to it.
[[nodiscard]] std::vector<CausePart> split_by_cause(const CurtailmentContext& context,
                                                    double curtailed_mw);

/// Takes `curtailed_mw` off an island's plants in proportion to their output and writes the causes.
void write_curtailment(const CurtailmentContext& context, double dt_h, std::size_t t,
                       const std::vector<std::size_t>& variables, double curtailed_mw,
                       Schedule& schedule);

} // namespace yuanwang::dispatch
