#include "sweep/shapley.hpp"

#include <bit>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace yuanwang::sweep {
namespace {

std::vector<std::size_t> in_turn(std::size_t n) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}

/// The glove game: 0 has a left glove, 1 and 2 a right one; a pair is worth 1. φ = (2/3, 1/6, 1/6).
std::vector<double> gloves(Coalition s) {
    return {(s & 1U) != 0 && (s & 6U) != 0 ? 1.0 : 0.0};
}

/// Eight players whose effects saturate and interact, two values.
std::vector<double> crowd(Coalition s) {
    double sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        sum += (s >> i & 1U) != 0 ? 3.0 + static_cast<double>(i * i) : 0.0;
    }
    const double pairs = (s & 3U) == 3U ? 20.0 : 0.0;
    return {100 * (1 - std::exp(-sum / 60)) + pairs, 5 - std::sqrt(sum) * std::popcount(s)};
}

TEST(Shapley, TheGloveGame) {
    const Contributions found = find_contributions(3, gloves, in_turn(3));
    EXPECT_NEAR(found.shapley[0], 2.0 / 3, 1e-12);
    EXPECT_NEAR(found.shapley[1], 1.0 / 6, 1e-12);
    EXPECT_NEAR(found.shapley[2], 1.0 / 6, 1e-12);
    EXPECT_EQ(found.leave_one_out, (std::vector<double>{1, 0, 0}));
    EXPECT_EQ(found.add_one_in, (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(found.in_order, (std::vector<double>{0, 1, 0}));
    EXPECT_EQ(found.n_coalition, 8U);
    EXPECT_EQ(found.n_order, 0U);
}

TEST(Shapley, ValuesSumToTheEffectOfAll) {
    for (const bool sampled : {false, true}) {
        const Contributions found =
            find_contributions(8, crowd, in_turn(8), {.n_pair = 10, .always = sampled});
        for (std::size_t v = 0; v < found.n_value; ++v) {
            double sum = 0;
            double ordered = 0;
            for (std::size_t i = 0; i < 8; ++i) {
                sum += found.shapley[found.at(i, v)];
                ordered += found.in_order[found.at(i, v)];
            }
            EXPECT_NEAR(sum, found.all[v] - found.none[v], 1e-9);
            EXPECT_NEAR(ordered, found.all[v] - found.none[v], 1e-9);
        }
    }
}

TEST(Shapley, ASampleHoldsItsErrorAgainstBruteForce) {
    const Contributions exact = find_contributions(8, crowd, in_turn(8));
    std::size_t inside = 0;
    std::size_t n = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Contributions sampled =
            find_contributions(8, crowd, in_turn(8), {.n_pair = 60, .seed = seed, .always = true});
        EXPECT_EQ(sampled.n_order, 120U);
        for (std::size_t k = 0; k < exact.shapley.size(); ++k, ++n) {
            const double off = std::abs(sampled.shapley[k] - exact.shapley[k]);
            inside += off <= sampled.shapley_error[k] ? 1U : 0U;
            EXPECT_LT(off, 3 * sampled.shapley_error[k] + 1e-9);
        }
    }
    EXPECT_GT(static_cast<double>(inside), 0.9 * static_cast<double>(n));
}

TEST(Shapley, EveryCoalitionIsAskedOnce) {
    std::size_t asked = 0;
    const Game counted = [&](Coalition s) {
        ++asked;
        return crowd(s);
    };
    const Contributions found = find_contributions(8, counted, in_turn(8));
    EXPECT_EQ(asked, 256U);
    EXPECT_EQ(found.n_coalition, 256U);
}

TEST(Shapley, NobodyBringsNothing) {
    const Contributions found =
        find_contributions(0, [](Coalition) { return std::vector<double>{7.0}; }, {});
    EXPECT_TRUE(found.shapley.empty());
    EXPECT_EQ(found.all, found.none);
}

} // namespace
} // namespace yuanwang::sweep
