#include "engine/counterfactuals.hpp"

#include <algorithm>
#include <utility>

namespace yuanwang::engine {

namespace {

using dispatch::Cause;

constexpr double tiny_mwh = 1e-6;

/// Whether dispatch of the study keeps any limit of the cause; rules know no limits of branches and no reserve.
bool is_kept(const Study& study, Cause cause) {
    const bool plans = study.dispatch.method == DispatchMethod::optimal;
    switch (cause) {
    case Cause::branch_n:
        return plans && study.dispatch.n_limits;
    case Cause::branch_n1:
        return plans && study.dispatch.n_1_limits;
    case Cause::reserve:
        return plans && study.dispatch.reserve_share > 0;
    default:
        return study.dispatch.method != DispatchMethod::none;
    }
}

/// Whether dispatch, which takes limits away in the same order, tried the cause and freed nothing.
bool frees_nothing(Cause cause, const dispatch::CauseSums& guess) {
    const auto place = [](Cause of) { return std::ranges::find(dispatch::causes_in_order, of); };
    const auto at = guess.find(cause);
    const bool tried = std::ranges::any_of(
        guess, [&](const auto& entry) { return place(entry.first) > place(cause); });
    return tried && (at == guess.end() || at->second <= tiny_mwh);
}

} // namespace

CounterfactualRuns::CounterfactualRuns(const Study& study, const ResultAxes& axes,
                                       const Progress& progress,
                                       std::map<std::string, double>& stage_seconds)
    : study_{study}, axes_{axes}, progress_{progress}, stage_seconds_{stage_seconds} {
    std::vector<Cause> taken_away;
    for (const Cause cause : dispatch::causes_in_order) {
        if (is_kept(study, cause)) {
            taken_away.push_back(cause);
            runs_.push_back({.cause = cause, .taken_away = taken_away, .loop = nullptr});
        }
    }
}

void CounterfactualRuns::enter_epoch(const EpochModel& model, const EpochModel* before,
                                     std::size_t first_step) {
    names_.clear(); // rows are those of an epoch
    for (Run& run : runs_) {
        if (run.loop) {
            run.loop->enter_epoch(model, before, first_step);
        }
    }
}

bool CounterfactualRuns::begins(const Run& run, const BlockLoop& above,
                                const dispatch::CauseSums& guess) const {
    const bool plans = study_.dispatch.method == DispatchMethod::optimal;
    return above.curtailed_mwh() > tiny_mwh && !(plans && frees_nothing(run.cause, guess));
}

void CounterfactualRuns::explain(const BlockOrigin& from, EpochModel& model,
                                 const BlockPlanner::OriginOf& origin_of,
                                 std::span<const Block> blocks, std::size_t number,
                                 BlockLoop& base) {
    const dispatch::CauseSums guess = dispatch::sum_by_cause(base.data().schedule.ledger);
    dispatch::CauseSums freed_mwh;
    BlockLoop* above = &base;
    for (Run& run : runs_) {
        const bool is_new = !run.loop;
        if (is_new && !begins(run, *above, guess)) {
            continue;
        }
        if (is_new) {
            run.loop = std::make_unique<BlockLoop>(study_, axes_, progress_, stage_seconds_,
                                                   run.taken_away);
            run.loop->take_over(*above);
            run.idle = 0;
        }
        BlockLoop& loop = *run.loop;
        loop.sample(from, blocks.front());
        loop.look_ahead(origin_of, blocks);
        loop.begin();
        loop.dispatch_and_solve(model, number);
        models::pass_water(model.system->sources.hydro.plants, study_.time, blocks.front().steps,
                           loop.data().schedule.hydro_mw, loop.sources().water);
        freed_mwh[run.cause] = above->curtailed_mwh() - loop.curtailed_mwh();
        above = &loop;
    }
    freed_mwh[Cause::surplus] = above->curtailed_mwh();
    balance(freed_mwh, model.dispatch.rows, base);
    const BlockLoop* before = &base;
    for (Run& run : runs_) {
        if (run.loop) {
            const bool idle =
                before->curtailed_mwh() <= tiny_mwh && run.loop->curtailed_mwh() <= tiny_mwh;
            before = run.loop.get();
            run.idle = idle ? run.idle + 1 : 0;
        }
    }
    for (Run& run : runs_) {
        if (run.idle >= idle_blocks) {
            run.loop.reset();
        }
    }
}

void CounterfactualRuns::balance(const dispatch::CauseSums& freed_mwh, const dispatch::Table& table,
                                 BlockLoop& base) {
    for (const auto& [cause, mwh] : freed_mwh) {
        carried_mwh_[cause] += mwh;
    }
    std::vector<dispatch::Curtailed>& ledger = base.data().schedule.ledger;
    double lost_mwh = 0;
    for (const dispatch::Curtailed& row : ledger) {
        lost_mwh += row.mwh;
    }
    double positive_mwh = 0;
    for (const auto& [cause, mwh] : carried_mwh_) {
        positive_mwh += std::max(0.0, mwh);
    }
    if (lost_mwh <= tiny_mwh || positive_mwh <= tiny_mwh) {
        return;
    }
    dispatch::CauseSums wanted_mwh;
    for (auto& [cause, mwh] : carried_mwh_) {
        wanted_mwh[cause] = std::max(0.0, mwh) * lost_mwh / positive_mwh;
        mwh -= wanted_mwh[cause];
    }
    dispatch::balance_causes(wanted_mwh, name_causes(table, base), ledger);
}

/// What a cause without a row in the block is called: by the limit that held the plan back most, as in a block before, or by
/// the first tie that may export.
std::map<Cause, dispatch::Curtailed> CounterfactualRuns::name_causes(const dispatch::Table& table,
                                                                     const BlockLoop& base) {
    for (const dispatch::Curtailed& row : base.data().schedule.ledger) {
        names_[row.cause] = row;
    }
    for (std::size_t k = 0; k < table.ties.size() && !names_.contains(Cause::section); ++k) {
        if (table.ties.export_max_mw[k] > 0) {
            names_[Cause::section] = {
                .cause = Cause::section, .limit = dispatch::LimitKind::tie, .limit_row = k};
        }
    }
    std::map<Cause, dispatch::Curtailed> names = names_;
    if (base.planner() != nullptr) {
        for (const auto& [cause, name] : base.planner()->name_causes()) {
            names[cause] = name;
        }
    }
    return names;
}

} // namespace yuanwang::engine
