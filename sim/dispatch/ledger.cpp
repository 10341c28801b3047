#include "dispatch/ledger.hpp"

#include <algorithm>

namespace yuanwang::dispatch {

std::vector<CausePart> split_by_cause(const CurtailmentContext& context, double curtailed_mw) {
    std::vector<CausePart> parts;
    double left_mw = curtailed_mw;
    const auto take = [&](Cause cause, double relieved_mw) {
        const double mw = std::min(left_mw, std::max(relieved_mw, 0.0));
        if (mw > 0) {
            parts.push_back({cause, mw});
            left_mw -= mw;
        }
    };
    if (context.limit != LimitKind::none) {
        take(Cause::section, left_mw);
    }
    take(Cause::minimum_output, context.minimum_output_mw);
    take(Cause::storage_full, context.storage_full_mw);
    take(Cause::surplus, left_mw);
    return parts;
}

void write_curtailment(const CurtailmentContext& context, double dt_h, std::size_t t,
                       const std::vector<std::size_t>& variables, double curtailed_mw,
                       Schedule& schedule) {
    double used_mw = 0;
    for (const std::size_t k : variables) {
        used_mw += schedule.variable_mw(k, t);
    }
    if (used_mw <= 0 || curtailed_mw <= 0) {
        return;
    }
    const double share = std::min(1.0, curtailed_mw / used_mw);
    const std::vector<CausePart> parts = split_by_cause(context, curtailed_mw);
    for (const std::size_t k : variables) {
        const double mw = share * schedule.variable_mw(k, t);
        if (mw <= 0) {
            continue;
        }
        schedule.variable_mw(k, t) -= mw;
        schedule.curtailed_mw(k, t) += mw;
        for (const CausePart& part : parts) {
            const bool limited = part.cause == Cause::section;
            schedule.ledger.push_back({t, k, part.cause, limited ? context.limit : LimitKind::none,
                                       limited ? context.limit_row : 0,
                                       mw * (part.mw / curtailed_mw) * dt_h});
        }
    }
}

} // namespace yuanwang::dispatch
