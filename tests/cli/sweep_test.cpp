/// `yuanwang sweep` as a user meets it.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/program.hpp"

namespace yuanwang {
namespace {

namespace fs = std::filesystem;
using testing::Finished;
using ::testing::HasSubstr;
using testing::read_file;
using testing::run_program;
using ::testing::StartsWith;
using testing::TemporaryFolder;
using testing::write_file;

const std::string scenarios = std::string{YUANWANG_SOURCE_DIR} + "/scenarios";

std::string write_sweep(const TemporaryFolder& folder, const std::string& axes) {
    write_file(folder.path() / "sweep.yaml", "base: " + scenarios + "/starter.yaml\naxes: " + axes +
                                                 "\nindicators: [cost_cny]\n");
    return "sweep.yaml";
}

TEST(CliSweep, RunsTheShippedExampleAndSaysWhatIsBest) {
    const TemporaryFolder folder;
    const std::string file = scenarios + "/sweeps/starter-storage.yaml";
    const Finished plan =
        run_program({"sweep", "run", file, "--dry-run", "-o", "out"}, folder.path());
    EXPECT_EQ(plan.code, 0) << plan.err;
    EXPECT_THAT(plan.out, StartsWith("20 members, all valid; would write out; nothing was written "
                                     "(--dry-run)\nmeasured on the base: "));
    EXPECT_FALSE(fs::exists(folder.path() / "out"));
    const Finished run = run_program({"sweep", "run", file, "-o", "out", "-j", "2"}, folder.path());
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_THAT(run.out,
                StartsWith("20 members: 20 done, 0 not converged, 0 failed, 0 missing\n  1. "));
    const std::string table = read_file(folder.path() / "out/sweep.csv");
    fs::remove(folder.path() / "out/sweep.csv");
    EXPECT_EQ(run_program({"sweep", "collect", "out"}, folder.path()).code, 0);
    EXPECT_EQ(read_file(folder.path() / "out/sweep.csv"), table);
    EXPECT_THAT(run_program({"sweep", "status", "out"}, folder.path()).out,
                StartsWith("20 members: 20 done"));
}

TEST(CliSweep, ListsMembersWithoutLookingAtScenarios) {
    const TemporaryFolder folder;
    const std::string file =
        write_sweep(folder, "[{path: weather.seed, values: [1, 2]}, {path: no.such, values: [x]}]");
    const Finished list = run_program({"sweep", "list", file}, folder.path());
    EXPECT_EQ(list.code, 0) << list.err;
    EXPECT_EQ(list.out, "member,weather.seed,no.such\n1,1,x\n2,2,x\n");
}

TEST(CliSweep, ShardsMissingAndRetryWorkOnOneFolder) {
    const TemporaryFolder folder;
    write_file(folder.path() / "broken.epw", "LOCATION,nowhere\n");
    write_file(folder.path() / "broken.yaml",
               "weather: {sites: [{id: town, normals: null, epw: broken.epw}]}\n");
    const std::string file = write_sweep(
        folder, "[{name: sky, overlays: [[], broken.yaml]}, {path: weather.seed, values: [1, 2]}]");
    const Finished first =
        run_program({"sweep", "run", file, "-o", "out", "--shard", "1/2"}, folder.path());
    EXPECT_EQ(first.code, 6) << first.err;
    EXPECT_THAT(first.out, StartsWith("shard 1/2 done, 1 failed"));
    const Finished missing = run_program({"sweep", "missing", "out"}, folder.path());
    EXPECT_THAT(missing.out, HasSubstr("\n2,"));
    EXPECT_THAT(missing.out, HasSubstr(",missing,"));
    EXPECT_THAT(missing.out, HasSubstr(",failed,"));
    const Finished retry = run_program({"sweep", "retry", "out"}, folder.path());
    EXPECT_EQ(retry.code, 6) << retry.err;
    EXPECT_THAT(retry.out, StartsWith("4 members: 1 done, 0 not converged, 1 failed, 2 missing"));
    const Finished wrong =
        run_program({"sweep", "run", file, "-o", "out", "--shard", "3/2"}, folder.path());
    EXPECT_EQ(wrong.code, 3);
    EXPECT_THAT(wrong.err, StartsWith("--shard: must read i/n with 1 <= i <= n, got 3/2"));
}

TEST(CliSweep, EveryShippedPlanIsLaidOut) {
    const TemporaryFolder folder;
    const std::vector<std::pair<std::string, std::size_t>> plans = {{"starter-storage", 20},
                                                                    {"xining-storage", 9},
                                                                    {"xining-weather-years", 40},
                                                                    {"xining-portfolio", 32},
                                                                    {"xining-data-centers", 80}};
    for (const auto& [name, n] : plans) {
        const Finished list =
            run_program({"sweep", "list", scenarios + "/sweeps/" + name + ".yaml"}, folder.path());
        EXPECT_EQ(list.code, 0) << name << ": " << list.err;
        EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(list.out, '\n')), n + 1) << name;
    }
}

TEST(CliSweep, TheSampledExampleRunsAndLeavesTablesAndAPage) {
    const TemporaryFolder folder;
    const Finished run = run_program(
        {"sweep", "run", scenarios + "/sweeps/starter-sampled.yaml", "-o", "out", "-j", "2"},
        folder.path());
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("report: out/report.html"));
    for (const char* name : {"sweep.csv", "sweep.nc", "report.html", "manifest.json"}) {
        EXPECT_TRUE(fs::exists(folder.path() / "out" / name)) << name;
    }
    EXPECT_THAT(read_file(folder.path() / "out/report.html"), HasSubstr("starter-sampled"));
}

TEST(CliSweep, TheXiningExampleIsValid) {
    const TemporaryFolder folder;
    const Finished plan = run_program(
        {"sweep", "run", scenarios + "/sweeps/xining-storage.yaml", "--dry-run"}, folder.path());
    EXPECT_EQ(plan.code, 0) << plan.err;
    EXPECT_THAT(plan.out, StartsWith("9 members, all valid"));
}

TEST(CliSweep, AFailedMemberIsToldAndEndsWithSix) {
    const TemporaryFolder folder;
    write_file(folder.path() / "broken.epw", "LOCATION,nowhere\n");
    write_file(folder.path() / "broken.yaml",
               "weather: {sites: [{id: town, normals: null, epw: broken.epw}]}\n");
    write_file(folder.path() / "as-is.yaml", "");
    const std::string file =
        write_sweep(folder, "[{name: sky, overlays: [as-is.yaml, broken.yaml]}]");
    const Finished run = run_program({"sweep", "run", file, "-o", "out"}, folder.path());
    EXPECT_EQ(run.code, 6) << run.err;
    EXPECT_THAT(run.out, StartsWith("2 members: 1 done, 0 not converged, 1 failed, 0 missing\n"
                                    "  member 2 failed: broken.epw"));
    EXPECT_EQ(run_program({"sweep", "status", "out"}, folder.path()).code, 6);
}

TEST(CliSweep, FaultsEndWithThreeAndWriteNothing) {
    const TemporaryFolder folder;
    const std::string file = write_sweep(folder, "[{path: weather.seed, values: [-1]}]");
    const Finished run = run_program({"sweep", "run", file, "-o", "out"}, folder.path());
    EXPECT_EQ(run.code, 3);
    EXPECT_THAT(run.err, StartsWith("sweep.yaml:2:38: weather.seed: "));
    EXPECT_FALSE(fs::exists(folder.path() / "out"));
    const Finished status = run_program({"sweep", "status", "out"}, folder.path());
    EXPECT_EQ(status.code, 7);
    EXPECT_THAT(status.err, HasSubstr("is this the folder of a sweep?"));
}

TEST(CliSweep, CtrlCLeavesOnlyCompleteMembers) {
    const TemporaryFolder folder;
    const std::string file = scenarios + "/sweeps/xining-storage.yaml";
    const Finished run = run_program({"sweep", "run", file, "-o", "out"}, folder.path(), 1.5);
    EXPECT_EQ(run.code, 130) << run.err;
    if (fs::exists(folder.path() / "out")) { // not where the stop came while members were checked
        for (const auto& group : fs::directory_iterator(folder.path() / "out/members")) {
            for (const auto& entry : fs::directory_iterator(group.path())) {
                EXPECT_TRUE(fs::exists(entry.path() / "run.json")) << entry.path();
            }
        }
    }
}

} // namespace
} // namespace yuanwang
