#include "powerflow/batch/batch_solver.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "powerflow/batch/ring_case.hpp"
#include "support/counting_new.hpp"

namespace yuanwang::powerflow::batch {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Largest |S_set − V conj(Y V)| of a case over the buses whose power is given, pu.
double balance_error(const BusAdmittance& y, const std::vector<BusType>& type, const Complex* V,
                     const double* p_pu, const double* q_pu) {
    double largest = 0;
    for (std::size_t i = 0; i < type.size(); ++i) {
        Complex current = 0;
        for (auto n = y.start[i]; n < y.start[i + 1]; ++n) {
            const auto k = static_cast<std::size_t>(n);
            current += Complex{y.g_pu[k], y.b_pu[k]} * V[static_cast<std::size_t>(y.column[k])];
        }
        const Complex lack = Complex{p_pu[i], q_pu[i]} - V[i] * std::conj(current);
        if (type[i] == BusType::pq || type[i] == BusType::pv) {
            largest = std::max(largest, std::abs(lack.real()));
        }
        if (type[i] == BusType::pq) {
            largest = std::max(largest, std::abs(lack.imag()));
        }
    }
    return largest;
}

std::vector<double> spread_factors(std::size_t n) {
    std::vector<double> factor(n);
    for (std::size_t c = 0; c < n; ++c) {
        factor[c] = 0.5 + 0.5 * std::sin(0.7 * static_cast<double>(c));
    }
    return factor;
}

class BothPrecisions : public ::testing::TestWithParam<Precision> {
  protected:
    [[nodiscard]] BatchOptions options() const { return {.limits = {}, .precision = GetParam()}; }
};
INSTANTIATE_TEST_SUITE_P(BatchSolver, BothPrecisions,
                         ::testing::Values(Precision::float_factor, Precision::double_factor),
                         [](const auto& precision) {
                             return precision.param == Precision::float_factor ? "FloatFactor"
                                                                               : "DoubleFactor";
                         });

///   slack 1.0 ──── r + jx ──── load P + jQ
///
/// |V|⁴ + (2(Pr + Qx) − 1) |V|² + (P² + Q²)(r² + x²) = 0, the larger root.
TEST_P(BothPrecisions, TwoBusesHaveTheClosedForm) {
    const double r = 0.02;
    const double x = 0.1;
    std::vector<AdmittanceEntry> entries;
    append_line(0, 1, {r, x}, entries);
    const std::vector<BusType> type = {BusType::slack, BusType::pq};
    BatchSolver solver(make_bus_admittance(2, entries), type,
                       {.limits = {.tolerance_pu = 1e-12}, .precision = GetParam()});

    std::vector<double> p;
    std::vector<double> q;
    const std::size_t n_case = 41; // more than any vector has lanes
    for (std::size_t c = 0; c < n_case; ++c) {
        p.insert(p.end(), {0.0, -0.03 * static_cast<double>(c)});
        q.insert(q.end(), {0.0, -0.01 * static_cast<double>(c)});
    }
    const std::vector<Complex> flat(2, 1.0);
    BatchResult result;
    solver.solve({.n_case = n_case, .p_pu = p, .q_pu = q, .start = flat}, result);
    for (std::size_t c = 0; c < n_case; ++c) {
        const double P = 0.03 * static_cast<double>(c);
        const double Q = 0.01 * static_cast<double>(c);
        const double a = 1 - 2 * (P * r + Q * x);
        const double vm2 = (a + std::sqrt(a * a - 4 * (P * P + Q * Q) * (r * r + x * x))) / 2;
        ASSERT_EQ(result.outcome[c].status, StepStatus::converged) << c;
        EXPECT_NEAR(std::abs(result.V[2 * c + 1]), std::sqrt(vm2), 1e-11) << c;
    }
}

TEST_P(BothPrecisions, EveryCaseBalancesInDouble) {
    const Ring ring(30);
    const auto factor = spread_factors(100);
    const auto [p, q] = ring.scaled(factor);
    BatchSolver solver(ring.y, ring.type, options());
    BatchResult result;
    solver.solve({.n_case = 100, .p_pu = p, .q_pu = q, .start = ring.start, .chain_length = 7},
                 result);
    for (std::size_t c = 0; c < 100; ++c) {
        ASSERT_EQ(result.outcome[c].status, StepStatus::converged) << c;
        const std::size_t first = c * ring.n_bus();
        EXPECT_LT(balance_error(ring.y, ring.type, &result.V[first], &p[first], &q[first]), 1e-8);
        for (std::size_t i = 0; i < ring.n_bus(); ++i) {
            if (ring.type[i] != BusType::pq) {
                EXPECT_NEAR(std::abs(result.V[first + i]), std::abs(ring.start[i]), 1e-13);
            }
        }
    }
}

TEST_P(BothPrecisions, AnOutageEqualsTheGridWithoutTheLine) {
    const Ring ring(14);
    std::vector<AdmittanceEntry> change;
    std::vector<std::int32_t> change_start = {0};
    for (std::int32_t i = 0; i < 14; ++i) {
        std::vector<AdmittanceEntry> line;
        append_line(i, (i + 1) % 14, ring_z_pu, line);
        for (AdmittanceEntry& entry : line) {
            entry.y_pu = -entry.y_pu;
            change.push_back(entry);
        }
        change_start.push_back(static_cast<std::int32_t>(change.size()));
    }
    BatchOptions tight = options();
    tight.limits.tolerance_pu = 1e-11;
    BatchSolver batch(ring.y, ring.type, tight);
    BatchResult all;
    batch.solve({.n_case = 14,
                 .p_pu = ring.p_pu,
                 .q_pu = ring.q_pu,
                 .start = ring.start,
                 .change_start = change_start,
                 .change = change},
                all);
    for (std::int32_t out = 0; out < 14; ++out) {
        std::vector<AdmittanceEntry> entries;
        for (std::int32_t i = 0; i < 14; ++i) {
            if (i != out) {
                append_line(i, (i + 1) % 14, ring_z_pu, entries);
            }
        }
        SingleSolver single(make_bus_admittance(14, entries), ring.type, {.tolerance_pu = 1e-11});
        BatchResult alone;
        single.solve({.n_case = 1, .p_pu = ring.p_pu, .q_pu = ring.q_pu, .start = ring.start},
                     alone);
        const auto c = static_cast<std::size_t>(out);
        ASSERT_EQ(all.outcome[c].status, StepStatus::converged) << out;
        for (std::size_t i = 0; i < 14; ++i) {
            EXPECT_NEAR(std::abs(all.V[c * 14 + i] - alone.V[i]), 0, 1e-9) << out << ' ' << i;
        }
    }
}

TEST_P(BothPrecisions, ABusThatSwitchesIsPqWhereAskedAndPvElsewhere) {
    Ring ring(9);
    ring.type[2] = BusType::pv_or_pq;
    std::vector<std::uint8_t> is_pq(9 * 2, 0);
    is_pq[9 + 2] = 1; // in the second case
    const auto [p, q] = ring.scaled({1.0, 1.0});
    BatchOptions tight = options();
    tight.limits.tolerance_pu = 1e-11;
    BatchSolver switching(ring.y, ring.type, tight);
    BatchResult both;
    switching.solve({.n_case = 2, .p_pu = p, .q_pu = q, .start = ring.start, .is_pq = is_pq}, both);
    for (const BusType type : {BusType::pv, BusType::pq}) {
        ring.type[2] = type;
        BatchSolver fixed(ring.y, ring.type, tight);
        BatchResult one;
        fixed.solve({.n_case = 1, .p_pu = ring.p_pu, .q_pu = ring.q_pu, .start = ring.start}, one);
        const std::size_t c = type == BusType::pv ? 0 : 1;
        for (std::size_t i = 0; i < 9; ++i) {
            EXPECT_NEAR(std::abs(both.V[c * 9 + i] - one.V[i]), 0, 1e-10);
        }
    }
}

TEST_P(BothPrecisions, WhatOneCaseHoldsDoesNotDependOnItsNeighbours) {
    const Ring ring(20);
    const auto [p, q] = ring.scaled(spread_factors(64));
    BatchSolver solver(ring.y, ring.type, options());
    BatchResult whole;
    const BatchProblem problem{
        .n_case = 64, .p_pu = p, .q_pu = q, .start = ring.start, .chain_length = 4};
    solver.solve(problem, whole);
    BatchResult again;
    solver.solve(problem, again);
    EXPECT_EQ(whole.V, again.V);

    // The second half by itself begins at the same chains.
    const std::size_t half = 32 * ring.n_bus();
    BatchResult second;
    solver.solve({.n_case = 32,
                  .p_pu = std::span(p).subspan(half),
                  .q_pu = std::span(q).subspan(half),
                  .start = ring.start,
                  .chain_length = 4},
                 second);
    EXPECT_EQ(std::vector(whole.V.begin() + static_cast<std::ptrdiff_t>(half), whole.V.end()),
              second.V);
}

TEST_P(BothPrecisions, AnyNumberOfThreadsGivesTheSameBits) {
    const Ring ring(20);
    const auto [p, q] = ring.scaled(spread_factors(301));
    const BatchProblem problem{
        .n_case = 301, .p_pu = p, .q_pu = q, .start = ring.start, .chain_length = 5};
    BatchSolver one(ring.y, ring.type, options());
    BatchResult alone;
    one.solve(problem, alone);
    for (const int n_thread : {2, 3, 100}) {
        BatchOptions shared = options();
        shared.n_thread = n_thread;
        BatchSolver several(ring.y, ring.type, shared);
        BatchResult together;
        several.solve(problem, together);
        EXPECT_EQ(alone.V, together.V) << n_thread;
    }
}

TEST_P(BothPrecisions, NewValuesOnTheSamePatternEqualANewSolver) {
    const Ring ring(12);
    Ring tapped = ring;
    for (double& b : tapped.y.b_pu) {
        b *= 1.1;
    }
    BatchSolver moved(ring.y, ring.type, options());
    BatchSolver fresh(tapped.y, ring.type, options());
    const BatchProblem problem{
        .n_case = 1, .p_pu = ring.p_pu, .q_pu = ring.q_pu, .start = ring.start};
    BatchResult a;
    BatchResult b;
    moved.solve(problem, a);
    moved.set_admittance(tapped.y);
    moved.solve(problem, a);
    fresh.solve(problem, b);
    EXPECT_EQ(a.V, b.V);
}

TEST_P(BothPrecisions, NanInOneCaseLeavesTheOthersUnharmed) {
    const Ring ring(20);
    auto [p, q] = ring.scaled(spread_factors(50));
    BatchSolver solver(ring.y, ring.type, options());
    BatchResult clean;
    const BatchProblem problem{
        .n_case = 50, .p_pu = p, .q_pu = q, .start = ring.start, .chain_length = 1};
    solver.solve(problem, clean);
    p[17 * 20 + 4] = nan;
    q[23 * 20 + 1] = std::numeric_limits<double>::infinity();
    BatchResult dirty;
    solver.solve(problem, dirty);
    for (std::size_t c = 0; c < 50; ++c) {
        if (c == 17 || c == 23) {
            EXPECT_EQ(dirty.outcome[c].status, StepStatus::not_finite);
            EXPECT_TRUE(std::isnan(dirty.V[c * 20 + 3].real()));
        } else {
            EXPECT_EQ(dirty.outcome[c].status, StepStatus::converged);
            for (std::size_t i = 0; i < 20; ++i) {
                EXPECT_EQ(dirty.V[c * 20 + i], clean.V[c * 20 + i]);
            }
        }
    }
}

TEST_P(BothPrecisions, ALaneThatFailedStartsAfresh) {
    const Ring ring(12);
    const auto [p, q] = ring.scaled({1, 1, 500, 1, 1}); // one chain, collapse in its middle
    BatchSolver solver(ring.y, ring.type, options());
    BatchResult result;
    solver.solve({.n_case = 5, .p_pu = p, .q_pu = q, .start = ring.start, .chain_length = 5},
                 result);
    EXPECT_NE(result.outcome[2].status, StepStatus::converged);
    EXPECT_NE(result.outcome[2].status, StepStatus::not_run);
    for (const std::size_t c : {0U, 1U, 3U, 4U}) {
        EXPECT_EQ(result.outcome[c].status, StepStatus::converged) << c;
    }
}

TEST_P(BothPrecisions, AllLanesMayDiverge) {
    const Ring ring(12);
    const auto [p, q] = ring.scaled(std::vector<double>(40, 500.0));
    BatchSolver solver(ring.y, ring.type, options());
    BatchResult result;
    solver.solve({.n_case = 40, .p_pu = p, .q_pu = q, .start = ring.start}, result);
    for (const CaseOutcome& outcome : result.outcome) {
        EXPECT_NE(outcome.status, StepStatus::converged);
        EXPECT_NE(outcome.status, StepStatus::not_run);
    }
}

TEST_P(BothPrecisions, AnIsolatedBusIsSingularAndSaysSo) {
    std::vector<AdmittanceEntry> entries;
    append_line(0, 1, ring_z_pu, entries);
    const std::vector<BusType> type = {BusType::slack, BusType::pq, BusType::pq};
    BatchSolver solver(make_bus_admittance(3, entries), type, options());
    const std::vector<double> p = {0, -0.1, -0.1};
    const std::vector<double> q = {0, 0, 0};
    const std::vector<Complex> flat(3, 1.0);
    BatchResult result;
    solver.solve({.n_case = 1, .p_pu = p, .q_pu = q, .start = flat}, result);
    EXPECT_NE(result.outcome[0].status, StepStatus::converged);
}

TEST_P(BothPrecisions, AZeroImpedanceTieIsSolved) {
    std::vector<AdmittanceEntry> entries;
    append_line(0, 1, ring_z_pu, entries);
    append_line(1, 2, {0, 1e-6}, entries);
    append_line(2, 3, ring_z_pu, entries);
    const std::vector<BusType> type = {BusType::slack, BusType::pq, BusType::pq, BusType::pq};
    BatchSolver solver(make_bus_admittance(4, entries), type, options());
    const std::vector<double> p = {0, -0.3, -0.2, -0.1};
    const std::vector<double> q = {0, -0.1, 0, 0};
    const std::vector<Complex> flat(4, 1.0);
    BatchResult result;
    solver.solve({.n_case = 1, .p_pu = p, .q_pu = q, .start = flat}, result);
    EXPECT_EQ(result.outcome[0].status, StepStatus::converged);
    EXPECT_NEAR(std::abs(result.V[1] - result.V[2]), 0, 1e-6);
}

TEST_P(BothPrecisions, OneBusIsSolved) {
    const std::vector<BusType> type = {BusType::slack};
    BatchSolver solver(make_bus_admittance(1, {}), type, options());
    const std::vector<double> none = {0.0};
    const std::vector<Complex> V = {{1.05, 0.0}};
    BatchResult result;
    solver.solve({.n_case = 1, .p_pu = none, .q_pu = none, .start = V}, result);
    EXPECT_EQ(result.outcome[0].status, StepStatus::converged);
    EXPECT_EQ(result.V[0], V[0]);
}

TEST_P(BothPrecisions, NoCaseIsNoWork) {
    const Ring ring(5);
    BatchSolver solver(ring.y, ring.type, options());
    BatchResult result;
    solver.solve({.n_case = 0, .p_pu = {}, .q_pu = {}, .start = ring.start}, result);
    EXPECT_TRUE(result.V.empty());
}

TEST_P(BothPrecisions, AWarmSolverAllocatesNothing) {
    const Ring ring(40);
    const auto [p, q] = ring.scaled(spread_factors(200));
    BatchSolver solver(ring.y, ring.type, options());
    const BatchProblem problem{
        .n_case = 200, .p_pu = p, .q_pu = q, .start = ring.start, .chain_length = 10};
    BatchResult result;
    solver.solve(problem, result);
    const std::size_t before = yuanwang::testing::count_allocations();
    solver.solve(problem, result);
    EXPECT_EQ(yuanwang::testing::count_allocations() - before, 0U);
}

} // namespace
} // namespace yuanwang::powerflow::batch
