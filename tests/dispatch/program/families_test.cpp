/// One constraint family after the other, solved on paper.
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "dispatch/program/clp_engine.hpp"
#include "dispatch/program/cycle_flow.hpp"
#include "tiny_program.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr double tight = 1e-9;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Generators 0, 1, … at 10, 30, … on one bus, a shed row, no storage.
System plate(std::size_t n_generator) {
    System system;
    system.generators.bus.assign(n_generator, 0);
    system.sheds = {.bus = {0}, .p_max_mw = {1000}, .price_per_mwh = {3000}};
    return system;
}

Block demand_of(const System& system, std::initializer_list<double> mw) {
    Block block = make_empty_block(system, mw.size());
    std::size_t t = 0;
    for (const double d : mw) {
        block.demand_mw(0, t++) = d;
    }
    return block;
}

TEST(Groups, TwoTiesBehindOneDoorShareWhatItCarries) {
    System system = plate(3);
    system.groups.terms = {{{Quantity::generation, 0, 1}, {Quantity::generation, 1, 0.5}}};
    Block block = demand_of(system, {150});
    block.group_lower.reshape(1, 1, -infinity);
    block.group_upper.reshape(1, 1, 80);
    const Solution answer = ClpEngine{system}.solve(block);

    ASSERT_EQ(answer.status, SolveStatus::optimal);
    // A MW through the door is worth 50 − 10 from the first and (50 − 30)/0.5 from the second: both 40.
    EXPECT_NEAR(answer.generation_mw(0, 0) + 0.5 * answer.generation_mw(1, 0), 80, tight);
    EXPECT_NEAR(answer.group_value(0, 0), 40, tight);
    EXPECT_NEAR(answer.objective, 150 * 50 - 80 * 40, 1e-6);
}

TEST(Groups, ALeastSumIsKeptAtItsPrice) {
    System system = plate(2);
    system.groups.terms = {{{Quantity::generation, 1, 1}}};
    Block block = demand_of(system, {60});
    block.group_lower.reshape(1, 1, 25);
    block.group_upper.reshape(1, 1, infinity);
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(1, 0), 25, tight);
    EXPECT_NEAR(answer.group_value(0, 0), 20, tight);
}

/// 12 MW of reserve: what the battery could give beyond its discharge, as long as its energy lasts an hour, and the
/// room of the first generator.
TEST(Groups, ReserveIsHeldByRoomAndStoredEnergy) {
    System system = plate_with_battery();
    system.generators.bus = {0, 0, no_bus}; // the third is the reserve the battery holds
    constexpr std::size_t held = 2;
    system.groups.terms = {
        {{Quantity::generation, held, 1}, {Quantity::generation, 0, -1}},
        {{Quantity::generation, held, 1}, {Quantity::discharge, 0, 1}, {Quantity::charge, 0, -1}},
        {{Quantity::generation, held, 1}, {Quantity::stored, 0, -0.9}}};
    Block block = make_empty_block(system, 1);
    block.demand_mw(0, 0) = 95;
    block.price_per_mwh(held, 0) = 0;
    block.group_lower.reshape(3, 1, -infinity);
    block.group_lower(0, 0) = 12 - 100;
    block.group_upper.reshape(3, 1, infinity);
    block.group_upper(1, 0) = 20;
    block.group_upper(2, 0) = 0;
    block.e_start_mwh = block.e_end_mwh = {5};
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(held, 0), 4.5, tight); // 5 MWh · 0.9
    EXPECT_NEAR(answer.generation_mw(0, 0), 100 - (12 - 4.5), tight);
}

TEST(Budget, WaterGoesToTheDearHour) {
    System system = plate(2);
    system.budgets.generator = {0};
    Block block = demand_of(system, {50, 50, 50, 50});
    block.span_of_step = {0, 0, 1, 1};
    block.budget_mwh.reshape(1, 2);
    block.budget_mwh(0, 0) = 40;
    block.budget_mwh(0, 1) = 70;
    block.price_per_mwh(1, 1) = 80;
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(0, 0), 0, tight);
    EXPECT_NEAR(answer.generation_mw(0, 1), 40, tight);
    EXPECT_NEAR(answer.generation_mw(0, 2) + answer.generation_mw(0, 3), 70, tight);
}

TEST(Ramps, ASlowPlantStartsEarlyAndRemembersTheBlockBefore) {
    System system = plate(2);
    system.ramps = {.generator = {0}, .limit_mw = {20}};
    Block block = demand_of(system, {100, 100});
    block.ramp_start_mw = {30};
    ClpEngine engine{system};
    Solution answer = engine.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(0, 0), 50, tight);
    EXPECT_NEAR(answer.generation_mw(0, 1), 70, tight);
    block.ramp_start_mw = {std::numeric_limits<double>::quiet_NaN()}; // nothing ran before
    answer = engine.solve(block);
    EXPECT_NEAR(answer.generation_mw(0, 0), 100, tight);
}

/// Two reservoirs in a river, an hour between them, each MWh above worth another below. Water used in the first hour
/// serves the second as well; water used in the second hour comes too late.
///
///   a (10 MWh) ──1 h──▶ b (empty) ──▶
TEST(Cascade, WaterWorksTwiceWhereItArrivesInTime) {
    System system = plate_with_battery();
    system.generators.bus = {0};
    const auto two = [](double value) { return std::vector<double>(2, value); };
    system.storages = {.bus = {0, 0},
                       .charge_max_mw = two(0),
                       .discharge_max_mw = two(50),
                       .spill_max_mw = two(1000),
                       .e_min_mwh = two(0),
                       .e_max_mwh = two(100),
                       .eta_charge = two(1),
                       .eta_discharge = two(1),
                       .retention = two(1)};
    system.cascades = {.upper = {0}, .lower = {1}, .delay_steps = {1}, .factor = {1}};
    Block block = make_empty_block(system, 2);
    block.demand_mw(0, 0) = block.demand_mw(0, 1) = 60;
    block.seam = Seam::valued;
    block.e_start_mwh = {10, 0};
    block.end_value_per_mwh = two(0);
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.discharge_mw(0, 0), 10, tight);
    EXPECT_NEAR(answer.discharge_mw(1, 1), 10, tight);
    EXPECT_NEAR(answer.objective, (120 - 20) * 10, 1e-6);
    EXPECT_NEAR(answer.storage_value(0, 0), 2 * 10, tight); // a stored MWh above displaces two
}

/// 12 MWh of work arrive in the first hour; done at once they cost 50 a MWh, in the third hour 10. With a deadline two
/// hours off it waits; with one hour it cannot.
TEST(Deadlines, WorkWaitsForTheCheapHourItMayWaitFor) {
    System system = plate(2);
    system.generators.bus = {0, 0}; // the first is the grid, the second is load given up
    system.accounts = {.generators = {{1}}, .keep = {1}};
    Block block = demand_of(system, {30, 20, 20});
    constexpr double grid[] = {50, 40, 10};
    for (std::size_t t = 0; t < 3; ++t) {
        block.price_per_mwh(0, t) = grid[t];
        block.price_per_mwh(1, t) = 0;
        block.p_max_mw(1, t) = t == 0 ? 12 : 0; // what was to run
        block.p_min_mw(1, t) = -20;             // room to run more
    }
    block.account_weight.reshape(2, 3, 1);
    block.account_max.reshape(1, 3, 0);
    block.account_min.reshape(1, 3);
    block.account_min(0, 0) = block.account_min(0, 1) = -12; // due in the third hour
    ClpEngine engine{system};
    Solution answer = engine.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(1, 0), 12, tight);
    EXPECT_NEAR(answer.generation_mw(1, 2), -12, tight);
    EXPECT_NEAR(answer.account(0, 1), -12, tight);
    EXPECT_NEAR(answer.account(0, 2), 0, tight);
    block.account_min(0, 1) = 0; // due in the second
    answer = engine.solve(block);
    EXPECT_NEAR(answer.generation_mw(1, 1), -12, tight);
    EXPECT_NEAR(answer.objective, 18 * 50 + 32 * 40 + 20 * 10, 1e-6);
}

/// The same work may run at a second site whose hour counts double: half the energy does it.
TEST(Deadlines, WorkMovesToTheSiteThatNeedsLess) {
    System system = plate(3);
    system.accounts = {.generators = {{1, 2}}, .keep = {1}};
    Block block = demand_of(system, {30});
    block.price_per_mwh(1, 0) = block.price_per_mwh(2, 0) = 0;
    block.p_max_mw(1, 0) = 12;
    block.p_max_mw(2, 0) = 0;
    block.p_min_mw(2, 0) = -20;
    block.account_weight.reshape(3, 1, 1);
    block.account_weight(2, 0) = 2;
    block.account_max.reshape(1, 1, 0);
    block.account_min.reshape(1, 1, 0);
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(1, 0), 12, tight);
    EXPECT_NEAR(answer.generation_mw(2, 0), -6, tight);
    EXPECT_NEAR(answer.objective, (30 - 6) * 10, 1e-6);
}

TEST(Islands, EachHasItsOwnBalanceAndPrice) {
    System system = two_buses();
    system.branches = {};
    system.n_island = 2;
    system.island_of_bus = {0, 1};
    Block block = make_empty_block(system, 1);
    block.demand_mw(0, 0) = 20;
    block.demand_mw(1, 0) = 120; // of 100 there
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(0, 0), 20, tight);
    EXPECT_NEAR(answer.shed_mw(1, 0), 20, tight);
    EXPECT_NEAR(answer.price_per_mwh(0, 0), 10, tight);
    EXPECT_NEAR(answer.price_per_mwh(1, 0), 3001, tight);
}

/// Two lines of 60 MW side by side, the first twice as stiff: after its loss the other carries all, up to 70 MW for a while.
///
///   g0 ══ two lines ══ g1, 100 MW
System two_lines() {
    System system = two_buses();
    system.branches.limit_mw = {60, 60};
    system.branches.emergency_mw = {70, 70};
    system.branches.ptdf = {0, -2.0 / 3, 0, -1.0 / 3};
    system.branches.outages = {{{1, 1}}, {{0, 1}}};
    return system;
}

TEST(Outages, TheLineThatIsLeftHoldsTheFlowBack) {
    System system = two_lines();
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 100;
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(0, 0), 70, tight);
    ASSERT_EQ(answer.binding.size(), 1u);
    EXPECT_NE(answer.binding[0].outage, no_outage);
    EXPECT_NEAR(answer.binding[0].value_per_mwh, 20, tight);
    EXPECT_TRUE(answer.binding[0].forward);

    system.branches.outages.clear(); // without outages the stiff line is full at 90
    EXPECT_NEAR(ClpEngine{system}.solve(block).generation_mw(0, 0), 90, 1e-6);
}

TEST(Outages, FlowFromElsewhereTakesRoom) {
    const System system = two_lines();
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 100;
    block.base_flow_mw.reshape(2, 1);
    block.base_flow_mw(1, 0) = 5;
    EXPECT_NEAR(ClpEngine{system}.solve(block).generation_mw(0, 0), 65, tight);
}

TEST(Overload, IsPaidWhereNothingCheaperHelps) {
    System system = two_buses();
    system.branches.overload_price_per_mwh = 500;
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 80;
    block.p_max_mw(1, 0) = 10;
    ClpEngine engine{system};
    for (int repeat = 0; repeat < 2; ++repeat) {
        const Solution answer = engine.solve(block);
        ASSERT_EQ(answer.status, SolveStatus::optimal);
        ASSERT_EQ(answer.binding.size(), 1u);
        EXPECT_NEAR(answer.binding[0].overload_mw, 20, tight);
        EXPECT_NEAR(answer.objective, 70 * 10 + 10 * 30 + 20 * 500, 1e-6);
        EXPECT_NEAR(answer.price_per_mwh(1, 0), 510, tight);
    }
    block.p_max_mw(1, 0) = 40;
    EXPECT_NEAR(engine.solve(block).objective, 50 * 10 + 30 * 30, 1e-6);
}

TEST(Losses, FarPowerHasToBeCheaperByWhatItLoses) {
    System system = two_buses();
    system.branches = {};
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 90;
    block.loss_factor.reshape(2, 1);
    block.loss_factor(0, 0) = 0.1;
    block.p_max_mw(0, 0) = 200;
    ClpEngine engine{system};
    Solution answer = engine.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.generation_mw(0, 0), 100, tight);
    EXPECT_NEAR(answer.price_per_mwh(0, 0), 10, tight);
    EXPECT_NEAR(answer.price_per_mwh(1, 0), 10 / 0.9, tight);
    block.loss_factor(0, 0) = 0.7; // now the near one at 30 is cheaper
    answer = engine.solve(block);
    EXPECT_NEAR(answer.generation_mw(1, 0), 90, tight);
}

/// Losses linear around 60 MW at the far bus, of which 5 are lost: 5 + 0.1 (p − 60) at p.
TEST(Losses, AreThoseOfTheOperatingPointAtTheOperatingPoint) {
    System system = two_buses();
    system.branches = {};
    Block block = make_empty_block(system, 1);
    block.demand_mw(1, 0) = 55 + 5;
    block.loss_factor.reshape(2, 1);
    block.loss_factor(0, 0) = 0.1;
    block.loss_offset_mw.reshape(1, 1, -0.1 * 60);
    block.p_max_mw(0, 0) = 200;
    for (const double more_mw : {0.0, 9.0}) {
        block.demand_mw(1, 0) = 60 + more_mw;
        const Solution answer = ClpEngine{system}.solve(block);
        ASSERT_EQ(answer.status, SolveStatus::optimal);
        EXPECT_NEAR(answer.generation_mw(0, 0), 60 + more_mw / 0.9, tight);
        EXPECT_NEAR(answer.bound, answer.objective, 1e-6);
        const Solution flows = CycleFlowEngine{system, {}}.solve(block);
        EXPECT_NEAR(flows.objective, answer.objective, 1e-6);
    }
}

/// Wind nobody wants must not be burnt in a battery going round in a circle.
TEST(Directions, NoStorageChargesAndDischargesAtOnce) {
    System system = plate_with_battery();
    Block block = make_empty_block(system, 2);
    for (std::size_t t = 0; t < 2; ++t) {
        block.demand_mw(0, t) = 10;
        block.p_max_mw(0, t) = 30;
        block.price_per_mwh(0, t) = -100;
        block.p_max_mw(1, t) = 0;
    }
    block.e_start_mwh = block.e_end_mwh = {15};
    const Solution both = ClpEngine{system}.solve(block);
    ASSERT_EQ(both.status, SolveStatus::optimal);
    double at_once = 0;
    for (std::size_t t = 0; t < 2; ++t) {
        at_once += std::min(both.charge_mw(0, t), both.discharge_mw(0, t));
    }
    EXPECT_GT(at_once, 1); // the program alone does burn it

    ClpEngine engine{system, {.part_directions = true}};
    const Solution parted = engine.solve(block);
    ASSERT_EQ(parted.status, SolveStatus::optimal);
    for (std::size_t t = 0; t < 2; ++t) {
        EXPECT_NEAR(std::min(parted.charge_mw(0, t), parted.discharge_mw(0, t)), 0, tight);
    }
    block.price_per_mwh.fill(10); // the next block is free again
    EXPECT_EQ(engine.solve(block).status, SolveStatus::optimal);
}

} // namespace
} // namespace yuanwang::dispatch::program
