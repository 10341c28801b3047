#include "engine/simulator.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "engine/accounts/contract_account.hpp"
#include "engine/accounts/failure_account.hpp"
#include "engine/accounts/fault_account.hpp"
#include "engine/accounts/findings_account.hpp"
#include "engine/accounts/flexible_books.hpp"
#include "engine/accounts/green.hpp"
#include "engine/accounts/green_trace.hpp"
#include "engine/accounts/indicators.hpp"
#include "engine/accounts/loss_account.hpp"
#include "engine/accounts/microgrid_account.hpp"
#include "engine/accounts/mismatch.hpp"
#include "engine/accounts/n1_account.hpp"
#include "engine/accounts/plant_account.hpp"
#include "engine/accounts/plateau_account.hpp"
#include "engine/accounts/reactive_range_account.hpp"
#include "engine/accounts/recorder.hpp"
#include "engine/accounts/storage_ageing.hpp"
#include "engine/accounts/tenant_books.hpp"
#include "engine/accounts/typical_days.hpp"
#include "engine/accounts/verdicts.hpp"
#include "engine/block_loop.hpp"
#include "engine/counterfactuals.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/weather.hpp"
#include "engine/n1/n1_ac.hpp"
#include "engine/n1/n1_screen.hpp"
#include "engine/n1/n1_unit_screen.hpp"
#include "engine/plan/explanations.hpp"
#include "engine/stage_clock.hpp"
#include "results/counts.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

namespace {

class Simulation {
  public:
    Simulation(const Study& study, ResultSink& sink, Progress& progress,
               const RunSettings& settings)
        : study_{study}, sink_{sink}, progress_{progress}, settings_{settings} {}

    RunReport run() {
        make_weather();
        sink_.begin(axes_);
        const std::vector<Block> blocks = list_blocks(study_);
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            const Block& block = blocks[b];
            stop_if_asked();
            enter_epoch(block.epoch);
            sample_availability(block);
            look_ahead(std::span(blocks).subspan(b));
            dispatch_and_solve(b);
            find_causes(std::span(blocks).subspan(b), b);
            show_block();
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

    /// An epoch with all that its blocks need; a plan that looks across its beginning needs it early.
    struct ReadyEpoch {
        std::unique_ptr<EpochModel> model;
        std::shared_ptr<const WeatherDriven> driven;
    };

    ReadyEpoch make_ready(std::size_t epoch) {
        auto model = std::make_unique<EpochModel>(
            make_epoch_model(study_, study_.epochs[epoch], axes_, settings_.n_thread));
        const WeatherDriven* before = epoch > 0 ? &driven_of(epoch - 1) : nullptr;
        const StageClock clock{report_.stage_seconds, "availability"};
        return {std::move(model), find_weather_driven(epoch, weather_, Air::of_site, before)};
    }

    /// A later epoch, made ready before it begins.
    const ReadyEpoch& ready_epoch(std::size_t epoch) {
        const auto [found, is_new] = ready_.try_emplace(epoch);
        if (is_new) {
            found->second = make_ready(epoch);
        }
        return found->second;
    }

    const WeatherDriven& driven_of(std::size_t epoch) {
        return epoch == epoch_ ? *driven_ : *ready_epoch(epoch).driven;
    }

    /// Enters an epoch: hands on what is stored and remembered, by id.
    void enter_epoch(std::size_t epoch) {
        if (epoch_ == epoch) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "network"};
        const auto found = ready_.find(epoch);
        ReadyEpoch next = found != ready_.end() ? std::move(found->second) : make_ready(epoch);
        ready_.erase(epoch);
        epoch_ = epoch;
        const std::unique_ptr<EpochModel> before = std::exchange(model_, std::move(next.model));
        driven_ = std::move(next.driven);
        n1_screen_.reset();
        n1_unit_screen_.reset();
        n1_ac_.reset();
        n1_account_.enter(*model_);
        const std::size_t first_step = study_.epochs[epoch].steps.first;
        loop_.enter_epoch(*model_, before.get(), first_step);
        counterfactuals_.enter_epoch(*model_, before.get(), first_step);
        flexible_.enter(*model_, loop_.state());
        green_trace_.enter_epoch(*model_);
        contracts_.enter_epoch(*model_);
        if (!plateau_.sea_level().empty()) {
            driven_at_sea_level_ = find_weather_driven(
                epoch, plateau_.sea_level(), Air::of_sea_level, driven_at_sea_level_.get());
            plateau_.add(study_, *model_->system, weather_, *driven_, *driven_at_sea_level_);
        }
    }

    std::shared_ptr<const WeatherDriven>
    find_weather_driven(std::size_t number, std::span<const models::WeatherYear> weather, Air air,
                        const WeatherDriven* before) const {
        if (settings_.shared.driven) {
            return settings_.shared.driven(study_, number, weather, air, before);
        }
        const Epoch& epoch = study_.epochs[number];
        auto driven = std::make_shared<WeatherDriven>();
        compute_weather_driven(epoch.system, weather, study_.time, epoch.steps,
                               before != nullptr ? &before->at_end : nullptr, *driven);
        return driven;
    }

    [[nodiscard]] BlockOrigin origin() const { return {study_, weather_, *model_, *driven_}; }

    void sample_availability(const Block& block) {
        loop_.sample(origin(), block);
        ageing_.apply(model_->system->batteries, model_->axes, model_->dispatch.rows.storages,
                      loop_.state());
        loop_.begin();
    }

    /// Of the epoch, or of a later one, made ready before it begins.
    BlockOrigin origin_of(std::size_t epoch) {
        if (epoch == epoch_) {
            return origin();
        }
        const ReadyEpoch& ready = ready_epoch(epoch);
        return {study_, weather_, *ready.model, *ready.driven};
    }

    void look_ahead(std::span<const Block> blocks) {
        loop_.look_ahead([this](std::size_t epoch) { return origin_of(epoch); }, blocks);
    }

    void dispatch_and_solve(std::size_t number) { loop_.dispatch_and_solve(*model_, number); }

    /// The dispatch of the block stands: causes of what it curtailed, and what knowing more would have saved.
    void find_causes(std::span<const Block> blocks, std::size_t number) {
        if (BlockPlanner* const planner = loop_.planner()) {
            const StageClock clock{report_.stage_seconds, "dispatch"};
            planner->settle(*model_, data_);
        }
        counterfactuals_.explain(
            origin(), *model_, [this](std::size_t epoch) { return origin_of(epoch); }, blocks,
            number, loop_);
    }

    void show_block() const {
        if (settings_.observe) {
            settings_.observe(*model_, data_);
        }
    }

    void explain_what_gave_way(const Block& block) {
        if (study_.dispatch.method == DispatchMethod::none) {
            return;
        }
        const StageClock clock{report_.stage_seconds, "dispatch"};
        explanations_.add(*model_, study_.time, block.steps, data_,
                          loop_.planner() != nullptr ? loop_.planner()->network()
                                                     : ExplanationAccount::PlannedNetwork{});
    }

    void record(const Block& block) {
        const StageClock clock{report_.stage_seconds, "results"};
        green_.account(*model_, data_, study_.time.dt_h());
        plants_.add(*model_, data_.heat_mw, data_, study_.time.dt_h(), loop_.sources());
        models::pass_water(model_->system->sources.hydro.plants, study_.time, block.steps,
                           data_.schedule.hydro_mw, loop_.sources().water);
        record_block(*model_, axes_, block.steps, data_);
        green_trace_.add(*model_, study_.time.dt_h(), data_);
        contracts_.add(*model_, study_.time.dt_h(), data_);
        lost_.add(*model_, study_.time.dt_h(), data_);
        mismatch_.add(data_.result);
        if (BlockPlanner* const planner = loop_.planner()) {
            planner->record(*model_, block.steps, data_);
        }
        record_curtailment(*model_, block.steps,
                           loop_.planner() != nullptr ? loop_.planner()->limit_ids()
                                                      : std::span<const std::string>{},
                           data_);
        ageing_.record(model_->system->batteries, model_->axes, data_);
        tenants_.record(*model_, study_.time, data_);
        flexible_.record(*model_, study_.time.dt_h(), data_, loop_.state());
        microgrids_.record(*model_, study_.time, data_);
        list_managed_calls(*model_, block.steps, data_.schedule, managed_calls_);
        const ViolationCount violations =
            judge_block(*model_, axes_, block.steps, study_.powerflow, data_);
        findings_.add(data_);
        failures_.add(*model_, study_.powerflow, block.steps, data_);
        reactive_range_.add(*model_, block.steps, study_.time.dt_h(), data_);
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
                if (study_.n_1.generators && n1_screen_->usable()) {
                    n1_unit_screen_.emplace(*model_, outage_names_);
                }
            }
            n1_screen_->screen(data_.states, data_.result);
            n1_findings_.clear();
            if (n1_unit_screen_) {
                n1_unit_screen_->screen(data_, n1_findings_);
            }
            n1_account_.add(*n1_screen_, n1_findings_,
                            n1_unit_screen_ ? n1_unit_screen_->n_outage() : 0, data_);
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
        contracts_.finish(summary);
        lost_.finish(summary);
        mismatch_.finish(summary.indicators);
        plants_.finish(study_, loop_.sources(), summary.indicators);
        plateau_.finish(summary.indicators);
        if (n1_screen_ || n1_ac_) {
            n1_account_.finish(summary);
        }
        explanations_.finish(summary);
        failures_.finish(summary);
        reactive_range_.finish(summary);
        if (const BlockPlanner* const planner = loop_.planner()) {
            planner->finish(summary);
        }
        if (faults_epoch_) {
            faults_.finish(summary);
        }
        ageing_.finish(summary);
        tenants_.finish(summary);
        flexible_.finish(summary);
        microgrids_.finish(summary);
        calibrate(study_, summary);
        findings_.finish(indicators_.hours(), summary);
        summary.typical_days = days_.pick();
        report_.all_converged = indicators_.all_converged();
        report_.relaxed = std::ranges::any_of(summary.findings, [](const RunFinding& finding) {
            return finding.severity == Severity::relaxed;
        });
        sink_.finish(summary);
    }

    const Study& study_;
    ResultSink& sink_;
    Progress& progress_;
    const RunSettings& settings_;
    ResultAxes axes_ = make_axes(study_);
    RunReport report_;
    BlockLoop loop_{study_, axes_, progress_, report_.stage_seconds};
    BlockData& data_ = loop_.data();
    CounterfactualRuns counterfactuals_{study_, axes_, progress_, report_.stage_seconds};
    std::shared_ptr<const SiteWeather> weather_owner_;
    std::span<const models::WeatherYear> weather_;
    std::optional<std::size_t> epoch_;
    std::unique_ptr<EpochModel> model_;
    std::shared_ptr<const WeatherDriven> driven_;              ///< of the epoch
    std::shared_ptr<const WeatherDriven> driven_at_sea_level_; ///< where the altitude is compared
    std::map<std::size_t, ReadyEpoch> ready_; ///< later epochs in the sight of a plan
    std::optional<N1Screen> n1_screen_;       ///< of the epoch; none where the study asks for none
    std::optional<N1UnitScreen> n1_unit_screen_;
    std::optional<N1Ac> n1_ac_;
    std::vector<N1StepFindings> n1_findings_;
    Indicators indicators_{study_, axes_};
    OutageNames outage_names_{study_, axes_};
    N1Account n1_account_{study_, axes_, outage_names_};
    FaultAccount faults_{study_, axes_};
    std::optional<std::size_t> faults_epoch_; ///< the epoch whose faults were computed
    GreenAccount green_{axes_.of(Axis::storage).size()};
    GreenTrace green_trace_{axes_};
    ContractAccount contracts_{axes_};
    LossAccount lost_;
    MismatchAccount mismatch_{axes_};
    PlantAccount plants_;
    PlateauAccount plateau_;
    StorageAgeing ageing_{axes_, study_.time.dt_h()};
    TenantBooks tenants_{axes_};
    FlexibleBooks flexible_;
    MicrogridAccount microgrids_;
    std::vector<ManagedCallRow> managed_calls_;
    TypicalDays days_;
    ExplanationAccount explanations_;
    FailureAccount failures_;
    ReactiveRangeAccount reactive_range_;
    FindingsAccount findings_{study_};
};

} // namespace

RunReport simulate(const Study& study, ResultSink& sink, Progress& progress,
                   const RunSettings& settings) {
    return Simulation{study, sink, progress, settings}.run();
}

} // namespace yuanwang::engine
