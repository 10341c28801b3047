#include "engine/plan/what_if.hpp"

namespace yuanwang::engine {

namespace {

std::string name_limit(const EpochModel& model, const NetworkRows* rows,
                       const dispatch::TakenAway& taken) {
    using dispatch::Cause;
    using dispatch::LimitKind;
    if (taken.limit == LimitKind::network && rows != nullptr) {
        const std::string& branch = rows->id(taken.limit_row);
        return taken.cause == Cause::branch_n1 ? branch + "|" + rows->id(taken.outage_row) : branch;
    }
    if (taken.limit == LimitKind::group) {
        return model.dispatch.group_id[taken.limit_row];
    }
    if (taken.limit == LimitKind::tie) {
        return model.system->sources.external_grids.id[taken.limit_row];
    }
    switch (taken.cause) {
    case Cause::station_limit:
        return "station_limit";
    case Cause::minimum_output:
        return "minimum_output";
    case Cause::reserve:
        return "reserve";
    case Cause::storage_full:
        return "storage_full";
    default:
        return "surplus";
    }
}

} // namespace

void WhatIfAccount::add(const EpochModel& model, const NetworkRows* rows,
                        const dispatch::PlanOutcome& outcome) {
    for (const dispatch::TakenAway& taken : outcome.taken_away) {
        if (taken.freed_mwh > 0) {
            Sum& sum = by_limit_[name_limit(model, rows, taken)];
            sum.freed_mwh += taken.freed_mwh;
            sum.saved_cny += taken.saved_cny;
        }
    }
}

void WhatIfAccount::finish(Summary& summary) const {
    for (const auto& [id, sum] : by_limit_) {
        summary.devices["limit"][id] = {{"freed_mwh", sum.freed_mwh}, {"saved_cny", sum.saved_cny}};
    }
}

} // namespace yuanwang::engine
