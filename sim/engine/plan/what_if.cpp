#include "engine/plan/what_if.hpp"

namespace yuanwang::engine {

namespace {

std::string name_limit(const EpochModel& model, const NetworkRows* rows,
                       const dispatch::TakenAway& taken) {
    using dispatch::Cause;
    using dispatch::LimitKind;
    if (taken.limit == LimitKind::network && rows != nullptr) {
        const std::string& branch = rows->id(taken.limit_row);
        return taken.outage_row == dispatch::no_outage_row
                   ? branch
                   : branch + "|" + rows->id(taken.outage_row);
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
                        const dispatch::PlanOutcome& outcome,
                        std::span<const dispatch::Curtailed> ledger) {
    if (outcome.taken_away.empty()) {
        return;
    }
    std::map<std::string, Sum> planned;
    for (const dispatch::TakenAway& taken : outcome.taken_away) {
        Sum& sum = planned[name_limit(model, rows, taken)];
        sum.freed_mwh += taken.freed_mwh;
        sum.saved_cny += taken.saved_cny;
    }
    std::map<std::string, double> freed_mwh;
    for (const dispatch::Curtailed& row : ledger) {
        if (row.cause != dispatch::Cause::surplus) {
            freed_mwh[name_limit(model, rows,
                                 {.cause = row.cause,
                                  .limit = row.limit,
                                  .limit_row = row.limit_row,
                                  .outage_row = row.outage_row})] += row.mwh;
        }
    }
    for (const auto& [id, mwh] : freed_mwh) {
        const Sum& by_plan = planned[id];
        Sum& sum = by_limit_[id];
        sum.freed_mwh += mwh;
        sum.saved_cny += by_plan.freed_mwh > 0 ? by_plan.saved_cny * mwh / by_plan.freed_mwh : 0.0;
    }
}

void WhatIfAccount::finish(Summary& summary) const {
    for (const auto& [id, sum] : by_limit_) {
        summary.devices["limit"][id] = {{"freed_mwh", sum.freed_mwh}, {"saved_cny", sum.saved_cny}};
    }
}

} // namespace yuanwang::engine
