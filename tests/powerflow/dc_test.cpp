#include "powerflow/dc.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "network/network.hpp"
#include "support/tiny_grid.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyGrid;

/// 0 ── 1, 1 ── 2, 0 ── 2, all of reactance 0.1
TinyGrid make_triangle() {
    TinyGrid tiny;
    for (int i = 0; i < 3; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    tiny.branch(BusIdx{0}, BusIdx{1}, 0.01, 0.1);
    tiny.branch(BusIdx{1}, BusIdx{2}, 0.01, 0.1);
    tiny.branch(BusIdx{0}, BusIdx{2}, 0.01, 0.1);
    return tiny;
}

TEST(Dc, ATriangleSharesTwoToOne) {
    const std::array injection{0.0, 0.0, -90.0};
    const DcResult result =
        solve_dc(network::make_network(make_triangle().grid), injection, BusIdx{0});
    ASSERT_EQ(result.status, StepStatus::converged);
    EXPECT_NEAR(result.p_from_mw[0], 30, 1e-10);
    EXPECT_NEAR(result.p_from_mw[1], 30, 1e-10);
    EXPECT_NEAR(result.p_from_mw[2], 60, 1e-10);
    EXPECT_NEAR(result.va_rad[2], -0.06, 1e-14);
    EXPECT_NEAR(result.reference_p_mw, 90, 1e-10);
}

TEST(Dc, FlowsDoNotDependOnTheReference) {
    const network::Network network = network::make_network(make_triangle().grid);
    const std::array injection{50.0, 40.0, -90.0};
    const DcResult first = solve_dc(network, injection, BusIdx{0});
    const DcResult second = solve_dc(network, injection, BusIdx{2});
    for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_NEAR(first.p_from_mw[k], second.p_from_mw[k], 1e-10);
    }
    EXPECT_NEAR(second.reference_p_mw, 0, 1e-10);
}

TEST(Dc, APhaseShifterDrivesPowerRoundTheLoop) {
    TinyGrid tiny = make_triangle();
    tiny.grid.branches.shift_degree[2] = 3;
    const DcResult result =
        solve_dc(network::make_network(tiny.grid), std::array{0.0, 0.0, 0.0}, BusIdx{0});
    const double loop_mw = 100 * (3 * 3.14159265358979323846 / 180) / 0.3;
    EXPECT_NEAR(result.p_from_mw[2], -loop_mw, 1e-9);
    EXPECT_NEAR(result.p_from_mw[0], loop_mw, 1e-9);
}

TEST(Dc, IslandsBalanceOnTheirOwnAndDeadEndsCarryNothing) {
    TinyGrid tiny = make_triangle();
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.bus("alone");
    tiny.branch(a, b, 0, 0.2);
    const DcResult result = solve_dc(network::make_network(tiny.grid),
                                     std::array{0.0, 0.0, -30.0, 20.0, -25.0, 0.0}, BusIdx{0});
    ASSERT_EQ(result.status, StepStatus::converged);
    EXPECT_NEAR(result.p_from_mw[3], 25, 1e-10);
    EXPECT_NEAR(result.reference_p_mw, 30 + 5, 1e-10);
}

TEST(Dc, ANegativeStarReactanceIsAllowed) {
    TinyGrid tiny;
    const BusIdx hv = tiny.bus("hv", 330);
    const BusIdx mv = tiny.bus("mv", 110);
    const BusIdx lv = tiny.bus("lv", 35);
    tiny.three_winding(hv, mv, lv);
    const DcResult result =
        solve_dc(network::make_network(tiny.grid), std::array{0.0, -100.0, -20.0}, hv);
    ASSERT_EQ(result.status, StepStatus::converged);
    EXPECT_NEAR(result.p_from_mw[0], 120, 1e-9);
    EXPECT_NEAR(result.p_from_mw[1], -100, 1e-9) << "terminal to star";
}

TEST(Dc, NaNIsToldAndAnEmptyGridIsSolved) {
    const network::Network network = network::make_network(make_triangle().grid);
    const std::array injection{0.0, std::numeric_limits<double>::quiet_NaN(), 0.0};
    EXPECT_EQ(solve_dc(network, injection, BusIdx{0}).status, StepStatus::not_finite);
    EXPECT_EQ(solve_dc(network::make_network({}), {}, BusIdx{}).status, StepStatus::converged);
}

} // namespace
} // namespace yuanwang::powerflow
