/// The program as a user meets it: verbs, messages, exit codes, what is written and what is not.
#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>

#include "support/program.hpp"

namespace yuanwang {
namespace {

namespace fs = std::filesystem;
using testing::Finished;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read_file;
using testing::run_program;
using ::testing::StartsWith;
using testing::TemporaryFolder;
using testing::write_file;

const std::string starter = std::string{YUANWANG_SOURCE_DIR} + "/scenarios/starter.yaml";

std::set<std::string> list_files(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.insert(entry.path().filename());
    }
    return names;
}

TEST(Cli, HelpShowsExamplesAndExitCodes) {
    const TemporaryFolder folder;
    const Finished help = run_program({"--help"}, folder.path());
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("yuanwang run my-city.yaml"));
    EXPECT_THAT(help.out, HasSubstr("Exit codes: 0 ok"));
    for (const char* verb : {"run", "validate", "inspect", "schema", "powerflow", "report",
                             "convert", "sweep", "bench", "init"}) {
        const Finished page = run_program({verb, "--help"}, folder.path());
        EXPECT_EQ(page.code, 0) << verb;
        EXPECT_THAT(page.out, HasSubstr("Example")) << verb;
    }
}

TEST(Cli, AnUnknownFlagOrVerbIsAUsageError) {
    const TemporaryFolder folder;
    EXPECT_EQ(run_program({}, folder.path()).code, 2);
    EXPECT_EQ(run_program({"simulate"}, folder.path()).code, 2);
    EXPECT_EQ(run_program({"run", starter, "--sed", "1"}, folder.path()).code, 2);
    EXPECT_EQ(run_program({"run"}, folder.path()).code, 2);
}

TEST(Cli, AFlagNamesTheWordsItTakes) {
    const TemporaryFolder folder;
    const Finished help = run_program({"--help"}, folder.path());
    EXPECT_THAT(help.out, HasSubstr("--progress auto|always|never\n"));
    const Finished wrong = run_program({"--lang", "fr", "validate", starter}, folder.path());
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.err, StartsWith("--lang: must be en|zh, got fr\n"));
}

TEST(Cli, InitWritesAScenarioThatIsValidAndNeverOverwrites) {
    const TemporaryFolder folder;
    ASSERT_EQ(run_program({"init", "town.yaml"}, folder.path()).code, 0);
    EXPECT_EQ(read_file(folder.path() / "town.yaml"), read_file(starter));
    EXPECT_EQ(run_program({"validate", "town.yaml"}, folder.path()).code, 0);
    const Finished again = run_program({"init", "town.yaml"}, folder.path());
    EXPECT_EQ(again.code, 7);
    EXPECT_EQ(again.err, "town.yaml: exists already; name another file\n");
}

TEST(Cli, RunWritesOneCompleteFolder) {
    const TemporaryFolder folder;
    const Finished run = run_program({"run", starter, "-o", "out"}, folder.path());
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(list_files(folder.path()), std::set<std::string>{"out"});
    EXPECT_EQ(list_files(folder.path() / "out"),
              (std::set<std::string>{"results.nc", "summary.json", "report.html",
                                     "scenario.resolved.yaml", "run.json"}));
    EXPECT_THAT(run.out, HasSubstr("report.html"));
    const auto summary = nlohmann::json::parse(read_file(folder.path() / "out/summary.json"));
    EXPECT_EQ(summary["steps"]["total"], 168);
    EXPECT_EQ(summary["steps"]["converged"], 168);
    EXPECT_EQ(summary["indicators"]["unserved_mwh"], 0);
    EXPECT_LT(summary["balance"]["max_bus_mismatch_mw"].get<double>(), 1e-6);
}

// Three years in one run, as a user asks for them: hours of a leap year to come included, a battery that ages through them.
TEST(Cli, YearsInOneRunAgeTheBattery) {
    const TemporaryFolder folder;
    const std::string microgrid =
        std::string{YUANWANG_SOURCE_DIR} + "/scenarios/teaching/clean-microgrid.yaml";
    const auto run_years = [&](const std::string& years) {
        const Finished run =
            run_program({"run", microgrid, "--set", "time.start=2026-01-01", "--set",
                         "time.duration=" + years + " y", "-o", "out" + years},
                        folder.path());
        EXPECT_EQ(run.code, 4) << run.err; // some hours cannot be carried
        return nlohmann::json::parse(read_file(folder.path() / ("out" + years) / "summary.json"));
    };
    const auto one = run_years("1");
    const auto three = run_years("3");
    EXPECT_EQ(one["steps"]["total"], 8760);
    EXPECT_EQ(three["steps"]["total"], 8760 + 8760 + 8784); // 2026, 2027, 2028
    const auto& microgrid_years = three["devices"]["microgrid"]["campus"];
    EXPECT_EQ(microgrid_years["carried_hours"].get<double>() +
                  microgrid_years["short_hours"].get<double>(),
              26304.0);
    const double left_1 = one["devices"]["storage"]["cells"]["capacity_share_left"];
    const double left_3 = three["devices"]["storage"]["cells"]["capacity_share_left"];
    EXPECT_LT(left_1, 0.99);
    EXPECT_GT(left_1, 0.94);
    EXPECT_LT(left_3, left_1 - 0.005);
    EXPECT_GT(left_3, 1 - 3 * (1 - left_1)); // a power law below 1 slows down
    EXPECT_LE(three["balance"]["storage_balance_mwh"].get<double>(), 1e-6);
    EXPECT_EQ(three["balance"]["data_center_work_late_mwh"].get<double>(), 0.0);
}

TEST(Cli, TheSameScenarioGivesTheSameBytes) {
    const TemporaryFolder folder;
    ASSERT_EQ(run_program({"run", starter, "-o", "a", "--no-report"}, folder.path()).code, 0);
    ASSERT_EQ(run_program({"run", starter, "-o", "b", "--no-report"}, folder.path()).code, 0);
    EXPECT_TRUE(read_file(folder.path() / "a/results.nc") ==
                read_file(folder.path() / "b/results.nc"));
    EXPECT_EQ(read_file(folder.path() / "a/summary.json"),
              read_file(folder.path() / "b/summary.json"));
    EXPECT_EQ(read_file(folder.path() / "a/scenario.resolved.yaml"),
              read_file(folder.path() / "b/scenario.resolved.yaml"));
}

TEST(Cli, TheResolvedScenarioRunsAgainToTheSameResults) {
    const TemporaryFolder folder;
    ASSERT_EQ(
        run_program({"run", starter, "-o", "a", "--no-report", "--seed", "5"}, folder.path()).code,
        0);
    const Finished again =
        run_program({"run", "a/scenario.resolved.yaml", "-o", "b", "--no-report"}, folder.path());
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(read_file(folder.path() / "a/summary.json"),
              read_file(folder.path() / "b/summary.json"));
}

TEST(Cli, ReportIsRebuiltFromStoredResults) {
    const TemporaryFolder folder;
    ASSERT_EQ(run_program({"run", starter, "-o", "out", "--lang", "en"}, folder.path()).code, 0);
    const std::string first = read_file(folder.path() / "out/report.html");
    fs::remove(folder.path() / "out/report.html");
    EXPECT_EQ(run_program({"report", "out", "--lang", "en"}, folder.path()).code, 0);
    EXPECT_TRUE(read_file(folder.path() / "out/report.html") == first);
}

TEST(Cli, DryRunSaysWhatItWouldDoAndWritesNothing) {
    const TemporaryFolder folder;
    const Finished plan = run_program({"run", starter, "--dry-run"}, folder.path());
    EXPECT_EQ(plan.code, 0);
    EXPECT_THAT(
        plan.out,
        StartsWith("Starter town: 168 steps of 60 min from 2025-06-01 00:00 (Beijing time)"));
    EXPECT_THAT(list_files(folder.path()), IsEmpty());
}

TEST(Cli, InvalidInputNamesEveryFaultAndWritesNothing) {
    const TemporaryFolder folder;
    write_file(folder.path() / "bad.yaml",
               read_file(starter) + "economics: {discont_rate: 0.05}\n");
    const Finished run =
        run_program({"run", "bad.yaml", "--set", "time.step=7 min"}, folder.path());
    EXPECT_EQ(run.code, 3);
    EXPECT_THAT(run.err, HasSubstr("discount_rate"));
    EXPECT_THAT(run.err, HasSubstr("time.step"));
    EXPECT_THAT(run.err, HasSubstr("2 faults, nothing written."));
    EXPECT_EQ(list_files(folder.path()), std::set<std::string>{"bad.yaml"});
}

TEST(Cli, AMissingFileIsOneClearLine) {
    const TemporaryFolder folder;
    const Finished run = run_program({"run", "nowhere.yaml"}, folder.path());
    EXPECT_THAT(run.code, ::testing::AnyOf(3, 7));
    EXPECT_THAT(run.err, HasSubstr("nowhere.yaml"));
    EXPECT_THAT(list_files(folder.path()), IsEmpty());
}

TEST(Cli, AFolderThatCannotBeWrittenIsAnIoError) {
    const TemporaryFolder folder;
    write_file(folder.path() / "file", "not a folder");
    const Finished run = run_program({"run", starter, "-o", "file/out"}, folder.path());
    EXPECT_EQ(run.code, 7);
    EXPECT_THAT(run.err, HasSubstr("file"));
    EXPECT_EQ(read_file(folder.path() / "file"), "not a folder");
}

/// A file system of a few hundred kB that goes away with the object; empty path where mounting is
/// not allowed.
class TinyDisk {
  public:
    explicit TinyDisk(const fs::path& at) {
        fs::create_directory(at);
        if (mount("tmpfs", at.c_str(), "tmpfs", 0, "size=300k") == 0) {
            path_ = at;
        }
    }
    ~TinyDisk() {
        if (!path_.empty()) {
            umount(path_.c_str());
        }
    }
    TinyDisk(const TinyDisk&) = delete;
    TinyDisk& operator=(const TinyDisk&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

TEST(Cli, AFullDiskIsOneClearLineAndLeavesNothing) {
    const TemporaryFolder folder;
    const TinyDisk disk(folder.path() / "disk");
    if (disk.path().empty()) {
        GTEST_SKIP() << "this user may not mount a small file system";
    }
    const Finished run =
        run_program({"run", starter, "-o", (disk.path() / "out").string()}, folder.path());
    EXPECT_EQ(run.code, 7) << run.err;
    EXPECT_THAT(run.err, HasSubstr((disk.path() / "out").parent_path().string()));
    EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
    EXPECT_THAT(list_files(disk.path()), IsEmpty());
}

TEST(Cli, AnotherPersonsFolderIsNotReplaced) {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "thesis");
    write_file(folder.path() / "thesis/chapter1.txt", "years of work");
    EXPECT_EQ(run_program({"run", starter, "-o", "thesis"}, folder.path()).code, 7);
    EXPECT_EQ(read_file(folder.path() / "thesis/chapter1.txt"), "years of work");
}

TEST(Cli, AnInterruptedRunLeavesNoHalfFolder) {
    const TemporaryFolder folder;
    const Finished run = run_program(
        {"run", starter, "-o", "out", "--set", "time.duration=20 y", "--set", "time.step=5 min"},
        folder.path(), 1.0);
    EXPECT_EQ(run.code, 130) << run.err;
    EXPECT_THAT(list_files(folder.path()), IsEmpty());
}

TEST(Cli, FaultsAsJsonLinesCanBeParsed) {
    const TemporaryFolder folder;
    write_file(folder.path() / "bad.yaml", "scenario: {id: \"a\"b\"}\n");
    const Finished run =
        run_program({"validate", "bad.yaml", "--log-format", "json"}, folder.path());
    EXPECT_EQ(run.code, 3);
    std::istringstream lines(run.err);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        EXPECT_TRUE(nlohmann::json::accept(line)) << line;
    }
    EXPECT_GE(count, 2);
}

TEST(Cli, SchemaIsJson) {
    const TemporaryFolder folder;
    const Finished schema = run_program({"schema"}, folder.path());
    EXPECT_EQ(schema.code, 0);
    EXPECT_TRUE(nlohmann::json::parse(schema.out).contains("$schema"));
}

TEST(Cli, InspectSaysWhereAValueCameFrom) {
    const TemporaryFolder folder;
    const Finished inspect = run_program(
        {"inspect", starter, "--set", "storage.batteries[battery].e_max_mwh=80"}, folder.path());
    EXPECT_EQ(inspect.code, 0);
    EXPECT_THAT(inspect.out, HasSubstr("storage.batteries[battery].e_max_mwh"));
    EXPECT_THAT(inspect.out, HasSubstr("starter.yaml:"));
}

TEST(Cli, InspectTellsOverWhichBranchesABusIsSupplied) {
    const TemporaryFolder folder;
    const Finished path = run_program({"inspect", starter, "--supply", "town_110"}, folder.path());
    EXPECT_EQ(path.out, "town_110\n"
                        "  l_gate_town/1 -> gate_110 (110 kV)\n"
                        "  t_gate/1 -> gate_330 (330 kV)\n"
                        "source at gate_330\n");
    const Finished typo = run_program({"inspect", starter, "--supply", "twon_110"}, folder.path());
    EXPECT_EQ(typo.code, 3);
    EXPECT_THAT(typo.err,
                HasSubstr("--supply: no such bus, did you mean `town_110`?, got twon_110"));
}

TEST(Cli, BenchComparesTheAnswersAndPrintsTheFigures) {
    const fs::path file = fs::path{YUANWANG_SHARED_DIR} / "cases/case118.m";
    if (!fs::exists(file)) {
        GTEST_SKIP() << "public cases are not beside the checkout";
    }
    const TemporaryFolder folder;
    const Finished run =
        run_program({"bench", file.string(), "--workload", "W3", "--json"}, folder.path());
    ASSERT_EQ(run.code, 0) << run.err;
    const auto figures = nlohmann::json::parse(run.out);
    EXPECT_EQ(figures["flows"], 177);
    EXPECT_EQ(figures["not_converged"], 0);
    EXPECT_LT(figures["largest_difference_pu"].get<double>(), 1e-8);
    EXPECT_GT(figures["ratio"].get<double>(), 0);
    const Finished typo = run_program({"bench", file.string(), "--workload", "W9"}, folder.path());
    EXPECT_EQ(typo.code, 3);
    EXPECT_THAT(typo.err,
                HasSubstr("--workload: must be W1, W2a, W2b, W3, W4, D1, D2 or D3, got W9"));
}

TEST(Cli, BenchTakesTheFirstStepOfAScenario) {
    const TemporaryFolder folder;
    for (const char* workload : {"W1", "W2a", "W2b", "W3", "W4"}) {
        const Finished run = run_program(
            {"bench", starter, "--workload", workload, "--steps", "24", "--json"}, folder.path());
        ASSERT_EQ(run.code, 0) << workload << ": " << run.err;
        const auto figures = nlohmann::json::parse(run.out);
        EXPECT_EQ(figures["case"], "starter");
        EXPECT_EQ(figures["workload"], workload);
        EXPECT_EQ(figures["not_converged"], 0) << workload;
        EXPECT_GT(figures["flows"], 0) << workload;
    }
    const Finished dispatch = run_program({"bench", starter, "--workload", "D1"}, folder.path());
    EXPECT_EQ(dispatch.code, 3);
    EXPECT_THAT(dispatch.err, HasSubstr("sources: SG-1 needs generators with a price, got none"));
}

TEST(Cli, BenchDispatchesTheGridOfAScenario) {
    const TemporaryFolder folder;
    const auto ieee118 = std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios/ieee/ieee118.yaml";
    const Finished run =
        run_program({"bench", ieee118.string(), "--workload", "D1", "--json"}, folder.path());
    ASSERT_EQ(run.code, 0) << run.err;
    const auto figures = nlohmann::json::parse(run.out);
    EXPECT_NEAR(figures["objective"].get<double>(), 8'580'031.155,
                0.05); // as published for case118
    EXPECT_EQ(figures["agrees"], true);
    EXPECT_LT(figures["max_infeasibility"].get<double>(), 1e-6);
}

TEST(Cli, WhatCannotBeDispatchedIsExplained) {
    const TemporaryFolder folder;
    const Finished run =
        run_program({"run", starter, "--set", "sources.external_grids[province].p_import_max_mw=80",
                     "--set", "time.duration=1 d", "--no-report", "-o", "short"},
                    folder.path());
    EXPECT_EQ(run.code, 4);
    EXPECT_THAT(run.err, HasSubstr("the grid lacks "));
    EXPECT_THAT(run.err, HasSubstr("  1. capacity is missing: "));
    const auto summary = nlohmann::json::parse(read_file(folder.path() / "short/summary.json"));
    EXPECT_EQ(summary["relaxed_blocks"], 1);
    ASSERT_EQ(summary["explanations"].size(), 1u);
    EXPECT_EQ(summary["explanations"][0]["causes"][0]["kind"], "missing_capacity");

    const Finished slipped = run_program({"--lang", "zh", "run", starter, "--set",
                                          "loads.profiled[homes].p_mean_mw=60000", "--set",
                                          "time.duration=1 d", "--no-report", "-o", "slip"},
                                         folder.path());
    EXPECT_NE(slipped.code, 0);
    EXPECT_THAT(slipped.err, HasSubstr("  1. 单位疑误：居民为"));
}

TEST(Cli, BenchAnswersADispatchWorkloadBeforeItTimesIt) {
    const fs::path file = fs::path{YUANWANG_SHARED_DIR} / "cases" / "case118.m";
    if (!fs::exists(file)) {
        GTEST_SKIP() << "reference cases are not beside the checkout";
    }
    const TemporaryFolder folder;
    const Finished run =
        run_program({"bench", file.string(), "--workload", "D1", "--json"}, folder.path());
    ASSERT_EQ(run.code, 0) << run.err;
    const auto figures = nlohmann::json::parse(run.out);
    EXPECT_EQ(figures["case"], "case118");
    EXPECT_EQ(figures["workload"], "D1");
    EXPECT_EQ(figures["windows"], 1);
    EXPECT_NEAR(figures["objective"].get<double>(), 8'580'031.155, 0.5);
    EXPECT_EQ(figures["window_objective_sum"], figures["objective"]);
    EXPECT_EQ(figures["window_objectives"].size(), 1u);
    EXPECT_GT(figures["seconds"].get<double>(), 0);
    EXPECT_LT(figures["max_infeasibility"].get<double>(), 1e-5);
    EXPECT_EQ(figures["agrees"], true);

    const Finished wrong = run_program(
        {"bench", file.string(), "--workload", "D2", "--limit-factor", "-1"}, folder.path());
    EXPECT_EQ(wrong.code, 3);
    EXPECT_THAT(wrong.err, HasSubstr("--limit-factor: must be > 0, got -1"));
}

} // namespace
} // namespace yuanwang
