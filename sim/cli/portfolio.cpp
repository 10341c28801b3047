#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "cli/sweep_runner.hpp"
#include "cli/sweep_state.hpp"
#include "core/error.hpp"
#include "report/result_folder.hpp"
#include "sweep/plan.hpp"
#include "sweep/portfolio/portfolio.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/sweep_page.hpp"

namespace yuanwang::cli {

namespace {

namespace fs = std::filesystem;
using sweep::MemberState;

struct PortfolioFlags {
    fs::path scenario;
    fs::path folder;
    sweep::PortfolioOptions options;
    std::size_t n_thread = 1;
    bool plan_only = false;
    bool json = false;
};

fs::path find_folder(const PortfolioFlags& flags) {
    return flags.folder.empty() ? fs::path{"results"} / "portfolios" / flags.scenario.stem()
                                : flags.folder;
}

void write_if_new(const fs::path& file, const std::string& content) {
    if (!fs::exists(file) || report::read_file(file) != content) {
        report::replace_file(file, content);
    }
}

/// The sweep of a draft, in its folder: `base.yaml` and `portfolio.yaml`.
fs::path write_sweep(const sweep::PortfolioDraft& draft, const fs::path& folder) {
    if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder)) &&
        !fs::exists(folder / "portfolio.yaml")) {
        throw IoError(folder.string() + ": holds other things than a portfolio; choose another "
                                        "output");
    }
    std::error_code error; // told by the write
    fs::create_directories(folder, error);
    write_if_new(folder / "base.yaml", draft.base_yaml);
    write_if_new(folder / "portfolio.yaml", sweep::format_portfolio_sweep(draft, "base.yaml"));
    return folder / "portfolio.yaml";
}

/// Takes the sweep away again where nothing has been run of it.
void remove_sweep(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder / "manifest.json")) {
        fs::remove(folder / "base.yaml", ignored);
        fs::remove(folder / "portfolio.yaml", ignored);
        fs::remove(folder, ignored);
    }
}

sweep::Plan settle(const sweep::PortfolioDraft& draft, const fs::path& folder,
                   const PortfolioFlags& flags, Progress& progress) {
    try {
        sweep::Plan plan = sweep::draft_plan(write_sweep(draft, folder));
        sweep::settle_plan(plan, folder, progress, flags.n_thread);
        return plan;
    } catch (...) {
        remove_sweep(folder);
        throw;
    }
}

int say_plan(const sweep::PortfolioDraft& draft, const fs::path& file, Language language) {
    fmt::print(fmt::runtime(say(language,
                                "{} coalitions of {} projects: {}\nyuanwang sweep run {} -o {}\n",
                                "{} 种组合，{} 个项目：{}\nyuanwang sweep run {} -o {}\n")),
               draft.coalitions.size(), draft.projects.size(), file.string(), file.string(),
               file.parent_path().string());
    return exit_ok;
}

int weigh(const PortfolioFlags& flags, const CommonFlags& common) {
    const std::unique_ptr<Progress> progress = make_progress(common);
    const sweep::PortfolioDraft draft =
        sweep::draft_portfolio(flags.scenario, common.load_options(), flags.options);
    const fs::path folder = find_folder(flags);
    if (flags.plan_only) {
        return say_plan(draft, write_sweep(draft, folder), common.language);
    }
    print_other_maker(folder, common.language);
    const sweep::Plan plan = settle(draft, folder, flags, *progress);
    const std::vector<MemberState> members =
        run_members(plan, folder, {.n_thread = flags.n_thread, .command_line = common.command_line},
                    common, *progress);
    const int code = judge(members);
    if (!is_first_rank()) {
        return code;
    }
    if (code != exit_ok) { // contributions of coalitions that are not whole would be none
        print_state(plan.manifest, members, common.language);
        return code;
    }
    const sweep::Portfolio found = sweep::weigh_portfolio(draft, members);
    const std::string json = sweep::format_portfolio_json(found);
    report::replace_file(folder / "portfolio.json", json);
    sweep::write_sweep_page(folder, common.language);
    fmt::print("{}", flags.json ? json : sweep::format_portfolio_text(found, common.language));
    return code;
}

void add_options(CLI::App& verb, PortfolioFlags& flags) {
    verb.add_option("scenario", flags.scenario, "Scenario file (.yaml) with projects")->required();
    verb.add_option("-o,--output", flags.folder,
                    "Folder of the runs; default results/portfolios/<name of the file>");
    verb.add_option("--projects", flags.options.projects, "Ids; default every project")
        ->delimiter(',');
    verb.add_option("--indicators", flags.options.indicators,
                    "Names in summary.json; default curtailed_mwh, n1_secure_hours, "
                    "green_share_annual, co2_t, cost_cny")
        ->delimiter(',');
    verb.add_flag("--from-start", flags.options.from_start,
                  "Projects are in service from the first step on, whatever their date; dates "
                  "still give the order of the column by date");
    verb.add_option("--pairs", flags.options.sampling.n_pair,
                    "Above ten projects: pairs of random orders to sample")
        ->capture_default_str()
        ->check(CLI::Range(2, 100000));
    verb.add_option("--order-seed", flags.options.sampling.seed, "Seed of these orders")
        ->capture_default_str();
    verb.add_option("-j,--threads", flags.n_thread, "Coalitions that run at once")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    verb.add_flag("--plan-only", flags.plan_only,
                  "Write the sweep of all coalitions, run nothing: for `sweep run --dry-run`, "
                  "`sweep submit`");
    verb.add_flag("--json", flags.json, "Print everything as JSON");
}

} // namespace

void add_portfolio(CLI::App& app, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<PortfolioFlags>();
    CLI::App* verb = app.add_subcommand(
        "portfolio", "What each project brings: left out last, added first, by date, and its "
                     "Shapley value, also per yuan");
    add_options(*verb, *flags);
    verb->footer(
        "Up to ten projects every combination is run (2 to the number of projects); above, "
        "orders are sampled and the error stands beside. The same command goes on after a stop; "
        "more pairs keep what fewer have run.\n"
        "Example: yuanwang portfolio scenarios/xining-2025.yaml --from-start --projects "
        "huangyuan_wind,ganhe_storage --set \"time.duration=7 d\" -j 2");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return weigh(*flags, common); }; });
}

} // namespace yuanwang::cli
