/// The house of sim/README.md, held against the `#include` lines: each folder sees itself and what
/// stands to its left.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path root = YUANWANG_SOURCE_DIR;

/// What each folder may include beside itself: everything it links, directly or not.
const std::map<std::string, std::set<std::string>> chain = [] {
    std::map<std::string, std::set<std::string>> sees;
    sees["core"] = {};
    sees["models"] = {"core"};
    sees["network"] = {"core", "models"};
    sees["powerflow"] = {"core", "models", "network"};
    sees["security"] = {"core", "models", "network", "powerflow"};
    sees["dispatch"] = {"core", "models", "network"};
    std::set<std::string> left = {"core", "models", "network", "powerflow", "security", "dispatch"};
    for (const char* folder : {"study", "results"}) {
        sees[folder] = left;
        left.insert(folder);
    }
    sees["engine"] = left;
    for (const char* folder : {"scenario", "exchange"}) {
        sees[folder] = left;
        left.insert(folder);
    }
    left.insert("engine");
    for (const char* folder : {"report", "sweep", "cli"}) {
        sees[folder] = left;
        left.insert(folder);
    }
    return sees;
}();

/// What each room of a folder may include of the folder's other rooms; the room of the folder's own files is "".
/// Rooms of a folder that is not named here may include each other.
const std::map<std::string, std::map<std::string, std::set<std::string>>> rooms_of = {
    {"engine",
     {{"epoch", {}},
      {"plan", {"epoch"}},
      {"n1", {"epoch"}},
      {"accounts", {"epoch", "n1"}},
      {"", {"epoch", "plan", "n1", "accounts"}}}},
    {"dispatch",
     {{"", {}},
      {"program", {}},
      {"rules", {""}},
      {"plan", {"", "rules", "program"}},
      {"infeasibility", {"", "rules", "plan", "program"}}}},
    {"powerflow", {{"", {}}, {"batch", {""}}}},
    {"sweep", {{"", {}}, {"portfolio", {""}}}},
};

struct Include {
    std::string file; ///< relative to the root
    std::string folder;
    std::string target; ///< between the quotes or angle brackets
};

std::vector<fs::path> list_sources() {
    std::vector<fs::path> files;
    for (const char* top : {"sim", "models"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string extension = entry.path().extension().string();
            const bool foreign = entry.path().string().find("node_modules") != std::string::npos;
            if (!foreign && (extension == ".cpp" || extension == ".hpp")) {
                files.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(files);
    return files;
}

std::string folder_of(const fs::path& file) {
    const fs::path relative = fs::relative(file, root);
    auto part = relative.begin();
    return *part == "models" ? "models" : std::next(part)->string();
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Include> list_includes() {
    static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Include> includes;
    for (const fs::path& file : list_sources()) {
        std::ifstream in(file);
        std::smatch match;
        for (std::string line; std::getline(in, line);) {
            if (std::regex_search(line, match, pattern)) {
                includes.push_back({fs::relative(file, root).string(), folder_of(file), match[1]});
            }
        }
    }
    return includes;
}

TEST(House, FoldersIncludeOnlyWhatStandsToTheirLeft) {
    std::vector<std::string> faults;
    for (const Include& include : list_includes()) {
        const std::string target = include.target.substr(0, include.target.find('/'));
        if (!chain.contains(target) || !chain.contains(include.folder) ||
            target == include.folder) {
            continue;
        }
        if (!chain.at(include.folder).contains(target)) {
            faults.push_back(include.file + " includes " + include.target);
        }
    }
    EXPECT_THAT(faults, testing::IsEmpty());
}

/// The room of a path below its folder: "epoch" of engine/epoch/weather.hpp, "" of engine/simulator.hpp.
std::string room_of(const fs::path& below_folder) {
    return below_folder.has_parent_path() ? below_folder.begin()->string() : "";
}

TEST(House, RoomsOfAFolderIncludeOnlyWhatTheyMay) {
    std::vector<std::string> faults;
    for (const Include& include : list_includes()) {
        const std::size_t slash = include.target.find('/');
        const auto rooms = rooms_of.find(include.folder);
        if (rooms == rooms_of.end() || slash == std::string::npos ||
            include.target.substr(0, slash) != include.folder) {
            continue;
        }
        const std::string from =
            room_of(fs::path(include.file).lexically_relative(fs::path("sim") / include.folder));
        const std::string to = room_of(include.target.substr(slash + 1));
        const auto seen = rooms->second.find(from);
        if (from != to && (seen == rooms->second.end() || !seen->second.contains(to))) {
            faults.push_back(include.file + " includes " + include.target);
        }
    }
    EXPECT_THAT(faults, testing::IsEmpty());
}

TEST(House, OnlyTheCommandLineStandsBehindTheWorkloads) {
    std::vector<std::string> faults;
    for (const Include& include : list_includes()) {
        if (include.target.starts_with("bench/") && include.folder != "cli") {
            faults.push_back(include.file + " includes " + include.target);
        }
    }
    EXPECT_THAT(faults, testing::IsEmpty());
}

TEST(House, EachForeignLibraryHasOneRoom) {
    const std::vector<std::pair<std::string, std::string>> rooms = {
        {"boost/graph", "sim/network/topology.cpp"},
        {"yaml-cpp", "sim/scenario/yaml_reader"},
        {"coin", "sim/dispatch/"},
        {"netcdf", "sim/exchange/"},
        {"CLI/", "sim/cli/"},
        {"spdlog", "sim/cli/"},
        {"klu", "sim/powerflow/"},
        {"amd", "sim/network/elimination_order.cpp"},
    };
    std::vector<std::string> faults;
    for (const Include& include : list_includes()) {
        for (const auto& [library, room] : rooms) {
            if (include.target.starts_with(library) && !include.file.starts_with(room)) {
                faults.push_back(include.file + " includes " + include.target);
            }
        }
    }
    EXPECT_THAT(faults, testing::IsEmpty());
}

TEST(House, OnlyTheCommandLinePrints) {
    static const std::regex printing(
        R"(std::c(out|err|log)\b|\bfmt::print\b|\b(f|v)?printf\s*\(|\bputs\s*\()");
    std::vector<std::string> faults;
    for (const fs::path& file : list_sources()) {
        const std::string text = read_text(file);
        std::smatch match;
        if (folder_of(file) != "cli" && std::regex_search(text, match, printing)) {
            faults.push_back(fs::relative(file, root).string() + ": " + match.str());
        }
    }
    EXPECT_THAT(faults, testing::IsEmpty());
}

TEST(House, TheTopHoldsNoOtherFolder) {
    const std::set<std::string> known = {"sim",   "models", "scenarios", "bench",
                                         "tests", "build",  "results"};
    std::vector<std::string> strangers;
    for (const auto& entry : fs::directory_iterator(root)) {
        const std::string name = entry.path().filename();
        if (entry.is_directory() && !name.starts_with(".") && !known.contains(name)) {
            strangers.push_back(name);
        }
    }
    EXPECT_THAT(strangers, testing::IsEmpty());
}

TEST(House, EveryFolderHasItsManualPage) {
    std::vector<std::string> missing;
    for (const auto& [folder, sees] : chain) {
        const fs::path path = folder == "models" ? root / "models" : root / "sim" / folder;
        const bool inhabited = fs::exists(path) && !fs::is_empty(path);
        if (inhabited && !fs::exists(path / "README.md")) {
            missing.push_back(path);
        }
    }
    EXPECT_THAT(missing, testing::IsEmpty());
}

} // namespace
