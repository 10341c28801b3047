/// Why a block cannot be dispatched: single causes by hand, then a hundred drawn cities.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "dispatch/explain.hpp"
#include "infeasible.hpp"
#include "tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using test::Tiny;

Explanation explain_tiny(const Tiny& tiny) {
    return explain(tiny.table, tiny.input, make_initial_state(tiny.table));
}

TEST(Explain, ASoundBlockHasNothingToExplain) {
    Tiny tiny{100};
    tiny.add_thermal(2, 60, 20, 300);
    EXPECT_TRUE(explain_tiny(tiny).broken.empty());
    EXPECT_TRUE(explain_tiny(tiny).causes.empty());
}

TEST(Explain, MissingCapacityIsNamedWithItsMegawatts) {
    Tiny tiny{100};
    tiny.input.demand_mw(0, 18) = 130;
    tiny.add_thermal(2, 60, 20, 300);
    const Explanation found = explain_tiny(tiny);
    ASSERT_EQ(found.broken.size(), 1u);
    EXPECT_EQ(found.broken[0].what, Broken::unserved);
    EXPECT_EQ(found.broken[0].first_step, 18u);
    EXPECT_EQ(found.broken[0].last_step, 18u);
    EXPECT_NEAR(found.broken[0].mwh, 10, 1e-6);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::missing_capacity);
    EXPECT_NEAR(found.causes[0].relax_by, 10, 1e-6);
}

TEST(Explain, ABatteryLowersWhatIsMissing) {
    Tiny tiny{100};
    for (std::size_t t = 17; t < 20; ++t) {
        tiny.input.demand_mw(0, t) = 130;
    }
    tiny.add_thermal(1, 110, 20, 300);
    tiny.add_battery(20, 30, 0.5);
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::missing_capacity);
    EXPECT_LT(found.causes[0].relax_by, 20);
    EXPECT_GT(found.causes[0].relax_by, 1);
}

TEST(Explain, AMinimumBeyondItsPlantsContradictsThem) {
    Tiny tiny{100};
    tiny.add_thermal(2, 60, 20, 300);
    tiny.input.thermal_minimum_mw.assign(24, 150);
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::contradictory_minimum);
    EXPECT_EQ(found.causes[0].family, RowFamily::thermal_minimum);
    EXPECT_NEAR(found.causes[0].relax_by, 50, 1e-6);
}

TEST(Explain, MustRunOutputNobodyTakesIsNamed) {
    Tiny tiny{100};
    tiny.add_must_run(140);
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.broken.empty());
    EXPECT_EQ(found.broken[0].what, Broken::excess);
    EXPECT_EQ(found.causes[0].kind, WhyKind::contradictory_minimum);
    EXPECT_EQ(found.causes[0].family, RowFamily::must_run);
    EXPECT_NEAR(found.causes[0].relax_by, 40, 1e-6);
}

TEST(Explain, WorkThatNoMachineCanDoInTimeIsADeadline) {
    Tiny tiny{100, 4};
    tiny.add_thermal(2, 100, 20, 300);
    tiny.table.flexibles.island = {0};
    tiny.table.accounts = {.rows = {{0}}, .keep = {1}};
    auto& in = tiny.input;
    in.flexible_base_mw.reshape(1, 4, 0);
    in.flexible_min_mw.reshape(1, 4, 0);
    in.flexible_max_mw.reshape(1, 4, 10);
    in.flexible_weight.reshape(1, 4, 1);
    in.account_min.reshape(1, 4, 0);
    in.account_max.reshape(1, 4, 100);
    in.account_min(0, 1) = in.account_min(0, 2) = in.account_min(0, 3) =
        25; // two hours for 25 MWh at 10 MW
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.broken.empty());
    EXPECT_EQ(found.broken[0].what, Broken::deadline);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::impossible_deadline);
    EXPECT_NEAR(found.causes[0].relax_by, 5, 1e-6);
}

TEST(Explain, AnIslandWithoutASourceNeedsALine) {
    Tiny tiny{100, 24, 2};
    tiny.add_thermal(3, 100, 20, 300);
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::islanded_load);
    EXPECT_EQ(found.causes[0].row, 1u);
    EXPECT_NEAR(found.causes[0].relax_by, 100, 1e-6);
}

TEST(Explain, APlantInGigawattsIsAUnitSlip) {
    Tiny tiny{200};
    tiny.add_thermal(1, 120, 20, 300);
    tiny.add_thermal(1, 0.15, 0, 300);
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::unit_slip);
    EXPECT_EQ(found.causes[0].family, RowFamily::thermal);
    EXPECT_EQ(found.causes[0].row, 1u);
    EXPECT_NEAR(found.causes[0].corrected, 150, 1e-9);
}

TEST(Explain, ABlockWithoutNumbersIsNotExplained) {
    Tiny tiny{std::numeric_limits<double>::quiet_NaN()};
    tiny.add_thermal(1, 120, 20, 300);
    EXPECT_TRUE(explain_tiny(tiny).broken.empty());
}

/// How many of `n` cities from `first` on have their true cause ranked first.
int count_right(std::uint64_t first, int n, std::string& missed) {
    int right = 0;
    for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(n); ++seed) {
        const test::Infeasible drawn = test::draw_infeasible(seed);
        const Explanation found =
            explain(drawn.city.table, drawn.city.input, drawn.city.state, drawn.loads);
        if (!found.causes.empty() && found.causes.front().kind == drawn.truth) {
            ++right;
        } else {
            missed += std::to_string(seed) + ": " + std::string{to_string(drawn.truth)} +
                      ", said " +
                      (found.causes.empty() ? "nothing"
                                            : std::string{to_string(found.causes.front().kind)}) +
                      "\n";
        }
    }
    return right;
}

TEST(Explain, TheTrueCauseComesFirstInDrawnCities) {
    std::string missed;
    const int right = count_right(1, 40, missed);
    EXPECT_GE(right, 36) << missed;
}

TEST(ExplainStudy, TheTrueCauseComesFirstInAHundredOtherCities) {
    std::string missed;
    const int right = count_right(20000, 100, missed);
    EXPECT_GE(right, 90) << missed;
    RecordProperty("right", right);
}

} // namespace
} // namespace yuanwang::dispatch
