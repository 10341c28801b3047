/// @file
/// What each project of a scenario brings to chosen indicators: leave one out, add one in, Shapley value, by date, per yuan, and
/// what that is worth (project_worth.hpp).
///
/// A coalition is the scenario with these projects enabled and the other ones of the list not; projects outside the list
/// stay as the scenario has them. Every coalition is a member of a sweep, so a portfolio runs on many threads, stops and goes
/// on, and what a smaller sample has run a larger one finds done. A project that cannot change the run (it has no `changes`,
/// or a date after the end) brings nothing to any coalition; no run is spent on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/name.hpp"
#include "scenario/load_study.hpp"
#include "sweep/portfolio/project_worth.hpp"
#include "sweep/portfolio/shapley.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

struct PortfolioOptions {
    std::vector<std::string> projects; ///< ids; empty: every project of the scenario
    std::vector<std::string>
        indicators; ///< names in summary.json, under indicators or counts; empty: a choice
    SamplingOptions sampling;
    bool from_start = false; ///< a project in a coalition is in service from the first step on
};

struct PortfolioProject {
    std::string id;
    Name name;
    std::string in_service; ///< 2025-06-01; empty: from the start
    ProjectTerms terms;
};

/// Why a project changes nothing.
enum class Idle : std::uint8_t { no_changes, after_the_run };

struct IdleProject {
    PortfolioProject project;
    Idle reason = Idle::no_changes;
};

/// What has to be run.
struct PortfolioDraft {
    Name scenario;
    std::string base_yaml; ///< the scenario all coalitions start from, self-contained
    std::vector<PortfolioProject> projects; ///< those that can change the run, as listed
    std::vector<IdleProject> idle;
    std::vector<std::size_t> by_date; ///< rows in order of their dates, undated ones first
    std::vector<std::string> indicators;
    SamplingOptions sampling;
    double discount_rate = 0;
    std::vector<Coalition> coalitions; ///< each once, in the order they are asked for
};

/// Throws `InputError` for faults of the scenario, an unknown project, or none that can change the run.
[[nodiscard]] PortfolioDraft draft_portfolio(const std::filesystem::path& scenario,
                                             const scenario::LoadOptions& load,
                                             const PortfolioOptions& options);

/// The sweep file whose members are the coalitions, in their order; `base` names the file that holds `base_yaml`.
[[nodiscard]] std::string format_portfolio_sweep(const PortfolioDraft& draft,
                                                 const std::string& base);

struct Portfolio {
    Name scenario;
    std::vector<PortfolioProject> projects;
    std::vector<IdleProject> idle;
    std::vector<std::size_t> by_date;
    std::vector<std::string> indicators;
    Contributions contributions; ///< `in_order` is by date
    double discount_rate = 0;
};

/// `members` [coalitions] are finished. Throws `InputError` where one lacks an indicator.
[[nodiscard]] Portfolio weigh_portfolio(const PortfolioDraft& draft,
                                        const std::vector<MemberState>& members);

/// Worth of every project by its Shapley value of `cost_cny`, NPV per yuan falling; projects without one (has_worth) left
/// out; empty where `cost_cny` was not asked for.
struct RankedProject {
    std::size_t row = 0; ///< in `projects`
    ProjectWorth worth;
    double npv_error_cny = 0; ///< of the sample
};
[[nodiscard]] std::vector<RankedProject> rank_projects(const Portfolio& found);

[[nodiscard]] std::string format_portfolio_text(const Portfolio& found, Language language);
[[nodiscard]] std::string format_portfolio_json(const Portfolio& found);

} // namespace yuanwang::sweep
