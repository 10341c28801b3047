/// The first planned day: losses are a guess at first, and a line that binds is used to its limit all the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/generators.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::DispatchMethod;
using engine::RunReport;
using namespace std::chrono_literals;

/// The cheap unit takes the mismatch; the load's bus, not its own, is the reference of the DC flows.
///
///     town ──150 MVA── far
///      │ dear, 500      └ cheap, 300, slack
RunReport run(double load_mw, CollectingSink& sink) {
    System system;
    const BusIdx town = add_bus(system, "town", 330);
    const BusIdx far = add_bus(system, "far", 330);
    add_line(system, "l", far, town, 1, 1, 150);
    add_load(system, "d", town, load_mw);
    add_generator(system, "cheap", far, {.p_max_mw = 400, .price = 300, .slack = true},
                  hold_voltage(1.0, 300));
    add_generator(system, "dear", town, {.p_max_mw = 400, .price = 500});
    Study study = tiny_study(system, 2025y / 6 / 21, 2);
    study.dispatch.method = DispatchMethod::optimal;
    study.dispatch.n_1_limits = false;
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

TEST(FirstPlannedDay, ALoadThatFitsTheLineIsServedOverIt) {
    CollectingSink sink;
    ASSERT_TRUE(run(149, sink).all_converged);
    for (const double dear_mw : sink.over_time(&BlockResult::source_p_mw, 1)) {
        EXPECT_NEAR(dear_mw, 0, 1e-3);
    }
}

TEST(FirstPlannedDay, ALineThatBindsIsUsedToItsLimit) {
    CollectingSink sink;
    ASSERT_TRUE(run(240, sink).all_converged);
    for (const double dear_mw : sink.over_time(&BlockResult::source_p_mw, 1)) {
        EXPECT_NEAR(dear_mw, 90, 0.003 * 150);
    }
}

} // namespace
} // namespace yuanwang::test
