#include "engine/simulator.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "dispatch/optimal.hpp"
#include "dispatch/rules.hpp"
#include "engine/block_data.hpp"
#include "engine/blocks.hpp"
#include "engine/control_positions.hpp"
#include "engine/counts.hpp"
#include "engine/epoch_model.hpp"
#include "engine/explanations.hpp"
#include "engine/failure_account.hpp"
#include "engine/fault_account.hpp"
#include "engine/flexible_books.hpp"
#include "engine/foresight.hpp"
#include "engine/green.hpp"
#include "engine/green_trace.hpp"
#include "engine/indicators.hpp"
#include "engine/loss_account.hpp"
#include "engine/loss_estimate.hpp"
#include "engine/mismatch.hpp"
#include "engine/n1_ac.hpp"
#include "engine/n1_account.hpp"
#include "engine/n1_screen.hpp"
#include "engine/network_rows.hpp"
#include "engine/plant_account.hpp"
#include "engine/plateau_account.hpp"
#include "engine/price_account.hpp"
#include "engine/recorder.hpp"
#include "engine/storage_ageing.hpp"
#include "engine/tenant_books.hpp"
#include "engine/typical_days.hpp"
#include "engine/verdicts.hpp"
#include "engine/weather.hpp"
#include "engine/what_if.hpp"

namespace yuanwang::engine {

namespace {

/// Adds the time of its life to a stage.
class StageClock {
  public:
    StageClock(std::map<std::string, double>& seconds, const char* stage)
        : seconds_{seconds[stage]}, start_{std::chrono::steady_clock::now()} {}
    ~StageClock() {
        seconds_ +=
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    StageClock(const StageClock&) = delete;
    StageClock& operator=(const StageClock&) = delete;

  private:
    double& seconds_;
    std::chrono::steady_clock::time_point start_;
};

class Simulation {
  public:
    Simulation(const Study& study, ResultSink& sink, Progress& progress,
               const RunSettings& settings)
        : study_{study}, sink_{sink}, progress_{progress}, settings_{settings},
          axes_{make_axes(study)}, indicators_{study, axes_}, outage_names_{study, axes_},
          n1_account_{study, axes_, outage_names_}, faults_{study, axes_},
          green_{axes_.of(Axis::storage).size()}, green_trace_{axes_}, mismatch_{axes_},
          positions_{axes_}, ageing_{axes_, study.time.dt_h()}, tenants_{axes_},
          losses_{study.dispatch.loss_share_initial, count_steps_per_day(study.time)} {}

    RunReport run() {
        make_weather();
        sink_.begin(axes_);
        const std::vector<Block> blocks = list_blocks(study_);
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            const Block& block = blocks[b];
            stop_if_asked();
            enter_epoch(block.epoch);
            sample_availability(block);
            look_ahead(blocks, b);
            dispatch_and_solve(b);
            explain_what_gave_way(block);
            record(block);
            screen_outages();
            account_faults();
            hand_over();
            progress_.update("steps", block.steps.last(), study_.time.n_step);
        }
        summarise();
        return std::move(report_);
    }

  private:
    void stop_if_asked() const {
        if (progress_.stop_requested()) {
            throw Interrupted{};
        }
    }

    void make_weather() {
        const StageClock clock{report_.stage_seconds, "weather"};
        weather_owner_ =
            settings_.shared.weather
                ? settings_.shared.weather(study_, progress_)
                : std::make_shared<const SiteWeather>(make_site_weather(study_, progress_));
        weather_ = *weather_owner_;
        plateau_.begin(study_, weather_);
    }

    /// Makes an epoch ready and hands the stored energy over by id.
    void enter_epoch(std::size_t epoch) {
        if (epoch_ == epoch) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "network"};
        const dispatch::State before = std::move(state_);
        const System* system_before = model_ ? model_->system : nullptr;
        const std::vector<std::string> ids_before =
            model_ ? model_->system->batteries.id : std::vector<std::string>{};
        epoch_ = epoch;
        model_.emplace(make_epoch_model(study_, study_.epochs[epoch], axes_, settings_.n_thread));
        n1_screen_.reset();
        planner_.reset();
        if (foresight_) {
            foresight_->enter_epoch();
        }
        network_rows_.reset();
        network_ = {};
        n1_ac_.reset();
        state_ = dispatch::make_initial_state(model_->dispatch.rows);
        state_.storage_value_cny_per_mwh.assign(state_.e_mwh.size(),
                                                std::numeric_limits<double>::quiet_NaN());
        state_.residual_mw = before.residual_mw;
        state_.firm_gap_mw = before.firm_gap_mw;
        const BatteryFleet& fleet = model_->system->batteries;
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            const auto it = std::ranges::find(ids_before, fleet.id[k]);
            if (it != ids_before.end()) {
                const auto row = static_cast<std::size_t>(it - ids_before.begin());
                state_.e_mwh[k] = std::min(before.e_mwh[row], fleet.batteries.e_max_mwh[k]);
                if (!before.storage_value_cny_per_mwh.empty()) {
                    state_.storage_value_cny_per_mwh[k] = before.storage_value_cny_per_mwh[row];
                }
            }
        }
        if (before.managed.used_h.size() == model_->dispatch.rows.managed.records.size()) {
            state_.managed = before.managed;
        }
        flexible_.enter(*model_, state_);
        green_trace_.enter_epoch(*model_);
        compute_weather_of_epoch(system_before);
    }

    /// Computes what the weather gives the epoch, at the plateau and, for comparison, at sea level.
    void compute_weather_of_epoch(const System* system_before) {
        const StageClock clock{report_.stage_seconds, "availability"};
        const Epoch& epoch = study_.epochs[*epoch_];
        sources_ = enter_source_state(epoch.system, study_.time, epoch.steps.first, system_before,
                                      sources_);
        driven_ = find_weather_driven(weather_, Air::of_site);
        if (!plateau_.sea_level().empty()) {
            plateau_.add(study_, epoch.system, weather_, *driven_,
                         *find_weather_driven(plateau_.sea_level(), Air::of_sea_level));
        }
    }

    std::shared_ptr<const WeatherDriven>
    find_weather_driven(std::span<const models::WeatherYear> weather, Air air) const {
        if (settings_.shared.driven) {
            return settings_.shared.driven(study_, *epoch_, weather, air);
        }
        const Epoch& epoch = study_.epochs[*epoch_];
        auto driven = std::make_shared<WeatherDriven>();
        compute_weather_driven(epoch.system, weather, study_.time, epoch.steps, *driven);
        return driven;
    }

    void sample_availability(const Block& block) {
        const StageClock clock{report_.stage_seconds, "availability"};
        sample(block, sources_, data_.availability, data_.demand, data_.dispatch_input, heat_mw_);
        ageing_.apply(model_->system->batteries, model_->axes, model_->dispatch.rows.storages,
                      state_);
        plain_p_mw_ = data_.demand.p_mw;
        plain_q_mvar_ = data_.demand.q_mvar;
        data_.state_before = state_;
    }

    /// `state` moves to the end of the block.
    void sample(const Block& block, SourceState& state, Availability& availability, Demand& demand,
                dispatch::BlockInput& input, std::vector<double>& heat_mw) const {
        const System& system = *model_->system;
        compute_availability(system, *driven_, study_.time, block.steps, state, availability);
        compute_demand(system, weather_, study_.time, block.steps, study_.seed, demand);
        input.dt_h = study_.time.dt_h();
        input.n_step = block.steps.count;
        input.steps_per_day = count_steps_per_day(study_.time);
        input.first_step_of_day = block.first_step_of_day;
        sum_demand(model_->load_buses, model_->dispatch.island_of_bus, demand,
                   model_->dispatch.rows.n_island, input.demand_mw);
        fill_availability(system, availability, input);
        fill_thermal_minimum(study_.dispatch, study_.time, block.steps, input);
        fill_storage_limits(system, demand.containers, input);
        fill_heat_band(system, weather_, block.steps, input, heat_mw);
        fill_flexible_loads(system.loads, model_->dispatch.flexible, study_.time, block.steps,
                            demand, model_->dispatch.rows, input);
    }

    /// The blocks a plan has in sight beyond its own: whole days of the same epoch up to the horizon.
    void look_ahead(const std::vector<Block>& blocks, std::size_t b) {
        n_ahead_ = 0;
        if (study_.dispatch.method != DispatchMethod::optimal) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "availability"};
        const auto horizon =
            static_cast<std::size_t>(study_.dispatch.horizon_h / study_.time.dt_h() + 0.5);
        std::size_t n_step = blocks[b].steps.count;
        SourceState in_sight = sources_; // water as it stands now
        std::vector<double> heat_mw;
        for (std::size_t next = b + 1;
             next < blocks.size() && n_step < horizon && blocks[next].epoch == blocks[b].epoch;
             ++next) {
            if (ahead_.size() == n_ahead_) {
                ahead_.emplace_back();
            }
            Ahead& ahead = ahead_[n_ahead_++];
            sample(blocks[next], in_sight, ahead.availability, ahead.demand, ahead.input, heat_mw);
            n_step += blocks[next].steps.count;
        }
    }

    /// Dispatch and power flow of a block; AC losses come back until they no longer move or the
    /// rounds are used up.
    void dispatch_and_solve(std::size_t number) {
        block_number_ = number;
        losses_.estimate(data_.dispatch_input);
        for (std::size_t n = 0; n < n_ahead_; ++n) {
            losses_.estimate(ahead_[n].input);
        }
        prepare_network();
        dispatch_block();
        solve_power_flows();
        for (int round = 0; needs_another_round(round); ++round) {
            stop_if_asked();
            dispatch_block();
            solve_power_flows();
        }
        settle_plan();
        losses_.remember(data_.dispatch_input, data_.states);
        positions_.remember(*model_, data_.states);
        state_ = std::move(state_after_);
    }

    void dispatch_block() {
        const StageClock clock{report_.stage_seconds, "dispatch"};
        state_after_ = data_.state_before;
        switch (study_.dispatch.method) {
        case DispatchMethod::none:
            schedule_set_powers(*model_->system, model_->dispatch.rows, data_.dispatch_input,
                                state_after_, data_.schedule);
            break;
        case DispatchMethod::rules:
            dispatch::dispatch_block(model_->dispatch.rows, data_.dispatch_input, state_after_,
                                     data_.schedule);
            break;
        case DispatchMethod::optimal:
            plan_block();
            break;
        }
    }

    /// Losses that moved, or a limit that dispatch might still keep; both a bounded number of times.
    bool needs_another_round(int round) {
        if (study_.dispatch.method == DispatchMethod::none) {
            return false;
        }
        bool again = round < study_.dispatch.loss_rounds &&
                     losses_.feed_back(model_->grid, model_->dispatch.island_of_bus, data_.states,
                                       data_.dispatch_input);
        if (network_rows_) {
            const StageClock clock{report_.stage_seconds, "dispatch"};
            const double worst = network_rows_->learn(*model_, data_.dispatch_input, data_.schedule,
                                                      data_.states, network_);
            again = again || (worst > 1.0 && round < study_.dispatch.limit_rounds);
        }
        return again;
    }

    void prepare_planner() {
        const dispatch::PlanSettings settings{.dt_h = study_.time.dt_h(),
                                              .reserve_share = study_.dispatch.reserve_share};
        if (study_.dispatch.n_limits || study_.dispatch.n_1_limits) {
            network_rows_.emplace(study_, *model_, data_.demand.p_mw.step(0));
            if (!network_rows_->usable()) {
                network_rows_.reset();
            }
        }
        if (study_.dispatch.forecast.method != dispatch::ForecastMethod::perfect && !foresight_) {
            foresight_.emplace(study_.dispatch.forecast, settings);
        }
        planner_.emplace(model_->dispatch.rows,
                         network_rows_ ? network_rows_->limits() : dispatch::NetworkLimits{},
                         settings);
    }

    /// Flows of the loads of all blocks in sight, for the limits of a plan.
    void prepare_network() {
        if (study_.dispatch.method != DispatchMethod::optimal) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "dispatch"};
        if (planner_) {
            planner_->go_on();
        } else {
            prepare_planner();
        }
        if (network_rows_) {
            network_rows_->clear(network_);
            network_rows_->append(*model_, data_.demand, data_.dispatch_input, network_);
            for (std::size_t n = 0; n < n_ahead_; ++n) {
                network_rows_->append(*model_, ahead_[n].demand, ahead_[n].input, network_);
            }
        }
    }

    void plan_block() {
        std::vector<const dispatch::BlockInput*> inputs = {&data_.dispatch_input};
        for (std::size_t n = 0; n < n_ahead_; ++n) {
            inputs.push_back(&ahead_[n].input);
        }
        if (foresight_) {
            foresight_->plan(model_->dispatch.rows,
                             network_rows_ ? network_rows_->limits() : dispatch::NetworkLimits{},
                             inputs, network_, block_number_, *planner_, state_after_,
                             data_.schedule, outcome_);
        } else {
            planner_->plan(model_->dispatch.rows, inputs, network_, state_after_, data_.schedule,
                           outcome_);
        }
    }

    /// The plan of the block stands: causes of what it curtailed, and what knowing more would have saved.
    void settle_plan() {
        if (study_.dispatch.method != DispatchMethod::optimal) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "dispatch"};
        if (foresight_) {
            foresight_->account(data_.dispatch_input);
        } else {
            planner_->take_limits_away(model_->dispatch.rows, data_.dispatch_input, data_.schedule,
                                       outcome_);
        }
        what_if_.add(*model_, network_rows_ ? &*network_rows_ : nullptr, outcome_);
    }

    void solve_power_flows() {
        const StageClock clock{report_.stage_seconds, "powerflow"};
        const System& system = *model_->system;
        move_demand(model_->dispatch.flexible, plain_p_mw_, plain_q_mvar_, data_.schedule,
                    data_.demand);
        spread_cuts(model_->load_buses, model_->dispatch.island_of_bus, data_.demand,
                    model_->dispatch.rows, data_.schedule, data_.cuts);
        list_source_power(system, data_.schedule, data_.source_p_mw);
        fill_injections(system, model_->units, model_->load_buses, data_.demand, data_.cuts,
                        data_.schedule, data_.source_p_mw, model_->grid.n_bus, data_.injections);
        if (study_.dispatch.method == DispatchMethod::none) {
            model_->solver.solve_block(data_.injections, data_.states);
        } else {
            model_->solver.solve_block(data_.injections, positions_.start(*model_), data_.states);
        }
    }

    void explain_what_gave_way(const Block& block) {
        if (study_.dispatch.method == DispatchMethod::none) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "dispatch"};
        explanations_.add(*model_, study_.time, block.steps, data_);
    }

    void record(const Block& block) {
        const StageClock clock{report_.stage_seconds, "results"};
        green_.account(*model_, data_, study_.time.dt_h());
        plants_.add(*model_, heat_mw_, data_, study_.time.dt_h(), sources_);
        models::pass_water(model_->system->sources.hydro.plants, study_.time, block.steps,
                           data_.schedule.hydro_mw, sources_.water);
        record_block(*model_, axes_, block.steps, data_);
        green_trace_.add(*model_, study_.time.dt_h(), data_);
        lost_.add(*model_, study_.time.dt_h(), data_);
        mismatch_.add(data_.result);
        if (planner_) {
            prices_.add(*model_, network_rows_ ? &*network_rows_ : nullptr, network_, outcome_,
                        study_.time.dt_h(), data_);
        }
        record_curtailment(*model_, block.steps, data_);
        ageing_.record(model_->system->batteries, model_->axes, data_);
        tenants_.record(*model_, study_.time, data_);
        flexible_.record(*model_, study_.time.dt_h(), data_, state_);
        list_managed_calls(*model_, block.steps, data_.schedule, managed_calls_);
        const ViolationCount violations =
            judge_block(*model_, axes_, block.steps, study_.powerflow.tolerance_pu, data_);
        failures_.add(*model_, study_.powerflow, block.steps, data_);
        indicators_.add(*model_, data_, violations);
        days_.add(study_.time, data_.result, weather_);
    }

    void screen_outages() {
        if (study_.n_1.method == N1Method::none) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "security"};
        if (study_.n_1.method == N1Method::dc) {
            if (!n1_screen_) {
                n1_screen_.emplace(*model_, axes_);
            }
            n1_screen_->screen(data_.states, data_.result);
            n1_account_.add(*n1_screen_, data_);
            return;
        }
        if (!n1_ac_) {
            n1_ac_.emplace(study_, *model_, outage_names_, settings_.n_thread);
        }
        n1_ac_->judge(data_, n1_findings_);
        n1_account_.add(n1_findings_, n1_ac_->outages().size(), data_);
    }

    void account_faults() {
        if (study_.short_circuit.method == ShortCircuitMethod::none) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "short_circuit"};
        if (faults_epoch_ != epoch_) {
            faults_epoch_ = epoch_;
            faults_.enter_epoch(*model_);
        }
        faults_.add(data_);
    }

    void hand_over() {
        const StageClock clock{report_.stage_seconds, "results"};
        sink_.write(data_.result);
        sink_.write_curtailment(data_.curtailment);
        sink_.write_verdicts(data_.verdicts);
        sink_.write_managed_calls(managed_calls_);
    }

    void summarise() {
        const StageClock clock{report_.stage_seconds, "results"};
        Summary& summary = report_.summary;
        summary.scenario_id = study_.id;
        summary.scenario_name = study_.name;
        summary.counts = count_elements(study_, model_->grid);
        indicators_.finish(weather_, summary);
        green_trace_.finish(summary);
        lost_.finish(summary);
        mismatch_.finish(summary.indicators);
        plants_.finish(study_, sources_, summary.indicators);
        plateau_.finish(summary.indicators);
        if (n1_screen_ || n1_ac_) {
            n1_account_.finish(summary);
        }
        explanations_.finish(summary);
        failures_.finish(summary);
        what_if_.finish(summary);
        if (foresight_) {
            foresight_->finish(summary.indicators);
        }
        prices_.finish(summary);
        if (faults_epoch_) {
            faults_.finish(summary);
        }
        ageing_.finish(summary);
        tenants_.finish(summary);
        flexible_.finish(summary);
        calibrate(study_, summary);
        summary.typical_days = days_.pick();
        report_.all_converged = indicators_.all_converged();
        report_.relaxed = indicators_.relaxed();
        sink_.finish(summary);
    }

    const Study& study_;
    ResultSink& sink_;
    Progress& progress_;
    const RunSettings& settings_;
    ResultAxes axes_;
    std::shared_ptr<const SiteWeather> weather_owner_;
    std::span<const models::WeatherYear> weather_;
    std::optional<std::size_t> epoch_;
    std::optional<EpochModel> model_;
    dispatch::State state_;       ///< at the start of the block to come
    dispatch::State state_after_; ///< at the end of the block as dispatched last
    SourceState sources_;
    std::shared_ptr<const WeatherDriven> driven_; ///< of the epoch
    std::vector<double> heat_mw_;                 ///< of the block
    BlockData data_;
    /// A block that is planned for but not kept.
    struct Ahead {
        Availability availability;
        Demand demand;
        dispatch::BlockInput input;
    };
    std::vector<Ahead> ahead_; ///< the first `n_ahead_` are in sight
    std::size_t n_ahead_ = 0;
    std::optional<dispatch::Planner> planner_; ///< of the epoch, for method `optimal`
    std::optional<NetworkRows> network_rows_;  ///< of the epoch; none: copper plate
    dispatch::NetworkBlock network_;           ///< of the block and what is in sight beyond it
    dispatch::PlanOutcome outcome_;            ///< of the block as planned last
    std::optional<N1Screen> n1_screen_;        ///< of the epoch; none where the study asks for none
    std::optional<N1Ac> n1_ac_;
    std::vector<N1StepFindings> n1_findings_;
    Indicators indicators_;
    OutageNames outage_names_;
    N1Account n1_account_;
    FaultAccount faults_;
    std::optional<std::size_t> faults_epoch_; ///< the epoch whose faults were computed
    GreenAccount green_;
    GreenTrace green_trace_;
    LossAccount lost_;
    MismatchAccount mismatch_;
    PlantAccount plants_;
    PlateauAccount plateau_;
    ControlPositions positions_;
    StorageAgeing ageing_;
    TenantBooks tenants_;
    FlexibleBooks flexible_;
    Series plain_p_mw_; ///< demand of the block before dispatch moves any
    Series plain_q_mvar_;
    std::vector<ManagedCallRow> managed_calls_;
    LossEstimate losses_;
    TypicalDays days_;
    ExplanationAccount explanations_;
    FailureAccount failures_;
    WhatIfAccount what_if_;
    std::optional<Foresight> foresight_; ///< where forecasts are not perfect
    std::size_t block_number_ = 0;
    PriceAccount prices_;
    RunReport report_;
};

} // namespace

RunReport simulate(const Study& study, ResultSink& sink, Progress& progress,
                   const RunSettings& settings) {
    return Simulation{study, sink, progress, settings}.run();
}

} // namespace yuanwang::engine
