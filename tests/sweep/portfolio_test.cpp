#include "sweep/portfolio.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "sweep/sweep_folder.hpp"

namespace yuanwang::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::SweepFolder;

/// A day of the starter with two loads as projects: what they bring to the demand is what they draw.
Portfolio weigh(const SweepFolder& folder, const PortfolioOptions& options) {
    const auto file = folder.write("portfolio.yaml", R"(extends: [base.yaml]
time: {duration: 1 d}
projects:
  - id: later
    class: other
    status: in_service
    in_service: 2025-06-01
    capex_cny: 2000000
    changes: {loads: {static: [{id: one, bus: town_110, p_mw: 1}]}}
  - id: sooner
    class: other
    status: planned
    changes: {loads: {static: [{id: two, bus: town_110, p_mw: 2}]}}
)");
    SilentProgress progress;
    return weigh_portfolio(file, {}, options, progress);
}

TEST(Portfolio, WhatLoadsDrawIsWhatTheyBring) {
    const SweepFolder folder;
    const Portfolio found = weigh(folder, {.indicators = {"demand_mwh"}});
    const Contributions& c = found.contributions;
    ASSERT_EQ(found.projects.size(), 2U);
    EXPECT_THAT(found.by_date, ElementsAre(1, 0)); // undated ones stand first
    for (const auto* column : {&c.leave_one_out, &c.add_one_in, &c.shapley, &c.in_order}) {
        EXPECT_NEAR((*column)[0], 24, 1e-6);
        EXPECT_NEAR((*column)[1], 48, 1e-6);
    }
    EXPECT_EQ(c.n_coalition, 4U);
    EXPECT_NEAR(c.all[0] - c.none[0], 72, 1e-6);
}

TEST(Portfolio, TextAndJsonSayTheSame) {
    const SweepFolder folder;
    const Portfolio found = weigh(folder, {.indicators = {"demand_mwh", "co2_t"}});
    EXPECT_THAT(format_portfolio_text(found, Language::en), HasSubstr("2 projects, 4 runs"));
    EXPECT_THAT(format_portfolio_text(found, Language::zh), HasSubstr("沙普利值"));
    const auto json = nlohmann::json::parse(format_portfolio_json(found));
    const auto& later = json["indicators"]["demand_mwh"]["projects"][1];
    EXPECT_EQ(later["id"], "later");
    EXPECT_NEAR(later["shapley_per_million_cny"].get<double>(), 12, 1e-6);
    EXPECT_TRUE(
        json["indicators"]["demand_mwh"]["projects"][0]["shapley_per_million_cny"].is_null());
    double sum = 0;
    for (const auto& row : json["indicators"]["co2_t"]["projects"]) {
        sum += row["shapley"].get<double>();
    }
    EXPECT_NEAR(sum, json["indicators"]["co2_t"]["effect"].get<double>(), 1e-9);
}

TEST(Portfolio, NamesWhatItDoesNotKnow) {
    const SweepFolder folder;
    try {
        (void)weigh(folder, {.projects = {"latr"}});
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(to_string(error.faults().front()),
                  "--projects: must be a project of the scenario (did you mean later?), got latr");
    }
    EXPECT_THROW((void)weigh(folder, {.indicators = {"no_such_thing"}}), InputError);
}

} // namespace
} // namespace yuanwang::sweep
