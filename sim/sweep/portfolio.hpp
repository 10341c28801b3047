/// @file
/// What each project of a scenario brings to chosen indicators: leave one out, add one in, Shapley value, by date, per yuan.
///
/// A coalition is the scenario with these projects enabled and the other ones of the list not; projects outside the list
/// stay as the scenario has them. Each coalition is one run, of which only the indicators are kept; weather is made once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/name.hpp"
#include "core/progress.hpp"
#include "scenario/load_study.hpp"
#include "sweep/shapley.hpp"

namespace yuanwang::sweep {

struct PortfolioOptions {
    std::vector<std::string> projects; ///< ids; empty: every project of the scenario
    std::vector<std::string>
        indicators; ///< names in summary.json, under indicators or counts; empty: a choice
    SamplingOptions sampling;
    int n_thread = 1; ///< of the power flow
};

struct PortfolioProject {
    std::string id;
    Name name;
    std::string in_service; ///< 2025-06-01; empty: from the start
    double capex_cny = 0;
};

struct Portfolio {
    Name scenario;
    std::vector<PortfolioProject> projects; ///< as listed
    std::vector<std::size_t> by_date;       ///< rows in order of their dates, undated ones first
    std::vector<std::string> indicators;
    Contributions contributions; ///< `in_order` is by date
};

/// Runs what has to be run. Throws `InputError` for an unknown project or indicator, and what a run throws.
[[nodiscard]] Portfolio weigh_portfolio(const std::filesystem::path& scenario,
                                        const scenario::LoadOptions& load,
                                        const PortfolioOptions& options, Progress& progress);

[[nodiscard]] std::string format_portfolio_text(const Portfolio& found, Language language);
[[nodiscard]] std::string format_portfolio_json(const Portfolio& found);

} // namespace yuanwang::sweep
