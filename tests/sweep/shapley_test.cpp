#include "sweep/portfolio/shapley.hpp"

#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

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

/// Share of samples of `n_pair` pairs whose stated error holds against the exact values.
double share_held(std::size_t n_pair) {
    const Contributions exact = find_contributions(8, crowd, in_turn(8));
    std::size_t n_held = 0;
    std::size_t n = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const Contributions found = find_contributions(
            8, crowd, in_turn(8), {.n_pair = n_pair, .seed = seed, .always = true});
        for (std::size_t k = 0; k < exact.shapley.size(); ++k, ++n) {
            n_held += std::abs(found.shapley[k] - exact.shapley[k]) <= found.shapley_error[k];
        }
    }
    return static_cast<double>(n_held) / static_cast<double>(n);
}

/// Contributions are not normal, so few pairs hold less than they say: 0.85 at three, 0.94 at
/// ten and fifty.
TEST(Shapley, TheStatedErrorHoldsInNineteenOfTwentySamplesOfTenPairs) {
    EXPECT_GT(share_held(3), 0.83);
    EXPECT_NEAR(share_held(10), 0.95, 0.02);
    EXPECT_NEAR(share_held(50), 0.95, 0.02);
}

/// Abramowitz, Stegun, table 26.10, to their digits.
TEST(Shapley, PointsOfStudentsDistributionAreThePublishedOnes) {
    for (const auto& [freedom, published] : {std::pair{1U, 12.706},
                                             {2U, 4.303},
                                             {10U, 2.228},
                                             {11U, 2.201},
                                             {15U, 2.131},
                                             {20U, 2.086},
                                             {30U, 2.042},
                                             {60U, 2.000},
                                             {120U, 1.980}}) {
        EXPECT_NEAR(student_95(freedom), published, 5.1e-4) << freedom;
    }
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
