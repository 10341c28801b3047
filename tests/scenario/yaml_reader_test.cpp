#include "scenario/yaml_reader.hpp"

#include <chrono>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using ::testing::ElementsAre;
using testing::Folder;
using ::testing::IsEmpty;

struct Reading {
    Node root;
    std::vector<std::string> faults;
};

Reading read(std::string_view text) {
    std::vector<Fault> faults;
    Reading reading{read_yaml_text(text, "s.yaml", faults), {}};
    for (const Fault& fault : faults) {
        reading.faults.push_back(to_string(fault));
    }
    return reading;
}

TEST(YamlReader, CountsLinesAndColumnsFromOne) {
    const Reading reading = read("a: 1\nb:\n  - c: 2\n");
    EXPECT_EQ(to_string(reading.root.find("a")->spot.place()), "s.yaml:1:4");
    EXPECT_EQ(to_string(reading.root.find("b")->items[0].find("c")->spot.place()), "s.yaml:3:8");
}

TEST(YamlReader, CountsColumnsInCharactersNotBytes) {
    const Reading reading = read("{名称: 西宁, b: 2}\n");
    EXPECT_EQ(reading.root.find("名称")->text, "西宁");
    EXPECT_EQ(to_string(reading.root.find("b")->spot.place()), "s.yaml:1:13");
}

TEST(YamlReader, PassesOverAByteOrderMarkAndWindowsLineEnds) {
    const Reading reading = read("\xEF\xBB\xBF"
                                 "a: 1\r\nb: 2\r\n");
    EXPECT_EQ(reading.root.find("a")->text, "1");
    EXPECT_EQ(to_string(reading.root.find("b")->spot.place()), "s.yaml:2:4");
}

TEST(YamlReader, KnowsPlainFromQuotedScalars) {
    const Reading reading = read("{a: 12, b: \"12\", c: '12', d: null, e: ~, f: }\n");
    EXPECT_TRUE(reading.root.find("a")->plain);
    EXPECT_FALSE(reading.root.find("b")->plain);
    EXPECT_FALSE(reading.root.find("c")->plain);
    for (const char* const key : {"d", "e", "f"}) {
        EXPECT_TRUE(reading.root.find(key)->is_null()) << key;
    }
}

TEST(YamlReader, RefusesADuplicateKeyAndKeepsTheFirst) {
    const Reading reading = read("grid:\n  lines:\n    - {id: l, x: 1,\n       x: 2}\n");
    EXPECT_THAT(reading.faults,
                ElementsAre("s.yaml:4:8: grid.lines[l].x: duplicate key, already at line 3"));
    EXPECT_EQ(reading.root.find("grid")->find("lines")->items[0].find("x")->text, "1");
}

TEST(YamlReader, ExpandsAnchorsAndKeepsThePlaceOfWhatTheyBring) {
    const Reading reading = read("a: &x {p: 1}\nb: *x\n");
    EXPECT_EQ(reading.root.find("b")->find("p")->text, "1");
    EXPECT_EQ(to_string(reading.root.find("b")->find("p")->spot.place()), "s.yaml:1:11");
}

TEST(YamlReader, MergeKeysYieldToKeysOfTheMapAndToEarlierSources) {
    const Reading reading =
        read("a: &a {p: 1, q: 1, r: 1}\nb: &b {q: 2, s: 2}\nc: {<<: [*b, *a], p: 3}\n");
    EXPECT_THAT(reading.faults, IsEmpty());
    const Node& c = *reading.root.find("c");
    EXPECT_EQ(c.find("p")->text, "3");
    EXPECT_EQ(c.find("q")->text, "2");
    EXPECT_EQ(c.find("r")->text, "1");
    EXPECT_EQ(c.find("s")->text, "2");
    EXPECT_EQ(c.keys.size(), 4U);
}

TEST(YamlReader, RefusesAMergeKeyThatNamesNoMap) {
    EXPECT_THAT(read("a: &a 1\nb: {<<: *a}\n").faults,
                ElementsAre("s.yaml:1:4: `<<` must name a map or a list of maps, got 1"));
}

TEST(YamlReader, BoundsWhatAliasesExpandTo) {
    std::string text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (int k = 1; k < 12; ++k) {
        text += fmt::format(
            "a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n",
            k, k - 1);
    }
    const Reading reading = read(text);
    ASSERT_EQ(reading.faults.size(), 1U);
    EXPECT_THAT(reading.faults[0],
                ::testing::HasSubstr("a file must hold at most 1000000 values, aliases expanded"));
    EXPECT_TRUE(reading.root.is_null());
}

TEST(YamlReader, RefusesAnAliasWithinItsOwnAnchor) {
    EXPECT_THAT(read("a: &a [1, *a]\n").faults,
                ElementsAre("s.yaml:1:11: an anchor must be complete before an alias names it"));
}

TEST(YamlReader, BoundsTheDepth) {
    EXPECT_THAT(read(std::string(100, '[') + std::string(100, ']')).faults,
                ElementsAre("s.yaml:1:65: must be nested at most 64 deep"));
    EXPECT_EQ(read(std::string(100000, '[')).faults.size(), 1U);
    EXPECT_EQ(read(std::string(100000, '{')).faults.size(), 1U);
}

TEST(YamlReader, BoundsTheKeysOfAMap) {
    std::string text;
    for (int k = 0; k < 2000; ++k) {
        text += fmt::format("k{}: 1\n", k);
    }
    EXPECT_THAT(read(text).faults, ElementsAre("s.yaml:1001:1: a map must have at most 1000 keys"));
}

TEST(YamlReader, RefusesTagsKeysThatAreNoTextAndASecondDocument) {
    EXPECT_THAT(
        read("a: !!str 1\n").faults,
        ElementsAre("s.yaml:1:4: tags are not part of the language, got tag:yaml.org,2002:str"));
    EXPECT_THAT(read("{[1, 2]: 3}\n").faults,
                ElementsAre("s.yaml:1:2: a key must be text, got a list"));
    EXPECT_THAT(read("a: 1\n---\nb: 2\n").faults,
                ElementsAre("s.yaml:3:1: a file must hold one document"));
}

TEST(YamlReader, ATruncatedFileIsOneFault) {
    EXPECT_THAT(read("a: [1, 2,\n").faults,
                ElementsAre("s.yaml:2:1: is not valid YAML: end of sequence flow not found"));
    for (const char* const text :
         {"a: \"never closed", "a: \"never closed\n", "a: 'never closed\n\n"}) {
        EXPECT_THAT(read(text).faults, ElementsAre(::testing::EndsWith(
                                           ": is not valid YAML: a text in quotes is not closed")))
            << text;
    }
}

TEST(YamlReader, ABinaryFileIsOneFaultWithThePlaceOfItsFirstByte) {
    EXPECT_THAT(read(std::string_view{"a: 1\nb: \x00\x01", 10}).faults,
                ElementsAre("s.yaml:2:4: must be UTF-8 text, got byte 0x00"));
    EXPECT_THAT(read("\x7f"
                     "ELF")
                    .faults,
                ElementsAre("s.yaml:1:1: must be UTF-8 text, got byte 0x7f"));
    EXPECT_THAT(read("a: \xC3\x28\n").faults,
                ElementsAre("s.yaml:1:4: must be UTF-8 text, got byte 0xc3"));
    EXPECT_THAT(read("\xFF\xFE"
                     "a")
                    .faults,
                ElementsAre("s.yaml:1:1: must be UTF-8 text, got byte 0xff"));
}

TEST(YamlReader, AnEmptyTextIsAnEmptyMap) {
    for (const char* const text : {"", "\n", "# nothing\n"}) {
        const Reading reading = read(text);
        EXPECT_TRUE(reading.root.is_map()) << text;
        EXPECT_THAT(reading.faults, IsEmpty()) << text;
    }
}

TEST(YamlReader, RefusesAHundredMegabytesWithoutReadingThem) {
    const Folder folder;
    const std::filesystem::path file = folder.write("big.yaml", "a: 1\n");
    std::filesystem::resize_file(file, 100'000'000); // sparse: takes no room
    std::vector<Fault> faults;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(read_yaml_file(file, "big.yaml", faults).is_null());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{1});
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(to_string(faults[0]), "big.yaml: a scenario file must be at most 64 MiB, got 95 MiB");
}

TEST(YamlReader, SaysWhyAFileCannotBeRead) {
    const Folder folder;
    std::vector<Fault> faults;
    const auto message = [&](const std::filesystem::path& file) {
        try {
            (void)read_yaml_file(file, "x.yaml", faults);
        } catch (const IoError& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    EXPECT_EQ(message(folder.root() / "none.yaml"), "x.yaml: cannot be read: no such file");
    EXPECT_EQ(message(folder.root()), "x.yaml: cannot be read: it is a folder");
}

} // namespace
} // namespace yuanwang::scenario
