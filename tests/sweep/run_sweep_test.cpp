/// Members against the same scenarios run alone; threads, failures, stops and kills leave no trace in the results.
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "core/random.hpp"
#include "engine/simulator.hpp"
#include "powerflow/batch/instruction_set.hpp"
#include "report/result_folder.hpp"
#include "report/run_folder.hpp"
#include "report/summary_json.hpp"
#include "sweep/build_id.hpp"
#include "sweep/claims.hpp"
#include "sweep/discarding_sink.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/sensitivity.hpp"
#include "sweep/table.hpp"
#include "sweep_folder.hpp"

namespace yuanwang::sweep {
namespace {

namespace fs = std::filesystem;
using report::read_file;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::six_members;
using testing::SweepFolder;

constexpr const char* thirty_members = R"(base: base.yaml
axes:
  - {name: e_max, path: "storage.batteries[battery].e_max_mwh", from: 20, to: 100, count: 30}
indicators: [import_mwh]
)";

std::vector<MemberState> run(const Plan& plan, const fs::path& folder, std::size_t n_thread = 1) {
    SilentProgress progress;
    return run_sweep(plan, folder, {.n_thread = n_thread, .command_line = "test"}, progress);
}

std::vector<std::string> list_status(const std::vector<MemberState>& members) {
    std::vector<std::string> words;
    for (const MemberState& member : members) {
        words.emplace_back(to_string(member.status));
    }
    return words;
}

/// Times at which members were finished, to see which were made anew.
std::vector<fs::file_time_type> list_times(const Plan& plan, const fs::path& folder) {
    std::vector<fs::file_time_type> times;
    for (const ManifestMember& member : plan.manifest.members) {
        times.push_back(fs::last_write_time(member_folder(folder, member) / "summary.json"));
    }
    return times;
}

/// The files of all members but run.json, which tells times.
std::string read_all_members(const Plan& plan, const fs::path& folder) {
    std::string all = read_file(folder / "sweep.csv") + read_file(folder / "manifest.json");
    for (const ManifestMember& member : plan.manifest.members) {
        all += read_file(member_folder(folder, member) / "summary.json");
        all += read_file(member_folder(folder, member) / "scenario.resolved.yaml");
    }
    return all;
}

/// Every folder of a member is complete, and nothing half-written lies about.
void expect_only_complete_members(const fs::path& folder) {
    for (const auto& group : fs::directory_iterator(folder / "members")) {
        for (const auto& entry : fs::directory_iterator(group.path())) {
            EXPECT_TRUE(report::is_result_folder(entry.path())) << entry.path();
        }
    }
}

/// Stops as soon as the first member is finished.
class StopAfterOne final : public Progress {
  public:
    void update(std::string_view stage, std::size_t done, std::size_t) override {
        stop_ = stage == "members" && done >= 1;
    }
    [[nodiscard]] bool stop_requested() const override { return stop_; }

  private:
    std::atomic<bool> stop_ = false;
};

TEST(RunSweep, EveryMemberEqualsItsScenarioRunAlone) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    (void)run(plan, folder.path() / "out", 2);
    SilentProgress progress;
    for (const auto& [k, e_max, seed] : {std::tuple{0, "20", 1}, {3, "40", 2}, {5, "80", 2}}) {
        const auto alone = scenario::load_scenario(
            folder.path() / "base.yaml",
            {.set = {std::string{"storage.batteries[battery].e_max_mwh="} + e_max}, .seed = seed});
        (void)report::write_run(alone, folder.path() / "alone", {.html = false}, progress);
        const fs::path member = member_folder(folder.path() / "out",
                                              plan.manifest.members[static_cast<std::size_t>(k)]);
        EXPECT_EQ(read_file(member / "summary.json"),
                  read_file(folder.path() / "alone/summary.json"));
        EXPECT_EQ(read_file(member / "scenario.resolved.yaml"),
                  read_file(folder.path() / "alone/scenario.resolved.yaml"));
    }
}

/// Plans and AC outages too: five members on two threads, so that the last one runs on both.
TEST(RunSweep, PlansAndOutagesByAcEqualTheirScenariosRunAlone) {
    const SweepFolder folder;
    const Plan plan =
        folder.plan("base: base.yaml\n"
                    "axes:\n"
                    "  - {name: method, path: dispatch.method, values: [rules, optimal]}\n"
                    "  - {name: n_1, path: studies.n_1.method, values: [dc, ac, screened]}\n"
                    "filters: [\"method == 'optimal' or n_1 != 'dc'\"]\n"
                    "indicators: [cost_cny, n1_secure_hours]\n");
    ASSERT_EQ(plan.layout.size(), 5U);
    (void)run(plan, folder.path() / "out", 2);
    DiscardingSink sink;
    SilentProgress progress;
    for (std::size_t k = 0; k < plan.layout.size(); ++k) {
        const auto& point = plan.manifest.members[k].coordinates;
        const auto alone = scenario::load_scenario(
            folder.path() / "base.yaml",
            {.set = {"dispatch.method=" + point[0], "studies.n_1.method=" + point[1]}});
        EXPECT_EQ(
            read_file(member_folder(folder.path() / "out", plan.manifest.members[k]) /
                      "summary.json"),
            report::format_summary_json(engine::simulate(alone.study, sink, progress).summary))
            << point[0] << " " << point[1];
    }
}

TEST(RunSweep, AnOverlayIsWhatAFileThatExtendsBothWouldBe) {
    const SweepFolder folder;
    folder.write("cloudy.yaml", "sources: {solar: [{id: sun_hill, p_rated_mw: 60}]}\n"
                                "remove: [wind_hill]\n");
    const Plan plan = folder.plan("base: base.yaml\n"
                                  "axes: [{name: sky, overlays: [base.yaml, cloudy.yaml]}]\n"
                                  "indicators: [import_mwh]\n");
    const auto both =
        scenario::load_scenario(folder.write("both.yaml", "extends: [base.yaml, cloudy.yaml]\n"));
    EXPECT_EQ(load_member(plan, 1).resolved_yaml, both.resolved_yaml);
    EXPECT_EQ(plan.loader->hash(both), plan.manifest.members[1].hash);
}

TEST(RunSweep, TheNumberOfThreadsLeavesNoTrace) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    (void)run(plan, folder.path() / "one", 1);
    (void)run(plan, folder.path() / "four", 4); // the last two on two each
    EXPECT_EQ(read_all_members(plan, folder.path() / "one"),
              read_all_members(plan, folder.path() / "four"));
}

TEST(RunSweep, KeptSeriesAreThoseOfTheScenarioRunAlone) {
    const SweepFolder folder;
    const Plan plan = folder.plan("base: base.yaml\n"
                                  "axes: [{path: weather.seed, values: [1, 2, 3]}]\n"
                                  "indicators: [import_mwh]\n"
                                  "keep: full\n");
    (void)run(plan, folder.path() / "out", 3);
    SilentProgress progress;
    (void)report::write_run(load_member(plan, 1), folder.path() / "alone", {.html = false},
                            progress);
    EXPECT_TRUE(read_file(member_folder(folder.path() / "out", plan.manifest.members[1]) /
                          "results.nc") == read_file(folder.path() / "alone/results.nc"));
}

TEST(RunSweep, AMemberThatFailsIsRecordedAndTheRestGoesOn) {
    const SweepFolder folder;
    folder.write("broken.epw", "LOCATION,nowhere\n");
    folder.write("broken.yaml", "weather: {sites: [{id: town, normals: null, epw: broken.epw}]}\n");
    const Plan plan = folder.plan("base: base.yaml\n"
                                  "axes: [{name: sky, overlays: [broken.yaml, base.yaml]}]\n"
                                  "indicators: [import_mwh]\n");
    const std::vector<MemberState> members = run(plan, folder.path() / "out", 2);
    EXPECT_THAT(list_status(members), ::testing::ElementsAre("failed", "done"));
    EXPECT_THAT(members[0].message, HasSubstr("broken.epw"));
    EXPECT_FALSE(fs::exists(member_folder(folder.path() / "out", plan.manifest.members[0])));
    EXPECT_THAT(read_file(folder.path() / "out/sweep.csv"), HasSubstr(",failed,broken.yaml,"));
}

TEST(RunSweep, OnlyWhatIsMissingOrDamagedIsRunAgain) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    (void)run(plan, out);
    const std::string before = read_all_members(plan, out);
    const auto times = list_times(plan, out);
    fs::remove_all(member_folder(out, plan.manifest.members[1]));
    std::ofstream{member_folder(out, plan.manifest.members[4]) / "summary.json"}
        << "{\"counts\": {";
    EXPECT_THAT(list_status(read_members(out, read_manifest(out))),
                ::testing::ElementsAre("done", "missing", "done", "done", "missing", "done"));
    (void)run(plan, out);
    EXPECT_EQ(read_all_members(plan, out), before);
    const auto again = list_times(plan, out);
    for (const std::size_t k : {0U, 2U, 3U, 5U}) {
        EXPECT_EQ(again[k], times[k]) << k;
    }
}

TEST(RunSweep, AChangedBaseMakesNewMembersAndIsNamed) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    const fs::path out = folder.path() / "out";
    (void)run(plan, out);
    EXPECT_TRUE(list_changed_inputs(read_manifest(out)).empty());
    folder.write("base.yaml", read_file(folder.path() / "base.yaml") +
                                  "sources: {solar: [{id: sun_hill, p_rated_mw: 90}]}\n");
    EXPECT_THAT(list_changed_inputs(read_manifest(out)),
                ::testing::ElementsAre((folder.path() / "base.yaml").string()));
    Plan again = draft_plan(folder.path() / "sweep.yaml");
    EXPECT_FALSE(adopt_checked(again, out));
    const Plan changed = folder.plan(six_members);
    EXPECT_NE(changed.manifest.members[0].hash, plan.manifest.members[0].hash);
    EXPECT_EQ(read_members(out, changed.manifest)[0].status, MemberStatus::missing);
}

/// What another build, or another instruction set, has stored counts as missing: its bytes may differ.
TEST(RunSweep, MembersOfAnotherBuildAreNotMixedIn) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    const fs::path out = folder.path() / "out";
    (void)run(plan, out);
    Plan again = draft_plan(folder.path() / "sweep.yaml");
    EXPECT_TRUE(adopt_checked(again, out));
    EXPECT_EQ(read_manifest(out).maker, maker_id());
    std::string manifest = read_file(out / "manifest.json");
    manifest.replace(manifest.find(maker_id()), 4, "beef");
    report::replace_file(out / "manifest.json", manifest);
    EXPECT_FALSE(adopt_checked(again, out));
}

TEST(RunSweep, ADamagedManifestIsWrittenAnewAndLosesNothing) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    const fs::path out = folder.path() / "out";
    (void)run(plan, out);
    const std::string manifest = read_file(out / "manifest.json");
    const auto times = list_times(plan, out);
    report::replace_file(out / "manifest.json", manifest.substr(0, manifest.size() / 2));
    EXPECT_THROW((void)read_manifest(out), IoError);
    Plan again = draft_plan(folder.path() / "sweep.yaml");
    SilentProgress progress;
    settle_plan(again, out, progress, 1);
    (void)run(again, out);
    EXPECT_EQ(read_file(out / "manifest.json"), manifest);
    EXPECT_EQ(list_times(plan, out), times);
}

TEST(RunSweep, AnInstructionSetIsPartOfWhatAMemberIs) {
    const SweepFolder folder;
    const Plan best = folder.plan(six_members);
    const std::vector<std::string> sets = powerflow::batch::list_instruction_sets();
    ASSERT_GE(sets.size(), 2U);
    ASSERT_TRUE(powerflow::batch::pin_instruction_set(sets.back()));
    const Plan pinned = folder.plan(six_members);
    ASSERT_TRUE(powerflow::batch::pin_instruction_set(""));
    EXPECT_NE(pinned.manifest.members[0].hash, best.manifest.members[0].hash);
}

TEST(RunSweep, ABaseThatChangesUnderWayIsNotMixedIn) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    (void)run(plan, folder.path() / "out");
    folder.write("base.yaml", "extends: [" YUANWANG_SOURCE_DIR "/scenarios/starter.yaml]\n"
                              "time: {duration: 1 d}\n");
    (void)run(plan, folder.path() / "later");
    EXPECT_EQ(read_all_members(plan, folder.path() / "out"),
              read_all_members(plan, folder.path() / "later"));
}

TEST(RunSweep, WhatWasCheckedIsNotCheckedAgain) {
    const SweepFolder folder;
    SilentProgress progress;
    const fs::path out = folder.path() / "out";
    Plan first = draft_plan(folder.write("sweep.yaml", six_members));
    settle_plan(first, out, progress, 2);
    EXPECT_EQ(format_manifest(first.manifest), read_file(out / "manifest.json"));
    Plan second = draft_plan(folder.path() / "sweep.yaml");
    EXPECT_TRUE(adopt_checked(second, out));
    EXPECT_EQ(format_manifest(second.manifest), format_manifest(first.manifest));
}

TEST(RunSweep, AStopLeavesCompleteMembersAndGoesOnFromThere) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    StopAfterOne progress;
    EXPECT_THROW((void)run_sweep(plan, out, {.n_thread = 1, .command_line = ""}, progress),
                 Interrupted);
    expect_only_complete_members(out);
    (void)run(plan, out);
    (void)run(plan, folder.path() / "whole");
    EXPECT_EQ(read_all_members(plan, out), read_all_members(plan, folder.path() / "whole"));
}

void kill_and_resume(std::size_t n_moment) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    const auto start = std::chrono::steady_clock::now();
    (void)run(plan, folder.path() / "whole", 2);
    const auto whole = std::chrono::steady_clock::now() - start;
    Random random{std::random_device{}()};
    for (std::size_t k = 0; k < n_moment; ++k) {
        const auto after = whole * random.uniform();
        SCOPED_TRACE(::testing::Message() << "killed after " << after.count() << " ns");
        const fs::path out = folder.path() / fmt::format("killed_{}", k);
        const pid_t child = fork();
        if (child == 0) {
            (void)run(plan, out, 2);
            _exit(0);
        }
        std::this_thread::sleep_for(after);
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        (void)run(plan, out, 2);
        EXPECT_EQ(read_all_members(plan, out), read_all_members(plan, folder.path() / "whole"));
        expect_only_complete_members(out);
    }
}

TEST(RunSweep, KilledAtAnyMomentItGoesOnToTheSameBytes) {
    kill_and_resume(5);
}

TEST(RunSweepStudy, KilledAtThirtyMomentsItGoesOnToTheSameBytes) {
    kill_and_resume(30);
}

TEST(RunSweep, WritesNowhereButIntoAFolderOfSweeps) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    try {
        (void)run(plan, folder.path());
        FAIL() << "wrote among other things";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(),
                    EndsWith(": holds other things than a sweep; choose another output"));
    }
}

/// Calls a function in a process of its own; returns its id.
pid_t start_process(const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        try {
            work();
        } catch (...) {
            _exit(1);
        }
        _exit(0);
    }
    return child;
}

int wait_for(pid_t process) {
    int status = -1;
    waitpid(process, &status, 0);
    return status;
}

/// Three runs let off together at a gate, on so many members that none can do them all before the others wake.
TEST(RunSweep, SeveralRunsInOneFolderShareTheWork) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(thirty_members);
    (void)run(plan, folder.path() / "whole");
    int gate[2];
    ASSERT_EQ(pipe(gate), 0);
    std::vector<pid_t> processes;
    for (int k = 0; k < 3; ++k) {
        processes.push_back(start_process([&] {
            close(gate[1]);
            char open = 0;
            (void)!read(gate[0], &open, 1); // until the other end is closed
            SilentProgress progress;
            (void)run_sweep(plan, out,
                            {.n_thread = 2,
                             .command_line = fmt::format("run {}", k),
                             .first = static_cast<std::size_t>(10 * k)},
                            progress);
        }));
    }
    close(gate[1]);
    for (const pid_t process : processes) {
        EXPECT_EQ(wait_for(process), 0);
    }
    close(gate[0]);
    EXPECT_EQ(read_all_members(plan, out), read_all_members(plan, folder.path() / "whole"));
    std::set<std::string> workers;
    for (const ManifestMember& member : plan.manifest.members) {
        const auto record =
            nlohmann::json::parse(read_file(member_folder(out, member) / "run.json"));
        workers.insert(record.at("command_line").get<std::string>());
    }
    EXPECT_GT(workers.size(), 1U) << "one run did everything";
}

TEST(RunSweep, AKilledRunsClaimsAreTakenOver) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    fs::create_directories(out);
    int gate[2];
    ASSERT_EQ(pipe(gate), 0);
    const pid_t holder = start_process([&] {
        Claims claims{out};
        (void)claims.take(plan.manifest.members[3].hash);
        (void)!write(gate[1], "x", 1);
        pause();
    });
    char ready = 0;
    ASSERT_EQ(read(gate[0], &ready, 1), 1);
    {
        Claims claims{out};
        EXPECT_FALSE(claims.take(plan.manifest.members[3].hash));
        EXPECT_TRUE(claims.take(plan.manifest.members[2].hash));
    }
    std::jthread killer{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        kill(holder, SIGKILL);
    }};
    EXPECT_THAT(list_status(run(plan, out)), ::testing::Each("done"));
    (void)wait_for(holder);
    close(gate[0]);
    close(gate[1]);
}

TEST(RunSweep, AnotherSweepInTheFolderOfARunningOneIsTold) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    (void)run(plan, out);
    int gate[2];
    ASSERT_EQ(pipe(gate), 0);
    const pid_t holder = start_process([&] {
        Claims claims{out};
        claims.share_plan();
        (void)!write(gate[1], "x", 1);
        pause();
    });
    char ready = 0;
    ASSERT_EQ(read(gate[0], &ready, 1), 1);
    const Plan other = folder.plan("base: base.yaml\naxes: [{path: weather.seed, values: [9]}]\n"
                                   "indicators: [cost_cny]\n");
    try {
        (void)run(other, out);
        ADD_FAILURE() << "replaced the plan of a running sweep";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(), HasSubstr("another run of another sweep is writing here"));
    }
    kill(holder, SIGKILL);
    (void)wait_for(holder);
    EXPECT_THAT(list_status(run(other, out)), ::testing::ElementsAre("done"));
    close(gate[0]);
    close(gate[1]);
}

TEST(RunSweep, ShardsAreTheWholeAndShareNothing) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    SilentProgress progress;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto members = run_sweep(plan, out, {.shard = Shard{i, 4}}, progress);
        for (std::size_t k = 0; k < members.size(); ++k) {
            EXPECT_EQ(members[k].is_finished(), k % 4 == i) << k;
        }
    }
    EXPECT_FALSE(fs::exists(out / "sweep.csv"));
    EXPECT_THAT(list_status(collect(out)), ::testing::Each("done"));
}

TEST(RunSweep, AnUnwritableFolderIsNamed) {
    if (geteuid() == 0) {
        const SweepFolder folder; // root may write anywhere but below a file
        folder.write("file", "");
        try {
            (void)run(folder.plan(six_members), folder.path() / "file" / "out");
            FAIL();
        } catch (const IoError& error) {
            EXPECT_THAT(error.what(), HasSubstr("file/out: cannot be written: Not a directory"));
        }
        return;
    }
    const SweepFolder folder;
    fs::create_directory(folder.path() / "locked");
    fs::permissions(folder.path() / "locked", fs::perms::owner_read | fs::perms::owner_exec);
    try {
        (void)run(folder.plan(six_members), folder.path() / "locked" / "out");
        FAIL();
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(), HasSubstr("locked/out: cannot be written: Permission denied"));
    }
}

TEST(RunSweep, AStoreThatCannotBeWrittenEndsTheSweepAndLosesNothing) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    (void)run(plan, out);
    fs::remove_all(member_folder(out, plan.manifest.members[2]));
    const fs::path group = member_folder(out, plan.manifest.members[2]).parent_path();
    fs::remove_all(group); // a file in the place of a folder: no member can be stored in it
    std::ofstream{group} << "in the way";
    try {
        (void)run(plan, out);
        FAIL() << "stored a member in a file";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(), HasSubstr(group.string()));
    }
    fs::remove(group);
    EXPECT_THAT(list_status(run(plan, out)), ::testing::Each("done"));
}

TEST(RunSweep, DamageIsNamedAndMended) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(std::string{six_members} + "keep: full\n");
    (void)run(plan, out, 2);
    const std::string before = read_all_members(plan, out);
    const fs::path member = member_folder(out, plan.manifest.members[1]);
    const fs::path series = member / "results.nc";
    fs::resize_file(series, fs::file_size(series) / 2);
    const MemberState truncated = read_member(out, plan.manifest, 1);
    EXPECT_EQ(truncated.status, MemberStatus::missing);
    EXPECT_THAT(truncated.message, EndsWith("results.nc is damaged"));
    (void)run(plan, out, 2);
    EXPECT_EQ(read_all_members(plan, out), before);

    std::fstream file{series, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(5000);
    file.put('!');
    file.close();
    EXPECT_EQ(find_damaged_file(member, false), "");
    EXPECT_EQ(find_damaged_file(member, true), "results.nc");
}

TEST(Ranking, OrdersWhatIsFinishedAndWithinTheLimits) {
    const auto done = [](double cost, double unserved) {
        return MemberState{.status = MemberStatus::done,
                           .values = {{"cost_cny", cost}, {"unserved_mwh", unserved}}};
    };
    const std::vector<MemberState> members = {done(3, 0), done(1, 5), {}, done(2, 0), done(2, 0)};
    Ranking ranking{.by = "cost_cny", .limits = {{"unserved_mwh", std::nullopt, 0.0}}};
    EXPECT_THAT(rank_members(ranking, members), ::testing::ElementsAre(3, 4, 0));
    ranking.descending = true;
    EXPECT_THAT(rank_members(ranking, members), ::testing::ElementsAre(0, 3, 4));
    ranking.limits[0].max = -1;
    EXPECT_THAT(rank_members(ranking, members), ::testing::IsEmpty());
}

TEST(Table, RanksAndTabulatesWholeMembersOnly) {
    const Manifest manifest{
        .axes = {"site"},
        .indicators = {"losses_mwh"},
        .ranking = Ranking{.by = "losses_mwh"},
        .members = {{{"a"}, std::string(64, '0')}, {{"b"}, std::string(64, '1')}}};
    const std::vector<MemberState> members = {
        {.status = MemberStatus::not_converged,
         .message = "24 of 24 steps without a solution",
         .values = {{"losses_mwh", 0.0}}},
        {.status = MemberStatus::done, .values = {{"losses_mwh", 3.5}}}};
    EXPECT_EQ(format_table(manifest, members),
              "member,hash,status,site,losses_mwh,rank,message\n"
              "1,0000000000000000,not_converged,a,,,24 of 24 steps without a solution\n"
              "2,1111111111111111,done,b,3.5,1,\n");
    const std::vector<double> values = list_values(members, "losses_mwh");
    EXPECT_TRUE(std::isnan(values[0])) << "no correlation with a member that is not whole";
    EXPECT_EQ(values[1], 3.5);
}

TEST(Table, QuotesWhatWouldBreakARow) {
    const Manifest manifest{
        .axes = {"site"},
        .indicators = {"cost_cny"},
        .members = {{{"a,b"}, std::string(64, '0')}, {{"c"}, std::string(64, '1')}}};
    const std::vector<MemberState> members = {
        {.status = MemberStatus::failed, .message = "he said \"no\""},
        {.status = MemberStatus::done, .values = {{"cost_cny", 0.5}}}};
    EXPECT_EQ(format_table(manifest, members),
              "member,hash,status,site,cost_cny,rank,message\n"
              "1,0000000000000000,failed,\"a,b\",,,\"he said \"\"no\"\"\"\n"
              "2,1111111111111111,done,c,0.5,,\n");
}

} // namespace
} // namespace yuanwang::sweep
