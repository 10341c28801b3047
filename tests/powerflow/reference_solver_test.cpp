#include "powerflow/reference_solver.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include <gtest/gtest.h>

#include "network/admittance.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;
using Complex = std::complex<double>;

/// source ── x ── load
struct TwoBuses : TinyCase {
    BusIdx a = bus("a");
    BusIdx b = bus("b");
    TwoBuses(double r_pu, double x_pu, double p, double q) {
        branch(a, b, r_pu, x_pu);
        source(a, 0);
        load(b, p, q);
    }
};

TEST(ReferenceSolver, TwoBusesMeetTheirClosedForm) {
    // |V2|⁴ + (2(rP + xQ) − |V1|²)|V2|² + (r² + x²)(P² + Q²) = 0
    const double r = 0.02;
    const double x = 0.1;
    const double p = 0.8;
    const double q = 0.3;
    const double half = (1 - 2 * (r * p + x * q)) / 2;
    const double vm = std::sqrt(half + std::sqrt(half * half - (r * r + x * x) * (p * p + q * q)));
    const BlockStates states = TwoBuses(r, x, 80, 30).solve();
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_NEAR(states.vm_pu(1, 0), vm, 1e-10);
    EXPECT_NEAR(states.va_rad(1, 0), -std::asin((x * p - r * q) / vm), 1e-10);
    EXPECT_NEAR(states.losses_mw(0, 0), 100 * r * (p * p + q * q) / (vm * vm), 1e-8);
    EXPECT_NEAR(states.p_to_mw(0, 0), -80, 1e-8);
    EXPECT_NEAR(states.unit_p_mw(0, 0), 80 + states.losses_mw(0, 0), 1e-8);
    EXPECT_LT(states.outcome[0].max_mismatch_pu, 1e-8);
    EXPECT_NEAR(states.outcome[0].residual_mw, 0, 1e-7);
}

TEST(ReferenceSolver, AOneBusGridBalancesItself) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a");
    tiny.source(a, 30, 1.05);
    tiny.load(a, 50, 10);
    const BlockStates states = tiny.solve();
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_DOUBLE_EQ(states.vm_pu(0, 0), 1.05);
    EXPECT_NEAR(states.unit_p_mw(0, 0), 50, 1e-9);
    EXPECT_NEAR(states.unit_q_mvar(0, 0), 10, 1e-9);
    EXPECT_NEAR(states.outcome[0].slack_mw, 20, 1e-9);
}

TEST(ReferenceSolver, NothingToSolveIsSolved) {
    const BlockStates states = TinyCase{}.solve();
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
}

/// Two 330 kV stations over a 110 kV net, all devices at once:
///
///     s ══ a ══ b ── g          330 kV
///          T    W               2 units; three windings with a reactor on the tertiary
///          c ══ d               110 kV
struct Station : TinyCase {
    BusIdx s = bus("s", 330);
    BusIdx a = bus("a", 330);
    BusIdx b = bus("b", 330);
    BusIdx c = bus("c", 110);
    BusIdx d = bus("d", 110);
    BusIdx t = bus("t", 35);
    Station() {
        line(s, a, 80, 2);
        line(a, b, 60, 2);
        transformer(a, c, 2);
        three_winding(b, d, t);
        line(c, d, 10, 2);
        shunt(t, -20, 1, 1, false);
        shunt(c, 10, 4);
        source(s, 100, 1.03, -300, 300, 0.6);
        source(b, 60, 1.02, -60, 60, 0.4);
        load(c, 90, 40);
        load(d, 70, 20);
    }
};

TEST(ReferenceSolver, InjectionsAreTheLossesAndThePowerOfYbus) {
    const Station tiny;
    const BlockStates states = tiny.solve({.taps = false, .shunts = false});
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    const network::Network network = network::make_network(tiny.grid);
    Eigen::VectorXcd V(static_cast<Eigen::Index>(network.n_bus));
    for (std::size_t i = 0; i < network.n_bus; ++i) {
        V[static_cast<Eigen::Index>(i)] = std::polar(states.vm_pu(i, 0), states.va_rad(i, 0));
    }
    const Eigen::VectorXcd S =
        V.cwiseProduct((network::make_admittance(network).Ybus * V).conjugate());
    EXPECT_NEAR(100 * S.sum().real(), states.losses_mw(0, 0), 1e-7);
    const double generated = states.unit_p_mw(0, 0) + states.unit_p_mw(1, 0);
    EXPECT_NEAR(generated - 160, states.losses_mw(0, 0), 1e-6);
    EXPECT_NEAR(100 * S[tiny.c.value].imag(), -40, 1e-6);
    EXPECT_NEAR(100 * S[6].real(), 0, 1e-6) << "the star bus takes nothing";
}

TEST(ReferenceSolver, TheMissingPowerIsSharedByParticipation) {
    const Station tiny;
    const BlockStates shared = tiny.solve();
    ASSERT_EQ(shared.outcome[0].status, StepStatus::converged);
    const double first = shared.unit_p_mw(0, 0) - 100;
    const double second = shared.unit_p_mw(1, 0) - 60;
    EXPECT_NEAR(first / second, 1.5, 1e-9);
    EXPECT_NEAR(shared.outcome[0].slack_mw, first + second, 1e-12);
    const BlockStates single = tiny.solve({.distributed_slack = false});
    EXPECT_EQ(single.unit_p_mw(1, 0), 60);
    EXPECT_GT(single.unit_p_mw(0, 0), 100);
}

TEST(ReferenceSolver, WhenASlackUnitIsOffTheOthersTakeItsShare) {
    const Station tiny;
    const network::Network network = network::make_network(tiny.grid);
    ReferenceSolver solver(network, tiny.units);
    BlockInjections block = tiny.injections(network.n_bus, {1, 1});
    block.unit_on(0, 1) = 0;
    block.unit_p_mw(0, 1) = 0;
    BlockStates states;
    solver.solve_block(block, states);
    ASSERT_EQ(states.outcome[1].status, StepStatus::converged);
    EXPECT_EQ(states.unit_p_mw(0, 1), 0);
    EXPECT_EQ(states.unit_q_mvar(0, 1), 0);
    EXPECT_GT(states.unit_p_mw(1, 1), 160);
}

TEST(ReferenceSolver, WithoutItsSlackUnitAnotherThatHoldsVoltageTakesAll) {
    // Only the unit at a participates; with it off, the one at b takes the balance, and back again.
    TwoBuses tiny(0.01, 0.1, 50, 10);
    tiny.units.participation[UnitIdx{0}] = 1;
    tiny.source(tiny.b, 20, 0.99);
    const network::Network network = network::make_network(tiny.grid);
    ReferenceSolver solver(network, tiny.units);
    BlockInjections block = tiny.injections(network.n_bus, {1, 1, 1});
    block.unit_on(0, 1) = 0;
    BlockStates states;
    solver.solve_block(block, states);
    for (const StepOutcome& outcome : states.outcome) {
        EXPECT_EQ(outcome.status, StepStatus::converged);
        EXPECT_NEAR(outcome.residual_mw, 0, 1e-6);
    }
    EXPECT_NEAR(states.unit_p_mw(1, 1), 50, 1e-7);
    EXPECT_EQ(states.unit_p_mw(1, 0), 20);
    EXPECT_NEAR(states.vm_pu(0, 0), states.vm_pu(0, 2), 1e-9);
}

TEST(ReferenceSolver, UnitsOfABusShareReactivePowerByRange) {
    TwoBuses tiny(0, 0.1, 100, 0);
    tiny.source(tiny.b, 0, 1.0, -10, 30);
    tiny.source(tiny.b, 0, 1.0, -20, 60);
    tiny.unit(tiny.b, ReactiveMode::reactive, 0, 1, 0, 3);
    tiny.unit(tiny.b, ReactiveMode::power_factor, 10, 1, 0.2, 0, -1, 1);
    const BlockStates states = tiny.solve();
    const double q1 = states.unit_q_mvar(1, 0);
    const double q2 = states.unit_q_mvar(2, 0);
    EXPECT_NEAR((q1 + 10) / 40, (q2 + 20) / 80, 1e-12);
    EXPECT_EQ(states.unit_q_mvar(3, 0), 3);
    EXPECT_EQ(states.unit_q_mvar(4, 0), 1) << "10 MW × 0.2 = 2 Mvar, clipped to 1";
    EXPECT_NEAR(q1 + q2 + 3 + 1, states.q_to_mvar(0, 0), 1e-6);
}

TEST(ReferenceSolver, BusesBehindClosedSwitchesHaveTheVoltageOfTheirNode) {
    // a ── b ─/─ c with the load on c: the same as on b.
    TinyCase tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    const BusIdx c = tiny.bus("c");
    tiny.branch(a, b, 0.02, 0.1);
    tiny.coupler(c, b);
    tiny.source(a, 0);
    tiny.load(c, 80, 30);
    const BlockStates states = tiny.solve();
    const BlockStates direct = TwoBuses(0.02, 0.1, 80, 30).solve();
    EXPECT_EQ(states.vm_pu(2, 0), states.vm_pu(1, 0));
    EXPECT_EQ(states.vm_pu(1, 0), direct.vm_pu(1, 0));
}

TEST(ReferenceSolver, ABranchWithoutImpedanceJoinsItsEnds) {
    TwoBuses tiny(0, 0.1, 80, 30);
    const BusIdx c = tiny.bus("c");
    tiny.branch(tiny.b, c, 0, 0);
    tiny.load(c, 10, 5);
    const BlockStates states = tiny.solve();
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_NEAR(states.vm_pu(2, 0), states.vm_pu(1, 0), 1e-6);
    EXPECT_NEAR(states.p_from_mw(1, 0), 10, 1e-6);
}

TEST(ReferenceSolver, EachIslandBalancesItself) {
    TwoBuses tiny(0.01, 0.1, 50, 10);
    const BusIdx c = tiny.bus("c");
    const BusIdx d = tiny.bus("d");
    tiny.branch(c, d, 0.01, 0.1);
    const UnitIdx other = tiny.source(c, 5, 1.02);
    tiny.load(d, 20, 5);
    const BlockStates states = tiny.solve();
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_NEAR(states.unit_p_mw(other, 0), states.p_from_mw(1, 0), 1e-6);
    EXPECT_NEAR(states.p_to_mw(1, 0), -20, 1e-6);
    EXPECT_NEAR(states.p_to_mw(0, 0), -50, 1e-6);
    EXPECT_EQ(states.va_rad(c, 0), 0);
    EXPECT_NEAR(states.outcome[0].residual_mw, 0, 1e-6);
}

TEST(ReferenceSolver, APartWithLoadAndNoSourceIsIslandedTheRestIsSolved) {
    TwoBuses tiny(0.01, 0.1, 50, 10);
    const BusIdx c = tiny.bus("c");
    const BusIdx d = tiny.bus("d");
    tiny.branch(c, d, 0.01, 0.1);
    tiny.load(d, 20, 5);
    const BlockStates states = tiny.solve();
    EXPECT_EQ(states.outcome[0].status, StepStatus::islanded);
    EXPECT_TRUE(std::isnan(states.vm_pu(c, 0)));
    EXPECT_TRUE(std::isnan(states.va_rad(d, 0)));
    EXPECT_EQ(states.p_from_mw(1, 0), 0);
    EXPECT_NEAR(states.p_to_mw(0, 0), -50, 1e-6);
    EXPECT_NEAR(states.outcome[0].residual_mw, 0, 1e-6) << "of the live part";
}

TEST(ReferenceSolver, APartWithNeitherIsDeadAndHarmsNobody) {
    TwoBuses tiny(0.01, 0.1, 50, 10);
    const BusIdx c = tiny.bus("c");
    const BlockStates states = tiny.solve();
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_TRUE(std::isnan(states.vm_pu(c, 0)));
}

TEST(ReferenceSolver, NaNInOneStepStaysInThatStep) {
    const TwoBuses tiny(0.01, 0.1, 50, 10);
    const network::Network network = network::make_network(tiny.grid);
    ReferenceSolver solver(network, tiny.units);
    BlockInjections block = tiny.injections(network.n_bus, {1, 1, 1, 1});
    block.load_p_mw(1, 1) = std::numeric_limits<double>::quiet_NaN();
    block.unit_q_min_mvar(0, 2) = std::numeric_limits<double>::quiet_NaN();
    BlockStates states;
    solver.solve_block(block, states);
    EXPECT_EQ(states.outcome[1].status, StepStatus::not_finite);
    EXPECT_EQ(states.outcome[2].status, StepStatus::not_finite);
    EXPECT_TRUE(std::isnan(states.vm_pu(0, 1)));
    EXPECT_TRUE(std::isnan(states.losses_mw(0, 1)));
    EXPECT_EQ(states.outcome[3].status, StepStatus::converged);
    EXPECT_EQ(states.vm_pu(1, 3), states.vm_pu(1, 0)) << "a fresh start, the same bytes";
}

TEST(ReferenceSolver, MoreThanTheLineCanCarryDoesNotConvergeAndTheNextStepDoes) {
    // The most a reactance carries at cos φ = 1 is V²/2x = 5 pu.
    const BlockStates states = TwoBuses(0, 0.1, 100, 0).solve({}, {4.99, 5.01, 1.0});
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_NE(states.outcome[1].status, StepStatus::converged);
    EXPECT_TRUE(std::isnan(states.vm_pu(1, 1)));
    EXPECT_GT(states.outcome[1].max_mismatch_pu, 1e-8);
    EXPECT_EQ(states.outcome[1].worst_bus, BusIdx{1});
    EXPECT_EQ(states.outcome[2].status, StepStatus::converged);
}

TEST(ReferenceSolver, ABlockDoesNotDependOnWhatWasSolvedBefore) {
    const Station tiny;
    const network::Network network = network::make_network(tiny.grid);
    const BlockInjections block = tiny.injections(network.n_bus, {0.8, 0.9, 1.0, 1.1});
    ReferenceSolver fresh(network, tiny.units);
    ReferenceSolver used(network, tiny.units);
    BlockStates expected;
    BlockStates states;
    fresh.solve_block(block, expected);
    used.solve_block(tiny.injections(network.n_bus, {1.5, 20, 0.2}), states);
    used.solve_block(block, states);
    EXPECT_EQ(states.vm_pu, expected.vm_pu);
    EXPECT_EQ(states.va_rad, expected.va_rad);
    EXPECT_EQ(states.p_from_mw, expected.p_from_mw);
    EXPECT_EQ(states.tap, expected.tap);
}

TEST(ReferenceSolver, ASolverMovesAndStillSolves) {
    const TwoBuses tiny(0.02, 0.1, 80, 30);
    ReferenceSolver first(network::make_network(tiny.grid), tiny.units);
    ReferenceSolver solver = std::move(first);
    BlockStates states;
    solver.solve_block(tiny.injections(2), states);
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
}

} // namespace
} // namespace yuanwang::powerflow
