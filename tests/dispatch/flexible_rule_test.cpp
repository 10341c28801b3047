// Load that moves by rule: what it must keep on random tables.
#include <cmath>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "dispatch/rules/flexible_rule.hpp"
#include "dispatch/tiny_table.hpp"

namespace yuanwang::test {
namespace {

/// Adds a row of flexible load, flat bounds, weight 1.
std::size_t add_flexible(Tiny& tiny, double base_mw, double min_mw, double max_mw) {
    tiny.table.flexibles.island.push_back(0);
    const std::size_t n = tiny.table.flexibles.size();
    const auto grow = [&](Series& series, double value) {
        Series next(n, tiny.input.n_step, value);
        for (std::size_t t = 0; t < tiny.input.n_step && !series.empty(); ++t) {
            std::ranges::copy(series.step(t), next.step(t).begin());
        }
        series = next;
    };
    grow(tiny.input.flexible_base_mw, base_mw);
    grow(tiny.input.flexible_min_mw, min_mw);
    grow(tiny.input.flexible_max_mw, max_mw);
    grow(tiny.input.flexible_weight, 1.0);
    return n - 1;
}

std::size_t add_account(Tiny& tiny, std::vector<std::size_t> rows, double keep, double around) {
    tiny.table.accounts.rows.push_back(std::move(rows));
    tiny.table.accounts.keep.push_back(keep);
    const std::size_t n = tiny.table.accounts.size();
    const auto grow = [&](Series& series, double value) {
        Series next(n, tiny.input.n_step, value);
        for (std::size_t t = 0; t < tiny.input.n_step && !series.empty(); ++t) {
            std::ranges::copy(series.step(t), next.step(t).begin());
        }
        series = next;
    };
    grow(tiny.input.account_min, -around);
    grow(tiny.input.account_max, around);
    return n - 1;
}

TEST(FlexibleRule, MovesLoadIntoTheSunnyHour) {
    Tiny tiny{100};
    tiny.add_tie({.surplus_mw = 0, .import_mw = 500, .firm_mw = 500});
    tiny.add_wind(0);
    tiny.input.variable_mw(0, 12) = 200;
    const std::size_t row = add_flexible(tiny, 20, 10, 60);
    add_account(tiny, {row}, 1.0, 1000);
    tiny.run();
    EXPECT_NEAR(tiny.schedule.flexible_shift_mw(row, 12), 40.0, 1e-9);
    double sum = 0;
    for (std::size_t t = 0; t < 24; ++t) {
        sum += tiny.schedule.flexible_shift_mw(row, t);
    }
    EXPECT_NEAR(sum, 0.0, 1e-9);
    EXPECT_NEAR(tiny.schedule.curtailed_mw(0, 12), 60.0, 1e-6); // 100 without
}

TEST(FlexibleRule, KeepsBoundsAndAccountsOnRandomTables) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Random random{seed, "flexible"};
        Tiny tiny{0};
        tiny.add_tie({.surplus_mw = 0, .import_mw = 300, .firm_mw = 200});
        tiny.add_wind(0);
        for (std::size_t t = 0; t < 24; ++t) {
            tiny.input.demand_mw(0, t) = 100 + 100 * random.uniform();
            tiny.input.variable_mw(0, t) = 200 * random.uniform();
            tiny.input.tie_surplus_mw(0, t) = 100 * random.uniform();
        }
        const std::size_t a =
            add_flexible(tiny, 20, 20 * random.uniform(), 20 + 30 * random.uniform());
        const std::size_t b = add_flexible(tiny, 10, 0, 10 + 30 * random.uniform());
        const std::size_t c = add_flexible(tiny, 50, 45, 55);
        const std::size_t pool = add_account(tiny, {a, b}, 1.0, 100 * random.uniform());
        add_account(tiny, {c}, 1.0, 30);
        add_account(tiny, {c}, 0.5 + 0.5 * random.uniform(), 4 * random.uniform());
        for (std::size_t t = 0; t < 24; ++t) {
            tiny.input.flexible_weight(a, t) = 0.7 + 0.2 * random.uniform();
            tiny.input.flexible_weight(b, t) = 0.7 + 0.2 * random.uniform();
        }
        for (int day = 0; day < 3; ++day) {
            const std::vector<double> start = tiny.state.account;
            tiny.run();
            std::vector<double> x(tiny.table.accounts.size());
            for (std::size_t k = 0; k < start.size(); ++k) {
                x[k] = start[k];
            }
            double work = 0;
            for (std::size_t t = 0; t < 24; ++t) {
                for (std::size_t r = 0; r < 3; ++r) {
                    const double p_mw =
                        tiny.input.flexible_base_mw(r, t) + tiny.schedule.flexible_shift_mw(r, t);
                    EXPECT_GE(p_mw, tiny.input.flexible_min_mw(r, t) - 1e-9);
                    EXPECT_LE(p_mw, tiny.input.flexible_max_mw(r, t) + 1e-9);
                }
                for (std::size_t k = 0; k < x.size(); ++k) {
                    x[k] *= tiny.table.accounts.keep[k];
                    for (const std::size_t r : tiny.table.accounts.rows[k]) {
                        x[k] += tiny.input.flexible_weight(r, t) *
                                tiny.schedule.flexible_shift_mw(r, t);
                    }
                    EXPECT_NEAR(x[k], tiny.schedule.account(k, t), 1e-7);
                    EXPECT_GE(x[k], tiny.input.account_min(k, t) - 1e-7);
                    EXPECT_LE(x[k], tiny.input.account_max(k, t) + 1e-7);
                }
                for (const std::size_t r : {a, b}) {
                    work +=
                        tiny.input.flexible_weight(r, t) * tiny.schedule.flexible_shift_mw(r, t);
                }
                const double net = tiny.imbalance_mw(0, t);
                EXPECT_NEAR(net, 0.0, 1e-7);
            }
            EXPECT_NEAR(work, 0.0, 1e-7); // all that arrived is done at the day's end
            EXPECT_NEAR(tiny.state.account[pool], 0.0, 1e-7);
        }
    }
}

/// A day of 100 MW, dark from 18 h on, and work of 10 MW that may wait six steps.
struct DayOfWork {
    Tiny tiny{100};
    std::size_t row = 0;
    std::size_t work = 0;

    DayOfWork() {
        tiny.add_tie({.surplus_mw = 0, .import_mw = 500, .firm_mw = 500});
        tiny.add_wind(0);
        row = add_flexible(tiny, 10, 0, 40);
        work = add_account(tiny, {row}, 1.0, 0.0);
        tiny.table.accounts.deadline_steps = {6};
        for (std::size_t t = 0; t < 24; ++t) {
            tiny.input.variable_mw(0, t) = t < 18 ? 80 : 0;
            tiny.input.account_min(work, t) = t < 23 ? -60 : -30;
        }
    }
};

TEST(FlexibleRule, EveningWorkIsLeftToTheNextDayAsFarAsItsBoundsLetIt) {
    DayOfWork day;
    day.tiny.run();
    EXPECT_NEAR(day.tiny.state.account[day.work], -30.0, 1e-6);
    double evening_mw = 0;
    for (std::size_t t = 18; t < 24; ++t) {
        evening_mw += day.tiny.schedule.flexible_shift_mw(day.row, t);
        EXPECT_LE(day.tiny.schedule.account(day.work, t), 1e-9);
    }
    EXPECT_LE(evening_mw, -30.0 + 1e-6);
}

TEST(FlexibleRule, WorkOfTheDayBeforeRunsByTheStepThatAsksForIt) {
    DayOfWork day;
    day.tiny.state.account = {-40.0};
    for (std::size_t t = 0; t < 24; ++t) {
        day.tiny.input.account_min(day.work, t) = t < 2 ? -40 : t < 5 ? -10 : 0;
    }
    day.tiny.input.variable_mw(0, 4) = 300;
    day.tiny.run();
    // 30 by hour 2, of three equal hours; the rest in the windy hour 4, as far as the row goes
    EXPECT_GE(day.tiny.schedule.account(day.work, 2), -10.0 - 1e-6);
    EXPECT_NEAR(day.tiny.schedule.flexible_shift_mw(day.row, 4), 30.0, 21.0);
    EXPECT_NEAR(day.tiny.schedule.account(day.work, 5), 0.0, 1e-6);
    EXPECT_NEAR(day.tiny.state.account[day.work], 0.0, 1e-6);
}

// More waits than the rows can run in time: all of it is run at once.
TEST(FlexibleRule, WorkThatCannotBeInTimeRunsAtOnce) {
    DayOfWork day;
    day.tiny.state.account = {-100.0};
    for (std::size_t t = 0; t < 24; ++t) {
        day.tiny.input.account_min(day.work, t) = 0;
    }
    day.tiny.run();
    for (std::size_t t = 0; t < 3; ++t) {
        EXPECT_NEAR(day.tiny.schedule.flexible_shift_mw(day.row, t), 30.0, 1e-6);
    }
    EXPECT_NEAR(day.tiny.schedule.account(day.work, 3), 0.0, 1e-6);
}

TEST(FlexibleRule, WorkRunsWhereItTakesLeastEnergy) {
    Tiny tiny{100};
    tiny.add_tie({.surplus_mw = 0, .import_mw = 500, .firm_mw = 500});
    const std::size_t hot = add_flexible(tiny, 12, 0, 12);
    const std::size_t cool = add_flexible(tiny, 5, 0, 9);
    add_account(tiny, {hot, cool}, 1.0, 0.0);
    for (std::size_t t = 0; t < 24; ++t) {
        tiny.input.flexible_weight(hot, t) = 0.8;
        tiny.input.flexible_weight(cool, t) = 0.9;
    }
    tiny.run();
    EXPECT_NEAR(tiny.schedule.flexible_shift_mw(cool, 5), 4.0, 1e-9);
    EXPECT_NEAR(tiny.schedule.flexible_shift_mw(hot, 5), -4.5, 1e-9);
}

} // namespace
} // namespace yuanwang::test
