#include "sweep/run_sweep.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "core/time_axis.hpp"
#include "engine/simulator.hpp"
#include "exchange/result_store.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "sweep/discarding_sink.hpp"
#include "sweep/table.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

/// A result file among those of other threads: one call at a time, over all of them.
class TurnTakingSink final : public engine::ResultSink {
  public:
    TurnTakingSink(const fs::path& file, const std::string& title) {
        take_turn([&] { sink_ = exchange::open_result_file(file, title); });
    }
    ~TurnTakingSink() override {
        take_turn([&] { sink_.reset(); });
    }
    TurnTakingSink(const TurnTakingSink&) = delete;
    TurnTakingSink& operator=(const TurnTakingSink&) = delete;

    void begin(const engine::ResultAxes& axes) override {
        take_turn([&] { sink_->begin(axes); });
    }
    void write(const engine::BlockResult& block) override {
        take_turn([&] { sink_->write(block); });
    }
    void write_curtailment(std::span<const engine::CurtailmentRow> rows) override {
        take_turn([&] { sink_->write_curtailment(rows); });
    }
    void write_verdicts(std::span<const engine::VerdictRow> rows) override {
        take_turn([&] { sink_->write_verdicts(rows); });
    }
    void finish(const engine::Summary& summary) override {
        take_turn([&] { sink_->finish(summary); });
    }

  private:
    template <class Call>
    static void take_turn(Call&& call) {
        static std::mutex turn;
        const std::scoped_lock lock{turn};
        call();
    }

    std::unique_ptr<engine::ResultSink> sink_;
};

std::unique_ptr<engine::ResultSink> open_sink(bool keep_series, const fs::path& folder,
                                              const engine::Study& study) {
    if (!keep_series) {
        return std::make_unique<DiscardingSink>();
    }
    const std::string& title = study.name.in(Language::en);
    return std::make_unique<TurnTakingSink>(folder / "results.nc",
                                            title.empty() ? study.id : title);
}

class SweepRun {
  public:
    SweepRun(const Plan& plan, const fs::path& folder, const RunOptions& options,
             Progress& progress)
        : plan_{plan}, folder_{folder}, options_{options}, progress_{progress} {}

    void run(std::vector<std::size_t> members) {
        todo_ = std::move(members);
        {
            std::vector<std::jthread> workers;
            const std::size_t n =
                std::min(std::max<std::size_t>(options_.n_thread, 1), todo_.size());
            for (std::size_t k = 0; k < n; ++k) {
                workers.emplace_back([this] { work(); });
            }
            watch();
        }
        if (error_) {
            std::rethrow_exception(error_);
        }
        if (interrupted_) {
            throw Interrupted{};
        }
    }

  private:
    /// What a member sees of the outside: only whether to stop.
    class MemberProgress final : public Progress {
      public:
        explicit MemberProgress(const std::atomic<bool>& stop) : stop_{stop} {}
        void update(std::string_view, std::size_t, std::size_t) override {}
        [[nodiscard]] bool stop_requested() const override { return stop_; }

      private:
        const std::atomic<bool>& stop_;
    };

    /// The thread of the caller shows progress and passes on the wish to stop.
    void watch() {
        using namespace std::chrono_literals;
        std::unique_lock lock{mutex_};
        while (n_finished_ < todo_.size() && !stop_) {
            progress_.update("members", n_finished_, todo_.size());
            if (progress_.stop_requested()) {
                interrupted_ = true;
                stop_ = true;
            }
            changed_.wait_for(lock, 50ms);
        }
        progress_.update("members", n_finished_, todo_.size());
    }

    void work() {
        try {
            for (std::size_t k = next_++; k < todo_.size() && !stop_; k = next_++) {
                run_recorded(todo_[k]);
                const std::scoped_lock lock{mutex_};
                ++n_finished_;
                changed_.notify_one();
            }
        } catch (const Interrupted&) { // asked for by watch
        } catch (...) {
            const std::scoped_lock lock{mutex_};
            error_ = error_ ? error_ : std::current_exception();
            stop_ = true;
            changed_.notify_one();
        }
    }

    /// Runs a member; where that fails, its message is stored in its place.
    void run_recorded(std::size_t member) {
        const ManifestMember& planned = plan_.manifest.members[member];
        try {
            run_member(member);
            clear_failure(folder_, planned);
        } catch (const Interrupted&) {
            throw;
        } catch (const InputError& error) {
            std::string message;
            for (const Fault& fault : error.faults()) {
                message += (message.empty() ? "" : "; ") + to_string(fault);
            }
            write_failure(folder_, planned, message);
        } catch (const std::exception& error) {
            write_failure(folder_, planned, error.what());
        }
    }

    void run_member(std::size_t member) {
        const ManifestMember& planned = plan_.manifest.members[member];
        const auto started =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const scenario::LoadedScenario scenario = load_member(plan_, member);
        if (hash_scenario(scenario) != planned.hash) {
            throw IoError("the scenario has changed since the sweep began");
        }
        report::StagedFolder stage{member_folder(folder_, planned)};
        const engine::RunReport run = simulate_into(stage.path(), scenario.study);
        report::write_file(stage.path() / "summary.json", report::format_summary_json(run.summary));
        report::write_file(stage.path() / "scenario.resolved.yaml", scenario.resolved_yaml);
        report::write_file(stage.path() / "run.json",
                           report::format_run_json({.command_line = options_.command_line,
                                                    .scenario_id = scenario.study.id,
                                                    .seed = scenario.study.seed,
                                                    .inputs = scenario.inputs,
                                                    .stage_seconds = run.stage_seconds,
                                                    .steps = run.summary.steps,
                                                    .started_utc = to_iso_utc(started)}));
        stage.commit();
    }

    /// The result file, where there is one, is closed on return.
    engine::RunReport simulate_into(const fs::path& stage, const engine::Study& study) {
        MemberProgress progress{stop_};
        const auto sink = open_sink(plan_.manifest.keep_series, stage, study);
        return engine::simulate(study, *sink, progress);
    }

    const Plan& plan_;
    const fs::path& folder_;
    const RunOptions& options_;
    Progress& progress_;
    std::vector<std::size_t> todo_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> stop_{false};
    bool interrupted_ = false;
    std::mutex mutex_; ///< guards what follows
    std::condition_variable changed_;
    std::size_t n_finished_ = 0;
    std::exception_ptr error_;
};

std::vector<std::size_t> list_unfinished(const std::vector<MemberState>& members) {
    std::vector<std::size_t> unfinished;
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (!members[k].is_finished()) {
            unfinished.push_back(k);
        }
    }
    return unfinished;
}

} // namespace

std::vector<MemberState> run_sweep(const Plan& plan, const fs::path& folder,
                                   const RunOptions& options, Progress& progress) {
    const SweepLock lock{folder};
    report::replace_file(folder / "manifest.json", format_manifest(plan.manifest));
    SweepRun run{plan, folder, options, progress};
    try {
        run.run(list_unfinished(read_members(folder, plan.manifest)));
    } catch (const Interrupted&) {
        (void)collect(folder);
        throw;
    }
    return collect(folder);
}

std::vector<MemberState> collect(const fs::path& folder) {
    const Manifest manifest = read_manifest(folder);
    std::vector<MemberState> members = read_members(folder, manifest);
    report::replace_file(folder / "sweep.csv", format_table(manifest, members));
    return members;
}

} // namespace yuanwang::sweep
