/// Short-circuit ratios against a case worked by hand.
#include "security/system_strength.hpp"

#include <gtest/gtest.h>

#include "network/network.hpp"
#include "security/short_circuit_impedance.hpp"
#include "support/tiny_grid.hpp"

namespace yuanwang::security {
namespace {

/// source z = j0.05 ── hub ──j0.05── a (100 MW)
///                      └───j0.15── b (200 MW)
struct Fork : yuanwang::testing::TinyGrid {
    BusIdx hub = bus("hub");
    BusIdx a = bus("a");
    BusIdx b = bus("b");
    BusIdx dark = bus("dark");
    Fork() {
        branch(hub, a, 0, 0.05);
        branch(hub, b, 0, 0.15);
    }
    [[nodiscard]] StrengthRatios solve(const ConverterStations& stations) const {
        const network::Network network = network::make_network(grid);
        const FaultBranches branches = make_fault_branches(grid, network);
        FaultMatrix matrix{network, branches};
        const FaultMatrix::Source source{hub, {0, 0.05}};
        EXPECT_TRUE(matrix.factorise({&source, 1}));
        return compute_strength(matrix, stations);
    }
};

TEST(SystemStrength, TwoStationsByHand) {
    const Fork c;
    const StrengthRatios found = c.solve({.bus = {c.a, c.b}, .p_mw = {100, 200}});
    // Z_aa = j0.10, Z_bb = j0.20, Z_ab = j0.05; on 100 MVA
    EXPECT_NEAR(found.sk_mva[0], 1000, 1e-9);
    EXPECT_NEAR(found.sk_mva[1], 500, 1e-9);
    EXPECT_NEAR(found.scr[0], 10, 1e-12);
    EXPECT_NEAR(found.scr[1], 2.5, 1e-12);
    EXPECT_NEAR(found.mrscr[0], 1000 / (100 + 0.5 * 200.0), 1e-12);
    EXPECT_NEAR(found.mrscr[1], 500 / (200 + 0.25 * 100.0), 1e-12);
}

TEST(SystemStrength, TwoStationsAtOneBusShareItsPower) {
    const Fork c;
    const StrengthRatios found = c.solve({.bus = {c.a, c.a}, .p_mw = {100, 300}});
    EXPECT_NEAR(found.scr[0], 10, 1e-12);
    EXPECT_NEAR(found.mrscr[0], 1000 / 400.0, 1e-12);
    EXPECT_NEAR(found.mrscr[1], found.mrscr[0], 1e-12);
}

TEST(SystemStrength, AStationAloneHasTheRatioOfItself) {
    const Fork c;
    const StrengthRatios found = c.solve({.bus = {c.b}, .p_mw = {200}});
    EXPECT_NEAR(found.mrscr[0], found.scr[0], 1e-12);
}

TEST(SystemStrength, AStationNoSourceReachesHasNone) {
    const Fork c;
    EXPECT_EQ(c.solve({.bus = {c.dark}, .p_mw = {10}}).scr[0], 0.0);
}

} // namespace
} // namespace yuanwang::security
