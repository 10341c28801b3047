/// Causes of curtailment by taking limits away: where one binds its part is the counterfactual, everywhere the parts sum up.
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "dispatch/plan/optimal.hpp"
#include "tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using program::SolveStatus;
using test::Tiny;

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Planned {
    PlanOutcome outcome;
    Schedule schedule;

    explicit Planned(const Tiny& tiny, const NetworkLimits& limits = {},
                     const PlanSettings& settings = {}) {
        State state = make_initial_state(tiny.table);
        const std::vector<const BlockInput*> blocks = {&tiny.input};
        Planner planner{tiny.table, limits, settings};
        planner.plan(tiny.table, blocks, {}, state, schedule, outcome);
        planner.take_limits_away(tiny.table, tiny.input, schedule, outcome);
    }
    [[nodiscard]] double curtailed_mwh() const {
        const auto values = schedule.curtailed_mw.values();
        return std::accumulate(values.begin(), values.end(), 0.0);
    }
    [[nodiscard]] double booked_mwh() const {
        double mwh = 0;
        for (const Curtailed& row : schedule.ledger) {
            mwh += row.mwh;
        }
        return mwh;
    }
    [[nodiscard]] double caused_mwh(Cause cause) const {
        double mwh = 0;
        for (const Curtailed& row : schedule.ledger) {
            mwh += row.cause == cause ? row.mwh : 0;
        }
        return mwh;
    }
};

/// One limit on what place `place` sends out.
NetworkLimits limit_place(const Tiny& tiny, std::size_t place, double limit_mw) {
    const Places places = number_places(tiny.table);
    NetworkLimits limits{.limit_mw = {limit_mw},
                         .emergency_mw = {infinity},
                         .factors = std::vector<double>(places.count, 0),
                         .outages = {{}}};
    limits.factors[place] = 1;
    return limits;
}

TEST(RelaxLedger, ABranchThatAloneBindsHasWhatThePlanWithoutItUses) {
    Tiny tiny{100, 4};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_wind(80);
    const std::size_t place = number_places(tiny.table).variable;
    const Planned held{tiny, limit_place(tiny, place, 50)};
    const Planned free{tiny, limit_place(tiny, place, infinity)};
    ASSERT_EQ(held.outcome.status, SolveStatus::optimal);
    EXPECT_NEAR(held.curtailed_mwh(), 4 * 30, 1e-6);
    EXPECT_NEAR(held.caused_mwh(Cause::branch_n), held.curtailed_mwh() - free.curtailed_mwh(),
                1e-9);
    ASSERT_EQ(held.outcome.taken_away.size(), 1u);
    EXPECT_EQ(held.outcome.taken_away[0].limit_row, 0u);
    EXPECT_NEAR(held.outcome.taken_away[0].freed_mwh, 4 * 30, 1e-6);
    EXPECT_NEAR(held.outcome.taken_away[0].saved_cny, 4 * 30 * (300 + 1), 1e-3);
}

/// 80 MW of wind behind a line of 50, 60 MW of demand: the line takes 10, the rest is too much wind.
TEST(RelaxLedger, WhatALimitDoesNotFreeIsSurplus) {
    Tiny tiny{60, 4};
    tiny.add_thermal(1, 60, 0, 300);
    tiny.add_wind(80);
    const Planned held{tiny, limit_place(tiny, number_places(tiny.table).variable, 50)};
    EXPECT_NEAR(held.caused_mwh(Cause::branch_n), 4 * 10, 1e-6);
    EXPECT_NEAR(held.caused_mwh(Cause::surplus), 4 * 20, 1e-6);
    EXPECT_NEAR(held.booked_mwh(), held.curtailed_mwh(), 1e-9);
}

TEST(RelaxLedger, AnExportAtItsLimitIsASection) {
    Tiny tiny{60, 4};
    tiny.add_wind(100);
    tiny.add_tie({.export_mw = 15});
    const Planned held{tiny};
    EXPECT_NEAR(held.caused_mwh(Cause::section), 4 * 25, 1e-6);
    EXPECT_NEAR(held.booked_mwh(), held.curtailed_mwh(), 1e-9);
}

TEST(RelaxLedger, AStationsLimitIsItsOwn) {
    Tiny tiny{100, 4};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_wind(80, 0, 55);
    const Planned held{tiny};
    EXPECT_NEAR(held.caused_mwh(Cause::station_limit), 4 * 25, 1e-6);
    EXPECT_EQ(held.caused_mwh(Cause::surplus), 0);
}

TEST(RelaxLedger, OutputThatHasToRunTakesTheRoomOfWind) {
    Tiny tiny{100, 4};
    tiny.add_must_run(60);
    tiny.add_wind(70);
    const Planned held{tiny};
    EXPECT_NEAR(held.caused_mwh(Cause::minimum_output), 4 * 30, 1e-6);
}

TEST(RelaxLedger, AFullBatteryIsACause) {
    Tiny tiny{50, 4};
    tiny.add_thermal(1, 50, 0, 300); // what stored energy is worth
    tiny.add_wind(60);
    tiny.add_battery(10, 20, 0.9); // full
    const Planned held{tiny};
    EXPECT_NEAR(held.caused_mwh(Cause::storage_full), held.curtailed_mwh(), 0.2);
    EXPECT_NEAR(held.booked_mwh(), held.curtailed_mwh(), 1e-9);
}

TEST(RelaxLedger, CausesSumToWhatEveryPlantLostInEveryStep) {
    std::mt19937_64 random{9};
    std::uniform_real_distribution<double> share(0, 1);
    for (int trial = 0; trial < 30; ++trial) {
        Tiny tiny{40 + 60 * share(random), 12};
        tiny.add_must_run(30 * share(random));
        tiny.add_thermal(2, 40, 20 * share(random), 300);
        tiny.input.thermal_minimum_mw.assign(12, 20 * share(random));
        tiny.add_wind(80 * share(random), 0, 60);
        tiny.add_wind(70 * share(random));
        tiny.add_battery(10, 20, share(random));
        tiny.add_tie(
            {.surplus_mw = 10, .import_mw = 20, .firm_mw = 20, .export_mw = 15 * share(random)});
        for (std::size_t t = 0; t < 12; ++t) {
            tiny.input.variable_mw(0, t) *= 2 * share(random);
            tiny.input.demand_mw(0, t) *= 0.5 + share(random);
        }
        const Planned held{
            tiny, limit_place(tiny, number_places(tiny.table).variable + 1, 50 * share(random))};
        ASSERT_EQ(held.outcome.status, SolveStatus::optimal) << trial;
        Series booked(2, 12);
        for (const Curtailed& row : held.schedule.ledger) {
            EXPECT_GT(row.mwh, 0);
            booked(row.variable, row.step) += row.mwh;
        }
        for (std::size_t t = 0; t < 12; ++t) {
            for (std::size_t k = 0; k < 2; ++k) {
                EXPECT_NEAR(booked(k, t), held.schedule.curtailed_mw(k, t), 1e-12) << trial;
            }
        }
    }
}

} // namespace
} // namespace yuanwang::dispatch
