#include "scenario/compose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"
#include "scenario/yaml_reader.hpp"
#include "scenario/yaml_writer.hpp"

namespace yuanwang::scenario {
namespace {

using ::testing::ElementsAre;
using testing::find_faults;
using testing::Folder;
using ::testing::IsEmpty;
using testing::two_buses;

Node read(std::string_view text) {
    std::vector<Fault> faults;
    Node node = read_yaml_text(text, "s.yaml", faults);
    EXPECT_THAT(faults, IsEmpty());
    return node;
}

std::string merge_texts(std::string_view base, std::string_view overlay) {
    Node tree = read(base);
    merge(tree, read(overlay));
    return write_yaml(tree);
}

TEST(Compose, MapsMergeKeyByKeyAndOtherValuesAreReplaced) {
    EXPECT_EQ(merge_texts("a: {p: 1, q: [1, 2]}", "a: {q: [3], r: 4}"),
              "a:\n  p: 1\n  q: [3]\n  r: 4\n");
}

TEST(Compose, ElementListsMergeByIdAndGrow) {
    EXPECT_EQ(merge_texts("a: [{id: x, p: 1}, {id: y, p: 2}]", "a: [{id: y, q: 3}, {id: z}]"),
              "a:\n  - {id: x, p: 1}\n  - {id: y, p: 2, q: 3}\n  - {id: z}\n");
    EXPECT_EQ(merge_texts("a: [{id: x}]", "a: []"), "a:\n  - {id: x}\n");
}

TEST(Compose, FilesNamedFirstAreMergedFirstAndPathsAreRelativeToTheNamingFile) {
    const Folder folder;
    folder.write("parts/base.yaml", two_buses);
    folder.write("parts/more.yaml",
                 "extends: base.yaml\ngrid: {lines: [{id: l, length_km: 20, circuits: 2}]}\n");
    const auto top = folder.write(
        "top.yaml", "extends: [parts/more.yaml]\ngrid: {lines: [{id: l, length_km: 30}]}\n");
    const LoadedScenario loaded = load_scenario(top);
    const network::Lines& lines = loaded.study.epochs[0].system.grid.lines;
    EXPECT_EQ(lines.length_km[LineIdx{0}], 30);
    EXPECT_EQ(lines.circuits[LineIdx{0}], 2);
    EXPECT_THAT(loaded.inputs, ElementsAre(top, folder.root() / "parts/more.yaml",
                                           folder.root() / "parts/base.yaml"));
}

TEST(Compose, AFileReachedTwiceIsMergedOnceAtItsFirstPlace) {
    const Folder folder;
    folder.write("base.yaml", two_buses);
    folder.write("b.yaml", "extends: base.yaml\ngrid: {lines: [{id: l, length_km: 20}]}\n");
    folder.write("c.yaml", "extends: base.yaml\ngrid: {lines: [{id: l, circuits: 3}]}\n");
    const auto top = folder.write("top.yaml", "extends: [b.yaml, c.yaml]\n");
    const engine::Study study = load_scenario(top).study;
    EXPECT_EQ(study.epochs[0].system.grid.lines.length_km[LineIdx{0}], 20);
    EXPECT_EQ(study.epochs[0].system.grid.lines.circuits[LineIdx{0}], 3);
}

TEST(Compose, RefusesFilesThatExtendInACircle) {
    const Folder folder;
    folder.write("a.yaml", "extends: [b.yaml]\n");
    folder.write("b.yaml", "extends: [a.yaml]\n");
    EXPECT_THAT(find_faults(folder, "a.yaml"),
                ElementsAre("b.yaml:1:11: extends: must not come back to a file that extends this "
                            "one, got a.yaml"));
}

TEST(Compose, NamesAMissingFileAtThePlaceThatNamesIt) {
    const Folder folder;
    folder.write("a.yaml", "extends:\n  - none.yaml\n  - [x]\n");
    EXPECT_THAT(find_faults(folder, "a.yaml"),
                ElementsAre("a.yaml:2:5: extends: must name a file that can be read, got none.yaml",
                            "a.yaml:3:5: extends: must name a file, got a list"));
}

TEST(Compose, RemoveTakesElementsOutAfterTheMerge) {
    const Folder folder;
    folder.write("base.yaml", two_buses);
    folder.write("top.yaml", "extends: base.yaml\nremove: [d, l]\ngrid: {lines: [{id: l2, from: a, "
                             "to: b, length_km: 5, conductor: LGJ-240/30}]}\n");
    const engine::Study study = load_scenario(folder.root() / "top.yaml").study;
    EXPECT_EQ(study.epochs[0].system.loads.statics.size(), 0U);
    EXPECT_THAT(study.epochs[0].system.grid.lines.id, ElementsAre("l2"));
}

TEST(Compose, RefusesToRemoveWhatIsNotThere) {
    const Folder folder;
    folder.write("base.yaml", testing::change("id: l,", "id: l_ganhe,"));
    folder.write("top.yaml", "extends: base.yaml\nremove:\n  - l_ganhi\n  - {id: x}\n");
    EXPECT_THAT(
        find_faults(folder, "top.yaml"),
        ElementsAre(
            "top.yaml:3:5: remove: must be the id of an element (nearest: `l_ganhe`), got l_ganhi",
            "top.yaml:4:5: remove: must be the id of an element, got a map"));
    folder.write("top.yaml", "extends: base.yaml\nremove: l_ganhe\n");
    EXPECT_THAT(find_faults(folder, "top.yaml"),
                ElementsAre("top.yaml:2:9: remove: must be a list of ids, got l_ganhe"));
}

TEST(Compose, SetReplacesAValueOfAnElement) {
    const engine::Study study =
        testing::load_text(two_buses, {.set = {"grid.lines[l].length_km=25", "dispatch.method=none",
                                               "scenario.name={en: Two, zh: 二}"},
                                       .seed = {}});
    EXPECT_EQ(study.epochs[0].system.grid.lines.length_km[LineIdx{0}], 25);
    EXPECT_EQ(study.dispatch.method, engine::DispatchMethod::none);
    EXPECT_EQ(study.name, (Name{"Two", "二"}));
}

TEST(Compose, SetToNothingUnsets) {
    EXPECT_THAT(find_faults(two_buses, {.set = {"grid.lines[l].length_km="}, .seed = {}}),
                ElementsAre("s.yaml:8:7: grid.lines[l].length_km: is required"));
}

TEST(Compose, TheSeedOfTheCommandLineComesLast) {
    EXPECT_EQ(
        testing::load_text(two_buses, {.set = {"weather.seed=3"}, .seed = 18446744073709551615U})
            .seed,
        18446744073709551615U);
}

TEST(Compose, SetFaultsNameTheFlag) {
    const auto faults = [](const std::string& setting) {
        return find_faults(two_buses, {.set = {setting}, .seed = {}});
    };
    EXPECT_THAT(faults("grid.lines[k].length_km=5"),
                ElementsAre("--set grid.lines[k].length_km=5: grid.lines: must name an element of "
                            "the list (nearest: `l`), got k"));
    EXPECT_THAT(faults("grid.lines[l].length_km=5 km"),
                ElementsAre("--set grid.lines[l].length_km=5 km: grid.lines[l].length_km: must be "
                            "a number in km, without unit text, got 5 km"));
    EXPECT_THAT(faults("grid.lines[l].lenght_km=5"),
                ElementsAre("--set grid.lines[l].lenght_km=5: grid.lines[l].lenght_km: unknown "
                            "key, did you mean `length_km`?"));
    EXPECT_THAT(faults("grid.lines[l].length_km.x=5"),
                ElementsAre("--set grid.lines[l].length_km.x=5: grid.lines[l].length_km.x: stands "
                            "below a value that has no keys"));
    for (const char* const malformed :
         {"grid", "=5", "grid..lines=1", "grid.lines[=1", "grid.lines[]=1", "[l]=1", "grid.=1",
          ".grid=1", "grid[l]x=1"}) {
        EXPECT_THAT(
            faults(malformed),
            ElementsAre(std::string{"--set "} + malformed +
                        ": must read path=value, such as grid.lines[l_ganhe].rate_mva=800"));
    }
    EXPECT_THAT(faults("grid.lines=[1"),
                ElementsAre(::testing::StartsWith("--set grid.lines=[1: is not valid YAML: ")));
}

} // namespace
} // namespace yuanwang::scenario
