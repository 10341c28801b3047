/// Taps and shunts after an outage: lanes end where the reference solver ends, position for position.
#include "powerflow/batch/outage_regulation.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/batch/block_solver.hpp"
#include "powerflow/batch/compare_states.hpp"
#include "powerflow/batch/outage_solver.hpp"
#include "powerflow/city_case.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::powerflow::batch {
namespace {

using yuanwang::testing::make_city;
using yuanwang::testing::TinyCase;

constexpr Options tight{.tolerance_pu = 1e-11};
constexpr OutageOptions fixed{.batch = {.limits = {.tolerance_pu = 1e-11}},
                              .slack_tolerance_pu = 1e-10};
constexpr OutageOptions moving{.batch = {.limits = {.tolerance_pu = 1e-11}},
                               .slack_tolerance_pu = 1e-10,
                               .state = AfterOutage::positions_moving};

/// A city in one state of its controls, and all that may be lost there.
struct City {
    explicit City(TinyCase made, double scale) : tiny{std::move(made)} {
        grid = network::make_network(tiny.grid);
        block = tiny.injections(grid.n_bus, {scale});
        ReferenceSolver{grid, tiny.units, tight}.solve_block(block, base);
        outages = list_branch_outages(grid);
        for (const UnitIdx u : rows<UnitIdx>(tiny.units.size())) {
            outages.push_back({.branches = {}, .units = {u}, .load_buses = {}, .shed = {}});
        }
        for (const auto& [bus, power] : tiny.loads) {
            outages.push_back({.branches = {}, .units = {}, .load_buses = {bus}, .shed = {}});
        }
    }
    /// The block without what is lost, solved by the reference solver from the positions of the base state.
    [[nodiscard]] BlockStates solve_without(const Outage& outage) const {
        BlockInjections rest = block;
        rest.unit_p_mw = base.unit_p_mw;
        for (const UnitIdx u : outage.units) {
            rest.unit_p_mw(u, 0) = rest.unit_on(u, 0) = 0;
        }
        for (const BusIdx i : outage.load_buses) {
            rest.load_p_mw(i, 0) = rest.load_q_mvar(i, 0) = 0;
        }
        BlockStates after;
        ReferenceSolver{grid, tiny.units, tight, outage.branches}.solve_block(
            rest, *last_positions(base), after);
        return after;
    }

    TinyCase tiny;
    network::Network grid;
    BlockInjections block;
    BlockStates base;
    std::vector<Outage> outages;
};

struct Tally {
    std::size_t moved = 0;
    std::size_t by_reference = 0;
    std::size_t solved = 0;
};

/// Voltages and flows of every outage equal the reference solver's; flows show the positions too.
Tally expect_equal(const City& city, const OutageSolver& solver) {
    Tally tally;
    for (std::size_t c = 0; c < city.outages.size(); ++c) {
        const OutageOutcome& outcome = solver.outcome()[c];
        const BlockStates after = city.solve_without(city.outages[c]);
        const StepStatus status = after.outcome[0].status;
        if (status != StepStatus::converged && status != StepStatus::islanded) {
            EXPECT_NE(outcome.status, StepStatus::converged) << c;
            continue;
        }
        EXPECT_EQ(outcome.status, StepStatus::converged) << c;
        EXPECT_EQ(outcome.held_controls, after.outcome[0].held_controls) << c;
        ++tally.solved;
        tally.moved += outcome.moved ? 1U : 0U;
        tally.by_reference += outcome.by_reference ? 1U : 0U;
        EXPECT_EQ(outcome.moved,
                  !std::ranges::equal(after.tap.step(0), city.base.tap.step(0)) ||
                      !std::ranges::equal(after.shunt_steps.step(0), city.base.shunt_steps.step(0)))
            << c;
        for (const BusIdx i : rows<BusIdx>(city.grid.n_bus)) {
            const double vm = after.vm_pu(i, 0);
            EXPECT_FALSE(std::abs(std::abs(solver.V(c, i)) - vm) > 1e-9) << c << ' ' << i.row();
            EXPECT_EQ(std::isnan(solver.V(c, i).real()), std::isnan(vm));
        }
        for (const BranchIdx k : rows<BranchIdx>(city.grid.n_branch())) {
            EXPECT_NEAR(solver.flow(c, k).from_mva.imag(), after.q_from_mvar(k, 0), 1e-5) << c;
        }
    }
    return tally;
}

TEST(OutageRegulation, EndsWhereTheReferenceEnds) {
    Tally all;
    for (const double scale : {0.5, 1.0, 1.35}) {
        const City city{make_city(), scale};
        ASSERT_EQ(city.base.outcome[0].status, StepStatus::converged);
        OutageSolver solver{city.grid, city.tiny.units, city.outages, moving};
        solver.solve(city.block, city.base, 0);
        const Tally tally = expect_equal(city, solver);
        all.moved += tally.moved;
        all.by_reference += tally.by_reference;
        all.solved += tally.solved;
    }
    EXPECT_GT(all.moved, 40U) << "moves are part of the proof";
    EXPECT_LT(all.by_reference, all.solved / 10);
}

TEST(OutageRegulation, WhatAsksForNoMoveStaysAsItIsWithPositionsFixed) {
    const City city{make_city(), 1.0};
    OutageSolver held{city.grid, city.tiny.units, city.outages, fixed};
    OutageSolver moved{city.grid, city.tiny.units, city.outages, moving};
    held.solve(city.block, city.base, 0);
    moved.solve(city.block, city.base, 0);
    std::size_t n_same = 0;
    for (std::size_t c = 0; c < city.outages.size(); ++c) {
        if (moved.outcome()[c].status == StepStatus::converged && !moved.outcome()[c].moved &&
            !moved.outcome()[c].by_reference) {
            ++n_same;
            EXPECT_TRUE(std::ranges::equal(held.node_voltages(c), moved.node_voltages(c))) << c;
            EXPECT_TRUE(moved.moved_branches(c).empty());
        }
    }
    EXPECT_GT(n_same, 10U);
}

/// Two transformers carry a town; when one is lost, the tap of the other brings the voltage back.
TEST(OutageRegulation, ATapBringsTheVoltageBackIntoItsBand) {
    TinyCase tiny;
    const BusIdx hv = tiny.bus("hv", 330);
    const BusIdx lv = tiny.bus("lv", 110);
    tiny.transformer(hv, lv, 2);
    tiny.source(hv, 0, 1.0, -1e4, 1e4, 1.0);
    tiny.load(lv, 120, 40);
    const City city{std::move(tiny), 1.0};
    OutageSolver held{city.grid, city.tiny.units, city.outages, fixed};
    OutageSolver moved{city.grid, city.tiny.units, city.outages, moving};
    held.solve(city.block, city.base, 0);
    moved.solve(city.block, city.base, 0);
    EXPECT_LT(std::abs(held.V(0, lv)), 0.98);
    EXPECT_NEAR(std::abs(moved.V(0, lv)), 1.0, 0.01 + 1e-9);
    EXPECT_FALSE(held.outcome()[0].moved);
    EXPECT_TRUE(moved.outcome()[0].moved);
    EXPECT_FALSE(moved.outcome()[0].by_reference);
    ASSERT_EQ(moved.moved_branches(0).size(), 1U) << "the lost unit carries nothing";
}

/// A small station that wants far more voltage than it can hold, first or last in the list.
City make_stubborn_city(bool first) {
    TinyCase tiny = make_city();
    const BusIdx at{3};
    const UnitIdx station = tiny.source(at, 20, 1.10, -10, 10);
    if (first) { // swap with the first source of the city
        const UnitIdx other{0};
        std::swap(tiny.units.bus[station], tiny.units.bus[other]);
        std::swap(tiny.units.vm_set_pu[station], tiny.units.vm_set_pu[other]);
        std::swap(tiny.units.participation[station], tiny.units.participation[other]);
        std::swap(tiny.p_mw[station.row()], tiny.p_mw[other.row()]);
        std::swap(tiny.q_min_mvar[station.row()], tiny.q_min_mvar[other.row()]);
        std::swap(tiny.q_max_mvar[station.row()], tiny.q_max_mvar[other.row()]);
    }
    return City{std::move(tiny), 1.0};
}

class StubbornStation : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(First, StubbornStation, ::testing::Bool());

TEST_P(StubbornStation, GivesAllItHasAndLeavesTheVoltageToTheOthers) {
    const City city = make_stubborn_city(GetParam());
    ASSERT_EQ(city.base.outcome[0].status, StepStatus::converged);
    EXPECT_EQ(city.base.outcome[0].held_controls, 0);
    for (const UnitIdx u : rows<UnitIdx>(city.tiny.units.size())) {
        EXPECT_LE(city.base.unit_q_mvar(u, 0), city.tiny.q_max_mvar[u.row()] + 1e-6);
    }
    BlockStates lanes;
    BlockSolver{city.grid, city.tiny.units, tight}.solve_block(city.block, lanes);
    const Difference difference = compare_states(city.base, lanes);
    EXPECT_EQ(difference.moved, 0U);
    EXPECT_LT(difference.v_pu, 1e-9);
    EXPECT_EQ(difference.in_lanes, 1U);
}

TEST_P(StubbornStation, AlsoAfterEveryOutage) {
    const City city = make_stubborn_city(GetParam());
    for (const OutageOptions& options : {fixed, moving}) {
        OutageSolver solver{city.grid, city.tiny.units, city.outages, options};
        solver.solve(city.block, city.base, 0);
        for (const OutageOutcome& outcome : solver.outcome()) {
            EXPECT_EQ(outcome.held_controls, 0);
        }
        if (options.state == AfterOutage::positions_moving) {
            (void)expect_equal(city, solver);
        }
    }
}

} // namespace
} // namespace yuanwang::powerflow::batch
