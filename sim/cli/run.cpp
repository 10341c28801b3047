#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "report/run_folder.hpp"
#include "scenario/weather_files.hpp"

namespace yuanwang::cli {

namespace {

struct RunFlags {
    std::filesystem::path scenario;
    std::filesystem::path folder;
    int n_thread = 1;
    bool dry_run = false;
    bool no_report = false;
};

std::filesystem::path choose_folder(const RunFlags& flags, const engine::Study& study) {
    return flags.folder.empty() ? std::filesystem::path{"results"} / study.id : flags.folder;
}

void print_plan(const engine::Study& study, const std::filesystem::path& folder,
                Language language) {
    const auto& time = study.time;
    fmt::print(fmt::runtime(say(language,
                                "{}: {} steps of {} min from {} (Beijing time), {} epoch(s)\n"
                                "would write {}; nothing was simulated (--dry-run)\n",
                                "{}：{} 步，每步 {} 分钟，自 {}（北京时间），{} 个电网时段\n"
                                "将写入 {}；未进行仿真（--dry-run）\n")),
               study.name.in(language), time.n_step, time.step.count(), to_beijing_text(time.start),
               study.epochs.size(), folder.string());
}

int judge(const engine::Summary& summary, bool strict) {
    switch (engine::find_gravest(summary.findings)) {
    case engine::Severity::unsolved:
        return exit_not_converged;
    case engine::Severity::relaxed:
        return exit_relaxed;
    case engine::Severity::violation:
        return strict ? exit_relaxed : exit_ok;
    case engine::Severity::note:
        break;
    }
    return exit_ok;
}

/// What could not be dispatched as asked, and why, to stderr: the first blocks, three causes each.
void print_explanations(const engine::Explanations& found, Language language) {
    constexpr std::size_t most_blocks = 3;
    constexpr std::size_t most_causes = 3;
    for (std::size_t n = 0; n < std::min(most_blocks, found.blocks.size()); ++n) {
        const engine::Explained& block = found.blocks[n];
        for (const auto& broken : block.broken) {
            fmt::print(stderr, "{}\n", broken.text.in(language));
        }
        for (std::size_t k = 0; k < std::min(most_causes, block.causes.size()); ++k) {
            fmt::print(stderr, "  {}. {}\n", k + 1, block.causes[k].text.in(language));
        }
    }
    const double more = found.relaxed_blocks - static_cast<double>(most_blocks);
    if (more > 0) {
        fmt::print(stderr,
                   fmt::runtime(say(language, "and {:.0f} more blocks, see summary.json\n",
                                    "另有 {:.0f} 个时段，见 summary.json\n")),
                   more);
    }
}

/// Steps without a power flow, and why, to stderr: the first of them, three causes each.
void print_failed_steps(const engine::Summary& summary, const TimeAxis& time, Language language) {
    constexpr std::size_t most_causes = 3;
    for (const engine::FailedStep& failed : summary.failed_steps) {
        const powerflow::Diagnosis& d = failed.diagnosis;
        fmt::print(stderr,
                   fmt::runtime(say(language,
                                    "no power flow at {} ({}): solves up to {:.1f} % of the load\n",
                                    "{} 潮流无解（{}）：负荷的 {:.1f} % 以内可解\n")),
                   to_beijing_text(time.at(failed.step)), to_string(d.status),
                   100 * d.solvable_share);
        for (std::size_t k = 0; k < std::min(most_causes, d.causes.size()); ++k) {
            fmt::print(stderr, "  {}. {}\n", k + 1, powerflow::describe(d.causes[k], language));
        }
    }
}

int run(const RunFlags& flags, const CommonFlags& common) {
    const scenario::LoadedScenario loaded =
        scenario::load_scenario(flags.scenario, common.load_options());
    scenario::check_weather_files(loaded.study);
    const std::filesystem::path folder = choose_folder(flags, loaded.study);
    if (flags.dry_run) {
        print_plan(loaded.study, folder, common.language);
        return exit_ok;
    }
    engine::RunReport report;
    {
        const std::unique_ptr<Progress> progress = make_progress(common);
        report = report::write_run(loaded, folder,
                                   {.language = common.language,
                                    .html = !flags.no_report,
                                    .command_line = common.command_line,
                                    .n_thread = flags.n_thread},
                                   *progress);
    }
    fmt::print("{}", report::format_summary(report.summary, common.language));
    fmt::print(fmt::runtime(say(common.language, "\nresults: {}\n", "\n结果：{}\n")),
               folder.string());
    if (!flags.no_report) {
        fmt::print(fmt::runtime(say(common.language, "report:  {}\n", "报告：{}\n")),
                   std::filesystem::absolute(folder / "report.html").string());
    }
    print_explanations(report.summary.explanations, common.language);
    print_failed_steps(report.summary, loaded.study.time, common.language);
    return judge(report.summary, common.strict);
}

} // namespace

void add_run(CLI::App& app, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<RunFlags>();
    CLI::App* verb = app.add_subcommand(
        "run", "Simulate a scenario and write results and report into one folder");
    verb->add_option("scenario", flags->scenario, "Scenario file (.yaml)")->required();
    verb->add_option("-o,--output", flags->folder,
                     "Folder of the results; default results/<scenario id>");
    verb->add_option("-j,--threads", flags->n_thread,
                     "Threads of the power flow; the results do not depend on it")
        ->check(CLI::Range(1, 1024));
    verb->add_flag("--dry-run", flags->dry_run, "Check everything and say what would be done");
    verb->add_flag("--no-report", flags->no_report,
                   "Leave report.html out; `yuanwang report` makes it later");
    verb->footer(
        "Example: yuanwang run scenarios/xining-2025.yaml -o results/xining --set weather.seed=7");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return run(*flags, common); }; });
}

} // namespace yuanwang::cli
