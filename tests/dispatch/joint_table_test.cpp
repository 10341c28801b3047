/// Plans across the boundary of an epoch, on tables small enough to solve by hand.
#include <array>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/plan/joint_table.hpp"
#include "tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using test::Tiny;

void add_cell(Tiny& tiny, double soc_initial) {
    tiny.add_battery(20, 40, soc_initial);
    models::Batteries& b = tiny.table.storages.batteries;
    b.soc_min.back() = 0;
    b.soc_max.back() = 1;
    b.eta_charge.back() = b.eta_discharge.back() = 1;
    b.self_discharge_per_h.back() = 0;
}

/// Today and tomorrow, each with its own table, planned in one.
struct TwoDays {
    std::array<const Table*, 2> tables;
    JointTable joint;
    Planner planner;
    State state;
    Schedule schedule;
    PlanOutcome outcome;

    TwoDays(const Tiny& today, const Tiny& tomorrow, const std::array<RowNames, 2>& names)
        : tables{&today.table, &tomorrow.table}, joint{tables, names},
          planner{std::array{&joint.table(0), &joint.table(1)}, {}, {}}, state{make_initial_state(
                                                                             today.table)} {
        const BlockInput first = joint.join(0, today.input);
        const BlockInput second = joint.join(1, tomorrow.input);
        const std::array blocks = {PlanBlock{&joint.table(0), &first},
                                   PlanBlock{&joint.table(1), &second}};
        State all = joint.join(state, today.input.n_step, 1.0);
        Schedule planned;
        planner.plan(blocks, {}, all, planned, outcome);
        joint.part(all, state);
        joint.part(planned, schedule);
        joint.part(outcome);
    }
};

/// 100 MW from an old plant at 100 today; tomorrow it is closed and all comes from one at 400.
TEST(JointTable, ABatteryIsFullWhenItsCheapPlantCloses) {
    Tiny today{100};
    today.add_thermal(1, 150, 0, 100);
    today.add_thermal(1, 200, 0, 400);
    add_cell(today, 0);
    Tiny tomorrow{100};
    tomorrow.add_thermal(1, 200, 0, 400);
    add_cell(tomorrow, 0);
    const std::array names = {
        RowNames{.islands = {"0"}, .thermals = {"old", "dear"}, .storages = {"cell"}},
        RowNames{.islands = {"0"}, .thermals = {"dear"}, .storages = {"cell"}}};
    const TwoDays plan{today, tomorrow, names};
    ASSERT_EQ(plan.outcome.status, program::SolveStatus::optimal);
    EXPECT_NEAR(plan.schedule.storage_e_mwh(0, 23), 40, 1e-6);
    // 40 MWh more today, 40 fewer tomorrow, a hair for cycling; nothing left at the end, where an MWh is worth 250.
    EXPECT_NEAR(plan.outcome.objective, 2440 * 100 + 2360 * 400, 1.0);
    EXPECT_EQ(plan.schedule.thermal_mw.n_element(), 2U);
}

TEST(JointTable, ABatteryThatLeavesIsEmptyByThen) {
    Tiny today{100};
    today.add_thermal(1, 150, 0, 100);
    add_cell(today, 1);
    Tiny tomorrow{100};
    tomorrow.add_thermal(1, 150, 0, 400);
    const std::array names = {
        RowNames{.islands = {"0"}, .thermals = {"plant"}, .storages = {"cell"}},
        RowNames{.islands = {"0"}, .thermals = {"plant"}, .storages = {}}};
    const TwoDays plan{today, tomorrow, names};
    ASSERT_EQ(plan.outcome.status, program::SolveStatus::optimal);
    EXPECT_NEAR(plan.schedule.storage_e_mwh(0, 23), 0, 1e-6);
    EXPECT_NEAR(plan.outcome.objective, 2360 * 100 + 2400 * 400, 1.0);
}

TEST(JointTable, WhatComesTomorrowServesTomorrowOnly) {
    Tiny today{100};
    today.add_thermal(1, 150, 0, 400);
    Tiny tomorrow{100};
    tomorrow.add_wind(30);
    tomorrow.add_thermal(1, 150, 0, 400);
    add_cell(tomorrow, 1);
    const std::array names = {
        RowNames{.islands = {"0"}, .thermals = {"plant"}},
        RowNames{
            .islands = {"0"}, .variables = {"wind"}, .thermals = {"plant"}, .storages = {"cell"}}};
    const TwoDays plan{today, tomorrow, names};
    ASSERT_EQ(plan.outcome.status, program::SolveStatus::optimal);
    // Wind earns one for not being curtailed; the cell's 40 MWh are worth as much unused, so that they may stay.
    EXPECT_NEAR(plan.outcome.objective, 2400 * 400 + (2400 - 720) * 400 - 720 - 40 * 400, 1.0);
    EXPECT_EQ(plan.schedule.variable_mw.n_element(), 0U);
    EXPECT_EQ(plan.schedule.storage_mw.n_element(), 0U);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_NEAR(plan.schedule.thermal_mw(0, t), 100, 1e-6);
    }
}

TEST(JointTable, RowsAreMatchedByNameWhateverTheirOrder) {
    Tiny today{100, 1};
    today.add_wind(10);
    today.add_wind(20, 0, 15);
    Tiny tomorrow{100, 1};
    tomorrow.add_wind(3);
    tomorrow.add_wind(1);
    const std::array<const Table*, 2> tables = {&today.table, &tomorrow.table};
    const std::array names = {RowNames{.islands = {"0"}, .variables = {"a", "b"}},
                              RowNames{.islands = {"0"}, .variables = {"c", "a"}}};
    const JointTable joint{tables, names};
    EXPECT_THAT(joint.join(0, today.input).variable_mw.values(), ::testing::ElementsAre(10, 20, 0));
    EXPECT_THAT(joint.join(1, tomorrow.input).variable_mw.values(),
                ::testing::ElementsAre(1, 0, 3));
    EXPECT_EQ(joint.table(1).variables.station_limit_mw[1], 15);
    EXPECT_THAT(joint.places(1), ::testing::ElementsAre(2, 0, 3));
}

} // namespace
} // namespace yuanwang::dispatch
