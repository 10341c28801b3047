#include "sweep/portfolio/portfolio.hpp"

#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/result_folder.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/sweep_folder.hpp"

namespace yuanwang::sweep {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::SweepFolder;

/// A day of the starter with two loads as projects: what they bring to the demand is what they draw. One project has
/// nothing to change, one comes after the day.
fs::path write_scenario(const SweepFolder& folder) {
    return folder.write("scenario.yaml", R"(extends: [base.yaml]
time: {duration: 1 d}
projects:
  - id: later
    class: other
    status: in_service
    in_service: 2030-06-01
    capex_cny: 2000000
    changes: {loads: {static: [{id: one, bus: town_110, p_mw: 1}]}}
  - id: sooner
    class: other
    status: in_service
    changes: {loads: {static: [{id: two, bus: town_110, p_mw: 2}]}}
  - {id: paper, class: other, status: planned}
  - id: too_late
    class: other
    status: planned
    in_service: 2031-01-01
    changes: {loads: {static: [{id: three, bus: town_110, p_mw: 4}]}}
)");
}

PortfolioDraft draft(const SweepFolder& folder, const PortfolioOptions& options,
                     const scenario::LoadOptions& load = {}) {
    return draft_portfolio(write_scenario(folder), load, options);
}

fs::path write_sweep(const SweepFolder& folder, const PortfolioDraft& draft) {
    folder.write("portfolio_base.yaml", draft.base_yaml);
    return folder.write("portfolio.yaml", format_portfolio_sweep(draft, "portfolio_base.yaml"));
}

Portfolio weigh(const SweepFolder& folder, const PortfolioDraft& draft) {
    SilentProgress progress;
    const Plan plan = make_plan(write_sweep(folder, draft), progress);
    return weigh_portfolio(draft,
                           run_sweep(plan, folder.path() / "runs", {.n_thread = 2}, progress));
}

Portfolio run_all(const SweepFolder& folder, const PortfolioOptions& options) {
    return weigh(folder, draft(folder, options));
}

TEST(Portfolio, WhatLoadsDrawIsWhatTheyBring) {
    const SweepFolder folder;
    const Portfolio found = run_all(folder, {.indicators = {"demand_mwh"}});
    const Contributions& c = found.contributions;
    ASSERT_EQ(found.projects.size(), 1U); // `later` begins years after the day
    EXPECT_EQ(found.projects[0].id, "sooner");
    EXPECT_NEAR(c.shapley[0], 48, 1e-6);
    EXPECT_EQ(c.n_coalition, 2U);
}

TEST(Portfolio, FromTheStartDatesOnlyGiveTheOrder) {
    const SweepFolder folder;
    const Portfolio found = run_all(folder, {.indicators = {"demand_mwh"}, .from_start = true});
    const Contributions& c = found.contributions;
    ASSERT_EQ(found.projects.size(), 3U);
    EXPECT_THAT(found.by_date, ElementsAre(1, 0, 2)); // undated ones stand first
    EXPECT_EQ(found.projects[2].in_service, "2031-01-01");
    for (const auto* column : {&c.leave_one_out, &c.add_one_in, &c.shapley, &c.in_order}) {
        EXPECT_NEAR((*column)[0], 24, 1e-6);
        EXPECT_NEAR((*column)[1], 48, 1e-6);
        EXPECT_NEAR((*column)[2], 96, 1e-6);
    }
    EXPECT_EQ(c.n_coalition, 8U);
    EXPECT_NEAR(c.all[0] - c.none[0], 168, 1e-6);
}

TEST(Portfolio, NoRunIsSpentOnWhatCannotChangeAnything) {
    const SweepFolder folder;
    const PortfolioDraft dated = draft(folder, {});
    ASSERT_EQ(dated.idle.size(), 3U);
    EXPECT_EQ(dated.idle[0].project.id, "later");
    EXPECT_EQ(dated.idle[0].reason, Idle::after_the_run);
    EXPECT_EQ(dated.idle[1].project.id, "paper");
    EXPECT_EQ(dated.idle[1].reason, Idle::no_changes);
    EXPECT_EQ(dated.coalitions.size(), 2U);
    const PortfolioDraft early = draft(folder, {.from_start = true});
    ASSERT_EQ(early.idle.size(), 1U);
    EXPECT_EQ(early.idle[0].project.id, "paper");
    EXPECT_THROW((void)draft(folder, {.projects = {"paper", "too_late"}}), InputError);
}

TEST(Portfolio, SettingsReachEveryCoalition) {
    const SweepFolder folder;
    const Portfolio found =
        weigh(folder, draft(folder, {.projects = {"sooner"}, .indicators = {"demand_mwh"}},
                            {.set = {"time.duration=12 h"}}));
    EXPECT_NEAR(found.contributions.shapley[0], 24, 1e-6);
}

/// A larger sample asks for all a smaller one has asked for, in the same folder nothing is run twice.
TEST(Portfolio, ALargerSampleGoesOnFromASmallerOne) {
    const SweepFolder folder;
    const PortfolioOptions small{.indicators = {"demand_mwh"},
                                 .sampling = {.n_pair = 2, .always = true},
                                 .from_start = true};
    PortfolioOptions large = small;
    large.sampling.n_pair = 8;
    const PortfolioDraft first = draft(folder, small);
    (void)weigh(folder, first);
    const auto begun = fs::file_time_type::clock::now();
    const Portfolio found = weigh(folder, draft(folder, large));
    std::size_t n_older = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "runs")) {
        n_older += entry.path().filename() == "summary.json" && entry.last_write_time() < begun;
    }
    EXPECT_EQ(n_older, first.coalitions.size());
    EXPECT_NEAR(found.contributions.shapley[0], 24, 1e-6);
    EXPECT_NEAR(found.contributions.shapley_error[0], 0,
                1e-6); // additive: every order says the same
}

TEST(Portfolio, TextAndJsonSayTheSame) {
    const SweepFolder folder;
    const Portfolio found =
        run_all(folder, {.indicators = {"demand_mwh", "co2_t"}, .from_start = true});
    const std::string text = format_portfolio_text(found, Language::en);
    EXPECT_THAT(text, HasSubstr("3 projects, 8 runs"));
    EXPECT_THAT(text, HasSubstr("nothing to change, so they bring nothing: paper\n"));
    EXPECT_LT(text.find("  too_late "), text.find("  sooner ")); // the largest effect first
    EXPECT_THAT(format_portfolio_text(found, Language::zh), HasSubstr("沙普利值"));
    const auto json = nlohmann::json::parse(format_portfolio_json(found));
    const auto& rows = json["indicators"]["demand_mwh"]["projects"];
    EXPECT_EQ(rows[1]["id"], "later");
    EXPECT_NEAR(rows[1]["shapley_per_million_cny"].get<double>(), 12, 1e-6);
    EXPECT_TRUE(rows[0]["shapley_per_million_cny"].is_null());
    EXPECT_EQ(json["without_effect"][0]["reason"], "no_changes");
    double sum = 0;
    for (const auto& row : json["indicators"]["co2_t"]["projects"]) {
        sum += row["shapley"].get<double>();
    }
    EXPECT_NEAR(sum, json["indicators"]["co2_t"]["effect"].get<double>(), 1e-9);
}

TEST(ProjectWorth, IsTheAnnuityOfWhatIsSavedLessTheInvestment) {
    EXPECT_NEAR(annuity_factor(0.06, 25), 12.7834, 5e-5); // tables of present values
    EXPECT_NEAR(annuity_factor(0.10, 10), 6.1446, 5e-5);
    EXPECT_EQ(annuity_factor(0, 10), 10);
    double discounted = 0;
    for (int year = 1; year <= 15; ++year) {
        discounted += std::pow(1.08, -year);
    }
    EXPECT_NEAR(annuity_factor(0.08, 15), discounted, 1e-12);

    const ProjectTerms terms{.capex_cny = 100e6, .life_y = 15, .served_y = 2};
    const ProjectWorth saves = weigh_project(terms, -40e6, 0.08);
    EXPECT_DOUBLE_EQ(saves.saved_cny_per_y, 20e6);
    EXPECT_DOUBLE_EQ(saves.payback_y, 5);
    EXPECT_NEAR(saves.npv_cny, 20e6 * discounted - 100e6, 1e-3);
    EXPECT_NEAR(saves.npv_per_cny, 0.2 * discounted - 1, 1e-12);
    const ProjectWorth costs = weigh_project(terms, 40e6, 0.08);
    EXPECT_TRUE(std::isinf(costs.payback_y));
    EXPECT_LT(costs.npv_cny, -100e6);
}

TEST(ProjectWorth, AYearOfServiceWithinTheRunIsNeeded) {
    const SweepFolder folder;
    const scenario::LoadOptions two_years{
        .set = {"time.start=2030-01-01", "time.duration=730 d", "projects[later].life_y=40"}};
    const PortfolioDraft dated = draft(folder, {.projects = {"later", "sooner"}}, two_years);
    EXPECT_NEAR(dated.projects[0].terms.served_y, 2 - 151.0 / 365, 1e-12); // from 1 June
    EXPECT_EQ(dated.projects[0].terms.life_y, 40);
    EXPECT_DOUBLE_EQ(dated.projects[1].terms.served_y, 2);
    EXPECT_TRUE(has_worth(dated.projects[0].terms));
    EXPECT_FALSE(has_worth(dated.projects[1].terms)); // no investment
    const PortfolioDraft day = draft(folder, {.projects = {"later"}, .from_start = true});
    EXPECT_NEAR(day.projects[0].terms.served_y, 1.0 / 365, 1e-12);
    EXPECT_FALSE(has_worth(day.projects[0].terms));
}

/// Two projects in a year of 100 and 300 yuan saved; the third is free, the fourth serves half a year.
TEST(ProjectWorth, TheBestYuanStandsFirst) {
    Portfolio found{.projects = {{"dear", {}, "2025-01-01", {400, 10, 1}},
                                 {"good", {}, "2025-01-01", {200, 10, 1}},
                                 {"free", {}, "2025-01-01", {0, 10, 1}},
                                 {"late", {}, "2025-07-01", {1, 10, 0.5}}},
                    .by_date = {0, 1, 2, 3},
                    .indicators = {"co2_t", "cost_cny"},
                    .discount_rate = 0};
    Contributions& c = found.contributions;
    c.n_player = 4;
    c.n_value = 2;
    c.n_order = 6;
    c.none = c.all = {0, 0};
    c.shapley.assign(8, 0.0);
    c.shapley_error.assign(8, 0.0);
    c.leave_one_out = c.add_one_in = c.in_order = c.shapley;
    c.shapley[c.at(0, 1)] = -100;
    c.shapley[c.at(1, 1)] = -300;
    c.shapley_error[c.at(1, 1)] = 3;
    const std::vector<RankedProject> ranked = rank_projects(found);
    ASSERT_EQ(ranked.size(), 2U);
    EXPECT_EQ(ranked[0].row, 1U);
    EXPECT_DOUBLE_EQ(ranked[0].worth.npv_cny, 2800);
    EXPECT_DOUBLE_EQ(ranked[0].npv_error_cny, 30);
    EXPECT_DOUBLE_EQ(ranked[1].worth.npv_cny, 600);
    const std::string text = format_portfolio_text(found, Language::en);
    EXPECT_THAT(text, HasSubstr("what to build first"));
    EXPECT_LT(text.find("  good "), text.find("  dear "));
    const auto json = nlohmann::json::parse(format_portfolio_json(found));
    EXPECT_EQ(json["worth"][0]["id"], "good");
    EXPECT_DOUBLE_EQ(json["worth"][1]["npv_per_cny"].get<double>(), 1.5);
    found.indicators[1] = "losses_mwh";
    EXPECT_TRUE(rank_projects(found).empty());
}

TEST(Portfolio, NamesWhatItDoesNotKnow) {
    const SweepFolder folder;
    try {
        (void)draft(folder, {.projects = {"latr"}});
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(to_string(error.faults().front()),
                  "--projects: must be a project of the scenario (did you mean later?), got latr");
    }
    EXPECT_THROW((void)run_all(folder, {.indicators = {"no_such_thing"}}), InputError);
}

} // namespace
} // namespace yuanwang::sweep
