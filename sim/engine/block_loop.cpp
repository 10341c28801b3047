#include "engine/block_loop.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "dispatch/rules/rules.hpp"
#include "engine/epoch/dispatch_state.hpp"
#include "engine/epoch/flexible_loads.hpp"
#include "engine/stage_clock.hpp"

namespace yuanwang::engine {

BlockLoop::BlockLoop(const Study& study, const ResultAxes& axes, const Progress& progress,
                     std::map<std::string, double>& stage_seconds,
                     std::vector<dispatch::Cause> taken_away)
    : study_{study}, progress_{progress}, stage_seconds_{stage_seconds},
      taken_away_{std::move(taken_away)}, losses_{study.dispatch.loss_share_initial,
                                                  count_steps_per_day(study.time)},
      positions_{axes} {
    if (study.dispatch.method == DispatchMethod::optimal) {
        planner_.emplace(study, taken_away_);
    }
}

void BlockLoop::enter_epoch(const EpochModel& model, const EpochModel* before,
                            std::size_t first_step) {
    state_ = enter_dispatch_state(model, before, state_);
    if (planner_) {
        planner_->enter_epoch();
    }
    sources_ = enter_source_state(*model.system, study_.time, first_step,
                                  before != nullptr ? before->system : nullptr, sources_);
}

void BlockLoop::take_over(const BlockLoop& other) {
    state_ = other.data_.state_before;
    sources_ = other.start_->sources;
    losses_ = other.start_->losses;
    positions_ = other.start_->positions;
    if (planner_) {
        planner_->enter_epoch();
        planner_->take_over(*other.planner_);
    }
}

void BlockLoop::sample(const BlockOrigin& from, const Block& block) {
    const StageClock clock{stage_seconds_, "availability"};
    start_.emplace(Start{sources_, losses_, positions_});
    sample_block(from, block, sources_, data_);
}

void BlockLoop::look_ahead(const BlockPlanner::OriginOf& origin_of, std::span<const Block> blocks) {
    if (planner_) {
        const StageClock clock{stage_seconds_, "availability"};
        planner_->look_ahead(origin_of, blocks, data_, sources_);
    }
}

void BlockLoop::begin() {
    plain_p_mw_ = data_.demand.p_mw;
    plain_q_mvar_ = data_.demand.q_mvar;
    data_.state_before = state_;
}

void BlockLoop::stop_if_asked() const {
    if (progress_.stop_requested()) {
        throw Interrupted{};
    }
}

bool BlockLoop::is_away(dispatch::Cause cause) const {
    return std::ranges::find(taken_away_, cause) != taken_away_.end();
}

void BlockLoop::dispatch_and_solve(EpochModel& model, std::size_t number) {
    losses_.estimate(data_.dispatch_input);
    prepare_plan(model, number);
    dispatch_block(model);
    solve_power_flows(model);
    for (int round = 0; needs_another_round(model, round); ++round) {
        stop_if_asked();
        dispatch_block(model);
        solve_power_flows(model);
    }
    losses_.remember(data_.dispatch_input, data_.states);
    positions_.remember(model, data_.states);
    state_ = std::move(state_after_);
}

void BlockLoop::prepare_plan(const EpochModel& model, std::size_t number) {
    const StageClock clock{stage_seconds_, "dispatch"};
    if (planner_) {
        planner_->prepare(model, number, data_, losses_);
        return;
    }
    if (!taken_away_.empty()) {
        table_ = model.dispatch.rows; // anew for every block: storages age
    }
    for (const dispatch::Cause cause : taken_away_) {
        dispatch::take_away(cause, table_);
        dispatch::take_away(cause, data_.dispatch_input);
    }
}

void BlockLoop::dispatch_block(const EpochModel& model) {
    const StageClock clock{stage_seconds_, "dispatch"};
    state_after_ = data_.state_before;
    switch (study_.dispatch.method) {
    case DispatchMethod::none:
        schedule_set_powers(*model.system, model.dispatch.rows, data_.dispatch_input, state_after_,
                            data_.schedule);
        break;
    case DispatchMethod::rules:
        dispatch_by_rules(model);
        break;
    case DispatchMethod::optimal:
        planner_->plan(model, data_, state_after_);
        break;
    }
}

void BlockLoop::dispatch_by_rules(const EpochModel& model) {
    const dispatch::Table& table = taken_away_.empty() ? model.dispatch.rows : table_;
    dispatch::dispatch_block(table, data_.dispatch_input, state_after_, data_.schedule);
    if (is_away(dispatch::Cause::minimum_output)) {
        dispatch::back_down_for_variables(table, data_.schedule);
    }
}

/// Losses that moved, or a limit that dispatch might still keep; both a bounded number of times.
bool BlockLoop::needs_another_round(const EpochModel& model, int round) {
    if (study_.dispatch.method == DispatchMethod::none) {
        return false;
    }
    bool again = round < study_.dispatch.loss_rounds &&
                 losses_.feed_back(model.grid, model.dispatch.island_of_bus, data_.states,
                                   data_.dispatch_input);
    if (planner_) {
        const StageClock clock{stage_seconds_, "dispatch"};
        const bool broken = planner_->learn(model, data_);
        again = again || (broken && round < study_.dispatch.limit_rounds);
    }
    return again;
}

void BlockLoop::solve_power_flows(EpochModel& model) {
    const StageClock clock{stage_seconds_, "powerflow"};
    const System& system = *model.system;
    move_demand(model.dispatch.flexible, plain_p_mw_, plain_q_mvar_, data_.schedule, data_.demand);
    spread_cuts(model.load_buses, model.dispatch.island_of_bus, data_.demand, model.dispatch.rows,
                data_.schedule, data_.cuts);
    list_source_power(system, data_.schedule, data_.source_p_mw);
    fill_injections(system, model.units, model.load_buses, data_.demand, data_.cuts, data_.schedule,
                    data_.source_p_mw, model.grid.n_bus, data_.injections);
    if (study_.dispatch.method == DispatchMethod::none) {
        model.solver.solve_block(data_.injections, data_.states);
    } else {
        model.solver.solve_block(data_.injections, positions_.start(model), data_.states);
    }
}

double BlockLoop::curtailed_mwh() const {
    const auto mw = data_.schedule.curtailed_mw.values();
    return study_.time.dt_h() * std::accumulate(mw.begin(), mw.end(), 0.0);
}

} // namespace yuanwang::engine
