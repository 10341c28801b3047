/// Seeded random systems: every answer proved by its bound, a live model as good as a cold one.
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "dispatch/program/clp_engine.hpp"
#include "tiny_program.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr std::size_t n_bus = 6;
constexpr std::size_t n_step = 6;

/// A ring of six buses: PTDF of equal reactances, reference bus 0.
///
///   0 ── 1 ── 2 ── 3 ── 4 ── 5 ── 0
///
/// A MW from bus i to bus 0 goes (6 − i)/6 backwards through branches 0 … i − 1 and i/6 on through i … 5.
System make_ring(std::mt19937_64& random) {
    std::uniform_real_distribution<double> share(0.2, 1);
    System system = plate_with_battery();
    system.n_bus = n_bus;
    system.generators.bus = {0, 2, 3};
    system.storages.bus = {4};
    system.sheds = {};
    for (std::size_t i = 0; i < n_bus; ++i) {
        system.sheds.bus.push_back(i);
        system.sheds.p_max_mw.push_back(60);
        system.sheds.price_per_mwh.push_back(3000 + 10 * share(random));
    }
    for (std::size_t k = 0; k < n_bus; ++k) {
        system.branches.limit_mw.push_back(40 * share(random));
        for (std::size_t i = 0; i < n_bus; ++i) {
            const double around = static_cast<double>(i) / n_bus;
            system.branches.ptdf.push_back(k < i ? around - 1 : around);
        }
    }
    return system;
}

Block make_random_block(const System& system, std::mt19937_64& random) {
    std::uniform_real_distribution<double> share(0, 1);
    Block block = make_empty_block(system, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < n_bus; ++i) {
            block.demand_mw(i, t) = 60 * share(random);
        }
        for (std::size_t k = 0; k < system.generators.size(); ++k) {
            block.p_max_mw(k, t) = 150 * share(random);
            block.price_per_mwh(k, t) = 50 * share(random);
        }
    }
    block.e_start_mwh = {15};
    block.e_end_mwh = {15};
    return block;
}

TEST(Agreement, ALiveModelIsAsGoodAsAColdOneAndBothAreProved) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::mt19937_64 random{seed};
        const System system = make_ring(random);
        ClpEngine live{system};
        for (int day = 0; day < 10; ++day) {
            const Block block = make_random_block(system, random);
            const Solution warm = live.solve(block);
            const Solution cold = ClpEngine{system}.solve(block);
            ASSERT_EQ(warm.status, SolveStatus::optimal) << seed << " " << day;
            ASSERT_EQ(cold.status, SolveStatus::optimal) << seed << " " << day;
            EXPECT_NEAR(warm.objective, cold.objective, 1e-9 * cold.objective);
            EXPECT_NEAR(warm.objective, warm.bound, 1e-8 * cold.objective);
        }
    }
}

/// A day of six hours of which the first half was the second half of the day before.
TEST(Agreement, ABlockThatGoesOnFromTheOneBeforeIsAsGoodAsAColdOne) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::mt19937_64 random{seed};
        const System system = make_ring(random);
        ClpEngine live{system};
        Block before = make_random_block(system, random);
        for (int day = 0; day < 10; ++day) {
            Block block = make_random_block(system, random);
            for (std::size_t t = 0; t < n_step / 2; ++t) {
                const auto repeat = [&](Series& to, const Series& from) {
                    std::ranges::copy(from.step(t + n_step / 2), to.step(t).begin());
                };
                repeat(block.demand_mw, before.demand_mw);
                repeat(block.p_max_mw, before.p_max_mw);
                repeat(block.price_per_mwh, before.price_per_mwh);
            }
            block.steps_on = day > 0 ? n_step / 2 : 0;
            const Solution warm = live.solve(block);
            const Solution cold = ClpEngine{system}.solve(block);
            ASSERT_EQ(warm.status, SolveStatus::optimal) << seed << " " << day;
            EXPECT_NEAR(warm.objective, cold.objective, 1e-9 * cold.objective);
            before = block;
        }
    }
}

TEST(Agreement, ABranchWithRoomHasNoValueAndAFullOneDoes) {
    std::mt19937_64 random{7};
    const System system = make_ring(random);
    const Block block = make_random_block(system, random);
    const Solution answer = ClpEngine{system}.solve(block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    ASSERT_FALSE(answer.binding.empty());
    for (const BindingBranch& binding : answer.binding) {
        std::vector<double> injection_mw(n_bus);
        compute_injection(system, block, answer, binding.step, injection_mw);
        double flow_mw = 0;
        for (std::size_t i = 0; i < n_bus; ++i) {
            flow_mw += system.branches.ptdf[binding.branch * n_bus + i] * injection_mw[i];
        }
        EXPECT_NEAR(std::abs(flow_mw), system.branches.limit_mw[binding.branch], 1e-6);
        EXPECT_GT(binding.value_per_mwh, 0);
    }
}

TEST(Agreement, TheSameBlocksGiveTheSameBytes) {
    const auto run = [] {
        std::mt19937_64 random{11};
        const System system = make_ring(random);
        ClpEngine engine{system};
        std::vector<double> all;
        for (int day = 0; day < 5; ++day) {
            const Solution answer = engine.solve(make_random_block(system, random));
            const auto values = answer.generation_mw.values();
            all.insert(all.end(), values.begin(), values.end());
        }
        return all;
    };
    EXPECT_EQ(run(), run());
}

} // namespace
} // namespace yuanwang::dispatch::program
