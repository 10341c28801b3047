#include <filesystem>
#include <fstream>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "core/error.hpp"
#include "report/comparison.hpp"
#include "report/run_folder.hpp"

namespace yuanwang::cli {

namespace {

namespace fs = std::filesystem;

struct CompareFlags {
    std::vector<fs::path> runs;
    fs::path page;
    bool json = false;
};

/// The folder of a finished run; a scenario file is run first, into results/<id>.
fs::path find_run(const fs::path& given, const CommonFlags& common) {
    if (fs::is_directory(given)) {
        return given;
    }
    if (!fs::is_regular_file(given)) {
        throw IoError{given.string() + ": no folder of a run and no scenario file"};
    }
    const scenario::LoadedScenario loaded = scenario::load_scenario(given, common.load_options());
    const fs::path folder = fs::path{"results"} / loaded.study.id;
    const std::unique_ptr<Progress> progress = make_progress(common);
    report::write_run(loaded, folder,
                      {.language = common.language, .command_line = common.command_line},
                      *progress);
    return folder;
}

void write_page(const fs::path& file, const std::string& page) {
    std::ofstream out{file, std::ios::binary};
    out << page;
    out.close();
    if (!out) {
        throw IoError{file.string() + ": could not be written"};
    }
}

int compare(const CompareFlags& flags, const CommonFlags& common) {
    std::vector<fs::path> folders;
    for (const fs::path& given : flags.runs) {
        folders.push_back(find_run(given, common));
    }
    const report::Comparison found = report::compare_runs(folders);
    if (!flags.page.empty()) {
        write_page(flags.page, report::format_comparison_html(found, common.language));
    }
    fmt::print("{}", flags.json ? report::format_comparison_json(found)
                                : report::format_comparison_text(found, common.language));
    return exit_ok;
}

} // namespace

void add_compare(CLI::App& app, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<CompareFlags>();
    CLI::App* verb = app.add_subcommand(
        "compare", "Runs side by side: what changed in the scenario, in the indicators, and which "
                   "elements moved most");
    verb->add_option("runs", flags->runs,
                     "Folders of finished runs; a scenario file is run into results/<id> first")
        ->required()
        ->expected(2, 26);
    verb->add_option("-o,--output", flags->page, "Write a page (.html) as well");
    verb->add_flag("--json", flags->json, "Print everything as JSON");
    verb->footer("The first is the base of all differences.\n"
                 "Example: yuanwang compare results/xining-2025 results/xining-2025-open-loops "
                 "-o compare.html");
    verb->callback([flags, &common, &action] {
        action = [flags, &common] { return compare(*flags, common); };
    });
}

} // namespace yuanwang::cli
