#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using testing::Folder;

/// True where the text loads or is refused with faults; anything else ends the test program.
bool is_handled(const Folder& folder, const std::string& text) {
    try {
        (void)load_scenario(folder.write("s.yaml", text));
    } catch (const InputError& error) {
        return !error.faults().empty();
    }
    return true;
}

std::size_t pick(Random& random, std::size_t n) {
    return static_cast<std::size_t>(random.uniform() * static_cast<double>(n));
}

/// One random change: a byte, a cut, a line twice, a line gone, or a word of YAML put somewhere.
std::string mutate(std::string text, Random& random) {
    static constexpr std::array<std::string_view, 24> words = {"{",
                                                               "}",
                                                               "[",
                                                               "]",
                                                               ": ",
                                                               "- ",
                                                               "&a ",
                                                               "*a ",
                                                               "<<: ",
                                                               "\"",
                                                               "'",
                                                               "|",
                                                               "#",
                                                               "\n",
                                                               "null",
                                                               ".nan",
                                                               "-1",
                                                               "1e308",
                                                               "0",
                                                               "!!x ",
                                                               "---\n",
                                                               "id: a",
                                                               "{value: 1, source: s}",
                                                               "\xC3"};
    const std::size_t at = pick(random, text.size() + 1);
    switch (pick(random, 6)) {
    case 0:
        text.insert(at, words[pick(random, words.size())]);
        break;
    case 1:
        text.erase(at, pick(random, 20));
        break;
    case 2:
        text.resize(at);
        break;
    case 3: {
        const std::size_t begin = text.rfind('\n', at);
        const std::size_t from = begin == std::string::npos ? 0 : begin;
        text.insert(from, text.substr(from, text.find('\n', from + 1) - from));
        break;
    }
    case 4: {
        const std::size_t digit = text.find_first_of("0123456789", at);
        if (digit != std::string::npos) {
            text.replace(digit, 1, words[pick(random, words.size())]);
        }
        break;
    }
    default:
        if (at < text.size()) {
            text[at] = static_cast<char>(pick(random, 256));
        }
    }
    return text;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

class Mutated : public ::testing::TestWithParam<const char*> {};

TEST_P(Mutated, ScenariosAreLoadedOrRefusedButNeverFallOver) {
    const std::string text =
        read_file(std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios" / GetParam());
    ASSERT_FALSE(text.empty());
    const Folder folder;
    Random random{1, GetParam()};
    for (int k = 0; k < 400; ++k) {
        std::string mutated = text;
        const std::size_t changes = 1 + pick(random, 3);
        for (std::size_t c = 0; c < changes; ++c) {
            mutated = mutate(std::move(mutated), random);
        }
        ASSERT_TRUE(is_handled(folder, mutated)) << mutated;
    }
}

INSTANTIATE_TEST_SUITE_P(Robustness, Mutated, ::testing::Values("starter.yaml", "ieee/ieee9.yaml"),
                         [](const auto& file) { return file.index == 0 ? "starter" : "ieee9"; });

TEST(Robustness, EveryValueOfTheStarterMayBeOfAnyKind) {
    const std::string text =
        read_file(std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios/starter.yaml");
    const Folder folder;
    std::size_t at = 0;
    while ((at = text.find(": ", at + 1)) != std::string::npos) {
        const std::size_t end = text.find_first_of(",}\n", at);
        for (const std::string_view value : {"x", "-1", "[1, 2]", "{a: 1}", "null"}) {
            std::string changed = text;
            changed.replace(at + 2, end - at - 2, value);
            ASSERT_TRUE(is_handled(folder, changed)) << changed.substr(at > 40 ? at - 40 : 0, 80);
        }
    }
}

TEST(Robustness, AThousandAndAHalfElementsLoadInAboutASecond) {
    std::string text =
        "scenario: {id: big}\ntime: {start: 2025-01-01, duration: 1 y}\ngrid:\n  buses:\n";
    constexpr int n_bus = 750;
    for (int i = 0; i < n_bus; ++i) {
        text +=
            fmt::format("    - {{id: b{}, name: {{en: Bus {}, zh: 母线}}, base_kv: 110}}\n", i, i);
    }
    text += "  lines:\n";
    for (int i = 1; i < n_bus; ++i) {
        text += fmt::format("    - id: l{0}\n      from: b{1}\n      to: b{0}\n      length_km: "
                            "{{value: 5, assumed: guess}}\n      conductor: LGJ-240/30\n",
                            i, i / 2);
    }
    text += "sources: {generators: [{id: g, bus: b0, p_mw: 1}]}\n";
    text += "projects:\n";
    for (int month = 2; month <= 9; ++month) {
        text += fmt::format("  - {{id: p{0}, class: grid, enabled: true, in_service: 2025-0{0}-01, "
                            "changes: {{grid: {{lines: [{{id: l{0}, circuits: 2}}]}}}}}}\n",
                            month);
    }
    const Folder folder;
    const auto file = folder.write("big.yaml", text);
    const auto begin = std::chrono::steady_clock::now();
    const LoadedScenario loaded = load_scenario(file);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(loaded.study.epochs.size(), 9U);
    EXPECT_LT(elapsed.count(), 5.0); // about 0.3 s on an idle machine
    RecordProperty("seconds", std::to_string(elapsed.count()));
}

} // namespace
} // namespace yuanwang::scenario
