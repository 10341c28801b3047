#include <filesystem>
#include <fstream>
#include <string>
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
    std::vector<std::string> methods; ///< of dispatch; a scenario is run once by each
    fs::path page;
    bool json = false;
};

/// Runs a scenario file into a folder below results/.
fs::path run_first(const fs::path& file, const scenario::LoadOptions& options,
                   const std::string& suffix, const CommonFlags& common) {
    const scenario::LoadedScenario loaded = scenario::load_scenario(file, options);
    const fs::path folder = fs::path{"results"} / (loaded.study.id + suffix);
    const std::unique_ptr<Progress> progress = make_progress(common);
    report::write_run(loaded, folder,
                      {.language = common.language, .command_line = common.command_line},
                      *progress);
    return folder;
}

/// The folder of a finished run; a scenario file is run first, into results/<id>.
fs::path find_run(const fs::path& given, const CommonFlags& common) {
    if (fs::is_directory(given)) {
        return given;
    }
    if (!fs::is_regular_file(given)) {
        throw IoError{given.string() + ": no folder of a run and no scenario file"};
    }
    return run_first(given, common.load_options(), "", common);
}

/// One scenario by several methods of dispatch: results/<id>-<method>.
std::vector<fs::path> run_by_methods(const CompareFlags& flags, const CommonFlags& common) {
    if (!fs::is_regular_file(flags.runs.front())) {
        throw IoError{flags.runs.front().string() + ": no scenario file"};
    }
    std::vector<fs::path> folders;
    for (const std::string& method : flags.methods) {
        scenario::LoadOptions options = common.load_options();
        options.set.push_back("dispatch.method=" + method);
        folders.push_back(run_first(flags.runs.front(), options, "-" + method, common));
    }
    return folders;
}

std::vector<fs::path> find_runs(const CompareFlags& flags, const CommonFlags& common) {
    if (!flags.methods.empty()) {
        return run_by_methods(flags, common);
    }
    std::vector<fs::path> folders;
    for (const fs::path& given : flags.runs) {
        folders.push_back(find_run(given, common));
    }
    return folders;
}

void write_page(const fs::path& file, const std::string& page) {
    std::ofstream out{file, std::ios::binary};
    out << page;
    out.close();
    if (!out) {
        throw IoError{file.string() + ": could not be written"};
    }
}

void check_usage(const CompareFlags& flags) {
    if (flags.methods.empty() && flags.runs.size() < 2) {
        throw CLI::ValidationError{
            "runs: must be two at least, or one scenario file and --methods"};
    }
    if (!flags.methods.empty() && (flags.runs.size() != 1 || flags.methods.size() < 2)) {
        throw CLI::ValidationError{"--methods: takes one scenario file and two methods or more"};
    }
}

int compare(const CompareFlags& flags, const CommonFlags& common) {
    const report::Comparison found = report::compare_runs(find_runs(flags, common));
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
        ->expected(1, 26);
    verb->add_option("--methods", flags->methods,
                     "Run one scenario file by each of these methods of dispatch, side by side")
        ->delimiter(',')
        ->check(CLI::IsMember({"rules", "optimal"}));
    verb->add_option("-o,--output", flags->page, "Write a page (.html) as well");
    verb->add_flag("--json", flags->json, "Print everything as JSON");
    verb->footer("The first is the base of all differences.\n"
                 "Example: yuanwang compare results/xining-2025 results/xining-2025-open-loops "
                 "-o compare.html\n"
                 "Example: yuanwang compare my-city.yaml --methods rules,optimal");
    verb->callback([flags, &common, &action] {
        check_usage(*flags);
        action = [flags, &common] { return compare(*flags, common); };
    });
}

} // namespace yuanwang::cli
