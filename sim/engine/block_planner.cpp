#include "engine/block_planner.hpp"

namespace yuanwang::engine {

void BlockPlanner::enter_epoch() {
    planner_.reset();
    rows_.reset();
    network_ = {};
    if (foresight_) {
        foresight_->enter_epoch();
    }
}

void BlockPlanner::look_ahead(const BlockOrigin& from, std::span<const Block> blocks,
                              const BlockSample& sample, const SourceState& sources) {
    const auto horizon =
        static_cast<std::size_t>(study_.dispatch.horizon_h / study_.time.dt_h() + 0.5);
    const models::HydroPlants& plants = from.model.system->sources.hydro.plants;
    SourceState in_sight = sources;
    const BlockSample* last = &sample;
    std::size_t n_step = blocks.front().steps.count;
    n_ahead_ = 0;
    for (std::size_t b = 1; b < blocks.size() && n_step < horizon; ++b) {
        if (blocks[b].epoch != blocks.front().epoch) {
            break;
        }
        models::pass_planned_water(plants, study_.time, blocks[b - 1].steps,
                                   last->availability.hydro, in_sight.water);
        if (ahead_.size() == n_ahead_) {
            ahead_.push_back(std::make_unique<BlockSample>());
        }
        sample_block(from, blocks[b], in_sight, *ahead_[n_ahead_]);
        last = ahead_[n_ahead_++].get();
        n_step += blocks[b].steps.count;
    }
}

dispatch::PlanSettings BlockPlanner::settings() const {
    // A limit of the base state gives way just before load is cut off for it: load that has agreed to be called goes first.
    constexpr double share_of_unserved = 0.97; // and what serves the load then
    return {.dt_h = study_.time.dt_h(),
            .overload_price = share_of_unserved * study_.economics.unserved_cny_per_mwh,
            .reserve_share = study_.dispatch.reserve_share,
            .max_iterations = study_.dispatch.max_iterations,
            .commitment = study_.dispatch.commitment};
}

const dispatch::NetworkLimits& BlockPlanner::limits() const {
    static const dispatch::NetworkLimits copper_plate;
    return rows_ ? rows_->limits() : copper_plate;
}

void BlockPlanner::make_planner(const EpochModel& model, const BlockData& data) {
    if (study_.dispatch.n_limits || study_.dispatch.n_1_limits) {
        rows_.emplace(study_, model, data.demand.p_mw.step(0));
        if (!rows_->usable()) {
            rows_.reset();
        }
    }
    if (study_.dispatch.forecast.method != dispatch::ForecastMethod::perfect && !foresight_) {
        foresight_.emplace(study_.dispatch.forecast, settings());
    }
    planner_.emplace(model.dispatch.rows, limits(), settings());
}

void BlockPlanner::prepare(const EpochModel& model, std::size_t number, const BlockData& data,
                           const LossEstimate& losses) {
    number_ = number;
    for (std::size_t n = 0; n < n_ahead_; ++n) {
        losses.estimate(ahead_[n]->dispatch_input);
    }
    if (planner_) {
        planner_->go_on();
    } else {
        make_planner(model, data);
    }
    if (rows_) {
        rows_->clear(network_);
        rows_->append(model, data.demand, data.dispatch_input, network_);
        for (std::size_t n = 0; n < n_ahead_; ++n) {
            rows_->append(model, ahead_[n]->demand, ahead_[n]->dispatch_input, network_);
        }
    }
}

void BlockPlanner::plan(const EpochModel& model, BlockData& data, dispatch::State& state) {
    std::vector<const dispatch::BlockInput*> inputs = {&data.dispatch_input};
    for (std::size_t n = 0; n < n_ahead_; ++n) {
        inputs.push_back(&ahead_[n]->dispatch_input);
    }
    const dispatch::Table& table = model.dispatch.rows;
    if (foresight_) {
        foresight_->plan(table, limits(), inputs, network_, number_, *planner_, state,
                         data.schedule, outcome_);
    } else {
        planner_->plan(table, inputs, network_, state, data.schedule, outcome_);
    }
}

bool BlockPlanner::learn(const EpochModel& model, const BlockData& data) {
    return rows_ &&
           rows_->learn(model, data.dispatch_input, data.schedule, outcome_, data.states, network_);
}

void BlockPlanner::settle(const EpochModel& model, BlockData& data) {
    if (foresight_) {
        foresight_->account(data.dispatch_input);
    } else {
        planner_->take_limits_away(model.dispatch.rows, data.dispatch_input, data.schedule,
                                   outcome_);
    }
    what_if_.add(model, rows(), outcome_);
}

void BlockPlanner::record(const EpochModel& model, StepRange steps, BlockData& data) {
    if (rows_) {
        broken_.add(*rows_, steps, study_.time.dt_h());
    }
    prices_.add(model, rows(), network_, outcome_, study_.time.dt_h(), data);
    plans_.add(outcome_, data.result);
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
