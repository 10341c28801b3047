/// Why a block cannot be dispatched: single causes by hand, then a hundred drawn cities.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "dispatch/infeasibility/explain.hpp"
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

TEST(Explain, TheOnlyImportLimitInGigawattsIsAUnitSlip) {
    Tiny tiny{450};
    tiny.add_thermal(2, 150, 60, 330);
    tiny.add_thermal(1, 100, 40, 350);
    tiny.add_tie({.import_mw = 0.4, .firm_mw = 400});
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::unit_slip);
    EXPECT_EQ(found.causes[0].family, RowFamily::tie);
    EXPECT_NEAR(found.causes[0].corrected, 400, 1e-9);
}

TEST(Explain, APlantThatDrawsHasAWrongSign) {
    Tiny tiny{200};
    tiny.add_thermal(1, 120, 20, 300);
    const std::size_t plant = tiny.add_thermal(1, 100, 0, 300);
    tiny.table.thermals.unit_p_max_mw[plant] = -100;
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::sign_slip);
    EXPECT_EQ(found.causes[0].row, plant);
    EXPECT_EQ(found.causes[0].corrected, 100);
}

TEST(Explain, SourcesWithoutLoadBesideAnIslandAreCutOffFromIt) {
    Tiny tiny{650, 24, 2}; // island 1 has 400 MW and nobody to give them to
    for (std::size_t t = 0; t < 24; ++t) {
        tiny.input.demand_mw(1, t) = 0;
    }
    tiny.add_thermal(4, 100, 20, 300);
    tiny.add_thermal(4, 100, 0, 300, false, 1);
    const Explanation found = explain_tiny(tiny);
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::islanded_load);
    EXPECT_EQ(found.causes[0].row, 0u);
    EXPECT_NEAR(found.causes[0].relax_by, 250, 1e-6);
}

/// 300 MW go over the line, 420 are asked behind it where a plant of 80 stands.
///
///     coal 600 ── line 300 ── load 500, plant 80
struct Corridor {
    Tiny tiny{500, 3};
    NetworkLimits limits;
    NetworkBlock flows;
    Corridor() {
        tiny.add_thermal(2, 300, 0, 300);
        tiny.add_thermal(1, 80, 0, 400);
        const Places at = number_places(tiny.table);
        std::vector<double> H(at.count, 0);
        H[at.thermal + 1] = -1;
        H[at.island] = -1; // all load stands behind the line
        limits = {.limit_mw = {300},
                  .emergency_mw = {std::numeric_limits<double>::infinity()},
                  .factors = H,
                  .outages = {}};
    }
    [[nodiscard]] Explanation explain() const {
        return dispatch::explain(tiny.table, tiny.input, make_initial_state(tiny.table), {},
                                 {&limits, &flows});
    }
};

TEST(Explain, ALineThatCarriesTooLittleIsNamedWithWhatWouldDo) {
    const Explanation found = Corridor{}.explain();
    ASSERT_EQ(found.broken.size(), 1u);
    EXPECT_EQ(found.broken[0].what, Broken::overload);
    EXPECT_EQ(found.broken[0].row, 0u);
    EXPECT_NEAR(found.broken[0].peak_mw, 120, 1e-6);
    EXPECT_NEAR(found.broken[0].mwh, 360, 1e-6);
    ASSERT_FALSE(found.causes.empty());
    const Why& why = found.causes[0];
    EXPECT_EQ(why.kind, WhyKind::narrow_corridor);
    EXPECT_EQ(why.family, RowFamily::limit);
    EXPECT_NEAR(why.relax_by, 120, 1e-6);
    EXPECT_NEAR(why.value, 300, 1e-6);
    EXPECT_NEAR(why.corrected, 420, 1e-6);
    EXPECT_NEAR(why.shed_mw, 120, 1e-6);
}

TEST(Explain, ALineThatCarriesEnoughIsNoCause) {
    Corridor wide;
    wide.limits.limit_mw = {430};
    EXPECT_TRUE(wide.explain().broken.empty());
    wide.tiny.input.demand_mw.fill(800); // now power is missing, and the line is in the way as well
    const Explanation found = wide.explain();
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::missing_capacity);
}

/// Two lines side by side, either of which the other has to replace: 250 each in the base state, 300 alone.
TEST(Explain, ALineAfterAnOutageIsNamedWithTheOutage) {
    Corridor two;
    const Places at = number_places(two.tiny.table);
    std::vector<double> H(2 * at.count, 0);
    for (const std::size_t row : {0u, 1u}) {
        H[row * at.count + at.thermal + 1] = H[row * at.count + at.island] = -0.5;
    }
    two.limits = {.limit_mw = {400, 400},
                  .emergency_mw = {300, 300},
                  .factors = H,
                  .outages = {{{1, 1.0}}, {{0, 1.0}}}};
    const Explanation found = two.explain();
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::narrow_corridor);
    EXPECT_EQ(found.causes[0].outage, 1 - found.causes[0].row);
    EXPECT_NEAR(found.causes[0].relax_by, 120, 1e-6);
}

/// Must-run output behind the line that its side does not take and the line does not carry away.
TEST(Explain, OutputThatCannotLeaveIsTheLinesFault) {
    Tiny tiny{200, 2};
    tiny.add_must_run(150);
    tiny.add_thermal(1, 200, 0, 300);
    const Places at = number_places(tiny.table);
    std::vector<double> H(at.count, 0);
    H[at.must_run] = 1;
    const NetworkLimits limits{.limit_mw = {100},
                               .emergency_mw = {std::numeric_limits<double>::infinity()},
                               .factors = H,
                               .outages = {}};
    const NetworkBlock flows;
    const Explanation found =
        explain(tiny.table, tiny.input, make_initial_state(tiny.table), {}, {&limits, &flows});
    ASSERT_FALSE(found.causes.empty());
    EXPECT_EQ(found.causes[0].kind, WhyKind::narrow_corridor);
    EXPECT_NEAR(found.causes[0].relax_by, 50, 1e-6);
    EXPECT_EQ(found.causes[0].shed_mw, 0) << "load less would not do";
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
        const Explanation found = drawn.explain();
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
    const int right = count_right(1, 42, missed);
    EXPECT_GE(right, 38) << missed;
}

TEST(ExplainStudy, TheTrueCauseComesFirstInAHundredOtherCities) {
    std::string missed;
    const int right = count_right(40000, 100, missed);
    EXPECT_GE(right, 90) << missed;
    RecordProperty("right", right);
}

} // namespace
} // namespace yuanwang::dispatch
