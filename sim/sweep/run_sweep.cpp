#include "sweep/run_sweep.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/time_axis.hpp"
#include "engine/simulator.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "sweep/claims.hpp"
#include "sweep/estimate.hpp"
#include "sweep/member_sink.hpp"
#include "sweep/stage_cache.hpp"
#include "sweep/table.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

class SweepRun {
  public:
    SweepRun(const Plan& plan, const fs::path& folder, Claims& claims, const RunOptions& options,
             Progress& progress)
        : plan_{plan}, folder_{folder}, claims_{claims}, options_{options}, progress_{progress},
          cache_{options.cache, plan.loader} {}

    /// `share` is what this run answers for, `members` what of it is not finished.
    void run(std::size_t n_share, std::vector<std::size_t> members) {
        n_share_ = n_share;
        todo_ = std::move(members);
        start_ = std::chrono::steady_clock::now();
        started_file_ = fs::file_time_type::clock::now();
        {
            std::vector<std::jthread> workers(
                std::min(std::max<std::size_t>(options_.n_thread, 1), todo_.size()));
            n_working_ = workers.size();
            for (std::jthread& worker : workers) {
                worker = std::jthread{[this] { work(); }};
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
    enum class Attempt { done, busy };

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
        std::unique_lock lock{mutex_};
        while (n_working_ > 0) {
            show();
            if (progress_.stop_requested()) {
                interrupted_ = true;
                stop_ = true;
            }
            changed_.wait_for(lock, 100ms);
        }
        show();
    }

    void show() {
        const Pulse pulse{
            .n_done = n_share_ - todo_.size() + n_finished_,
            .n_member = n_share_,
            .n_own = n_own_,
            .n_failed = n_failed_,
            .elapsed_s =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(),
            .resident_mb = resident_mb()};
        progress_.update("members", pulse.n_done, pulse.n_member);
        if (options_.on_pulse) {
            options_.on_pulse(pulse);
        }
    }

    void work() {
        try {
            for (std::size_t k = next_++; k < todo_.size() && !stop_; k = next_++) {
                if (attempt(todo_[k], count_threads(k)) == Attempt::busy) {
                    const std::scoped_lock lock{mutex_};
                    elsewhere_.push_back(todo_[k]);
                } else {
                    count_finished();
                }
            }
            wait_for_others();
        } catch (const Interrupted&) { // asked for by watch
        } catch (...) {
            const std::scoped_lock lock{mutex_};
            error_ = error_ ? error_ : std::current_exception();
            stop_ = true;
        }
        const std::scoped_lock lock{mutex_};
        --n_working_;
        changed_.notify_one();
    }

    void count_finished() {
        const std::scoped_lock lock{mutex_};
        ++n_finished_;
        changed_.notify_one();
    }

    /// Members others were at: done when they are done, taken over where they were given up.
    void wait_for_others() {
        while (!stop_) {
            std::optional<std::size_t> member;
            {
                const std::scoped_lock lock{mutex_};
                if (elsewhere_.empty()) {
                    return;
                }
                member = elsewhere_.back();
                elsewhere_.pop_back();
            }
            if (attempt(*member, 1) == Attempt::done) {
                count_finished();
                continue;
            }
            {
                const std::scoped_lock lock{mutex_};
                elsewhere_.insert(elsewhere_.begin(), *member);
            }
            std::this_thread::sleep_for(100ms);
        }
    }

    /// Threads of the k-th member: one, but for the last ones, which share those that would have nothing left to do.
    [[nodiscard]] int count_threads(std::size_t k) const {
        const std::size_t n = std::max<std::size_t>(options_.n_thread, 1);
        const std::size_t n_last = todo_.size() % n;
        return k + n_last >= todo_.size() && n_last > 0 ? static_cast<int>(n / n_last) : 1;
    }

    Attempt attempt(std::size_t member, int n_thread) {
        const ManifestMember& planned = plan_.manifest.members[member];
        if (!claims_.take(planned.hash)) {
            return Attempt::busy;
        }
        try {
            if (!was_done_elsewhere(member)) {
                run_recorded(member, n_thread);
            }
        } catch (...) {
            claims_.give_back(planned.hash);
            throw;
        }
        claims_.give_back(planned.hash);
        return Attempt::done;
    }

    /// Finished or failed by another run since this one began.
    bool was_done_elsewhere(std::size_t member) {
        if (read_member(folder_, plan_.manifest, member).is_finished()) {
            return true;
        }
        const auto failed = find_failure_time(folder_, plan_.manifest.members[member]);
        return failed && *failed >= started_file_;
    }

    /// Runs a member; where that fails, its message is stored in its place.
    void run_recorded(std::size_t member, int n_thread) {
        const ManifestMember& planned = plan_.manifest.members[member];
        std::string failure;
        try {
            run_member(member, n_thread);
        } catch (const Interrupted&) {
            throw;
        } catch (const StoreError&) {
            throw;
        } catch (const InputError& error) {
            for (const Fault& fault : error.faults()) {
                failure += (failure.empty() ? "" : "; ") + to_string(fault);
            }
        } catch (const std::exception& error) {
            failure = error.what();
        }
        if (failure.empty()) {
            clear_failure(folder_, planned);
        } else {
            write_failure(folder_, planned, failure);
        }
        const std::scoped_lock lock{mutex_};
        ++n_own_;
        n_failed_ += failure.empty() ? 0U : 1U;
    }

    void run_member(std::size_t member, int n_thread) {
        const ManifestMember& planned = plan_.manifest.members[member];
        if (take_from_cache(planned)) {
            return;
        }
        const auto started =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const scenario::LoadedScenario scenario = load_member(plan_, member);
        if (plan_.loader->hash(scenario) != planned.hash) {
            throw IoError("the scenario has changed since the sweep began");
        }
        const std::unique_ptr<report::StagedFolder> stage = open_stage(planned);
        const engine::RunReport run = simulate_into(stage->path(), scenario, n_thread);
        store([&] { write_files(*stage, scenario, run, to_iso_utc(started)); });
        keep_in_cache(planned);
    }

    bool take_from_cache(const ManifestMember& planned) {
        const auto files = cache_.find_results(planned.hash, plan_.manifest.keep_series);
        if (!files) {
            return false;
        }
        const std::unique_ptr<report::StagedFolder> stage = open_stage(planned);
        store([&] {
            for (const auto& [name, content] : *files) {
                report::write_file(stage->path() / name, content);
            }
            stage->commit();
        });
        return true;
    }

    void keep_in_cache(const ManifestMember& planned) {
        if (!cache_.keeps_results()) {
            return;
        }
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::directory_iterator(member_folder(folder_, planned))) {
            files[entry.path().filename().string()] = report::read_file(entry.path());
        }
        cache_.put_results(planned.hash, plan_.manifest.keep_series, files);
    }

    /// Trouble with the store is no failure of the member.
    static void store(const std::function<void()>& call) {
        try {
            call();
        } catch (const IoError& error) {
            throw StoreError{error.what()};
        }
    }

    std::unique_ptr<report::StagedFolder> open_stage(const ManifestMember& planned) const {
        std::unique_ptr<report::StagedFolder> stage;
        store([&] {
            stage = std::make_unique<report::StagedFolder>(member_folder(folder_, planned));
        });
        return stage;
    }

    void write_files(report::StagedFolder& stage, const scenario::LoadedScenario& scenario,
                     const engine::RunReport& run, const std::string& started_utc) const {
        const fs::path summary = stage.path() / "summary.json";
        const fs::path resolved = stage.path() / "scenario.resolved.yaml";
        const fs::path series = stage.path() / "results.nc";
        report::write_file(summary, report::format_summary_json(run.summary));
        report::write_file(resolved, scenario.resolved_yaml);
        std::vector<fs::path> outputs = {summary, resolved};
        if (plan_.manifest.keep_series) {
            outputs.push_back(series);
        }
        report::write_file(stage.path() / "run.json",
                           report::format_run_json({.command_line = options_.command_line,
                                                    .scenario_id = scenario.study.id,
                                                    .seed = scenario.study.seed,
                                                    .inputs = scenario.inputs,
                                                    .outputs = outputs,
                                                    .stage_seconds = run.stage_seconds,
                                                    .steps = run.summary.steps,
                                                    .started_utc = started_utc}));
        stage.commit();
    }

    /// The result file, where there is one, is closed on return.
    engine::RunReport simulate_into(const fs::path& stage, const scenario::LoadedScenario& scenario,
                                    int n_thread) {
        MemberProgress progress{stop_};
        const auto sink = open_member_sink(plan_.manifest.keep_series, stage, scenario.study);
        return engine::simulate(scenario.study, *sink, progress,
                                {.n_thread = n_thread, .shared = cache_.share(scenario)});
    }

    const Plan& plan_;
    const fs::path& folder_;
    Claims& claims_;
    const RunOptions& options_;
    Progress& progress_;
    StageCache cache_;
    std::size_t n_share_ = 0;
    std::vector<std::size_t> todo_;
    std::chrono::steady_clock::time_point start_;
    fs::file_time_type started_file_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> stop_{false};
    bool interrupted_ = false;
    std::mutex mutex_; ///< guards what follows
    std::condition_variable changed_;
    std::size_t n_working_ = 0;
    std::size_t n_finished_ = 0;
    std::size_t n_own_ = 0;
    std::size_t n_failed_ = 0;
    std::vector<std::size_t> elsewhere_;
    std::exception_ptr error_;
};

/// Members this run answers for, each scenario once, beginning at `first`.
std::vector<std::size_t> list_share(const Plan& plan, const RunOptions& options) {
    const Shard shard = options.shard.value_or(Shard{});
    std::set<std::string_view> hashes;
    std::vector<std::size_t> share;
    const auto add = [&](std::size_t k) {
        if (k % shard.n == shard.i && hashes.insert(plan.manifest.members[k].hash).second) {
            share.push_back(k);
        }
    };
    if (!options.only.empty()) {
        std::ranges::for_each(options.only, add);
        return share;
    }
    const std::size_t n = plan.manifest.members.size();
    for (std::size_t k = 0; k < n; ++k) {
        add((k + options.first) % n);
    }
    return share;
}

[[noreturn]] void refuse_other_sweep(const fs::path& folder) {
    throw IoError(fmt::format("{}: another run of another sweep is writing here; wait for it, or "
                              "choose another output",
                              folder.string()));
}

/// Puts the plan's manifest in place where another stands there; shares the plan on return.
void share_manifest(const Plan& plan, const fs::path& folder, Claims& claims) {
    const std::string manifest = format_manifest(plan.manifest);
    const fs::path file = folder / "manifest.json";
    const auto is_there = [&] { return fs::exists(file) && report::read_file(file) == manifest; };
    while (true) {
        if (is_there()) {
            claims.share_plan();
            if (is_there()) {
                return;
            }
            claims.leave_plan();
        } else if (claims.own_plan()) {
            report::replace_file(file, manifest);
            claims.share_plan();
            return;
        } else if (!claims.is_plan_owned()) {
            refuse_other_sweep(folder);
        }
        std::this_thread::sleep_for(20ms);
    }
}

/// Takes away a folder in which nothing has been done yet.
void remove_if_bare(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder / "manifest.json") && fs::is_empty(folder / "members", ignored)) {
        fs::remove(folder / "members", ignored);
        fs::remove(folder / ".claims", ignored);
        fs::remove(folder, ignored);
    }
}

/// The last run to leave a folder gathers what all of them made.
void collect_if_last(const fs::path& folder, Claims& claims) {
    claims.leave_plan();
    if (claims.own_plan()) {
        (void)collect(folder);
        claims.leave_plan();
    }
}

} // namespace

std::vector<MemberState> run_sweep(const Plan& plan, const fs::path& folder,
                                   const RunOptions& options, Progress& progress) {
    Claims claims{folder};
    share_manifest(plan, folder, claims);
    const std::vector<std::size_t> share = list_share(plan, options);
    std::vector<std::size_t> todo;
    for (const std::size_t k : share) {
        if (!read_member(folder, plan.manifest, k).is_finished()) {
            todo.push_back(k);
        }
    }
    SweepRun run{plan, folder, claims, options, progress};
    try {
        run.run(share.size(), std::move(todo));
    } catch (const Interrupted&) {
        if (!options.shard) {
            collect_if_last(folder, claims);
        }
        throw;
    }
    if (!options.shard) {
        collect_if_last(folder, claims);
        return read_members(folder, plan.manifest);
    }
    std::vector<MemberState> members(plan.manifest.members.size());
    for (const std::size_t k : share) {
        members[k] = read_member(folder, plan.manifest, k);
    }
    return members;
}

void settle_plan(Plan& plan, const fs::path& folder, Progress& progress, std::size_t n_thread) {
    Claims claims{folder};
    while (!adopt_checked(plan, folder)) {
        if (claims.own_plan()) {
            if (adopt_checked(plan, folder)) { // written a moment ago
                return;
            }
            try {
                check_plan(plan, progress, n_thread);
                report::replace_file(folder / "manifest.json", format_manifest(plan.manifest));
            } catch (...) {
                remove_if_bare(folder);
                throw;
            }
            return;
        }
        if (!claims.is_plan_owned() && !adopt_checked(plan, folder)) {
            refuse_other_sweep(folder);
        }
        if (progress.stop_requested()) {
            throw Interrupted{};
        }
        std::this_thread::sleep_for(100ms);
    }
}

std::vector<MemberState> collect(const fs::path& folder) {
    const Manifest manifest = read_manifest(folder);
    std::vector<MemberState> members = read_members(folder, manifest);
    report::replace_file(folder / "sweep.csv", format_table(manifest, members));
    write_netcdf_table(folder / "sweep.nc", manifest, members);
    return members;
}

} // namespace yuanwang::sweep
