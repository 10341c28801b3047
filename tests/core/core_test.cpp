#include <chrono>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/index.hpp"
#include "core/random.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"

namespace yuanwang {
namespace {

using namespace std::chrono;

TEST(Fault, ReadsAsPlacePathRuleAndValue) {
    const Fault fault{{"grid.yaml", 41, 17}, "grid.lines[l_ganhe].length_km", "must be > 0", "-12"};
    EXPECT_EQ(to_string(fault),
              "grid.yaml:41:17: grid.lines[l_ganhe].length_km: must be > 0, got -12");
}

TEST(Fault, LeavesOutThePartsItHasNot) {
    EXPECT_EQ(to_string(Fault{{"a.yaml", 0, 0}, "", "file is empty", ""}), "a.yaml: file is empty");
    EXPECT_EQ(to_string(Fault{{}, "time.step", "missing", ""}), "time.step: missing");
}

TEST(InputError, ListsAllFaultsInOrderOfPlace) {
    const InputError error{{{{"a.yaml", 9, 1}, "b", "second", ""},
                            {{"a.yaml", 2, 7}, "a", "first", ""},
                            {{"a.yaml", 9, 1}, "c", "third", ""}}};
    EXPECT_STREQ(error.what(), "a.yaml:2:7: a: first\na.yaml:9:1: b: second\na.yaml:9:1: c: third");
    EXPECT_EQ(error.faults().front().rule, "first");
}

TEST(FindNearest, NamesACloseWordAndNothingElse) {
    const std::vector<std::string> keys = {"rate_mva", "length_km", "circuits"};
    EXPECT_EQ(find_nearest("rate_mav", keys), "rate_mva");
    EXPECT_EQ(find_nearest("lenght_km", keys), "length_km");
    EXPECT_EQ(find_nearest("voltage", keys), "");
}

TEST(TimeAxis, BeijingMidnightIsFourInTheAfternoonBeforeInUtc) {
    EXPECT_EQ(to_iso_utc(beijing_midnight(2025y / January / 1)), "2024-12-31T16:00:00Z");
    EXPECT_EQ(to_beijing_text(beijing_midnight(2025y / January / 1)), "2025-01-01 00:00");
}

TEST(TimeAxis, LeapYearsHave8784Hours) {
    const auto hours_of = [](year y) {
        return duration_cast<hours>(beijing_midnight((y + years{1}) / January / 1) -
                                    beijing_midnight(y / January / 1))
            .count();
    };
    EXPECT_EQ(hours_of(2024y), 8784);
    EXPECT_EQ(hours_of(2025y), 8760);
    EXPECT_EQ(to_beijing(beijing_midnight(2024y / December / 31)).day_of_year, 366U);
}

TEST(TimeAxis, MiddleOfAStepIsOnTheBeijingClock) {
    const TimeAxis axis{beijing_midnight(2025y / June / 21), minutes{15}, 96};
    EXPECT_DOUBLE_EQ(axis.middle(0).hour, 0.125);
    EXPECT_DOUBLE_EQ(axis.middle(95).hour, 23.875);
    EXPECT_EQ(axis.middle(95).day, 21U);
    EXPECT_EQ(axis.middle(0).weekday, 6U); // a Saturday
    EXPECT_DOUBLE_EQ(axis.dt_h(), 0.25);
}

TEST(TimeAxis, FirstStepFromRoundsUpAndStaysInside) {
    const TimeAxis axis{beijing_midnight(2025y / January / 1), minutes{60}, 48};
    EXPECT_EQ(axis.first_step_from(axis.start - hours{5}), 0U);
    EXPECT_EQ(axis.first_step_from(axis.start + minutes{1}), 1U);
    EXPECT_EQ(axis.first_step_from(axis.start + hours{24}), 24U);
    EXPECT_EQ(axis.first_step_from(axis.start + hours{1000}), 48U);
}

TEST(Series, OneStepIsOneContiguousView) {
    Series series(3, 2);
    series(1, 1) = 7;
    const auto step = series.step(1);
    ASSERT_EQ(step.size(), 3U);
    EXPECT_EQ(step[1], 7);
    EXPECT_EQ(&step[0], series.values().data() + 3);
}

TEST(Random, IsTheSameEverywhereAndItsStreamsAreApart) {
    // First outputs of the 64-bit Mersenne Twister for seed 5489 as the C++ standard defines it (10
    // 000th draw).
    std::mt19937_64 engine;
    engine.discard(9999);
    EXPECT_EQ(engine(), 9981545732273789042ULL);
    Random a(1, "wind");
    Random b(1, "sun");
    Random c(1, "wind");
    const double first = a.normal();
    EXPECT_NE(first, b.normal());
    EXPECT_EQ(first, c.normal());
}

TEST(Random, NormalDrawsHaveMeanZeroAndVarianceOne) {
    Random random(7, "moments");
    double sum = 0;
    double squares = 0;
    const int n = 200000;
    for (int k = 0; k < n; ++k) {
        const double x = random.normal();
        sum += x;
        squares += x * x;
    }
    EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n));
    EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2.0 / n));
}

template <class Table, class Row>
concept selects_by = requires(Table table, Row row) {
    table[row];
};

TEST(Column, TakesOnlyRowsOfItsTable) {
    Column<BusIdx, double> vm(3, 1.0);
    vm[BusIdx{1}] = 1.05;
    EXPECT_EQ(vm[BusIdx{1}], 1.05);
    static_assert(selects_by<Column<BusIdx, double>, BusIdx>);
    static_assert(!selects_by<Column<BusIdx, double>, BranchIdx>);
    static_assert(!selects_by<Column<BusIdx, double>, int>);
    int count = 0;
    for (const BusIdx i : rows<BusIdx>(vm.size())) {
        EXPECT_EQ(i.value, count++);
    }
    EXPECT_EQ(count, 3);
}

} // namespace
} // namespace yuanwang
