#include "report/comparison.hpp"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/run_folder.hpp"
#include "report/temporary_folder.hpp"

namespace yuanwang::report {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A day of the starter, once as written and once with another seed.
struct TwoRuns : testing::Test {
    static void SetUpTestSuite() {
        place = new test::TemporaryFolder;
        SilentProgress progress;
        for (const auto& [name, seed] : {std::pair{"a", "5"}, std::pair{"b", "6"}}) {
            const auto loaded = scenario::load_scenario(
                fs::path{YUANWANG_SOURCE_DIR} / "scenarios/starter.yaml",
                {.set = {"time.duration=1 d", std::string{"weather.seed="} + seed}, .seed = {}});
            write_run(loaded, place->path() / name, {.html = false}, progress);
        }
    }
    static void TearDownTestSuite() { delete place; }
    static Comparison compare(const char* one, const char* two) {
        const std::vector<fs::path> folders = {place->path() / one, place->path() / two};
        return compare_runs(folders);
    }
    static test::TemporaryFolder* place;
};
test::TemporaryFolder* TwoRuns::place = nullptr;

const ComparedNumber& find(const std::vector<ComparedNumber>& rows, const std::string& key) {
    return *std::ranges::find(rows, key, &ComparedNumber::key);
}

TEST_F(TwoRuns, TheScenarioDiffersByTheSeedAlone) {
    const Comparison found = compare("a", "b");
    ASSERT_EQ(found.changes.size(), 1U);
    EXPECT_EQ(found.changes[0].path, "weather.seed");
    EXPECT_THAT(found.changes[0].values, ElementsAre("5", "6"));
}

TEST_F(TwoRuns, ARunIsTheSameAsItself) {
    const Comparison found = compare("a", "a");
    EXPECT_TRUE(found.changes.empty());
    EXPECT_TRUE(found.moved.empty());
    for (const ComparedNumber& row : found.indicators) {
        EXPECT_EQ(row.change(1), 0) << row.key;
    }
}

TEST_F(TwoRuns, IndicatorsAreThoseOfTheSummaries) {
    const Comparison found = compare("a", "b");
    const ComparedNumber& demand = find(found.indicators, "demand_mwh");
    EXPECT_GT(demand.values[0], 0);
    EXPECT_NE(demand.change(1), 0);
    EXPECT_EQ(find(found.counts, "buses").change(1), 0);
    EXPECT_GT(std::ranges::count_if(
                  found.indicators,
                  [](const auto& row) { return row.key.starts_with("energy_mwh_by_kind."); }),
              0);
}

TEST_F(TwoRuns, TheMostMovedElementStandsFirstOfItsKind) {
    const Comparison found = compare("a", "b");
    ASSERT_FALSE(found.moved.empty());
    double last = 0;
    std::string what;
    for (const MovedElement& row : found.moved) {
        const double change = std::abs(row.values[1] - row.values[0]);
        if (row.what == what) {
            EXPECT_LE(change, last);
        }
        what = row.what;
        last = change;
    }
}

TEST_F(TwoRuns, TextJsonAndPageSayTheSame) {
    const Comparison found = compare("a", "b");
    const std::string text = format_comparison_text(found, Language::en);
    EXPECT_THAT(text, HasSubstr("weather.seed: 5 -> 6"));
    EXPECT_THAT(text, HasSubstr("demand_mwh"));
    EXPECT_THAT(format_comparison_text(found, Language::zh), HasSubstr("场景差异"));
    const auto json = nlohmann::json::parse(format_comparison_json(found));
    EXPECT_EQ(json["changes"][0]["path"], "weather.seed");
    EXPECT_EQ(json["indicators"]["demand_mwh"]["values"][0],
              find(found.indicators, "demand_mwh").values[0]);
    const std::string page = format_comparison_html(found, Language::zh);
    EXPECT_THAT(page, HasSubstr("<code>weather.seed</code>"));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
}

/// A member of a sweep keeps no series: numbers and scenario compare, elements do not, and the page says why.
TEST_F(TwoRuns, ARunWithoutSeriesComparesByItsNumbers) {
    fs::create_directory(place->path() / "lean");
    for (const char* name : {"summary.json", "scenario.resolved.yaml"}) {
        fs::copy_file(place->path() / "b" / name, place->path() / "lean" / name);
    }
    const Comparison found = compare("a", "lean");
    EXPECT_EQ(find(found.indicators, "demand_mwh").values,
              find(compare("a", "b").indicators, "demand_mwh").values);
    EXPECT_TRUE(found.moved.empty());
    EXPECT_THAT(found.missing[0], testing::IsEmpty());
    EXPECT_THAT(found.missing[1], ElementsAre("results.nc"));
    EXPECT_THAT(format_comparison_text(found, Language::en),
                HasSubstr("lean); without results.nc: elements are not compared\n"));
}

TEST_F(TwoRuns, AMissingRunIsNamed) {
    EXPECT_THROW(compare("a", "nowhere"), IoError);
}

} // namespace
} // namespace yuanwang::report
