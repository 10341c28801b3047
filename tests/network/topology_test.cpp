#include "network/topology.hpp"

#include <array>

#include <gtest/gtest.h>

#include "support/tiny_grid.hpp"

namespace yuanwang::network {
namespace {

using yuanwang::testing::TinyGrid;
using Branches_ = std::vector<BranchIdx>;
using Buses_ = std::vector<BusIdx>;

/// A backbone like 日, double circuits, with a radial tie:
///
///     0 ══ 1 ── 6 ── 7      7 hangs on 6, 6 on 1
///     ║    ║
///     2 ══ 3
///     ║    ║
///     4 ══ 5
TinyGrid make_sun() {
    TinyGrid tiny;
    for (int i = 0; i < 8; ++i) {
        tiny.bus("n" + std::to_string(i), 750);
    }
    constexpr std::array<std::array<int, 2>, 7> corridors{
        {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {2, 4}, {3, 5}, {4, 5}}};
    for (const auto& [i, j] : corridors) {
        tiny.line(BusIdx{i}, BusIdx{j}, 50, 2);
    }
    tiny.line(BusIdx{1}, BusIdx{6}, 50, 1);
    tiny.line(BusIdx{7}, BusIdx{6}, 50, 1);
    return tiny;
}

TEST(Topology, TheSunHasTwoIndependentLoops) {
    const Network network = make_network(make_sun().grid);
    const Backbone backbone = find_backbone(network, 750);
    EXPECT_EQ(backbone.nodes.size(), 6U);
    EXPECT_EQ(backbone.corridors.size(), 7U);
    EXPECT_EQ(backbone.independent_loops, 2);
    EXPECT_EQ(backbone.corridors.front().branches.size(), 2U);
    EXPECT_EQ(count_independent_loops(network, true), 2);
    EXPECT_EQ(count_independent_loops(network, false), 9) << "each double circuit closes one more";
}

TEST(Topology, ATieBetweenTwoOutsideBusesWouldCloseAThirdLoop) {
    TinyGrid tiny = make_sun();
    tiny.line(BusIdx{7}, BusIdx{5}, 50, 1);
    EXPECT_EQ(find_backbone(make_network(tiny.grid), 750).independent_loops, 3);
}

TEST(Topology, OtherVoltageLevelsDoNotCountForTheBackbone) {
    TinyGrid tiny = make_sun();
    const BusIdx low = tiny.bus("low0", 330);
    const BusIdx other = tiny.bus("low5", 330);
    tiny.transformer(BusIdx{0}, low, 2);
    tiny.transformer(BusIdx{5}, other, 2);
    tiny.line(low, other, 40, 2);
    const Network network = make_network(tiny.grid);
    EXPECT_EQ(find_backbone(network, 750).independent_loops, 2);
    EXPECT_EQ(count_independent_loops(network, true), 3) << "a loop through both levels";
}

TEST(Topology, ATreeHasNoBackbone) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a", 750);
    const BusIdx b = tiny.bus("b", 750);
    tiny.line(a, b, 10, 2);
    tiny.line(b, tiny.bus("c", 750), 10);
    const Backbone backbone = find_backbone(make_network(tiny.grid), 750);
    EXPECT_TRUE(backbone.nodes.empty());
    EXPECT_EQ(backbone.independent_loops, 0);
}

TEST(Topology, SingleTiesAreBridgesParallelCircuitsAreNot) {
    const Network network = make_network(make_sun().grid);
    EXPECT_EQ(find_bridges(network), (Branches_{BranchIdx{14}, BranchIdx{15}}));
}

TEST(Topology, ABranchOutOfServiceLeavesItsTwinABridge) {
    TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.branch(a, b, 0, 0.1);
    tiny.branch(a, b, 0, 0.1, 0, false);
    EXPECT_EQ(find_bridges(make_network(tiny.grid)), (Branches_{BranchIdx{0}}));
}

TEST(Topology, BridgesAreWhatSplitsTheGridWhenTakenOut) {
    TinyGrid tiny = make_sun();
    tiny.bus("spur");
    tiny.branch(BusIdx{4}, BusIdx{8}, 0, 0.1);
    const Network network = make_network(tiny.grid);
    Branches_ splitting;
    const int before = find_islands(network).count;
    for (const BranchIdx k : rows<BranchIdx>(network.n_branch())) {
        if (find_islands(network, std::array{k}).count > before) {
            splitting.push_back(k);
        }
    }
    EXPECT_EQ(find_bridges(network), splitting);
}

TEST(Topology, IslandsAreNumberedInOrderOfTheirFirstBus) {
    TinyGrid tiny;
    for (int i = 0; i < 5; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    tiny.branch(BusIdx{0}, BusIdx{3}, 0, 0.1);
    tiny.branch(BusIdx{1}, BusIdx{2}, 0, 0.1, 0, false);
    tiny.coupler(BusIdx{2}, BusIdx{4});
    const Islands islands = find_islands(make_network(tiny.grid));
    EXPECT_EQ(islands.count, 3);
    EXPECT_EQ(islands.of_bus.vector(), (std::vector<int>{0, 1, 2, 0, 2}));
}

TEST(Topology, TheSupplyPathLeadsToTheNearestSource) {
    const Network network = make_network(make_sun().grid);
    const SupplyPath path = find_supply_path(network, BusIdx{7}, std::array{BusIdx{5}, BusIdx{0}});
    EXPECT_TRUE(path.reached);
    EXPECT_EQ(path.source, BusIdx{0});
    EXPECT_EQ(path.branches, (Branches_{BranchIdx{15}, BranchIdx{14}, BranchIdx{0}}));
    EXPECT_TRUE(find_supply_path(network, BusIdx{5}, std::array{BusIdx{5}}).branches.empty());
    EXPECT_FALSE(find_supply_path(network, BusIdx{5}, {}).reached);
}

TEST(Topology, AnOutageCutsOffWhatNoSourceReaches) {
    const Network network = make_network(make_sun().grid);
    const std::array sources{BusIdx{4}};
    EXPECT_EQ(find_cut_off(network, std::array{BranchIdx{14}}, sources),
              (Buses_{BusIdx{6}, BusIdx{7}}));
    EXPECT_TRUE(find_cut_off(network, std::array{BranchIdx{0}}, sources).empty());
    EXPECT_EQ(find_cut_off(network,
                           std::array{BranchIdx{0}, BranchIdx{1}, BranchIdx{4}, BranchIdx{5}},
                           sources),
              (Buses_{BusIdx{1}, BusIdx{6}, BusIdx{7}}));
}

/// What a loop adds to the balance of every node; none where it closes.
std::vector<int> walk(const Network& network, const Loop& loop) {
    std::vector<int> left(network.n_bus, 0);
    for (std::size_t n = 0; n < loop.branches.size(); ++n) {
        const BranchIdx k = loop.branches[n];
        left[network.node[network.branches.from[k]].row()] += loop.direction[n];
        left[network.node[network.branches.to[k]].row()] -= loop.direction[n];
    }
    return left;
}

TEST(Topology, TheLoopBasisHoldsAsManyClosedLoopsAsEulerCounts) {
    TinyGrid tiny = make_sun();
    tiny.line(BusIdx{7}, BusIdx{5}, 50, 1);
    const Network network = make_network(tiny.grid);
    const std::vector<Loop> loops = find_loop_basis(network);
    ASSERT_EQ(static_cast<int>(loops.size()), count_independent_loops(network, false));
    std::vector<int> times(network.n_branch(), 0);
    for (const Loop& loop : loops) {
        EXPECT_EQ(walk(network, loop), std::vector<int>(network.n_bus, 0));
        for (const BranchIdx k : loop.branches) {
            ++times[k.row()];
        }
    }
    for (const Loop& loop : loops) { // independent: each has a branch no other loop has
        EXPECT_EQ(times[loop.branches.front().row()], 1);
        EXPECT_EQ(loop.direction.front(), 1);
    }
}

TEST(Topology, ABranchOutOfServiceClosesNoLoop) {
    TinyGrid tiny;
    for (int i = 0; i < 3; ++i) {
        tiny.bus("n" + std::to_string(i));
    }
    tiny.branch(BusIdx{0}, BusIdx{1}, 0, 0.1);
    tiny.branch(BusIdx{1}, BusIdx{2}, 0, 0.1);
    tiny.branch(BusIdx{0}, BusIdx{2}, 0, 0.1, 0, false);
    EXPECT_TRUE(find_loop_basis(make_network(tiny.grid)).empty());
}

TEST(Topology, AnEmptyGridHasNothing) {
    const Network network = make_network({});
    EXPECT_EQ(find_islands(network).count, 0);
    EXPECT_TRUE(find_bridges(network).empty());
    EXPECT_EQ(count_independent_loops(network, true), 0);
}

} // namespace
} // namespace yuanwang::network
