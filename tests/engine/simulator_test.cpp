#include "engine/simulator.hpp"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/axes.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::BlockResult;
using engine::RunReport;
using namespace std::chrono_literals;
using std::chrono::year_month_day;

constexpr year_month_day summer_day = 2025y / 6 / 21;

RunReport run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

TEST(Simulator, ServesAPlainLoadFromTheTieAndClosesItsBalances) {
    System system = tiny_system();
    add_load(system, "town", BusIdx{1}, 200, 40);
    CollectingSink sink;
    const RunReport report = run(tiny_study(system, summer_day, 1), sink);

    EXPECT_TRUE(report.all_converged);
    EXPECT_FALSE(report.relaxed);
    EXPECT_EQ(sink.finished, 1);
    ASSERT_EQ(sink.blocks.size(), 1U);
    const BlockResult& block = sink.blocks.front();
    EXPECT_DOUBLE_EQ(block.demand_mw(0, 3), 200);
    EXPECT_GT(block.losses_mw(0, 3), 0);
    EXPECT_NEAR(block.tie_p_mw(0, 3), 200 + block.losses_mw(0, 3), 1e-6);
    EXPECT_NEAR(block.tie_p_mw(0, 3), block.tie_schedule_mw(0, 3), 0.06);
    EXPECT_LT(report.summary.balance.at("max_bus_mismatch_mw"), 1e-6);
    EXPECT_LT(report.summary.balance.at("dispatch_balance_mwh"), 1e-9);
    EXPECT_NEAR(report.summary.indicators.at("demand_mwh"), 24 * 200, 1e-9);
    EXPECT_NEAR(report.summary.indicators.at("green_share_hourly"), 0.45, 1e-12);
}

} // namespace
} // namespace yuanwang::test
