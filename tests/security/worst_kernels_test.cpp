/// The loops over outages side by side, on every instruction set, against complex arithmetic one by one.
#include "security/worst_kernels.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "support/on_every_set.hpp"

namespace yuanwang::security {
namespace {

constexpr std::size_t W = worst_lanes;
using Complex = std::complex<double>;

class WorstLanes : public test::OnEverySet {};

TEST_F(WorstLanes, LoadingIsThatOfTheEndThatCarriesMore) {
    std::vector<double> e(2 * W);
    std::vector<double> f(2 * W);
    for (std::size_t n = 0; n < e.size(); ++n) {
        e[n] = 1.0 + 0.03 * std::sin(static_cast<double>(n));
        f[n] = 0.2 * std::cos(1.3 * static_cast<double>(n));
    }
    const WorstBranch branch{.branch = 0,
                             .from = 0,
                             .to = 1,
                             .ff_g = 1.1,
                             .ff_b = -9.0,
                             .ft_g = -1.2,
                             .ft_b = 9.5,
                             .tf_g = -1.0,
                             .tf_b = 9.4,
                             .tt_g = 1.3,
                             .tt_b = -9.2,
                             .inverse_rate2_from = 0.25,
                             .inverse_rate2_to = 0.25,
                             .section_row = -1};
    std::vector<double> first;
    for_each_set([&] {
        const WorstKernels kernels = worst_kernels();
        std::vector<double> loading2(W);
        std::vector<double> p(W);
        kernels.compute_loading(branch, e.data(), f.data(), loading2.data(), p.data());
        for (std::size_t w = 0; w < W; ++w) {
            const Complex v_f{e[w], f[w]};
            const Complex v_t{e[W + w], f[W + w]};
            const Complex s_f =
                v_f * std::conj(Complex{1.1, -9.0} * v_f + Complex{-1.2, 9.5} * v_t);
            const Complex s_t =
                v_t * std::conj(Complex{-1.0, 9.4} * v_f + Complex{1.3, -9.2} * v_t);
            EXPECT_NEAR(loading2[w], std::max(std::norm(s_f), std::norm(s_t)) * 0.25, 1e-12);
            EXPECT_NEAR(p[w], s_f.real(), 1e-13);
        }
        first = first.empty() ? loading2 : first;
        EXPECT_EQ(loading2, first) << "every set gives the same bits";
    });
}

TEST_F(WorstLanes, WhatIsWorseWinsAndEqualsOrNoNumberDoNot) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> value = {3, 1, 2, nan, 5, 0, -1, 7};
    const std::vector<double> index = {10, 11, 12, 13, 14, 15, 16, 17};
    for_each_set([&] {
        const WorstKernels kernels = worst_kernels();
        std::vector<double> best(W, 2.0);
        std::vector<double> whose(W, -1.0);
        kernels.widen_high(1, value.data(), index.data(), {best.data(), whose.data()});
        EXPECT_EQ(best, (std::vector<double>{3, 2, 2, 2, 5, 2, 2, 7}));
        EXPECT_EQ(whose, (std::vector<double>{10, -1, -1, -1, 14, -1, -1, 17}));
        best.assign(W, 2.0);
        whose.assign(W, -1.0);
        kernels.widen_low(1, value.data(), index.data(), {best.data(), whose.data()});
        EXPECT_EQ(best, (std::vector<double>{2, 1, 2, 2, 2, 0, -1, 2}));
        EXPECT_EQ(whose, (std::vector<double>{-1, 11, -1, -1, -1, 15, 16, -1}));
    });
}

TEST_F(WorstLanes, ADarkBusIsNeverTheLowest) {
    std::vector<double> e(W, 1.0);
    std::vector<double> f(W, 0.0);
    e[3] = 0.0; // dark in this lane
    e[5] = 0.9;
    const std::vector<std::size_t> node = {0};
    const std::vector<double> index = {0, 1, 2, 3, 4, 5, 6, 7};
    for_each_set([&] {
        const WorstKernels kernels = worst_kernels();
        std::vector<double> low(W, std::numeric_limits<double>::infinity());
        std::vector<double> high(W, 0.0);
        std::vector<double> low_outage(W, -1.0);
        std::vector<double> high_outage(W, -1.0);
        kernels.widen_buses(1, node.data(), e.data(), f.data(), index.data(),
                            {low.data(), low_outage.data()}, {high.data(), high_outage.data()});
        EXPECT_EQ(low_outage[3], -1);
        EXPECT_EQ(high_outage[3], -1);
        EXPECT_EQ(low[5], 0.9 * 0.9);
        EXPECT_EQ(low_outage[5], 5);
        EXPECT_EQ(high_outage[0], 0);
    });
}

} // namespace
} // namespace yuanwang::security
