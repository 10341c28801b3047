/// The scenarios under scenarios/ieee are what the converter writes from the public case files, to the byte.
/// After a change of the converter: YUANWANG_WRITE_IEEE=1 test_exchange --gtest_filter='IeeeScenarios.*' writes them anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "exchange/matpower.hpp"

namespace yuanwang::exchange {
namespace {

struct IeeeScenario {
    const char* file;
    const char* matpower;
    CaseHeader header;
};

const std::string archive =
    "University of Washington, Power Systems Test Case Archive, https://labs.ece.uw.edu/pstca/ (";
const std::string as_published = "), figures as published in MATPOWER ";

const IeeeScenario scenarios[] = {
    {"ieee9.yaml",
     "case9",
     {.id = "ieee9",
      .name = {"Nine buses, three generators", "9节点3机系统"},
      .description = {"The small system of stability studies: three generators behind "
                      "transformers, a ring of six lines.",
                      "稳定分析常用的小系统：三台机经变压器接入六条线路组成的环网。"},
      .source = "Chow (ed.), Time-Scale Modeling of Dynamic Networks, Springer 1982, p. 70; "
                "figures as published in MATPOWER case9"}},
    {"ieee14.yaml",
     "case14",
     {.id = "ieee14",
      .name = {"IEEE 14 bus test case", "IEEE 14节点系统"},
      .description = {"A part of the American Electric Power system in the Midwestern US, 1962.",
                      "美国中西部电力系统的一部分，1962年。"},
      .source = archive + "IEEE 14 bus, 1962 W" + as_published + "case14"}},
    {"ieee30.yaml",
     "case_ieee30",
     {.id = "ieee30",
      .name = {"IEEE 30 bus test case", "IEEE 30节点系统"},
      .description =
          {"A part of the American Electric Power system in the Midwestern US, early 1960s.",
           "美国中西部电力系统的一部分，20世纪60年代初。"},
      .source = archive + "IEEE 30 bus, 1961 W" + as_published + "case_ieee30"}},
    {"ieee118.yaml",
     "case118",
     {.id = "ieee118",
      .name = {"IEEE 118 bus test case", "IEEE 118节点系统"},
      .description =
          {"A part of the American Electric Power system in the Midwestern US, early 1960s.",
           "美国中西部电力系统的一部分，20世纪60年代初。"},
      .source = archive + "IEEE 118 bus, 1961 W" + as_published + "case118"}},
    {"ieee300.yaml",
     "case300",
     {.id = "ieee300",
      .name = {"IEEE 300 bus test case", "IEEE 300节点系统"},
      .description =
          {"Developed by the IEEE Test Systems Task Force under the direction of Mike Adibi, 1993.",
           "IEEE 测试系统工作组（Mike Adibi 主持）1993年提出。"},
      .source = archive + "IEEE 300 bus, 1991 S" + as_published + "case300"}},
};

std::string read_text(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(IeeeScenarios, AreWhatTheConverterWrites) {
    const std::filesystem::path cases = std::filesystem::path{YUANWANG_SHARED_DIR} / "cases";
    const std::filesystem::path folder =
        std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios" / "ieee";
    if (!std::filesystem::exists(cases)) {
        GTEST_SKIP() << cases << " is not there";
    }
    for (const IeeeScenario& scenario : scenarios) {
        const MatpowerCase matpower =
            read_matpower(cases / (std::string{scenario.matpower} + ".m"));
        const std::string yaml = to_yaml(matpower, scenario.header);
        if (std::getenv("YUANWANG_WRITE_IEEE") != nullptr) {
            std::ofstream{folder / scenario.file, std::ios::binary} << yaml;
        }
        EXPECT_EQ(read_text(folder / scenario.file), yaml) << scenario.file;
    }
}

} // namespace
} // namespace yuanwang::exchange
