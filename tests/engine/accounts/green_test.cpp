#include "engine/accounts/green.hpp"

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using namespace std::chrono_literals;

constexpr BusIdx city{1};

/// One battery and a flat load, two steps of schedule written by hand.
struct TwoSteps {
    System system = tiny_system();
    Study study;
    engine::ResultAxes axes;

    TwoSteps() {
        add_load(system, "town", city, 100);
        add_battery(system, "cells", city, 50, 100);
        system.batteries.batteries.self_discharge_per_h[0] = 0;
        system.batteries.batteries.eta_charge[0] = 1;
        system.batteries.batteries.eta_discharge[0] = 1;
        study = tiny_study(system, 2025y / 6 / 21, 1);
        axes = engine::make_axes(study);
    }
};

TEST(GreenAccount, DischargeIsAsGreenAsWhatIsStored) {
    const TwoSteps two;
    const engine::EpochModel model =
        engine::make_epoch_model(two.study, two.study.epochs.front(), two.axes);
    engine::BlockData data;
    data.demand.p_mw = Series(1, 2, 100);
    data.dispatch_input.loss_mw = Series(model.dispatch.rows.n_island, 2, 0);
    dispatch::shape_schedule(model.dispatch.rows, 2, data.schedule);
    // 30 MWh not green are there; 30 MWh green come in; then 20 MWh go out, half of them green.
    data.state_before.e_mwh = {30};
    data.schedule.tie_surplus_mw(0, 0) = 130;
    data.schedule.storage_mw(0, 0) = -30;
    data.schedule.storage_green_charge_mw(0, 0) = 30;
    data.schedule.storage_e_mwh(0, 0) = 60;
    data.schedule.storage_mw(0, 1) = 20;
    data.schedule.storage_e_mwh(0, 1) = 40;
    data.schedule.tie_firm_mw(0, 1) = 80;
    data.availability.external.firm_green_share = Series(1, 2, 0.45);

    engine::GreenAccount account{1};
    account.account(model, data, 1.0);
    EXPECT_DOUBLE_EQ(data.green[0].matched_mw, 100); // all of it surplus
    EXPECT_DOUBLE_EQ(data.green[1].matched_mw, 80 * 0.45 + 10);
    EXPECT_DOUBLE_EQ(data.green[1].consumption_mw, 100);
}

/// What leaves over a tie is consumed elsewhere: by the mix of the step, or taken from the green part first.
TEST(GreenAccount, ExportedEnergyIsNotConsumedInTheCity) {
    const TwoSteps two;
    const engine::EpochModel model =
        engine::make_epoch_model(two.study, two.study.epochs.front(), two.axes);
    engine::BlockData data;
    data.demand.p_mw = Series(1, 2, 100);
    data.dispatch_input.loss_mw = Series(model.dispatch.rows.n_island, 2, 0);
    dispatch::shape_schedule(model.dispatch.rows, 2, data.schedule);
    data.state_before.e_mwh = {30};
    data.schedule.storage_e_mwh(0, 0) = 30;
    data.schedule.storage_e_mwh(0, 1) = 30;
    data.availability.external.firm_green_share = Series(1, 2, 0.0);
    // 160 MW of clean surplus come in and 60 go on: all green. Then 60 come in beside 100 of coal, and 60 go on.
    data.schedule.tie_surplus_mw(0, 0) = 160;
    data.schedule.tie_firm_mw(0, 0) = -60;
    data.schedule.tie_surplus_mw(0, 1) = 60;
    data.schedule.tie_firm_mw(0, 1) = -60;

    engine::GreenAccount account{1};
    account.account(model, data, 1.0);
    EXPECT_DOUBLE_EQ(data.green[0].consumed_mw, 100);
    EXPECT_DOUBLE_EQ(data.green[0].matched_mw, 100);
    EXPECT_DOUBLE_EQ(data.green[1].consumed_mw, 60.0 * 100 / 160);
    EXPECT_DOUBLE_EQ(data.green[1].matched_mw, 0);
}

TEST(GreenAccount, ACityOnItsOwnSunIsGreenByDayAndAsItsTieByNight) {
    System system = tiny_system();
    add_load(system, "town", city, 20);
    add_solar(system, "park", city, 400);
    CollectingSink sink;
    SilentProgress progress;
    (void)engine::simulate(tiny_study(system, 2025y / 6 / 21, 1), sink, progress);
    const auto share = sink.over_time(&BlockResult::green_share);
    EXPECT_NEAR(share[2], 0.45, 1e-12);
    EXPECT_NEAR(share[13], 1.0, 1e-12);
}

} // namespace
} // namespace yuanwang::test
