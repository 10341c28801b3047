/// When one factor serves all cases, and that the answers do not depend on it.
#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "powerflow/batch/batch_solver.hpp"
#include "powerflow/batch/elimination.hpp"
#include "powerflow/batch/factor_policy.hpp"
#include "powerflow/batch/public_case.hpp"

namespace yuanwang::powerflow::batch {
namespace {

TEST(FactorPolicy, ComparesEightShortStepsWithThreeLongOnes) {
    EXPECT_FALSE(keeping_pays({.factor = 500, .solve = 200, .mismatch = 100}));
    EXPECT_TRUE(keeping_pays({.factor = 501, .solve = 200, .mismatch = 100}));
    EXPECT_FALSE(keeping_pays({.factor = 0, .solve = 1, .mismatch = 1}));
}

/// A square mesh: fill grows faster than the graph, as in meshed grids of any size.
BusAdmittance make_mesh(std::int32_t n) {
    std::vector<AdmittanceEntry> entries;
    const auto connect = [&](std::int32_t i, std::int32_t j) {
        const std::complex<double> y{1.0, -10.0};
        entries.insert(entries.end(), {{i, i, y}, {j, j, y}, {i, j, -y}, {j, i, -y}});
    };
    for (std::int32_t r = 0; r < n; ++r) {
        for (std::int32_t c = 0; c < n; ++c) {
            if (c + 1 < n) {
                connect(r * n + c, r * n + c + 1);
            }
            if (r + 1 < n) {
                connect(r * n + c, (r + 1) * n + c);
            }
        }
    }
    return make_bus_admittance(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), entries);
}

TEST(FactorPolicy, AMeshOfThousandsKeepsItsFactorASmallOneDoesNot) {
    const auto keeps = [](std::int32_t n) {
        const BusAdmittance y = make_mesh(n);
        std::vector<BusType> type(y.n_bus(), BusType::pq);
        type[0] = BusType::slack;
        return keeping_pays(make_elimination(y, type).cost);
    };
    EXPECT_FALSE(keeps(4));
    EXPECT_TRUE(keeps(50));
}

class FactorReuseCases : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Public, FactorReuseCases,
                         ::testing::Values("case14", "case39", "case118", "case300",
                                           "case1354pegase"),
                         [](const auto& name) { return name.param; });

TEST_P(FactorReuseCases, OneFactorForAllEndsWhereNewtonEnds) {
    if (!has_public_cases()) {
        GTEST_SKIP() << "no public cases";
    }
    const PublicCase c = load_case(GetParam());
    const Injections once = gather_injections(c.grid, c.problem.units, c.problem.injections);
    Injections many;
    constexpr std::size_t n_case = 40;
    for (std::size_t t = 0; t < n_case; ++t) {
        const double scale = 0.8 + 0.2 * std::sin(0.4 * static_cast<double>(t));
        for (std::size_t i = 0; i < once.p_pu.size(); ++i) {
            many.p_pu.push_back(scale * once.p_pu[i]);
            many.q_pu.push_back(scale * once.q_pu[i]);
        }
    }
    const auto solve = [&](FactorReuse reuse, Precision precision) {
        BatchSolver solver(c.y, c.setup.type,
                           {.limits = {.tolerance_pu = 1e-11, .max_iterations = 60},
                            .precision = precision,
                            .reuse = reuse});
        EXPECT_EQ(solver.keeps_factor(), reuse == FactorReuse::always);
        BatchResult result;
        solver.solve({.n_case = n_case,
                      .p_pu = many.p_pu,
                      .q_pu = many.q_pu,
                      .start = c.setup.flat,
                      .chain_length = 10},
                     result);
        return result;
    };
    for (const Precision precision : {Precision::float_factor, Precision::double_factor}) {
        const BatchResult newton = solve(FactorReuse::never, precision);
        const BatchResult chord = solve(FactorReuse::always, precision);
        for (std::size_t t = 0; t < n_case; ++t) {
            ASSERT_EQ(chord.outcome[t].status, StepStatus::converged) << t;
        }
        for (std::size_t i = 0; i < newton.V.size(); ++i) {
            ASSERT_LT(std::abs(newton.V[i] - chord.V[i]), 1e-9) << i;
        }
    }
}

TEST_P(FactorReuseCases, GridsOfThisSizeFactoriseAtEveryStep) {
    if (!has_public_cases()) {
        GTEST_SKIP() << "no public cases";
    }
    const PublicCase c = load_case(GetParam());
    EXPECT_FALSE(BatchSolver(c.y, c.setup.type).keeps_factor());
}

} // namespace
} // namespace yuanwang::powerflow::batch
