// The lanes against the reference solver on the home case, dispatch and loss feedback and all: same positions, same
// voltages to 1e-9 pu, both converged to 1e-11. A week in CI, the year as a study.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

RunRecord run_with(const char* solver, const std::string& start, const std::string& duration) {
    return run(load("xining-2025.yaml",
                    {"time.start=" + start, "time.duration=" + duration, "studies.n_1.method=none",
                     "studies.power_flow.tolerance_pu=1e-11",
                     std::string{"studies.power_flow.solver="} + solver})
                   .study);
}

/// Largest difference of a column over all elements and steps.
double find_difference(Series engine::BlockResult::*column, engine::Axis axis, const RunRecord& a,
                       const RunRecord& b) {
    double largest = 0;
    for (std::size_t t = 0; t < a.n_step(); ++t) {
        for (std::size_t k = 0; k < a.axes().of(axis).size(); ++k) {
            const double x = a.at(column, k, t);
            const double y = b.at(column, k, t);
            if (!std::isnan(x) || !std::isnan(y)) {
                largest = std::isnan(x - y) ? 1e9 : std::max(largest, std::abs(x - y));
            }
        }
    }
    return largest;
}

void expect_same(const std::string& start, const std::string& duration) {
    using R = engine::BlockResult;
    const RunRecord reference = run_with("reference", start, duration);
    const RunRecord batch = run_with("batch", start, duration);
    const auto difference = [&](Series R::*column, engine::Axis axis) {
        return find_difference(column, axis, reference, batch);
    };
    EXPECT_EQ(difference(&R::transformer_tap, engine::Axis::transformer), 0);
    EXPECT_EQ(difference(&R::shunt_steps, engine::Axis::shunt), 0);
    EXPECT_LT(difference(&R::bus_vm_pu, engine::Axis::bus), 1e-9);
    EXPECT_EQ(batch.summary().steps.at("converged"), reference.summary().steps.at("converged"));
    EXPECT_LT(batch.summary().steps.at("by_reference"), 0.02 * batch.summary().steps.at("total"));
}

TEST(XiningBatch, AWinterWeekIsThatOfTheReference) {
    expect_same("2025-01-06", "7 d");
}

TEST(XiningBatchStudy, TheYearIsThatOfTheReference) {
    expect_same("2025-01-01", "1 y");
}

} // namespace
} // namespace yuanwang::xining
