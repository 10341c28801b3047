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

/// Adds a limit on what place `place` sends out, in the base state and after the loss of `lost` (none of its own flow).
void add_limit(NetworkLimits& limits, std::size_t n_place, std::size_t place, double limit_mw,
               double emergency_mw = infinity) {
    const std::size_t lost = limits.size() + 1;
    limits.limit_mw.insert(limits.limit_mw.end(), {limit_mw, infinity});
    limits.emergency_mw.insert(limits.emergency_mw.end(), {emergency_mw, infinity});
    limits.factors.resize(limits.size() * n_place, 0);
    limits.factors[(lost - 1) * n_place + place] = 1;
    limits.outages.resize(limits.size());
    limits.outages[lost - 1] = {{.branch = lost, .factor = 1}};
    limits.is_section.resize(limits.size(), false);
}

/// 80 MW of wind behind lines of 50 and 60 in a row: the first takes 10 a step, the one hidden behind it 20.
TEST(RelaxLedger, ALimitHiddenBehindAnotherHasItsOwnPart) {
    Tiny tiny{100, 4};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_wind(80);
    const Places places = number_places(tiny.table);
    NetworkLimits limits;
    add_limit(limits, places.count, places.variable, 60);
    add_limit(limits, places.count, places.variable, 50);
    const Planned held{tiny, limits};
    EXPECT_NEAR(held.caused_mwh(Cause::branch_n), 4 * 30, 1e-6);
    ASSERT_EQ(held.outcome.taken_away.size(), 2U);
    EXPECT_EQ(held.outcome.taken_away[0].limit_row, 2U);
    EXPECT_NEAR(held.outcome.taken_away[0].freed_mwh, 4 * 10, 1e-6);
    EXPECT_EQ(held.outcome.taken_away[1].limit_row, 0U);
    EXPECT_NEAR(held.outcome.taken_away[1].freed_mwh, 4 * 20, 1e-6);
}

/// The same with the second limit after an outage: it has a cause and an outage of its own.
TEST(RelaxLedger, ALimitAfterAnOutageBehindOneOfTheBaseStateIsNamedWithItsOutage) {
    Tiny tiny{100, 4};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_wind(80);
    const Places places = number_places(tiny.table);
    NetworkLimits limits;
    add_limit(limits, places.count, places.variable, 50, 60);
    const Planned held{tiny, limits};
    EXPECT_NEAR(held.caused_mwh(Cause::branch_n), 4 * 10, 1e-6);
    EXPECT_NEAR(held.caused_mwh(Cause::branch_n1), 4 * 20, 1e-6);
    for (const Curtailed& row : held.schedule.ledger) {
        EXPECT_EQ(row.limit, LimitKind::network);
        EXPECT_EQ(row.outage_row, row.cause == Cause::branch_n1 ? 1U : no_outage_row);
    }
}

TEST(RelaxLedger, ALimitOfASectionIsNoBranch) {
    Tiny tiny{100, 4};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_wind(80);
    const Places places = number_places(tiny.table);
    NetworkLimits limits;
    add_limit(limits, places.count, places.variable, 50);
    limits.is_section[0] = true;
    const Planned held{tiny, limits};
    EXPECT_NEAR(held.caused_mwh(Cause::section), 4 * 30, 1e-6);
    EXPECT_EQ(held.schedule.ledger.front().limit_row, 0U);
}

/// PTDF count from a reference bus; at that bus they are zero, and the load has them instead.
TEST(RelaxLedger, WindAtTheReferenceBusIsHeldBackByTheSameLine) {
    Tiny tiny{100, 4};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_wind(80);
    const Places places = number_places(tiny.table);
    NetworkLimits limits;
    add_limit(limits, places.count, places.thermal, infinity);
    limits.limit_mw[0] = 50;
    limits.factors[places.thermal] = -1; // from the wind towards plant and load
    limits.factors[places.island] = -1;
    const Planned held{tiny, limits};
    EXPECT_NEAR(held.curtailed_mwh(), 4 * 30, 1e-6);
    EXPECT_NEAR(held.caused_mwh(Cause::branch_n), 4 * 30, 1e-6);
}

/// Takes a cause away by writing it out of tables and limits, as a scenario would.
void take_out(Cause cause, Tiny& tiny, NetworkLimits& limits) {
    switch (cause) {
    case Cause::branch_n:
    case Cause::section:
        for (std::size_t k = 0; k < limits.size(); ++k) {
            if (limits.is_section[k] == (cause == Cause::section)) {
                limits.limit_mw[k] = infinity;
            }
        }
        if (cause == Cause::section) {
            tiny.table.ties.export_max_mw.assign(tiny.table.ties.size(), 1e5);
        }
        break;
    case Cause::branch_n1:
        limits.outages.clear();
        break;
    case Cause::station_limit:
        tiny.table.variables.station_limit_mw.assign(tiny.table.variables.size(), infinity);
        break;
    case Cause::minimum_output:
        tiny.table.thermals.unit_p_min_mw.assign(tiny.table.thermals.size(), 0);
        tiny.input.thermal_minimum_mw.assign(tiny.input.n_step, 0);
        break;
    default:
        tiny.table.storages.batteries.e_max_mwh.assign(tiny.table.storages.size(), 1e6);
    }
}

TEST(RelaxLedger, EveryCauseIsTheDifferenceOfPlansWithoutItAndThoseBeforeIt) {
    std::mt19937_64 random{17};
    std::uniform_real_distribution<double> share(0, 1);
    for (int trial = 0; trial < 40; ++trial) {
        Tiny tiny{60 + 60 * share(random), 12};
        tiny.add_thermal(2, 60, 15 * share(random), 300);
        tiny.input.thermal_minimum_mw.assign(12, 20 * share(random));
        tiny.add_wind(90, 0, 50 + 40 * share(random));
        tiny.add_wind(80);
        tiny.add_tie({.export_mw = 10 * share(random) + 1});
        const Places places = number_places(tiny.table);
        NetworkLimits limits;
        add_limit(limits, places.count, places.variable, 90 * share(random), 90 * share(random));
        add_limit(limits, places.count, places.variable + 1, 90 * share(random),
                  90 * share(random));
        add_limit(limits, places.count, places.variable + 1, 90 * share(random));
        limits.is_section[4] = true;
        for (std::size_t t = 0; t < 12; ++t) {
            tiny.input.variable_mw(0, t) *= 0.5 + share(random);
            tiny.input.demand_mw(0, t) *= 0.5 + share(random);
        }
        const Planned held{tiny, limits};
        ASSERT_EQ(held.outcome.status, SolveStatus::optimal) << trial;
        double before_mwh = held.curtailed_mwh();
        // A plan without a limit may curtail one plant more where it curtails another less; engine/counterfactuals.hpp settles that.
        const double some_mwh = 0.015 * before_mwh;
        for (const Cause cause : {Cause::branch_n, Cause::branch_n1, Cause::section,
                                  Cause::station_limit, Cause::minimum_output}) {
            take_out(cause, tiny, limits);
            const Planned without{tiny, limits};
            EXPECT_NEAR(held.caused_mwh(cause), before_mwh - without.curtailed_mwh(), some_mwh)
                << trial << " cause " << static_cast<int>(cause);
            before_mwh = without.curtailed_mwh();
        }
        EXPECT_NEAR(held.caused_mwh(Cause::surplus), before_mwh, some_mwh) << trial;
    }
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
