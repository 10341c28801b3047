#include "network/network.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "models/grid/conductor.hpp"
#include "network/admittance.hpp"
#include "network/per_unit.hpp"
#include "support/tiny_grid.hpp"

namespace yuanwang::network {
namespace {

using yuanwang::testing::TinyGrid;
using Complex = std::complex<double>;

TEST(Network, EveryCircuitAndUnitIsABranchOfItsOwn) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a", 330);
    const BusIdx b = tiny.bus("b", 330);
    const BusIdx c = tiny.bus("c", 110);
    tiny.line(a, b, 30, 2);
    tiny.transformer(b, c, 3);
    const Network network = make_network(tiny.grid);
    ASSERT_EQ(network.n_branch(), 5U);
    EXPECT_EQ(network.branches.id.vector(),
              (std::vector<std::string>{"l0/1", "l0/2", "t0/1", "t0/2", "t0/3"}));
    EXPECT_EQ(network.branches.circuit[BranchIdx{1}], 2);
    EXPECT_EQ(network.taps.branches.front().size(), 3U);
    EXPECT_TRUE(network.zero_impedance.empty());
}

TEST(Network, LineImpedanceAndRatingComeFromTheConductor) {
    TinyGrid tiny;
    tiny.line(tiny.bus("a", 330), tiny.bus("b", 330), 1);
    const Network network = make_network(tiny.grid);
    const BranchIdx k{0};
    EXPECT_NEAR(network.branches.r_pu[k] * base_impedance_ohm(330), 0.05776, 1e-5);
    EXPECT_NEAR(network.branches.x_pu[k] * base_impedance_ohm(330), 0.3196, 1e-4);
    EXPECT_NEAR(network.branches.rate_mva[k], 663, 1) << "2×LGJ-300/40 at 30 °C, 2261 m";
    EXPECT_EQ(network.branches.rate_emergency_mva[k], network.branches.rate_mva[k]);
}

TEST(Network, WrittenLineParametersGoBeforeTheConductor) {
    TinyGrid tiny;
    const LineIdx l = tiny.line(tiny.bus("a", 330), tiny.bus("b", 330), 10);
    tiny.grid.lines.x_ohm_per_km[l] = 0.4;
    tiny.grid.lines.b_us_per_km[l] = 0;
    tiny.grid.lines.rate_mva[l] = 500;
    const Network network = make_network(tiny.grid);
    EXPECT_NEAR(network.branches.x_pu[BranchIdx{0}], 4 / base_impedance_ohm(330), 1e-12);
    EXPECT_NEAR(network.branches.r_pu[BranchIdx{0}], 0.5776 / base_impedance_ohm(330), 1e-6);
    EXPECT_EQ(network.branches.rate_mva[BranchIdx{0}], 500);
}

TEST(Network, LineReactorsTakeTheirShareOfTheChargingInsideTheBranch) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a", 750);
    const BusIdx b = tiny.bus("b", 750);
    tiny.line(a, b, 100);
    const LineIdx compensated = tiny.line(a, b, 100);
    tiny.grid.lines.reactor_compensation[compensated] = 0.7;
    const Network network = make_network(tiny.grid);
    const double plain = network.branches.b_from_pu[BranchIdx{0}];
    EXPECT_NEAR(network.branches.b_from_pu[BranchIdx{1}], 0.3 * plain, 0.001 * plain);
}

TEST(Network, TransformerImpedanceMovesToTheBaseOfItsLowVoltageBus) {
    TinyGrid tiny;
    const TransformerIdx x = tiny.transformer(tiny.bus("hv", 330), tiny.bus("lv", 110));
    tiny.grid.transformers.rate_mva[x] = 240;
    tiny.grid.transformers.hv_kv[x] = 345;
    tiny.grid.transformers.lv_kv[x] = 121;
    const Network network = make_network(tiny.grid);
    EXPECT_NEAR(network.branches.x_pu[BranchIdx{0}], 0.1 * (100.0 / 240) * (1.1 * 1.1), 1e-15);
    EXPECT_NEAR(network.branches.ratio[BranchIdx{0}], (345.0 / 330) / 1.1, 1e-15);
}

TEST(Network, ScheduledTapsSetTheRatioOfBothSides) {
    TinyGrid tiny;
    const BusIdx hv = tiny.bus("hv", 330);
    const BusIdx lv = tiny.bus("lv", 110);
    const TransformerIdx on_hv = tiny.transformer(hv, lv);
    const TransformerIdx on_lv = tiny.transformer(hv, lv);
    tiny.grid.transformers.tap.position[on_hv.row()] = 4;
    tiny.grid.transformers.tap.position[on_lv.row()] = 4;
    tiny.grid.transformers.tap.side[on_lv.row()] = TapSide::lv;
    const Network network = make_network(tiny.grid);
    EXPECT_DOUBLE_EQ(network.branches.ratio[BranchIdx{0}], 1.05);
    EXPECT_DOUBLE_EQ(network.branches.ratio[BranchIdx{1}], 1 / 1.05);
    EXPECT_EQ(network.taps.regulated_bus[0], lv);
}

TEST(Network, ThreeWindingsMeetInAStarBusBehindTheWrittenOnes) {
    TinyGrid tiny;
    const BusIdx hv = tiny.bus("hv", 330);
    const BusIdx mv = tiny.bus("mv", 110);
    const BusIdx lv = tiny.bus("lv", 35);
    tiny.three_winding(hv, mv, lv);
    const Network network = make_network(tiny.grid);
    ASSERT_EQ(network.n_bus, 4U);
    EXPECT_EQ(network.n_written_bus, 3U);
    EXPECT_EQ(network.bus_id[BusIdx{3}], "w0/1.star");
    for (const BranchIdx k : rows<BranchIdx>(3)) {
        EXPECT_EQ(network.branches.to[k], BusIdx{3});
    }
    const double relief = 1.2; // all windings share core, oil and coolers
    tiny.grid.three_winding_transformers.rate_emergency_mva[0] =
        relief * tiny.grid.three_winding_transformers.rate_hv_mva[0];
    const Network relieved = make_network(tiny.grid);
    for (const BranchIdx k : rows<BranchIdx>(3)) {
        EXPECT_DOUBLE_EQ(relieved.branches.rate_emergency_mva[k],
                         relief * network.branches.rate_mva[k]);
    }
    EXPECT_LT(network.branches.x_pu[BranchIdx{1}], 0) << "the M branch of this auto-transformer";
    EXPECT_EQ(network.taps.regulated_bus[0], mv);
    EXPECT_EQ(network.taps.branches[0], (std::vector<BranchIdx>{BranchIdx{0}}));
}

TEST(Network, BusesJoinedByClosedSwitchesShareTheLowestNode) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    const BusIdx c = tiny.bus("c");
    const BusIdx d = tiny.bus("d");
    tiny.coupler(d, c);
    tiny.coupler(c, b);
    tiny.coupler(a, b, false);
    const Network network = make_network(tiny.grid);
    EXPECT_EQ(network.node[a], a);
    EXPECT_EQ(network.node[b], b);
    EXPECT_EQ(network.node[c], b);
    EXPECT_EQ(network.node[d], b);
}

TEST(Network, ABranchWithoutImpedanceIsNamedAndGetsTheSmallestOne) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.branch(a, b, 0.01, 0.1);
    tiny.branch(a, b, 0, 0);
    const Network network = make_network(tiny.grid);
    ASSERT_EQ(network.zero_impedance, (std::vector<BranchIdx>{BranchIdx{1}}));
    EXPECT_EQ(network.branches.x_pu[BranchIdx{1}], min_impedance_pu);
}

TEST(Network, SwitchedShuntsStayWithTheControlsFixedOnesGoToTheBus) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    tiny.shunt(a, 20, 4, 2);
    tiny.shunt(a, -60, 1, 1, false);
    tiny.grid.shunts.p_mw[ShuntIdx{1}] = 3;
    const Network network = make_network(tiny.grid);
    EXPECT_DOUBLE_EQ(network.b_fixed_pu[a], -0.6);
    EXPECT_DOUBLE_EQ(network.g_fixed_pu[a], 0.03);
    EXPECT_DOUBLE_EQ(network.shunt_b_step_pu[ShuntIdx{0}], 0.2);
    EXPECT_NEAR(make_admittance(network).Ybus.coeff(0, 0).imag(), -0.6 + 2 * 0.2, 1e-15);
}

TEST(Admittance, CurrentsAtTheBusesAreTheBranchCurrentsLeavingThem) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a", 330);
    const BusIdx b = tiny.bus("b", 330);
    const BusIdx c = tiny.bus("c", 110);
    tiny.line(a, b, 80, 2);
    const TransformerIdx x = tiny.transformer(b, c, 2);
    tiny.grid.transformers.shift_degree[x] = 30;
    tiny.grid.transformers.tap.position[x.row()] = -3;
    tiny.branch(a, c, 0.02, 0.2, 0.1);
    const Network network = make_network(tiny.grid);
    const Admittance Y = make_admittance(network);
    Eigen::VectorXcd V(3);
    V << Complex{1.02, 0.0}, std::polar(0.98, -0.1), std::polar(1.01, -0.7);
    Eigen::VectorXcd leaving = Eigen::VectorXcd::Zero(3);
    const Eigen::VectorXcd from = Y.Yf * V;
    const Eigen::VectorXcd to = Y.Yt * V;
    for (const BranchIdx k : rows<BranchIdx>(network.n_branch())) {
        leaving[network.branches.from[k].value] += from[k.value];
        leaving[network.branches.to[k].value] += to[k.value];
    }
    EXPECT_LT((Y.Ybus * V - leaving).norm(), 1e-12);
}

TEST(Admittance, AnIdealPhaseShifterMakesNoPower) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    const std::size_t k = tiny.branch(a, tiny.bus("b"), 0, 0.1);
    tiny.grid.branches.ratio[k] = 1.05;
    tiny.grid.branches.shift_degree[k] = 12;
    const Network network = make_network(tiny.grid);
    const Admittance Y = make_admittance(network);
    Eigen::VectorXcd V(2);
    V << std::polar(1.05, 0.3), std::polar(1.0, 0.3 - degree_to_rad(12));
    EXPECT_LT((Y.Ybus * V).norm(), 1e-14) << "voltages in the ratio drive no current";
    V[1] = std::polar(0.95, -0.2);
    const Eigen::VectorXcd I = Y.Ybus * V;
    EXPECT_NEAR((V[0] * std::conj(I[0]) + V[1] * std::conj(I[1])).real(), 0, 1e-14);
}

TEST(PerUnit, ThereAndBackIsTheSame) {
    EXPECT_DOUBLE_EQ(power_to_mva(power_to_pu(123.4)), 123.4);
    EXPECT_DOUBLE_EQ(base_impedance_ohm(750), 5625);
    EXPECT_DOUBLE_EQ(impedance_to_pu(56.25, 750), 0.01);
    EXPECT_DOUBLE_EQ(admittance_to_pu(1e6 / 5625, 750), 1);
    EXPECT_DOUBLE_EQ(rad_to_degree(degree_to_rad(30)), 30);
    EXPECT_NEAR(current_to_mva(6 * 693, 750) / 1000, 5.40, 0.005) << "6×LGJ-400/50 at 2261 m";
}

} // namespace
} // namespace yuanwang::network
