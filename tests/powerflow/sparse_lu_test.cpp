#include "powerflow/sparse_lu.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace yuanwang::powerflow {
namespace {

/// [a 1 0; 1 4 1; 0 1 3] by columns.
SparseLu make_tridiagonal(double a) {
    SparseLu lu({0, 2, 5, 7}, {0, 1, 0, 1, 2, 1, 2});
    std::ranges::copy(std::array{a, 1.0, 1.0, 4.0, 1.0, 1.0, 3.0}, lu.values().begin());
    return lu;
}

TEST(SparseLu, SolvesWhatItFactorised) {
    SparseLu lu = make_tridiagonal(2);
    ASSERT_TRUE(lu.choose_pivots());
    std::array b{2.0 + 2.0, 1.0 + 8.0 + 3.0, 2.0 + 9.0}; // of x = 1, 2, 3
    lu.solve(b);
    EXPECT_NEAR(b[0], 1, 1e-15);
    EXPECT_NEAR(b[1], 2, 1e-15);
    EXPECT_NEAR(b[2], 3, 1e-15);
}

TEST(SparseLu, NewValuesNeedNoNewPivots) {
    SparseLu lu = make_tridiagonal(2);
    ASSERT_TRUE(lu.choose_pivots());
    lu.values()[0] = 5;
    ASSERT_TRUE(lu.refactorise());
    std::array b{6.0, 6.0, 4.0}; // of x = 1, 1, 1
    lu.solve(b);
    for (const double x : b) {
        EXPECT_NEAR(x, 1, 1e-15);
    }
}

TEST(SparseLu, AVanishedPivotFailsInTheKeptOrderButNotInAnOwnOne) {
    SparseLu lu({0, 2, 4}, {0, 1, 0, 1});
    std::ranges::copy(std::array{4.0, 1.0, 1.0, 4.0}, lu.values().begin());
    ASSERT_TRUE(lu.choose_pivots());
    std::ranges::copy(std::array{0.0, 1.0, 1.0, 0.0}, lu.values().begin());
    EXPECT_FALSE(lu.refactorise());
    ASSERT_TRUE(lu.factorise_with_pivoting());
    std::array b{3.0, 7.0};
    lu.solve(b);
    EXPECT_EQ(b, (std::array{7.0, 3.0}));
    std::ranges::copy(std::array{4.0, 1.0, 1.0, 4.0}, lu.values().begin());
    EXPECT_TRUE(lu.refactorise()) << "the kept order is still there";
}

TEST(SparseLu, ASingularMatrixIsToldNotSolved) {
    SparseLu lu({0, 2, 4}, {0, 1, 0, 1});
    std::ranges::copy(std::array{1.0, 2.0, 2.0, 4.0}, lu.values().begin());
    EXPECT_FALSE(lu.choose_pivots());
    EXPECT_FALSE(lu.factorise_with_pivoting());
}

TEST(SparseLu, NothingIsSolvedByNothing) {
    SparseLu lu({0}, {});
    EXPECT_TRUE(lu.choose_pivots());
    EXPECT_TRUE(lu.refactorise());
    lu.solve({});
}

} // namespace
} // namespace yuanwang::powerflow
