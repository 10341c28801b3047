/// Block programs small enough to solve on paper, and the ways a block may end.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/program/clp_engine.hpp"
#include "tiny_program.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr double tight = 1e-9;

TEST(TwoBuses, TheLineLimitSplitsThePrice) {
    const System system = two_buses();
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 80;
    const Solution answer = ClpEngine{system}.solve(block);

    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(0, 0), 50, tight); // all the line carries
    EXPECT_NEAR(answer.generation_mw(1, 0), 30, tight);
    EXPECT_NEAR(answer.objective, 50 * 10 + 30 * 30, tight);
    EXPECT_NEAR(answer.price_per_mwh(0, 0), 10, tight);
    EXPECT_NEAR(answer.price_per_mwh(1, 0), 30, tight);
    ASSERT_EQ(answer.binding.size(), 1u);
    EXPECT_NEAR(answer.binding[0].value_per_mwh, 30 - 10, tight);
}

TEST(TwoBuses, AWideLineNeedsNoRow) {
    System system = two_buses();
    system.branches.limit_mw = {90};
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 80;
    const Solution answer = ClpEngine{system}.solve(block);

    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_EQ(answer.n_branch_row, 0u);
    EXPECT_NEAR(answer.objective, 80 * 10, tight);
    EXPECT_NEAR(answer.price_per_mwh(1, 0), 10, tight);
}

TEST(TwoBuses, TheRowLeavesAfterDaysWithoutUse) {
    const System system = two_buses();
    ClpEngine engine{system, {.idle_blocks = 3}};
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 80;
    EXPECT_EQ(engine.solve(block).n_branch_row, 1u);
    block.demand_mw(1, 0) = 20;
    for (int quiet = 0; quiet < 4; ++quiet) {
        EXPECT_EQ(engine.solve(block).n_branch_row, 1u) << quiet;
    }
    EXPECT_EQ(engine.solve(block).n_branch_row, 0u);
    block.demand_mw(1, 0) = 80;
    EXPECT_NEAR(engine.solve(block).objective, 50 * 10 + 30 * 30, tight);
}

/// Only bus 1 behind the line lacks power: cutting off load in proportion would cut off bus 0 as well.
TEST(Shedding, FallsOnTheBusThatLacksPower) {
    const System system = two_buses();
    ClpEngine engine{system};
    Block block = make_empty_block(system, 2);
    block.p_max_mw(0, 0) = 200;
    block.p_max_mw(1, 0) = 0;
    block.demand_mw(0, 0) = 100;
    block.demand_mw(1, 0) = 80;
    for (int repeat = 0; repeat < 2; ++repeat) {
        const Solution answer = engine.solve(block);
        ASSERT_EQ(answer.status, SolveStatus::optimal);
        EXPECT_NEAR(answer.shed_mw(0, 0), 0, tight);
        EXPECT_NEAR(answer.shed_mw(1, 0), 30, tight);
        EXPECT_NEAR(answer.objective, 150 * 10 + 30 * 3001, 1e-6);
        EXPECT_NEAR(answer.price_per_mwh(1, 0), 3001, 1e-6);
        EXPECT_NEAR(answer.shed_mw(1, 1), 0, tight);
    }
    block.p_max_mw(1, 0) = 100; // the same model, now with power enough
    const Solution answer = engine.solve(block);
    EXPECT_NEAR(answer.shed_mw(1, 0), 0, tight);
    EXPECT_NEAR(answer.objective, 150 * 10 + 30 * 30, tight);
}

TEST(Battery, CarriesCheapEnergyToTheDearHour) {
    const System system = plate_with_battery();
    const Block block = two_prices(system);
    const Solution answer = ClpEngine{system}.solve(block);

    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.charge_mw(0, 0), 20, tight); // its rating
    EXPECT_NEAR(answer.stored_mwh(0, 0), 0.9 * 20, tight);
    EXPECT_NEAR(answer.discharge_mw(0, 1), 0.9 * 0.9 * 20, tight);
    EXPECT_NEAR(answer.generation_mw(1, 1), 90 - 70 - 16.2, tight);
    EXPECT_NEAR(answer.objective, 60 * 10 + 70 * 10 + 3.8 * 50, tight);
    EXPECT_NEAR(answer.price_per_mwh(0, 0), 10, tight);
    EXPECT_NEAR(answer.price_per_mwh(0, 1), 50, tight);
    EXPECT_NEAR(answer.storage_value(0, 0), 0.9 * 50,
                tight); // a stored MWh displaces 0.9 MWh at 50
}

TEST(Battery, IsNotEmptiedWhereWhatIsLeftIsWorthMore) {
    const System system = plate_with_battery();
    Block block = two_prices(system);
    block.seam = Seam::valued;
    ClpEngine engine{system};
    block.end_value_per_mwh = {100};
    EXPECT_NEAR(engine.solve(block).stored_mwh(0, 1), 30, tight);
    block.end_value_per_mwh = {1};
    EXPECT_NEAR(engine.solve(block).stored_mwh(0, 1), 0, tight);
}

TEST(Battery, CyclicBlockEndsWhereItBegan) {
    System system = plate_with_battery();
    Block block = two_prices(system);
    block.seam = Seam::cyclic;
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.stored_mwh(0, 0) - answer.stored_mwh(0, 1), 0.9 * answer.charge_mw(0, 0),
                tight);
    EXPECT_NEAR(answer.objective, 60 * 10 + 70 * 10 + 3.8 * 50, tight);
}

TEST(Battery, StandingLossesComeOffBeforeEachStep) {
    System system = plate_with_battery();
    system.storages.retention = {0.5};
    Block block = make_empty_block(system, 2);
    block.e_start_mwh = {20};
    block.e_end_mwh = {5};
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.stored_mwh(0, 0), 10, tight);
    EXPECT_NEAR(answer.objective, 0, tight);
}

TEST(Reservoir, SpillsWhatNobodyNeeds) {
    System system = plate_with_battery();
    system.storages.charge_max_mw = {0};
    system.storages.spill_max_mw = {1000};
    Block block = make_empty_block(system, 3);
    for (std::size_t t = 0; t < 3; ++t) {
        block.inflow_mw(0, t) = 10;
    }
    block.e_start_mwh = {10};
    block.e_end_mwh = {15};
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.spill_mw(0, 0) + answer.spill_mw(0, 1) + answer.spill_mw(0, 2), 30 + 10 - 15,
                tight);
}

TEST(Endings, AnImpossibleEndIsAStatusAndTheNextBlockIsSolved) {
    const System system = plate_with_battery();
    ClpEngine engine{system};
    Block block = make_empty_block(system, 1);
    block.e_end_mwh = {30}; // 20 MW in one hour do not fill it
    EXPECT_EQ(engine.solve(block).status, SolveStatus::infeasible);
    block.e_end_mwh = {18};
    EXPECT_EQ(engine.solve(block).status, SolveStatus::optimal);
}

TEST(Endings, LoadBeyondEverythingIsCutOff) {
    const System system = plate_with_battery();
    Block block = make_empty_block(system, 1);
    block.demand_mw(0, 0) = 250;
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.shed_mw(0, 0), 250 - 200, tight);
}

TEST(Endings, TooFewIterationsAreSaid) {
    const System system = plate_with_battery();
    ClpEngine engine{system, {.max_iterations = 1}};
    EXPECT_EQ(engine.solve(two_prices(system)).status, SolveStatus::iteration_limit);
}

TEST(Endings, NotANumberIsNeverAnAnswer) {
    const System system = plate_with_battery();
    ClpEngine engine{system};
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    Block block = two_prices(system);
    block.price_per_mwh(0, 0) = nan;
    EXPECT_EQ(engine.solve(block).status, SolveStatus::not_sound);
    block = two_prices(system);
    block.demand_mw(0, 1) = nan;
    EXPECT_EQ(engine.solve(block).status, SolveStatus::not_sound);
    block = two_prices(system);
    block.p_min_mw(0, 0) = 71; // of 70
    EXPECT_EQ(engine.solve(block).status, SolveStatus::not_sound);
    EXPECT_EQ(engine.solve(two_prices(system)).status, SolveStatus::optimal);
}

} // namespace
} // namespace yuanwang::dispatch::program
