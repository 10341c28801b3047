#include "engine/accounts/reactive_range_account.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace yuanwang::engine {

void ReactiveRangeAccount::add(const EpochModel& model, StepRange steps, double dt_h,
                               BlockData& data) {
    for (std::size_t t = 0; t < steps.count; ++t) {
        const powerflow::StepOutcome& outcome = data.states.outcome[t];
        if (outcome.q_beyond_mvar == 0) {
            continue;
        }
        hours_ += dt_h;
        excess_mvar_ = std::max(excess_mvar_, std::abs(outcome.q_beyond_mvar));
        const UnitIdx u = outcome.q_beyond_unit;
        const double limit_mvar = outcome.q_beyond_mvar > 0 ? data.injections.unit_q_max_mvar(u, t)
                                                            : data.injections.unit_q_min_mvar(u, t);
        data.verdicts.push_back({static_cast<std::uint32_t>(steps.first + t),
                                 {},
                                 model.units.units.id[u],
                                 "reactive_range",
                                 limit_mvar + outcome.q_beyond_mvar,
                                 limit_mvar});
    }
}

void ReactiveRangeAccount::finish(Summary& summary) const {
    if (hours_ > 0) {
        summary.counts["reactive_range_hours"] = hours_;
        summary.counts["reactive_range_excess_mvar"] = excess_mvar_;
    }
}

} // namespace yuanwang::engine
