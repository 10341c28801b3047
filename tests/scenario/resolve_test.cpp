#include "scenario/resolve.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using testing::change;
using testing::Folder;
using ::testing::HasSubstr;
using testing::two_buses;

TEST(Resolve, WritesSectionsInTheOrderOfTheLanguageWithMarksWhereTheyAreShared) {
    const Folder folder;
    folder.write("base.yaml", two_buses);
    const auto top = folder.write("top.yaml", R"(extends: base.yaml
grid: {lines: [{id: l, length_km: {value: 20, source: "a \"map\""}, circuits: 2}]}
economics: {assumed: usual, discount_rate: 0.05, co2_cny_per_t: 60}
scenario: {id: top, name: {en: "Yes: top", zh: 顶}}
)");
    EXPECT_EQ(load_scenario(top, {.set = {"grid.lines[l].circuits=3"}, .seed = 7}).resolved_yaml,
              R"(scenario:
  id: top
  name: {en: "Yes: top", zh: 顶}

time:
  start: 2025-01-01
  duration: 1 y

weather:
  seed: 7

grid:
  buses:
    - {id: a, base_kv: 110}
    - {id: b, base_kv: 110}
  lines:
    - {id: l, from: a, to: b, circuits: 3, length_km: {value: 20, source: "a \"map\""}, conductor: LGJ-240/30}

sources:
  generators:
    - {id: g, bus: a, p_mw: 10, slack: true}

loads:
  static:
    - {id: d, bus: b, p_mw: 10}

economics:
  assumed: "usual"
  discount_rate: 0.05
  co2_cny_per_t: 60
)");
}

std::vector<std::filesystem::path> list_scenarios() {
    std::vector<std::filesystem::path> files;
    const std::filesystem::path root = std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios";
    for (const char* const folder : {"", "ieee", "teaching"}) {
        for (const auto& entry : std::filesystem::directory_iterator{root / folder}) {
            if (entry.path().extension() == ".yaml") {
                files.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(files);
    return files;
}

class EveryScenario : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(EveryScenario, LoadsAgainFromItsResolvedTextToAnEqualStudy) {
    const LoadedScenario first = load_scenario(GetParam());
    const Folder folder;
    const LoadedScenario second = load_scenario(folder.write("resolved.yaml", first.resolved_yaml));
    EXPECT_TRUE(first.study == second.study);
    EXPECT_EQ(first.resolved_yaml, second.resolved_yaml);
    EXPECT_EQ(first.study.provenance.size(), second.study.provenance.size());
}

INSTANTIATE_TEST_SUITE_P(Resolve, EveryScenario, ::testing::ValuesIn(list_scenarios()),
                         [](const auto& file) {
                             std::string name = file.param.stem().string();
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '-' || c == '.'; }, '_');
                             return name;
                         });

TEST(Resolve, FilesGetTheirAbsolutePath) {
    const Folder folder;
    folder.write("weather/s.epw", "LOCATION\n");
    folder.write("parts/w.yaml", "weather: {sites: [{id: s, latitude_degree: 36, longitude_degree: "
                                 "101, altitude_m: 2000, epw: ../weather/s.epw}]}\n");
    const auto top = folder.write("top.yaml", "extends: parts/w.yaml\n" + std::string{two_buses});
    const LoadedScenario loaded = load_scenario(top);
    const std::string expected = (folder.root() / "weather/s.epw").string();
    EXPECT_EQ(loaded.study.sites.epw[0], expected);
    EXPECT_THAT(loaded.resolved_yaml, HasSubstr("epw: \"" + expected + "\""));
}

TEST(Inspect, NamesTheOriginOfEveryValue) {
    const Folder folder;
    folder.write("base.yaml", change("length_km: 10", "length_km: {value: 10, source: survey}"));
    const auto top =
        folder.write("top.yaml", "extends: base.yaml\ngrid: {lines: [{id: l, circuits: 2}]}\n");
    const std::string text =
        inspect_scenario(top, {.set = {"grid.buses[a].vm_min_pu=0.95"}, .seed = {}});
    const std::string root = folder.root().string() + "/";
    EXPECT_THAT(text, HasSubstr("grid.lines[l].length_km = 10  # " + root +
                                "base.yaml:8:50; source: survey\n"));
    EXPECT_THAT(text, HasSubstr("grid.lines[l].circuits = 2  # " + root + "top.yaml:2:34\n"));
    EXPECT_THAT(text, HasSubstr("grid.lines[l].bundle = 1  # default\n"));
    EXPECT_THAT(text,
                HasSubstr("grid.lines[l].rate_mva = -  # default: thermal rating by IEEE 738\n"));
    EXPECT_THAT(
        text, HasSubstr("grid.buses[a].vm_min_pu = 0.95  # --set grid.buses[a].vm_min_pu=0.95\n"));
    EXPECT_THAT(text, HasSubstr("studies.power_flow.tolerance_pu = 1e-8  # default\n"));
}

} // namespace
} // namespace yuanwang::scenario
