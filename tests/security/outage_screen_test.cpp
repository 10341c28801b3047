#include "security/outage_screen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/dc.hpp"

namespace yuanwang::security {
namespace {

/// Four nodes, a ring with a chord and a radial line:
///
///     0 ──0── 1 ──4── 4
///     │     / │
///     3   2   1
///     │ /     │
///     2 ──5── 3
network::Network make_ring() {
    network::Network grid;
    const std::vector<std::pair<int, int>> ends = {{0, 1}, {1, 3}, {1, 2}, {0, 2}, {1, 4}, {2, 3}};
    grid.n_bus = grid.n_written_bus = 5;
    for (int i = 0; i < 5; ++i) {
        grid.bus_id.push_back(std::to_string(i));
        grid.base_kv.push_back(110);
        grid.node.push_back(BusIdx{i});
        grid.g_fixed_pu.push_back(0);
        grid.b_fixed_pu.push_back(0);
    }
    for (std::size_t k = 0; k < ends.size(); ++k) {
        network::Branches& b = grid.branches;
        b.id.push_back("l" + std::to_string(k));
        b.kind.push_back(network::BranchKind::line);
        b.element.push_back(static_cast<std::int32_t>(k));
        b.circuit.push_back(1);
        b.from.push_back(BusIdx{ends[k].first});
        b.to.push_back(BusIdx{ends[k].second});
        b.r_pu.push_back(0);
        b.x_pu.push_back(0.1 + 0.03 * static_cast<double>(k));
        for (auto* column : {&b.g_from_pu, &b.b_from_pu, &b.g_to_pu, &b.b_to_pu, &b.shift_rad}) {
            column->push_back(0);
        }
        b.ratio.push_back(1);
        b.rate_mva.push_back(100);
        b.rate_emergency_mva.push_back(100);
        b.in_service.push_back(true);
    }
    return grid;
}

std::vector<double> inject(std::size_t t) {
    std::vector<double> p(5);
    for (std::size_t i = 1; i < 5; ++i) {
        p[i] = 40.0 * std::sin(static_cast<double>(i * (t + 1)));
        p[0] -= p[i];
    }
    return p;
}

TEST(OutageScreen, FindsTheWorstOutageThatSolvingEachOneFinds) {
    const network::Network grid = make_ring();
    const std::size_t n_step = 37; // two full groups of lanes and a rest
    Series flows(grid.n_branch(), n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        const powerflow::DcResult base = powerflow::solve_dc(grid, inject(t), BusIdx{0});
        std::ranges::copy(base.p_from_mw, flows.step(t).begin());
    }
    const std::vector<double> rate = {50, 60, 70, 80, 90, 0};
    OutageFactors factors(grid, BusIdx{0});
    EXPECT_EQ(factors.outages().size(), 5U) << "the radial line 1-4 is a bridge";
    OutageScreen screen(factors, rate);
    Series loading;
    BasicSeries<std::int32_t> outage;
    screen.screen(flows, loading, outage);

    for (std::size_t t = 0; t < n_step; ++t) {
        std::vector<double> worst(grid.n_branch(), 0.0);
        std::vector<std::int32_t> which(grid.n_branch(), -1);
        for (const BranchIdx k : factors.outages()) {
            network::Network without = grid;
            without.branches.in_service[k] = false;
            const powerflow::DcResult after = powerflow::solve_dc(without, inject(t), BusIdx{0});
            for (std::size_t l = 0; l < grid.n_branch(); ++l) {
                const double percent =
                    rate[l] > 0 ? 100 * std::abs(after.p_from_mw[l]) / rate[l] : 0;
                if (l != k.row() && percent > worst[l] + 1e-9) {
                    worst[l] = percent;
                    which[l] = k.value;
                }
            }
        }
        for (std::size_t l = 0; l < grid.n_branch(); ++l) {
            EXPECT_NEAR(loading(l, t), worst[l], 1e-8) << l << " at " << t;
            if (l != 4) { // all outages leave the radial line as it is: any may be named
                EXPECT_EQ(outage(l, t), which[l]) << l << " at " << t;
            }
        }
    }
}

TEST(OutageScreen, AStepWithoutASolutionLeavesTheOthersUnharmed) {
    const network::Network grid = make_ring();
    Series flows(grid.n_branch(), 3, 10.0);
    flows(2, 1) = std::numeric_limits<double>::quiet_NaN();
    OutageFactors factors(grid, BusIdx{0});
    OutageScreen screen(factors, std::vector<double>(grid.n_branch(), 100.0));
    Series loading;
    BasicSeries<std::int32_t> outage;
    screen.screen(flows, loading, outage);
    EXPECT_TRUE(std::isnan(loading(2, 1)));
    for (std::size_t l = 0; l < grid.n_branch(); ++l) {
        EXPECT_TRUE(std::isfinite(loading(l, 0)));
        EXPECT_EQ(loading(l, 0), loading(l, 2));
    }
}

} // namespace
} // namespace yuanwang::security
