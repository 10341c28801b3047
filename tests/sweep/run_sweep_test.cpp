/// Members against the same scenarios run alone; threads, failures, stops and kills leave no trace in the results.
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "core/random.hpp"
#include "report/result_folder.hpp"
#include "report/run_folder.hpp"
#include "sweep/run_sweep.hpp"
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
    EXPECT_EQ(hash_scenario(both), plan.manifest.members[1].hash);
}

TEST(RunSweep, TheNumberOfThreadsLeavesNoTrace) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    (void)run(plan, folder.path() / "one", 1);
    (void)run(plan, folder.path() / "three", 3);
    EXPECT_EQ(read_all_members(plan, folder.path() / "one"),
              read_all_members(plan, folder.path() / "three"));
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
    folder.write("out/members/" + plan.manifest.members[4].hash.substr(0, 16) + "/summary.json",
                 "{\"counts\": {");
    EXPECT_THAT(list_status(read_members(out, read_manifest(out))),
                ::testing::ElementsAre("done", "missing", "done", "done", "missing", "done"));
    (void)run(plan, out);
    EXPECT_EQ(read_all_members(plan, out), before);
    const auto again = list_times(plan, out);
    for (const std::size_t k : {0U, 2U, 3U, 5U}) {
        EXPECT_EQ(again[k], times[k]) << k;
    }
}

TEST(RunSweep, AChangedBaseMakesNewMembers) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    (void)run(plan, folder.path() / "out");
    folder.write("base.yaml", read_file(folder.path() / "base.yaml") +
                                  "sources: {solar: [{id: sun_hill, p_rated_mw: 90}]}\n");
    const std::vector<MemberState> stale = run(plan, folder.path() / "out2");
    EXPECT_EQ(stale[0].message, "the scenario has changed since the sweep began");
    const Plan changed = folder.plan(six_members);
    EXPECT_NE(changed.manifest.members[0].hash, plan.manifest.members[0].hash);
    EXPECT_EQ(read_members(folder.path() / "out", changed.manifest)[0].status,
              MemberStatus::missing);
}

TEST(RunSweep, AStopLeavesCompleteMembersAndGoesOnFromThere) {
    const SweepFolder folder;
    const fs::path out = folder.path() / "out";
    const Plan plan = folder.plan(six_members);
    StopAfterOne progress;
    EXPECT_THROW((void)run_sweep(plan, out, {.n_thread = 1, .command_line = ""}, progress),
                 Interrupted);
    for (const auto& entry : fs::directory_iterator(out / "members")) {
        EXPECT_TRUE(report::is_result_folder(entry.path())) << entry.path();
    }
    (void)run(plan, out);
    (void)run(plan, folder.path() / "whole");
    EXPECT_EQ(read_all_members(plan, out), read_all_members(plan, folder.path() / "whole"));
}

TEST(RunSweep, KilledAtAnyMomentItGoesOnToTheSameBytes) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    const auto start = std::chrono::steady_clock::now();
    (void)run(plan, folder.path() / "whole", 2);
    const auto whole = std::chrono::steady_clock::now() - start;
    Random random{std::random_device{}()};
    for (const char* name : {"first", "second"}) {
        const auto after = whole * random.uniform();
        SCOPED_TRACE(::testing::Message() << "killed after " << after.count() << " ns");
        const fs::path out = folder.path() / name;
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
        for (const auto& entry : fs::directory_iterator(out / "members")) {
            EXPECT_TRUE(report::is_result_folder(entry.path())) << entry.path();
        }
    }
}

TEST(RunSweep, AFolderBelongsToOneSweepAndOneProcessAtATime) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members);
    try {
        (void)run(plan, folder.path());
        FAIL() << "wrote among other things";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(),
                    EndsWith(": holds other things than a sweep; choose another output"));
    }
    const SweepLock lock{folder.path() / "out"};
    try {
        (void)run(plan, folder.path() / "out");
        FAIL() << "wrote beside another run";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(), EndsWith(": another run is writing into this sweep"));
    }
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
