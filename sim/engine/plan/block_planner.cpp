#include "engine/plan/block_planner.hpp"

#include <utility>

namespace yuanwang::engine {

void BlockPlanner::enter_epoch() {
    entered_ = false;
    planner_.reset();
    rows_.reset();
    loss_factors_.reset();
    bus_loss_factor_ = {};
    later_.clear();
    tables_.clear();
    seam_.reset();
    network_ = {};
    if (foresight_) {
        foresight_->enter_epoch();
    }
}

bool BlockPlanner::plans_by_forecast() const {
    return study_.dispatch.forecast.method != dispatch::ForecastMethod::perfect;
}

void BlockPlanner::look_ahead(const OriginOf& origin_of, std::span<const Block> blocks,
                              const BlockSample& sample, const SourceState& sources) {
    const auto horizon =
        static_cast<std::size_t>(study_.dispatch.horizon_h / study_.time.dt_h() + 0.5);
    std::vector<const EpochModel*> models = {&origin_of(blocks.front().epoch).model};
    SourceState in_sight = sources;
    const BlockSample* last = &sample;
    std::size_t n_step = blocks.front().steps.count;
    n_ahead_ = 0;
    for (std::size_t b = 1; b < blocks.size() && n_step < horizon; ++b) {
        const System& before = *models.back()->system;
        models::pass_planned_water(before.sources.hydro.plants, study_.time, blocks[b - 1].steps,
                                   last->availability.hydro, in_sight.water);
        if (blocks[b].epoch != blocks[b - 1].epoch) {
            if (plans_by_forecast() || study_.dispatch.commitment) {
                break;
            }
            models.push_back(&origin_of(blocks[b].epoch).model);
            auto names = name_rows(models);
            if (!names) {
                break;
            }
            names_ = std::move(*names);
            in_sight = enter_source_state(*models.back()->system, study_.time,
                                          blocks[b].steps.first, &before, in_sight);
        }
        if (ahead_.size() == n_ahead_) {
            ahead_.push_back(std::make_unique<Ahead>());
        }
        Ahead& ahead = *ahead_[n_ahead_++];
        ahead.epoch = blocks[b].epoch;
        sample_block(origin_of(ahead.epoch), blocks[b], in_sight, ahead.sample);
        for (const dispatch::Cause cause : taken_away_) {
            dispatch::take_away(cause, ahead.sample.dispatch_input);
        }
        if (models.size() > 1) {
            later_[ahead.epoch].model = models.back();
        }
        last = &ahead.sample;
        n_step += blocks[b].steps.count;
    }
}

dispatch::PlanSettings BlockPlanner::settings() const {
    // A limit of the base state gives way just before load is cut off for it: load that has agreed to be called goes first.
    constexpr double share_of_unserved = 0.97; // and what serves the load then
    constexpr double after_curtailment = 0.5;  // of the price of curtailing wind and sun
    dispatch::PlanSettings settings{.dt_h = study_.time.dt_h(),
                                    .overload_price =
                                        share_of_unserved * study_.economics.unserved_cny_per_mwh,
                                    .reserve_share = study_.dispatch.reserve_share,
                                    .max_iterations = study_.dispatch.max_iterations,
                                    .commitment = study_.dispatch.commitment};
    for (const dispatch::Cause cause : taken_away_) {
        if (cause == dispatch::Cause::minimum_output) {
            settings.back_down_price = after_curtailment * settings.curtailment_price;
        } else if (cause == dispatch::Cause::reserve) {
            settings.reserve_share = 0;
        }
    }
    return settings;
}

const dispatch::NetworkLimits& BlockPlanner::limits() const {
    static const dispatch::NetworkLimits copper_plate;
    return rows_ ? rows_->limits() : copper_plate;
}

void BlockPlanner::make_rows(const EpochModel& model, const Demand& demand,
                             std::optional<NetworkRows>& rows) const {
    if (!study_.dispatch.n_limits && !study_.dispatch.n_1_limits) {
        return;
    }
    rows.emplace(study_, model, demand.p_mw.step(0));
    if (!rows->usable()) {
        rows.reset();
        return;
    }
    for (const dispatch::Cause cause : taken_away_) {
        rows->take_away(cause);
    }
}

const dispatch::Table& BlockPlanner::table(const EpochModel& model) const {
    return taken_away_.empty() ? model.dispatch.rows : tables_.at(&model);
}

/// Tables of the epochs in sight without what is taken away, anew for every block: storages age.
void BlockPlanner::make_tables(const EpochModel& model) {
    const auto make = [&](const EpochModel& of) {
        dispatch::Table& table = tables_[&of];
        table = of.dispatch.rows;
        for (const dispatch::Cause cause : taken_away_) {
            dispatch::take_away(cause, table);
        }
    };
    if (!taken_away_.empty()) {
        make(model);
        for (const auto& [number, later] : later_) {
            make(*later.model);
        }
    }
}

void BlockPlanner::prepare(const EpochModel& model, std::size_t number, BlockData& data,
                           const LossEstimate& losses) {
    number_ = number;
    make_tables(model);
    for (const dispatch::Cause cause : taken_away_) {
        dispatch::take_away(cause, data.dispatch_input);
    }
    for (std::size_t n = 0; n < n_ahead_; ++n) {
        losses.estimate(ahead_[n]->sample.dispatch_input);
    }
    if (!entered_) {
        make_rows(model, data.demand, rows_);
        if (rows_ && study_.dispatch.loss_factors) {
            loss_factors_.emplace(model, *rows_, study_.powerflow.distributed_slack,
                                  static_cast<std::size_t>(24.0 / study_.time.dt_h() + 0.5));
        }
        entered_ = true;
        if (rows_ && learnt_ != nullptr && learnt_->rows_) {
            rows_->take_over(*learnt_->rows_);
        }
        learnt_ = nullptr;
    }
    prepare_network(model, data);
    seam_.reset();
    if (!later_.empty()) {
        prepare_seam(model);
        return;
    }
    if (plans_by_forecast() && !foresight_) {
        foresight_.emplace(study_.dispatch.forecast, settings());
    }
    if (planner_) {
        planner_->go_on();
    } else {
        planner_.emplace(table(model), limits(), settings());
    }
}

/// Flows of the loads of all blocks in sight that lie in the epoch of the first.
void BlockPlanner::prepare_network(const EpochModel& model, BlockData& data) {
    if (!rows_) {
        return;
    }
    rows_->clear(network_);
    if (loss_factors_) {
        loss_factors_->begin(data.dispatch_input, network_);
    }
    const auto append = [&](const Demand& demand, dispatch::BlockInput& input) {
        if (loss_factors_) {
            loss_factors_->append(input, network_);
        }
        rows_->append(model, demand, input, network_);
    };
    append(data.demand, data.dispatch_input);
    for (std::size_t n = 0; n < n_ahead_ && !later_.contains(ahead_[n]->epoch); ++n) {
        append(ahead_[n]->sample.demand, ahead_[n]->sample.dispatch_input);
    }
}

void BlockPlanner::prepare_seam(const EpochModel& model) {
    std::vector<SeamEpoch> epochs = {{&table(model), rows()}};
    for (auto& [number, later] : later_) {
        bool first = true;
        for (std::size_t n = 0; n < n_ahead_; ++n) {
            const BlockSample& sample = ahead_[n]->sample;
            if (ahead_[n]->epoch != number) {
                continue;
            }
            if (first && !later.rows) {
                make_rows(*later.model, sample.demand, later.rows);
            }
            if (first && later.rows) {
                later.rows->clear(later.network);
            }
            if (later.rows) {
                later.rows->append(*later.model, sample.demand, sample.dispatch_input,
                                   later.network);
            }
            first = false;
        }
        epochs.push_back({&table(*later.model), later.rows ? &*later.rows : nullptr});
    }
    seam_.emplace(epochs, names_, settings());
}

void BlockPlanner::plan(const EpochModel& model, BlockData& data, dispatch::State& state) {
    if (loss_factors_) {
        bus_loss_factor_ = loss_factors_->of_buses();
    }
    dispatch_plan(model, data, state);
    if (loss_factors_) {
        settle_losses(outcome_.loss_mw, data.dispatch_input, network_);
    }
}

void BlockPlanner::dispatch_plan(const EpochModel& model, BlockData& data, dispatch::State& state) {
    if (seam_) {
        return plan_across(data, state);
    }
    std::vector<const dispatch::BlockInput*> inputs = {&data.dispatch_input};
    for (std::size_t n = 0; n < n_ahead_; ++n) {
        inputs.push_back(&ahead_[n]->sample.dispatch_input);
    }
    if (foresight_) {
        foresight_->plan(table(model), limits(), inputs, network_, number_, *planner_, state,
                         data.schedule, outcome_);
    } else {
        planner_->plan(table(model), inputs, network_, state, data.schedule, outcome_);
    }
}

void BlockPlanner::plan_across(BlockData& data, dispatch::State& state) {
    std::vector<const dispatch::NetworkBlock*> networks = {&network_};
    std::map<std::size_t, std::size_t> epoch_of_seam;
    for (const auto& [number, later] : later_) {
        epoch_of_seam[number] = networks.size();
        networks.push_back(&later.network);
    }
    std::vector<SeamBlock> blocks = {{0, &data.dispatch_input}};
    for (std::size_t n = 0; n < n_ahead_; ++n) {
        const auto later = epoch_of_seam.find(ahead_[n]->epoch);
        blocks.push_back(
            {later == epoch_of_seam.end() ? 0 : later->second, &ahead_[n]->sample.dispatch_input});
    }
    seam_->plan(blocks, networks, state, data.schedule, outcome_);
}

bool BlockPlanner::learn(const EpochModel& model, const BlockData& data) {
    if (loss_factors_) {
        loss_factors_->learn(model, data, network_);
    }
    return rows_ && rows_->learn(model, data.dispatch_input, data.schedule, outcome_,
                                 data.injections, data.states, network_);
}

void BlockPlanner::settle(const EpochModel& model, BlockData& data) {
    if (seam_) {
        seam_->take_limits_away(data.schedule, outcome_);
    } else if (foresight_) {
        foresight_->account(data.dispatch_input);
    } else {
        planner_->take_limits_away(model.dispatch.rows, data.dispatch_input, data.schedule,
                                   outcome_);
    }
}

void BlockPlanner::record(const EpochModel& model, StepRange steps, BlockData& data) {
    if (rows_) {
        broken_.add(*rows_, steps, study_.time.dt_h());
    }
    what_if_.add(model, rows(), outcome_, data.schedule.ledger);
    prices_.add(model, rows(), network_, bus_loss_factor_, outcome_, study_.time.dt_h(), data);
    plans_.add(outcome_, data.result);
}

std::map<dispatch::Cause, dispatch::Curtailed> BlockPlanner::name_causes() const {
    using dispatch::Cause;
    std::map<Cause, dispatch::Curtailed> names;
    std::map<Cause, double> most;
    for (const auto& row : outcome_.binding) {
        const auto& is_section = limits().is_section;
        const bool after = row.outage != dispatch::program::no_outage;
        const Cause cause = row.branch < is_section.size() && is_section[row.branch]
                                ? Cause::section
                            : after ? Cause::branch_n1
                                    : Cause::branch_n;
        if (row.value_per_mwh > most[cause]) {
            most[cause] = row.value_per_mwh;
            names[cause] = {.cause = cause,
                            .limit = dispatch::LimitKind::network,
                            .limit_row = row.branch,
                            .outage_row = row.outage};
        }
    }
    return names;
}

void BlockPlanner::finish(Summary& summary) const {
    what_if_.finish(summary);
    if (foresight_) {
        foresight_->finish(summary.indicators);
    }
    prices_.finish(summary);
    plans_.finish(summary.indicators);
    broken_.finish(summary);
}

} // namespace yuanwang::engine
