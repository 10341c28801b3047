/// Losses that follow the plan: what comes from far pays for what it loses.
#include <gtest/gtest.h>

#include "engine/epoch/loss_estimate.hpp"
#include "engine/plan/loss_factors.hpp"
#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::RunReport;
using namespace std::chrono_literals;

constexpr BusIdx near_by{0};
constexpr BusIdx city{1};
constexpr BusIdx far_away{2};

/// near_by ── 5 km ── city ── 150 km ── far_away: a grid on either side that could serve the city alone.
Study two_grids(double far_price, double near_price, double load_mw = 400) {
    System system;
    add_bus(system, "near_330", 330, network::SubstationKind::boundary);
    add_bus(system, "city_330", 330);
    add_bus(system, "far_330", 330, network::SubstationKind::boundary);
    add_line(system, "l_near", near_by, city, 2, 5);
    add_line(system, "l_far", far_away, city, 2, 150);
    add_external(system, "gansu", {near_by}, 600, 600);
    add_external(system, "hainan", {far_away}, 600, 600);
    system.sources.external_grids.grids.firm_price_cny_per_mwh = {near_price, far_price};
    add_load(system, "town", city, load_mw, 20);
    Study study = tiny_study(system, 2025y / 6 / 21, 1);
    study.dispatch.method = engine::DispatchMethod::optimal;
    study.dispatch.loss_factors = true;
    return study;
}

struct Ran {
    CollectingSink sink;
    RunReport report;
    explicit Ran(const Study& study) {
        SilentProgress progress;
        report = engine::simulate(study, sink, progress);
        EXPECT_TRUE(report.all_converged);
        EXPECT_LT(report.summary.balance.at("dispatch_balance_mwh"), 1e-9);
    }
    [[nodiscard]] double of(const std::string& indicator) const {
        return report.summary.indicators.at(indicator);
    }
};

TEST(LossFactors, TheNearGridServesWhereTheFarOneLosesMoreThanItIsCheaper) {
    Study study = two_grids(320, 321);
    const Ran follows{study};
    study.dispatch.loss_factors = false;
    const Ran amount{study};
    EXPECT_NEAR(amount.of("import_mwh_gansu"), 0, 1e-6);
    EXPECT_LT(follows.of("import_mwh_hainan"), 1);
    EXPECT_LT(follows.of("losses_mwh"), 0.5 * amount.of("losses_mwh"));
    EXPECT_LT(follows.of("cost_cny"), amount.of("cost_cny"));
}

TEST(LossFactors, WhatIsReckonedWithIsWhatIsLost) {
    for (const bool follows : {false, true}) {
        Study study = two_grids(300, 320);
        study.dispatch.loss_factors = follows;
        const Ran ran{study};
        EXPECT_GT(ran.of("losses_mwh"), 50);
        EXPECT_LT(ran.of("tie_mismatch_mean_mw"), engine::LossEstimate::settled_mw) << follows;
    }
}

/// The price in the city is what another megawatt there costs, all of the AC solution's losses in it.
TEST(LossFactors, ThePriceIsWhatAnotherMegawattCosts) {
    const double more_mw = 1;
    Study less_study = two_grids(300, 360, 400 - more_mw);
    Study more_study = two_grids(300, 360, 400 + more_mw);
    for (Study* study : {&less_study, &more_study}) {
        study->dispatch.loss_rounds = 6;
    }
    const double costs_cny = Ran{more_study}.of("cost_cny") - Ran{less_study}.of("cost_cny");
    const Ran ran{two_grids(300, 360)};
    const BlockResult& block = ran.sink.blocks.front();
    const double price = block.bus_price_cny_per_mwh(city, 12);
    EXPECT_GT(price, 303);
    EXPECT_NEAR(price, costs_cny / (2 * more_mw * 24), 0.1);
    EXPECT_NEAR(block.bus_price_cny_per_mwh(far_away, 12), 300, 1e-6);
    EXPECT_LT(block.bus_price_cny_per_mwh(near_by, 12), 360);
}

TEST(LossFactors, MovingWhatIsCoveredIntoTheInputChangesNoSum) {
    dispatch::BlockInput input;
    input.n_step = 2;
    input.loss_mw = Series(1, 2, 10.0);
    dispatch::NetworkBlock network;
    network.loss_offset_mw = Series(1, 3, -4.0); // a step is only looked at
    Series covered(1, 2, 10.0);
    covered(0, 1) = 13;
    engine::settle_losses(covered, input, network);
    EXPECT_EQ(input.loss_mw(0, 1), 13);
    EXPECT_EQ(network.loss_offset_mw(0, 1), -7);
    EXPECT_EQ(network.loss_offset_mw(0, 2), -4);
}

} // namespace
} // namespace yuanwang::test
