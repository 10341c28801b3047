#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "sweep/portfolio.hpp"

namespace yuanwang::cli {

namespace {

struct PortfolioFlags {
    std::filesystem::path scenario;
    sweep::PortfolioOptions options;
    bool json = false;
};

int weigh(const PortfolioFlags& flags, const CommonFlags& common) {
    const std::unique_ptr<Progress> progress = make_progress(common);
    const sweep::Portfolio found =
        sweep::weigh_portfolio(flags.scenario, common.load_options(), flags.options, *progress);
    fmt::print("{}", flags.json ? sweep::format_portfolio_json(found)
                                : sweep::format_portfolio_text(found, common.language));
    return exit_ok;
}

} // namespace

void add_portfolio(CLI::App& app, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<PortfolioFlags>();
    CLI::App* verb = app.add_subcommand(
        "portfolio", "What each project brings: left out last, added first, by date, and its "
                     "Shapley value, also per yuan");
    verb->add_option("scenario", flags->scenario, "Scenario file (.yaml) with projects")
        ->required();
    verb->add_option("--projects", flags->options.projects, "Ids; default every project")
        ->delimiter(',');
    verb->add_option("--indicators", flags->options.indicators,
                     "Names in summary.json; default curtailed_mwh, n1_secure_hours, "
                     "green_share_annual, co2_t, cost_cny")
        ->delimiter(',');
    verb->add_option("--pairs", flags->options.sampling.n_pair,
                     "Above ten projects: pairs of random orders to sample")
        ->capture_default_str()
        ->check(CLI::Range(2, 100000));
    verb->add_option("--order-seed", flags->options.sampling.seed, "Seed of these orders")
        ->capture_default_str();
    verb->add_option("-j,--threads", flags->options.n_thread, "Threads of the power flow")
        ->check(CLI::Range(1, 1024));
    verb->add_flag("--json", flags->json, "Print everything as JSON");
    verb->footer(
        "Up to ten projects every combination is run (2 to the number of projects); above, "
        "orders are sampled and the error stands beside.\n"
        "Example: yuanwang portfolio scenarios/xining-2025-all-projects.yaml --set "
        "\"time.duration=7 d\" --indicators curtailed_mwh,co2_t");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return weigh(*flags, common); }; });
}

} // namespace yuanwang::cli
