#include "powerflow/q_limits.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "powerflow/batch/public_case.hpp"
#include "powerflow/city_case.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

/// stiff ── x ── b with a unit of ±q and a load
struct LimitedUnit : TinyCase {
    BusIdx a = bus("a");
    BusIdx b = bus("b");
    UnitIdx stiff = source(a, 0);
    UnitIdx limited;
    LimitedUnit(double vm_pu, double q_min, double q_max) {
        branch(a, b, 0, 0.2);
        limited = source(b, 0, vm_pu, q_min, q_max);
        load(b, 50, 30);
    }
};

TEST(QLimits, AUnitInsideItsRangeHoldsTheVoltage) {
    const BlockStates states = LimitedUnit(1.0, -100, 100).solve();
    EXPECT_EQ(states.vm_pu(1, 0), 1.0);
    EXPECT_EQ(states.outcome[0].control_rounds, 0);
}

TEST(QLimits, AtItsUpperLimitTheVoltageFallsBelowTheSetPoint) {
    const BlockStates states = LimitedUnit(1.0, -100, 20).solve();
    EXPECT_EQ(states.unit_q_mvar(1, 0), 20);
    EXPECT_LT(states.vm_pu(1, 0), 1.0);
    EXPECT_EQ(states.outcome[0].held_controls, 0);
}

TEST(QLimits, AtItsLowerLimitTheVoltageRisesAboveTheSetPoint) {
    const BlockStates states = LimitedUnit(0.9, -5, 20).solve();
    EXPECT_EQ(states.unit_q_mvar(1, 0), -5);
    EXPECT_GT(states.vm_pu(1, 0), 0.9);
}

TEST(QLimits, SwitchedOffTheRangeDoesNotMatter) {
    const BlockStates states = LimitedUnit(1.0, -100, 20).solve({.q_limits = false});
    EXPECT_EQ(states.vm_pu(1, 0), 1.0);
    EXPECT_GT(states.unit_q_mvar(1, 0), 20);
}

TEST(QLimits, AUnitReturnsWhenAnotherTakesItsPlaceAtTheLimit) {
    // c's set-point drags b beyond its limit at first; once c is at its own limit b can hold again.
    LimitedUnit tiny(1.0, -40, 60);
    const BusIdx c = tiny.bus("c");
    tiny.branch(tiny.b, c, 0, 0.05);
    tiny.source(c, 0, 1.1, -10, 10);
    const BlockStates states = tiny.solve();
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_EQ(states.unit_q_mvar(2, 0), 10);
    EXPECT_EQ(states.vm_pu(1, 0), 1.0) << "held again";
    EXPECT_GE(states.outcome[0].control_rounds, 2);
}

TEST(QLimits, TheLastUnitThatHoldsAnIslandStaysAndIsCounted) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a");
    tiny.source(a, 0, 1.0, -1, 1);
    tiny.load(a, 10, 5);
    const BlockStates states = tiny.solve();
    EXPECT_EQ(states.outcome[0].status, StepStatus::converged);
    EXPECT_EQ(states.outcome[0].held_controls, 1);
    EXPECT_NEAR(states.unit_q_mvar(0, 0), 5, 1e-9);
}

/// A ladder of 30 buses with a unit of small range at every third, a stiff source at both ends.
TinyCase make_ladder(std::uint64_t seed) {
    Random random(seed);
    TinyCase tiny;
    for (int i = 0; i < 30; ++i) {
        const BusIdx bus = tiny.bus("n" + std::to_string(i));
        if (i > 0) {
            tiny.branch(BusIdx{i - 1}, bus, 0.005, 0.03, 0.02);
        }
        if (i > 4) {
            tiny.branch(BusIdx{i - 5}, bus, 0.01, 0.08, 0.02);
        }
        tiny.load(bus, 20 * random.uniform(), 15 * random.uniform());
        if (i % 3 == 1) {
            tiny.source(bus, 10, 0.97 + 0.06 * random.uniform(), -8 * random.uniform(),
                        12 * random.uniform());
        }
    }
    tiny.source(BusIdx{0}, 0, 1.0, -1e4, 1e4, 0.5);
    tiny.source(BusIdx{29}, 0, 1.0, -1e4, 1e4, 0.5);
    return tiny;
}

TEST(QLimits, TheEndIsCertified) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const TinyCase tiny = make_ladder(seed);
        const BlockStates states = tiny.solve({}, {0.6, 1.0, 1.4});
        for (std::size_t t = 0; t < 3; ++t) {
            ASSERT_EQ(states.outcome[t].status, StepStatus::converged);
            EXPECT_EQ(states.outcome[t].held_controls, 0);
            for (const UnitIdx u : rows<UnitIdx>(tiny.units.size())) {
                const double q = states.unit_q_mvar(u, t);
                const double vm = states.vm_pu(tiny.units.bus[u], t);
                const double vm_set = tiny.units.vm_set_pu[u];
                const bool at_max = q == tiny.q_max_mvar[u.row()];
                const bool at_min = q == tiny.q_min_mvar[u.row()];
                EXPECT_LE(q, tiny.q_max_mvar[u.row()] + 1e-5);
                EXPECT_GE(q, tiny.q_min_mvar[u.row()] - 1e-5);
                EXPECT_TRUE(at_min || at_max || std::abs(vm - vm_set) < 1e-12);
                if (at_max) {
                    EXPECT_LE(vm, vm_set + 1e-7);
                }
                if (at_min) {
                    EXPECT_GE(vm, vm_set - 1e-7);
                }
            }
        }
    }
}

/// A small station wants 1.10 pu. While it is being told that it cannot, both large units are pushed to a limit; they come
/// back one after the other.
TEST(QLimits, LargeUnitsDoNotTakeTurnsAtTheirLimits) {
    TinyCase tiny = yuanwang::testing::make_city();
    tiny.source(BusIdx{3}, 20, 1.10, -10, 10);
    tiny.grid.lines.circuits[LineIdx{0}] = 1;
    for (const bool moving : {false, true}) {
        const BlockStates states = tiny.solve({.taps = moving, .shunts = moving});
        ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
        EXPECT_EQ(states.outcome[0].held_controls, 0);
        EXPECT_NEAR(states.unit_q_mvar(2, 0), 10, 1e-5);
        for (const UnitIdx u : rows<UnitIdx>(2)) {
            EXPECT_NEAR(states.vm_pu(tiny.units.bus[u], 0), tiny.units.vm_set_pu[u], 1e-9);
            EXPECT_LT(std::abs(states.unit_q_mvar(u, 0)), 400);
        }
    }
}

struct LoadLevel {
    const char* name;
    double share;
};
class LimitsOfPublicCases : public ::testing::TestWithParam<LoadLevel> {};
INSTANTIATE_TEST_SUITE_P(QLimits, LimitsOfPublicCases,
                         ::testing::Values(LoadLevel{"case14", 1.3}, LoadLevel{"case14", 1.4},
                                           LoadLevel{"case_ieee30", 1.2},
                                           LoadLevel{"case_ieee30", 1.3},
                                           LoadLevel{"case_ieee30", 1.4}, LoadLevel{"case39", 0.2},
                                           LoadLevel{"case39", 0.3}, LoadLevel{"case39", 0.5},
                                           LoadLevel{"case39", 0.6}));

/// Load levels at which limits let go all at once leave no solution, or one on the lower branch.
TEST_P(LimitsOfPublicCases, EndWithOneUnitAtMostBeyondItsRange) {
    if (!batch::has_public_cases()) {
        GTEST_SKIP() << "no public cases at " << YUANWANG_SHARED_DIR << "/cases";
    }
    const batch::PublicCase c = batch::load_case(GetParam().name);
    BlockInjections block = c.problem.injections;
    for (Series* column : {&block.load_p_mw, &block.load_q_mvar, &block.unit_p_mw}) {
        for (double& value : column->step(0)) {
            value *= GetParam().share;
        }
    }
    ReferenceSolver solver(c.grid, c.problem.units,
                           {.tolerance_pu = 1e-10, .distributed_slack = false});
    BlockStates states;
    solver.solve_block(block, states);
    ASSERT_EQ(states.outcome[0].status, StepStatus::converged);
    int n_beyond = 0;
    for (const UnitIdx u : rows<UnitIdx>(c.problem.units.size())) {
        const double q = states.unit_q_mvar(u, 0);
        n_beyond +=
            q > block.unit_q_max_mvar(u, 0) + 1e-5 || q < block.unit_q_min_mvar(u, 0) - 1e-5;
    }
    EXPECT_LE(n_beyond, 1);
    EXPECT_LE(n_beyond, states.outcome[0].held_controls);
    EXPECT_GT(*std::ranges::min_element(states.vm_pu.step(0)), 0.9);
}

} // namespace
} // namespace yuanwang::powerflow
