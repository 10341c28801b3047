#include "report/run_folder.hpp"

#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "report/temporary_folder.hpp"

namespace yuanwang::report {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

scenario::LoadedScenario load_starter() {
    return scenario::load_scenario(fs::path{YUANWANG_SOURCE_DIR} / "scenarios/starter.yaml",
                                   {.set = {"time.duration=2 d"}, .seed = {}});
}

std::set<std::string> list(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

/// Asks to stop once so many reports of progress have come.
class Impatient final : public Progress {
  public:
    explicit Impatient(int patience) : patience_{patience} {}
    void update(std::string_view, std::size_t, std::size_t) override { --patience_; }
    [[nodiscard]] bool stop_requested() const override { return patience_ < 0; }

  private:
    int patience_;
};

TEST(RunFolder, HoldsTheFiveFilesOfARun) {
    const test::TemporaryFolder place;
    SilentProgress progress;
    const auto run = write_run(load_starter(), place.path() / "run", {}, progress);
    EXPECT_THAT(list(place.path() / "run"),
                UnorderedElementsAre("results.nc", "summary.json", "report.html",
                                     "scenario.resolved.yaml", "run.json"));
    EXPECT_EQ(read_file(place.path() / "run/summary.json"), format_summary_json(run.summary));
    EXPECT_GT(run.stage_seconds.at("report"), 0);
}

TEST(RunFolder, TheSameScenarioGivesTheSameBytes) {
    const test::TemporaryFolder place;
    SilentProgress progress;
    for (const char* name : {"one", "two"}) {
        (void)write_run(load_starter(), place.path() / name, {}, progress);
    }
    for (const char* file :
         {"summary.json", "report.html", "scenario.resolved.yaml", "results.nc"}) {
        EXPECT_TRUE(read_file(place.path() / "one" / file) ==
                    read_file(place.path() / "two" / file))
            << file;
    }
}

TEST(RunFolder, TheReportIsRebuiltFromWhatIsStored) {
    const test::TemporaryFolder place;
    SilentProgress progress;
    (void)write_run(load_starter(), place.path() / "run", {}, progress);
    const std::string first = read_file(place.path() / "run/report.html");
    fs::remove(place.path() / "run/report.html");
    fs::remove(place.path() / "run/run.json");
    rebuild_report(place.path() / "run", Language::zh);
    EXPECT_TRUE(read_file(place.path() / "run/report.html") == first);
}

TEST(RunFolder, WithoutHtmlThereIsNoReport) {
    const test::TemporaryFolder place;
    SilentProgress progress;
    (void)write_run(load_starter(), place.path() / "run",
                    {.language = Language::en, .html = false, .command_line = {}}, progress);
    EXPECT_FALSE(fs::exists(place.path() / "run/report.html"));
}

TEST(RunFolder, AnInterruptedRunLeavesNothingWhereverItStops) {
    const test::TemporaryFolder place;
    for (const int patience : {0, 1, 3}) {
        Impatient progress{patience};
        EXPECT_THROW((void)write_run(load_starter(), place.path() / "run", {}, progress),
                     Interrupted)
            << patience;
        EXPECT_THAT(list(place.path()), IsEmpty()) << patience;
    }
}

TEST(RunFolder, AFolderThatIsNoRunIsNotRebuilt) {
    const test::TemporaryFolder place;
    try {
        rebuild_report(place.path(), Language::en);
        FAIL() << "nothing was thrown";
    } catch (const IoError& error) {
        EXPECT_THAT(error.what(),
                    HasSubstr("results.nc: no such file; is this the folder of a run?"));
    }
}

} // namespace
} // namespace yuanwang::report
