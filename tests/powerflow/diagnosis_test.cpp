/// Failures made on purpose: the true cause must come first.
#include "powerflow/diagnosis.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tiny_case.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

/// source ── a ── b ── c ── d, a load of 20 MW at each
struct Feeder : TinyCase {
    std::vector<BusIdx> b;
    explicit Feeder(double load_mw = 20) {
        for (const char* id : {"source", "a", "b", "c", "d"}) {
            b.push_back(bus(id));
        }
        source(b[0], 0, 1.0, -1e4, 1e4, 1);
        for (std::size_t i = 1; i < b.size(); ++i) {
            branch(b[i - 1], b[i], 0.005, 0.05);
            load(b[i], load_mw, 0.3 * load_mw);
        }
    }
    [[nodiscard]] Diagnosis ask(const Options& options = {}) const {
        const network::Network network = network::make_network(grid);
        return diagnose(network, units, options, injections(network.n_bus), 0);
    }
};

const Cause& first(const Diagnosis& d) {
    EXPECT_FALSE(d.causes.empty());
    static const Cause none;
    return d.causes.empty() ? none : d.causes.front();
}

TEST(Diagnosis, AFlowThatSolvesHasNoCause) {
    const Diagnosis d = Feeder().ask();
    EXPECT_EQ(d.status, StepStatus::converged);
    EXPECT_TRUE(d.causes.empty());
    EXPECT_EQ(d.solvable_share, 1);
}

TEST(Diagnosis, ReactivePowerMissingAtTheEnd) {
    Feeder c;
    c.load(c.b[4], 0, 250); // beyond the nose of the feeder
    const Diagnosis d = c.ask();
    EXPECT_NE(d.status, StepStatus::converged);
    EXPECT_EQ(first(d).kind, CauseKind::reactive_deficit);
    EXPECT_EQ(first(d).element, "d");
    EXPECT_TRUE(first(d).cures);
    EXPECT_GT(first(d).value, 150);
    EXPECT_GT(d.solvable_share, 0.2);
    EXPECT_LT(d.solvable_share, 0.9);
    EXPECT_THAT(describe(first(d), Language::en), ::testing::HasSubstr("reactive deficit at d"));
    EXPECT_THAT(describe(first(d), Language::zh), ::testing::HasSubstr("无功不足"));
}

TEST(Diagnosis, AUnitThatMayNotGiveWhatIsAskedOfIt) {
    // source ──j0.1── load of 600 MW, beside it a unit that could hold the voltage with 200 Mvar and may give 5
    TinyCase c;
    const BusIdx i = c.bus("i");
    const BusIdx j = c.bus("j");
    c.source(i, 0, 1.0, -1e4, 1e4, 1);
    c.source(j, 0, 1.0, -5, 5);
    c.branch(i, j, 0, 0.1);
    c.load(j, 600);
    const network::Network network = network::make_network(c.grid);
    const Diagnosis d = diagnose(network, c.units, {}, c.injections(network.n_bus), 0);
    EXPECT_NE(d.status, StepStatus::converged);
    const Cause& cause = first(d);
    EXPECT_EQ(cause.kind, CauseKind::reactive_limit);
    EXPECT_EQ(cause.element, "u1");
    EXPECT_TRUE(cause.cures);
    // Held at 1 pu: sin δ = 0.6, Q = (1 − cos δ)/x = 2 pu.
    EXPECT_NEAR(cause.value, 200, 1e-3);
    EXPECT_EQ(cause.usual, 5);
    EXPECT_NEAR(d.solvable_share, 505.0 / 600.0, 0.01);
    EXPECT_THAT(describe(cause, Language::zh), ::testing::HasSubstr("需发无功 200 Mvar"));
}

TEST(Diagnosis, TheShareIsThatOfTheNose) {
    // source ──j0.1── load P at power factor 1: the nose is at P = 1/(2x) = 5 pu
    TinyCase c;
    const BusIdx i = c.bus("i");
    const BusIdx j = c.bus("j");
    c.source(i, 0, 1.0, -1e4, 1e4, 1);
    c.branch(i, j, 0, 0.1);
    c.load(j, 800);
    const network::Network network = network::make_network(c.grid);
    const Diagnosis d = diagnose(network, c.units, {}, c.injections(network.n_bus), 0);
    EXPECT_NEAR(d.solvable_share, 500.0 / 800.0, 2e-3);
}

TEST(Diagnosis, MorePowerThanACorridorCanCarry) {
    // plant (holds 1 pu) ──j0.2── city (holds 1 pu): at most 500 MW
    TinyCase c;
    const BusIdx plant = c.bus("plant");
    const BusIdx city = c.bus("city");
    c.branch(plant, city, 0, 0.2);
    c.source(plant, 700);
    c.source(city, 0, 1.0, -1e4, 1e4, 1);
    c.load(city, 900);
    const network::Network network = network::make_network(c.grid);
    const Diagnosis d = diagnose(network, c.units, {}, c.injections(network.n_bus), 0);
    EXPECT_EQ(first(d).kind, CauseKind::corridor_limit);
    EXPECT_EQ(first(d).element, "b0");
    EXPECT_NEAR(first(d).value, 700, 1e-6);
    EXPECT_NEAR(first(d).usual, 500, 1e-6);
    EXPECT_NEAR(d.solvable_share, 500.0 / 700.0, 2e-3);
}

TEST(Diagnosis, AReactanceAThousandTimesTooLarge) {
    Feeder c;
    c.grid.branches.x_pu[1] *= 1000;
    c.grid.branches.r_pu[1] *= 1000;
    const Diagnosis d = c.ask();
    EXPECT_EQ(first(d).kind, CauseKind::impedance_slip);
    EXPECT_EQ(first(d).element, "b1");
    EXPECT_TRUE(first(d).cures);
    EXPECT_NEAR(first(d).usual, 0.05, 1e-9);
}

TEST(Diagnosis, AShortBranchIsNotTheCauseOfAHeavyLoad) {
    Feeder c(200); // everywhere too much: no single bus can be helped
    c.grid.branches.x_pu[2] *= 0.01;
    c.grid.branches.r_pu[2] *= 0.01;
    const Diagnosis d = c.ask();
    EXPECT_NE(first(d).kind, CauseKind::impedance_slip);
    EXPECT_LT(d.solvable_share, 1);
}

TEST(Diagnosis, ALoadWrittenInKilowatts) {
    Feeder c;
    c.load(c.b[3], 20000 - 20);
    const Diagnosis d = c.ask();
    EXPECT_EQ(first(d).kind, CauseKind::load_slip);
    EXPECT_EQ(first(d).element, "c");
    EXPECT_TRUE(first(d).cures);
}

TEST(Diagnosis, AVoltageWrittenInKilovolts) {
    Feeder c;
    c.units.vm_set_pu[UnitIdx{0}] = 0.11;
    const Diagnosis d = c.ask();
    EXPECT_EQ(first(d).kind, CauseKind::voltage_slip);
    EXPECT_EQ(first(d).element, "u0");
}

TEST(Diagnosis, ARatioUpsideDown) {
    Feeder c;
    c.grid.branches.ratio[0] = 3.0; // 330/110
    const Diagnosis d = c.ask();
    EXPECT_EQ(first(d).kind, CauseKind::ratio_slip);
    EXPECT_EQ(first(d).element, "b0");
    EXPECT_TRUE(first(d).cures);
}

TEST(Diagnosis, AScheduleWithAWrongSign) {
    Feeder c;
    c.unit(c.b[4], ReactiveMode::reactive, -260);
    const Diagnosis d = c.ask();
    EXPECT_NE(d.status, StepStatus::converged);
    EXPECT_EQ(first(d).element, "u1");
    EXPECT_TRUE(first(d).cures);
}

TEST(Diagnosis, TwoSetPointsThatFightOverAShortBranch) {
    // 1.0 and 1.14 pu over j0.001: 140 pu of reactive power that neither has
    Feeder c;
    const BusIdx e = c.bus("e");
    c.branch(c.b[4], e, 0, 0.001);
    c.source(c.b[4], 0, 1.0, -50, 50);
    c.source(e, 0, 1.14, -1e5, 1e5);
    c.load(c.b[4], 330, 0);
    const Diagnosis d = c.ask({.q_limits = false});
    for (const Cause& cause : d.causes) {
        EXPECT_TRUE(cause.cures || cause.kind == CauseKind::reactive_deficit) << cause.element;
    }
}

TEST(Diagnosis, ABranchOutOfServiceThatIsMissing) {
    Feeder c;
    c.branch(c.b[0], c.b[4], 0.001, 0.02, 0, false);
    c.load(c.b[4], 380, 0);
    const Diagnosis d = c.ask();
    ASSERT_NE(d.status, StepStatus::converged);
    bool named = false;
    for (const Cause& cause : d.causes) {
        EXPECT_TRUE(cause.cures);
        named = named || (cause.kind == CauseKind::open_branch && cause.element == "b4");
    }
    EXPECT_TRUE(named);
}

TEST(Diagnosis, NothingIsAccusedThatWasNotTried) {
    Feeder c(200); // everywhere too much, one branch far shorter than its like
    c.grid.branches.x_pu[2] *= 0.01;
    c.grid.branches.r_pu[2] *= 0.01;
    const Diagnosis d = c.ask();
    EXPECT_GT(d.tried, 0);
    EXPECT_EQ(d.untried, 0);
    for (const Cause& cause : d.causes) {
        EXPECT_TRUE(cause.cures || cause.kind == CauseKind::reactive_deficit) << cause.element;
    }
}

TEST(Diagnosis, ABusConnectedToNothing) {
    Feeder c;
    c.grid.branches.closed[3] = false;
    const Diagnosis d = c.ask();
    EXPECT_EQ(d.status, StepStatus::islanded);
    EXPECT_EQ(first(d).kind, CauseKind::isolated_bus);
    EXPECT_EQ(first(d).element, "d");
    EXPECT_NEAR(first(d).value, 20, 1e-12);
    EXPECT_EQ(d.solvable_share, 1); // of the rest
}

TEST(Diagnosis, APartWithoutASlack) {
    Feeder c;
    c.grid.branches.closed[2] = false;
    const Diagnosis d = c.ask();
    EXPECT_EQ(first(d).kind, CauseKind::no_slack);
    EXPECT_EQ(first(d).usual, 2); // buses
    EXPECT_NEAR(first(d).value, 40, 1e-12);
}

TEST(Diagnosis, ALoadThatIsNoNumber) {
    Feeder c;
    c.load(c.b[2], std::numeric_limits<double>::quiet_NaN());
    const Diagnosis d = c.ask();
    EXPECT_EQ(d.status, StepStatus::not_finite);
    EXPECT_EQ(first(d).kind, CauseKind::not_finite);
    EXPECT_EQ(first(d).element, "b");
}

TEST(Diagnosis, SaysTheSameTwice) {
    Feeder c;
    c.load(c.b[4], 0, 250);
    const Diagnosis one = c.ask();
    const Diagnosis two = c.ask();
    EXPECT_EQ(one.solvable_share, two.solvable_share);
    ASSERT_EQ(one.causes.size(), two.causes.size());
    for (std::size_t k = 0; k < one.causes.size(); ++k) {
        EXPECT_EQ(one.causes[k].element, two.causes[k].element);
    }
}

} // namespace
} // namespace yuanwang::powerflow
