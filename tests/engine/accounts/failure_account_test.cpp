#include "engine/accounts/failure_account.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::Summary;
using namespace std::chrono_literals;

constexpr std::chrono::year_month_day day = 2025y / 6 / 21;
constexpr BusIdx city{1};

Summary run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress).summary;
}

/// The city asks for more reactive power than its two circuits can bring.
Study starved() {
    System system = tiny_system();
    add_load(system, "town", city, 100, 9000);
    return tiny_study(system, day, 1);
}

TEST(FailureAccount, ExaminesTheFirstStepsAndNamesTheBus) {
    CollectingSink sink;
    const Summary summary = run(starved(), sink);
    ASSERT_EQ(summary.failed_steps.size(), 5U); // of 24
    const powerflow::Diagnosis& d = summary.failed_steps.front().diagnosis;
    ASSERT_FALSE(d.causes.empty());
    EXPECT_EQ(d.causes.front().kind, powerflow::CauseKind::reactive_deficit);
    EXPECT_EQ(d.causes.front().element, "city_330");
    EXPECT_TRUE(d.causes.front().cures);
    EXPECT_GT(d.solvable_share, 0.3);
    EXPECT_LT(d.solvable_share, 1);
}

TEST(FailureAccount, LeavesTheCauseAsAVerdict) {
    CollectingSink sink;
    run(starved(), sink);
    EXPECT_EQ(
        std::ranges::count(sink.verdicts, "cause_reactive_deficit", &engine::VerdictRow::kind), 5);
    EXPECT_EQ(std::ranges::count(sink.verdicts, "non_convergence", &engine::VerdictRow::kind), 24);
}

TEST(FailureAccount, SaysNothingOfARunThatConverges) {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    CollectingSink sink;
    EXPECT_TRUE(run(tiny_study(system, day, 1), sink).failed_steps.empty());
}

} // namespace
} // namespace yuanwang::test
