/// The lanes of DC outages on awkward grids, on every instruction set, against solving each outage alone.
#include "security/dc_kernels.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/aligned.hpp"
#include "powerflow/dc.hpp"
#include "security/outage_factors.hpp"
#include "support/on_every_set.hpp"
#include "support/tiny_grid.hpp"

namespace yuanwang::security {
namespace {

constexpr std::size_t W = dc_lanes;

/// Two meshes that do not touch, with parallel branches, branches of negative reactance as in star equivalents, one out of
/// service, one from a bus to itself, and a radial end:
///
///     0 ═ 1 ─ 2 ─ … ─ n−1 ─ 0, chords, n−1 ─ end          n+1 ─ n+2 ─ … a second ring
network::Network make_two_meshes(int n) {
    testing::TinyGrid tiny;
    std::vector<BusIdx> bus;
    for (int i = 0; i < 2 * n + 1; ++i) {
        bus.push_back(tiny.bus("b" + std::to_string(i)));
    }
    const auto at = [&](int i) { return bus[static_cast<std::size_t>(i)]; };
    const auto x = [](int i) { return 0.05 + 0.01 * (i % 7); };
    for (int i = 0; i < n; ++i) {
        tiny.branch(at(i), at((i + 1) % n), 0, x(i));
        if (i % 3 == 0 && (i * 5 + 7) % n != i) {
            tiny.branch(at((i * 5 + 7) % n), at(i), 0, x(i + 2));
        }
    }
    tiny.branch(at(0), at(1), 0, 0.3); // parallel
    tiny.branch(at(2), at(0), 0, 0.2, 0, false);
    tiny.branch(at(3), at(3), 0, 0.2);
    tiny.branch(at(n - 1), at(n), 0, 0.2); // radial
    tiny.branch(at(1), at(4), 0, -0.9);
    for (int i = 0; i < n; ++i) {
        tiny.branch(at(n + 1 + i), at(n + 1 + (i + 1) % n), 0, x(i + 4));
    }
    return network::make_network(tiny.grid);
}

std::vector<double> make_injections(const network::Network& grid) {
    std::vector<double> p_mw(grid.n_bus);
    for (std::size_t i = 0; i < grid.n_bus; ++i) {
        p_mw[i] = 30.0 * std::sin(1.0 + 1.7 * static_cast<double>(i));
    }
    return p_mw;
}

class DcLanes : public test::OnEverySet {};

TEST_F(DcLanes, FlowsAfterEveryOutageEqualAGridWithoutTheBranch) {
    const network::Network grid = make_two_meshes(45);
    const std::vector<double> injection = make_injections(grid);
    const powerflow::DcResult base = powerflow::solve_dc(grid, injection, BusIdx{2});
    ASSERT_EQ(base.status, StepStatus::converged);
    for_each_set([&] {
        OutageFactors factors(grid, BusIdx{2});
        ASSERT_TRUE(factors.factorised());
        ASSERT_GT(factors.n_block(), 2U);
        ASSERT_NE(factors.outages().size() % W, 0U) << "the last block is to be a part";
        std::vector<double> flows(grid.n_branch() * W);
        std::size_t n_seen = 0;
        for (std::size_t block = 0; block < factors.n_block(); ++block) {
            factors.compute_flows(block, base.p_from_mw, flows);
            for (std::size_t w = 0; w < W; ++w) {
                const std::size_t m = block * W + w;
                if (m >= factors.outages().size()) { // nothing is lost there
                    for (std::size_t l = 0; l < grid.n_branch(); ++l) {
                        EXPECT_EQ(flows[l * W + w], base.p_from_mw[l]);
                    }
                    continue;
                }
                ++n_seen;
                const BranchIdx lost = factors.outages()[m];
                network::Network without = grid;
                without.branches.in_service[lost] = false;
                const auto after = powerflow::solve_dc(without, injection, BusIdx{2});
                ASSERT_EQ(after.status, StepStatus::converged) << lost.value;
                EXPECT_EQ(flows[lost.row() * W + w], 0.0);
                for (std::size_t l = 0; l < grid.n_branch(); ++l) {
                    EXPECT_NEAR(flows[l * W + w], after.p_from_mw[l], 1e-8)
                        << l << " without " << lost.value;
                }
            }
        }
        EXPECT_EQ(n_seen, factors.outages().size());
    });
}

TEST_F(DcLanes, StreamedFlowsAreTheStoredOnesBitForBit) {
    const network::Network grid = make_two_meshes(45);
    const auto base = powerflow::solve_dc(grid, make_injections(grid), BusIdx{2});
    for_each_set([&] {
        OutageFactors factors(grid, BusIdx{2});
        AlignedVector<double> stored(grid.n_branch() * W);
        AlignedVector<double> streamed(grid.n_branch() * W);
        for (std::size_t block = 0; block < factors.n_block(); ++block) {
            factors.compute_flows(block, base.p_from_mw, stored);
            factors.stream_flows(block, base.p_from_mw, streamed);
            EXPECT_EQ(stored, streamed);
        }
    });
}

TEST_F(DcLanes, TheScreenKeepsTheWorstOfTheFlows) {
    const network::Network grid = make_two_meshes(45);
    const auto base = powerflow::solve_dc(grid, make_injections(grid), BusIdx{2});
    std::vector<double> inverse_rate(grid.n_branch());
    for (std::size_t l = 0; l < grid.n_branch(); ++l) {
        inverse_rate[l] = 1.0 / (20.0 + static_cast<double>(l % 11));
    }
    for_each_set([&] {
        OutageFactors factors(grid, BusIdx{2});
        std::vector<double> flows(grid.n_branch() * W);
        AlignedVector<double> worst(W);
        for (std::size_t block = 0; block < factors.n_block(); ++block) {
            factors.compute_flows(block, base.p_from_mw, flows);
            factors.screen_block(block, base.p_from_mw, inverse_rate,
                                 std::span<double, W>(worst.data(), W));
            for (std::size_t w = 0; w < W; ++w) {
                double most = 0;
                for (std::size_t l = 0; l < grid.n_branch(); ++l) {
                    most = std::max(most, std::abs(flows[l * W + w]) * inverse_rate[l]);
                }
                EXPECT_EQ(worst[w], most);
            }
        }
    });
}

TEST_F(DcLanes, FactorsTimesTheLostFlowAreWhatMoves) {
    const network::Network grid = make_two_meshes(45);
    const auto base = powerflow::solve_dc(grid, make_injections(grid), BusIdx{2});
    for_each_set([&] {
        OutageFactors factors(grid, BusIdx{2});
        std::vector<double> flows(grid.n_branch() * W);
        std::vector<double> lodf(grid.n_branch() * W);
        for (std::size_t block = 0; block < factors.n_block(); ++block) {
            factors.compute_flows(block, base.p_from_mw, flows);
            factors.compute_block(block, lodf);
            for (std::size_t m = block * W; m < factors.outages().size() && m < block * W + W;
                 ++m) {
                const std::size_t lost = factors.outages()[m].row();
                EXPECT_EQ(lodf[lost * W + m % W], -1.0);
                for (std::size_t l = 0; l < grid.n_branch(); ++l) {
                    const double moved = lodf[l * W + m % W] * base.p_from_mw[lost];
                    EXPECT_NEAR(flows[l * W + m % W], base.p_from_mw[l] + moved, 1e-10);
                }
            }
        }
    });
}

TEST_F(DcLanes, EveryInstructionSetGivesTheSameBits) {
    const network::Network grid = make_two_meshes(45);
    std::vector<double> first;
    for_each_set([&] {
        OutageFactors factors(grid, BusIdx{2});
        std::vector<double> all;
        std::vector<double> lodf(grid.n_branch() * W);
        for (std::size_t block = 0; block < factors.n_block(); ++block) {
            factors.compute_block(block, lodf);
            all.insert(all.end(), lodf.begin(), lodf.end());
        }
        const DenseMatrix ptdf = make_ptdf(grid, BusIdx{2});
        all.insert(all.end(), ptdf.values.begin(), ptdf.values.end());
        first = first.empty() ? all : first;
        EXPECT_EQ(all, first);
    });
}

TEST(DcLanesOf, AGridWithoutALoopHasNoOutage) {
    testing::TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.branch(a, b, 0, 0.1);
    OutageFactors factors(network::make_network(tiny.grid), a);
    EXPECT_TRUE(factors.factorised());
    EXPECT_EQ(factors.n_block(), 0U);
}

TEST(DcLanesOf, OneBusHasNothingToSolve) {
    testing::TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    OutageFactors factors(network::make_network(tiny.grid), a);
    EXPECT_TRUE(factors.factorised());
    EXPECT_EQ(factors.n_block(), 0U);
    EXPECT_EQ(make_ptdf(network::make_network(tiny.grid), a).n_row, 0U);
}

/// Two branches that cancel: B has no factor, and nobody is told a number.
TEST(DcLanesOf, WithoutAFactorThereIsNoOutage) {
    testing::TinyGrid tiny;
    const BusIdx a = tiny.bus("a");
    const BusIdx b = tiny.bus("b");
    tiny.branch(a, b, 0, 0.1);
    tiny.branch(a, b, 0, -0.1);
    OutageFactors factors(network::make_network(tiny.grid), a);
    EXPECT_FALSE(factors.factorised());
    EXPECT_EQ(factors.n_block(), 0U);
}

} // namespace
} // namespace yuanwang::security
