#include "powerflow/voltage_controls.hpp"

#include <cmath>
#include <complex>

#include <gtest/gtest.h>

#include "network/admittance.hpp"
#include "powerflow/city_case.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::make_city;
using yuanwang::testing::TinyCase;

/// grid ── hv ─T─ lv with a load
struct Feeder : TinyCase {
    BusIdx g = bus("g", 330);
    BusIdx hv = bus("hv", 330);
    BusIdx lv = bus("lv", 110);
    explicit Feeder(double vm_pu, int n_transformer = 1) {
        source(g, 0, vm_pu);
        branch(g, hv, 0.005, 0.05);
        transformer(hv, lv, n_transformer);
        load(lv, 60, 25);
    }
};

TEST(VoltageControls, TapsBringTheVoltageIntoTheDeadBand) {
    for (const double vm_pu : {0.94, 1.0, 1.06, 1.1}) {
        const BlockStates states = Feeder(vm_pu).solve();
        ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
        EXPECT_NEAR(states.vm_pu(2, 0), 1.0, 0.01) << vm_pu;
        EXPECT_LE(states.outcome[0].control_rounds, 2) << "one look ahead, one correction";
    }
}

TEST(VoltageControls, InsideTheDeadBandNothingMoves) {
    Feeder tiny(1.0);
    tiny.grid.transformers.tap.vm_target_pu[0] = tiny.solve({.taps = false}).vm_pu(2, 0) + 0.0099;
    EXPECT_EQ(tiny.solve().tap(0, 0), 0);
}

TEST(VoltageControls, TheRangeOfTheTapEndsTheMove) {
    const BlockStates states = Feeder(0.8).solve();
    EXPECT_EQ(states.tap(0, 0), -8);
    EXPECT_LT(states.vm_pu(2, 0), 0.99);
    EXPECT_EQ(states.outcome[0].held_controls, 0);
}

TEST(VoltageControls, OffCircuitTapsStay) {
    Feeder tiny(1.06);
    tiny.grid.transformers.tap.on_load[0] = false;
    EXPECT_EQ(tiny.solve().tap(0, 0), 0);
    EXPECT_EQ(Feeder(1.06).solve({.taps = false}).tap(0, 0), 0);
}

TEST(VoltageControls, ATapOnTheLowVoltageSideTurnsTheOtherWay) {
    Feeder tiny(0.95);
    tiny.grid.transformers.tap.side[0] = network::TapSide::lv;
    const BlockStates states = tiny.solve();
    EXPECT_NEAR(states.vm_pu(2, 0), 1.0, 0.01);
    EXPECT_GT(states.tap(0, 0), 0);
    EXPECT_LT(Feeder(0.95).solve().tap(0, 0), 0);
}

TEST(VoltageControls, ATapMayRegulateTheHighVoltageSide) {
    // The load feeds from below: the transformer holds its from end.
    TinyCase tiny;
    const BusIdx g = tiny.bus("g", 110);
    const BusIdx hv = tiny.bus("hv", 330);
    const TransformerIdx x = tiny.transformer(hv, g);
    tiny.grid.transformers.tap.regulated_bus[x.row()] = hv;
    tiny.source(g, 0, 0.95);
    tiny.load(hv, 40, 10);
    EXPECT_NEAR(tiny.solve().vm_pu(hv, 0), 1.0, 0.01);
}

TEST(VoltageControls, UnitsAndParallelTransformersMoveTogether) {
    Feeder tiny(1.08, 2);
    tiny.transformer(tiny.hv, tiny.lv);
    const BlockStates states = tiny.solve();
    EXPECT_NEAR(states.vm_pu(2, 0), 1.0, 0.01);
    EXPECT_EQ(states.tap(0, 0), states.tap(1, 0));
    EXPECT_EQ(states.q_from_mvar(1, 0), states.q_from_mvar(3, 0)) << "no circulating power";
}

TEST(VoltageControls, ADeadBandNarrowerThanATapDoesNotHunt) {
    for (const double vm_pu : {0.95, 0.97, 0.99, 1.01, 1.03}) {
        Feeder tiny(vm_pu);
        tiny.grid.transformers.tap.dead_band_pu[0] = 1e-4;
        const BlockStates states = tiny.solve();
        EXPECT_EQ(states.outcome[0].held_controls, 0);
        EXPECT_LT(states.outcome[0].control_rounds, 5);
        EXPECT_NEAR(states.vm_pu(2, 0), 1.0, 0.6 * 0.0125) << "0.6 of a step";
    }
}

TEST(VoltageControls, ShuntsSwitchTheFewestStepsThatReachTheBand) {
    Feeder tiny(0.95);
    tiny.grid.transformers.tap.on_load[0] = false;
    tiny.shunt(tiny.lv, 10, 10);
    const BlockStates states = tiny.solve();
    const double steps = states.shunt_steps(0, 0);
    EXPECT_GE(states.vm_pu(2, 0), 0.97);
    EXPECT_GT(steps, 0);
    tiny.grid.shunts.steps[ShuntIdx{0}] = static_cast<int>(steps) - 1;
    EXPECT_LT(tiny.solve({.shunts = false}).vm_pu(2, 0), 0.97) << "one fewer is not enough";
}

TEST(VoltageControls, AReactorGoesInAgainstHighVoltageAndOutAgainstLow) {
    for (const double vm_pu : {1.0, 1.12}) {
        Feeder tiny(vm_pu);
        tiny.grid.transformers.tap.on_load[0] = false;
        tiny.loads.clear();
        tiny.load(tiny.lv, 10, 0);
        tiny.shunt(tiny.lv, -10, 6, 3);
        const BlockStates states = tiny.solve();
        EXPECT_GE(states.vm_pu(2, 0), 0.97 - 1e-9) << vm_pu;
        EXPECT_LE(states.vm_pu(2, 0), 1.07 + 1e-9) << vm_pu;
        EXPECT_EQ(states.shunt_steps(0, 0) > 3, vm_pu > 1);
        EXPECT_EQ(states.shunt_steps(0, 0) < 3, vm_pu == 1);
    }
}

TEST(VoltageControls, AStepThatWouldLeaveTheBandOnTheOtherSideStaysOut) {
    Feeder tiny(0.98);
    tiny.grid.transformers.tap.on_load[0] = false;
    const double vm_pu = tiny.solve().vm_pu(2, 0);
    tiny.shunt(tiny.lv, 150, 1);
    tiny.grid.shunts.vm_min_pu[ShuntIdx{0}] = vm_pu + 0.001;
    tiny.grid.shunts.vm_max_pu[ShuntIdx{0}] = vm_pu + 0.002;
    EXPECT_EQ(tiny.solve().shunt_steps(0, 0), 0);
}

TEST(VoltageControls, EveryStepStartsFromTheSchedule) {
    // Memoryless: the same load gives the same tap whatever came before.
    const std::vector<double> load{0.1, 1.0, 2.0, 1.0, 0.1, 1.0};
    const BlockStates states = Feeder(1.03).solve({}, load);
    EXPECT_EQ(states.tap(0, 1), states.tap(0, 3));
    EXPECT_EQ(states.tap(0, 1), states.tap(0, 5));
    EXPECT_EQ(states.tap(0, 0), states.tap(0, 4));
}

TEST(VoltageControls, InChronologyATapStaysWhileItsVoltageIsInsideTheBand) {
    const std::vector<double> load{0.2, 0.6, 1.0, 1.5, 1.0, 0.6, 0.2};
    const Feeder tiny(1.05);
    const auto operations = [&](const BlockStates& states) {
        double moves = 0;
        for (std::size_t t = 1; t < load.size(); ++t) {
            EXPECT_NEAR(states.vm_pu(2, t), 1.0, 0.01);
            moves += std::abs(states.tap(0, t) - states.tap(0, t - 1));
        }
        return moves;
    };
    EXPECT_LE(operations(tiny.solve({.chronological = true}, load)),
              operations(tiny.solve({}, load)));
}

TEST(VoltageControls, ABlockMayStartFromThePositionsOfTheOneBefore) {
    const Feeder tiny(1.05);
    const network::Network network = network::make_network(tiny.grid);
    ReferenceSolver solver(network, tiny.units, {.chronological = true});
    BlockStates states;
    solver.solve_block(tiny.injections(network.n_bus, {1.5}), states);
    const double peak = states.tap(0, 0);
    const auto positions = last_positions(states);
    ASSERT_TRUE(positions.has_value());
    solver.solve_block(tiny.injections(network.n_bus, {1.5, 1.5}), *positions, states);
    EXPECT_EQ(states.tap(0, 0), peak);
    EXPECT_EQ(states.outcome[0].control_rounds, 0);
    EXPECT_FALSE(last_positions(BlockStates{}).has_value());
}

TEST(VoltageControls, ATapHelpsAUnitThatCannotHoldTheVoltageAlone) {
    Feeder tiny(0.95);
    tiny.source(tiny.lv, 0, 1.0, -5, 200);
    const BlockStates alone = tiny.solve();
    EXPECT_EQ(alone.vm_pu(2, 0), 1.0);
    EXPECT_EQ(alone.tap(0, 0), 0) << "the unit holds the bus the tap regulates";
    tiny.q_max_mvar.back() = 5;
    const BlockStates helped = tiny.solve();
    EXPECT_LT(helped.tap(0, 0), 0);
    EXPECT_NEAR(helped.vm_pu(2, 0), 1.0, 0.01);
}

TEST(VoltageControls, ATapThatKeepsTurningBackIsHeldAndCounted) {
    // A voltage that answers every move with a leap to the other side of the band.
    const Feeder tiny(1.0);
    const network::Network network = network::make_network(tiny.grid);
    const NodalMatrix matrix(network);
    NodeProblem problem(3);
    problem.type[0] = NodeType::pv;
    problem.slack_weight[0] = 1;
    Newton newton(matrix, {.island_of_node = {0, 0, 0}, .gauge = {0}, .participants = {{0}}});
    ASSERT_TRUE(newton.choose_pivots(problem));
    VoltageControls controls(network, matrix, true, true);
    controls.prepare(newton, problem);
    VoltageControls::State state = controls.make_state();
    const std::vector<double> leap_low{1, 1, 0.95};
    const std::vector<double> leap_high{1, 1, 1.05};
    int moves = 0;
    for (int round = 0; round < 20; ++round) {
        moves += controls.move(state, round % 2 == 0 ? leap_low : leap_high, problem, round,
                               controls.effects());
    }
    EXPECT_EQ(moves, 4);
    EXPECT_EQ(controls.count_held(state, leap_high, problem, controls.effects()), 1);
    controls.start(state, network.taps.position, {});
    EXPECT_TRUE(controls.move(state, leap_low, problem, 0, controls.effects()))
        << "the next step starts free";
}

TEST(VoltageControls, AFirstGuessThatIsWrongIsCorrectedByTheStateSeen) {
    // The learnt effect knows a unit on the bus; here it is off, and a step does far more.
    Feeder tiny(0.98);
    tiny.grid.transformers.tap.on_load[0] = false;
    tiny.source(tiny.lv, 0, 1.0);
    const ShuntIdx s = tiny.shunt(tiny.lv, 3, 20);
    tiny.grid.shunts.vm_min_pu[s] = 0.985;
    tiny.grid.shunts.vm_max_pu[s] = 0.995;
    const network::Network network = network::make_network(tiny.grid);
    ReferenceSolver solver(network, tiny.units);
    BlockInjections block = tiny.injections(network.n_bus);
    block.unit_on(1, 0) = 0;
    BlockStates states;
    solver.solve_block(block, states);
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_EQ(states.outcome[0].held_controls, 0);
    EXPECT_GE(states.vm_pu(2, 0), 0.985 - 1e-9);
    EXPECT_LE(states.vm_pu(2, 0), 0.995 + 1e-9);
}

TEST(VoltageControls, WhatTheRoundsDoNotAllowIsCounted) {
    EXPECT_EQ(Feeder(0.95).solve({.max_control_rounds = 0}).outcome[0].held_controls, 1);
}

TEST(VoltageControls, EveryBusBalancesByTheYbusOfTheFinalPositions) {
    TinyCase tiny = make_city();
    const BlockInjections block = tiny.injections(network::make_network(tiny.grid).n_bus, {1.3});
    const BlockStates states = tiny.solve({}, {1.3});
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    ASSERT_GT(states.outcome[0].control_rounds, 0);
    for (std::size_t x = 0; x < tiny.grid.transformers.size(); ++x) {
        tiny.grid.transformers.tap.position[x] = static_cast<int>(states.tap(x, 0));
    }
    for (const ShuntIdx s : rows<ShuntIdx>(tiny.grid.shunts.size())) {
        tiny.grid.shunts.steps[s] = static_cast<int>(states.shunt_steps(s, 0));
    }
    const network::Network network = network::make_network(tiny.grid);
    Eigen::VectorXcd V(static_cast<Eigen::Index>(network.n_bus));
    Eigen::VectorXcd given = Eigen::VectorXcd::Zero(V.size());
    for (std::size_t i = 0; i < network.n_bus; ++i) {
        const auto at = static_cast<Eigen::Index>(i);
        V[at] = std::polar(states.vm_pu(i, 0), states.va_rad(i, 0));
        given[at] -= std::complex{block.load_p_mw(i, 0), block.load_q_mvar(i, 0)} / 100.0;
    }
    for (const UnitIdx u : rows<UnitIdx>(tiny.units.size())) {
        given[tiny.units.bus[u].value] +=
            std::complex{states.unit_p_mw(u, 0), states.unit_q_mvar(u, 0)} / 100.0;
    }
    const Eigen::VectorXcd S =
        V.cwiseProduct((network::make_admittance(network).Ybus * V).conjugate());
    EXPECT_LT((S - given).cwiseAbs().maxCoeff(), 2e-8);
}

TEST(VoltageControls, ManyControlsSettleInFewRounds) {
    const TinyCase tiny = make_city();
    const BlockStates states = tiny.solve({}, {0.3, 0.6, 0.9, 1.2, 1.4});
    for (std::size_t t = 0; t < 5; ++t) {
        ASSERT_EQ(states.outcome[t].status, StepStatus::converged);
        EXPECT_EQ(states.outcome[t].held_controls, 0);
        EXPECT_LE(states.outcome[t].control_rounds, 4);
        for (std::size_t x = 0; x < tiny.grid.transformers.size(); ++x) {
            const BusIdx lv = tiny.grid.transformers.lv[TransformerIdx{x}];
            EXPECT_NEAR(states.vm_pu(lv, t), 1.0, 0.01 + 1e-9);
        }
    }
}

} // namespace
} // namespace yuanwang::powerflow
