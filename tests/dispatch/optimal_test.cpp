/// Plans on a copper plate: solved by hand, held against the rules, conserved over a run.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "dispatch/plan/optimal.hpp"
#include "tiny_table.hpp"

namespace yuanwang::dispatch {
namespace {

using program::SolveStatus;
using test::Tiny;

/// Plans a tiny system alone or with the same day once more in sight.
struct Plan {
    PlanOutcome outcome;
    explicit Plan(Tiny& tiny, bool tomorrow = false, PlanSettings settings = {}) {
        if (tiny.state.e_mwh.size() != tiny.table.storages.size()) {
            tiny.state = make_initial_state(tiny.table);
        }
        std::vector<const BlockInput*> blocks = {&tiny.input};
        if (tomorrow) {
            blocks.push_back(&tiny.input);
        }
        Planner planner{tiny.table, {}, settings};
        planner.plan(tiny.table, blocks, {}, tiny.state, tiny.schedule, outcome);
    }
};

double cost_of(const Tiny& tiny) {
    double cost = 0;
    for (std::size_t t = 0; t < tiny.input.n_step; ++t) {
        for (std::size_t k = 0; k < tiny.table.thermals.size(); ++k) {
            cost += tiny.schedule.thermal_mw(k, t) * tiny.table.thermals.price_cny_per_mwh[k];
        }
        for (std::size_t k = 0; k < tiny.table.ties.size(); ++k) {
            cost +=
                tiny.schedule.tie_surplus_mw(k, t) * tiny.table.ties.surplus_price_cny_per_mwh[k] +
                std::max(0.0, tiny.schedule.tie_firm_mw(k, t)) *
                    tiny.table.ties.firm_price_cny_per_mwh[k];
        }
        cost += tiny.schedule.unserved_mw(0, t) * tiny.table.unserved_price_cny_per_mwh;
    }
    return cost;
}

TEST(Optimal, WaterGoesWhereCoalIsDear) {
    Tiny tiny{85, 24};
    tiny.add_hydro(24 * 20 + 60, 20, 80);
    tiny.add_thermal(1, 70, 0, 300);
    tiny.add_thermal(1, 100, 0, 600);
    for (std::size_t t = 18; t < 21; ++t) {
        tiny.input.demand_mw(0, t) = 110; // 20 MW of water leave 90: 20 beyond the cheap plant
    }
    const Plan plan{tiny};
    ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
    for (std::size_t t = 18; t < 21; ++t) {
        EXPECT_NEAR(tiny.schedule.hydro_mw(0, t), 40, 1e-6);
        EXPECT_NEAR(tiny.schedule.thermal_mw(1, t), 0, 1e-6);
    }
}

TEST(Optimal, ABatteryBuysTheCheapHoursAndIsNotLeftEmpty) {
    Tiny tiny{50, 24};
    tiny.add_battery(10, 40);
    tiny.table.storages.batteries.self_discharge_per_h[0] = 0;
    tiny.add_thermal(1, 50, 0, 200);
    tiny.add_thermal(1, 50, 0, 500);
    for (std::size_t t = 8; t < 12; ++t) {
        tiny.input.demand_mw(0, t) = 20;
    }
    for (std::size_t t = 18; t < 22; ++t) {
        tiny.input.demand_mw(0, t) = 65;
    }
    const Plan plan{tiny, true};
    ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
    double dear_mwh = 0;
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_NEAR(tiny.imbalance_mw(0, t), 0, 1e-9);
        dear_mwh += tiny.schedule.thermal_mw(1, t);
    }
    // All the store holds, 0.8 · 40 MWh, is full before the dear evening and gives 0.94 of it.
    EXPECT_NEAR(tiny.schedule.storage_e_mwh(0, 17), 0.9 * 40, 1e-6);
    EXPECT_NEAR(dear_mwh, 4 * 15 - 0.94 * 0.8 * 40, 1e-6);
    EXPECT_NEAR(tiny.state.e_mwh[0], tiny.schedule.storage_e_mwh(0, 23), 1e-9);
    EXPECT_GT(tiny.state.storage_value_cny_per_mwh[0], 200 * 0.9);
}

/// 30 MW of residual and a plant of 60 MW that cannot run below 40: the tie backs down for it, or nobody needs it.
TEST(Optimal, PlantsRunWithinTheBandsOfTheirUnits) {
    for (const double residual_mw : {10.0, 30.0, 50.0, 70.0, 90.0, 110.0}) {
        Tiny tiny{residual_mw + 100, 2};
        tiny.add_tie({.import_mw = 100, .firm_mw = 100, .firm_price = 250});
        tiny.add_thermal(2, 60, 40, 300);
        const Plan plan{tiny};
        ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
        for (std::size_t t = 0; t < 2; ++t) {
            const double p_mw = tiny.schedule.thermal_mw(0, t);
            const double units = tiny.schedule.thermal_units_on(0, t);
            EXPECT_GE(p_mw, 40 * units - 1e-6) << residual_mw;
            EXPECT_LE(p_mw, 60 * units + 1e-6) << residual_mw;
            EXPECT_NEAR(tiny.schedule.unserved_mw(0, t), 0, 1e-6) << residual_mw;
            EXPECT_NEAR(tiny.imbalance_mw(0, t), 0, 1e-9);
        }
    }
}

TEST(Optimal, ManagedLoadIsCalledByClassBeforeAnybodyIsCutOff) {
    Tiny tiny{100, 1};
    tiny.add_thermal(1, 70, 0, 300);
    tiny.add_managed(2, 10);
    tiny.add_managed(1, 12);
    const Plan plan{tiny};
    EXPECT_NEAR(tiny.schedule.managed_mw(1, 0), 12, 1e-6);
    EXPECT_NEAR(tiny.schedule.managed_mw(0, 0), 10, 1e-6);
    EXPECT_NEAR(tiny.schedule.unserved_mw(0, 0), 8, 1e-6);
    EXPECT_NEAR(tiny.schedule.price_cny_per_mwh(0, 0), 20000, 1e-6);
    tiny.input.demand_mw(0, 0) = 75;
    const Plan less{tiny};
    EXPECT_NEAR(tiny.schedule.managed_mw(1, 0), 5, 1e-6);
    EXPECT_NEAR(tiny.schedule.managed_mw(0, 0), 0, 1e-6);
}

TEST(Optimal, MustRunGivesWayOnlyWhenNothingElseCan) {
    Tiny tiny{50, 1};
    tiny.add_must_run(60);
    tiny.add_wind(20);
    const Plan plan{tiny};
    ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
    EXPECT_NEAR(tiny.schedule.must_run_mw(0, 0), 50, 1e-6);
    EXPECT_NEAR(tiny.schedule.backed_down_mw(0, 0), 10, 1e-6);
    EXPECT_NEAR(tiny.schedule.curtailed_mw(0, 0), 20, 1e-6);
    double ledger_mwh = 0;
    for (const Curtailed& row : tiny.schedule.ledger) {
        EXPECT_EQ(row.cause, Cause::minimum_output);
        ledger_mwh += row.mwh;
    }
    EXPECT_NEAR(ledger_mwh, 20, 1e-9);
}

TEST(Optimal, ADoorOfTiesHoldsTheirSum) {
    Tiny tiny{100, 1};
    tiny.add_tie({.surplus_mw = 80, .import_mw = 80, .surplus_price = 100});
    tiny.add_tie({.surplus_mw = 80, .import_mw = 80, .surplus_price = 120});
    tiny.add_thermal(1, 100, 0, 300);
    tiny.table.groups.ties = {{0, 1}};
    tiny.table.groups.share = {{1, 1}};
    tiny.table.groups.import_max_mw = {90};
    tiny.table.groups.export_max_mw = {0};
    const Plan plan{tiny};
    EXPECT_NEAR(tiny.schedule.tie_surplus_mw(0, 0), 80, 1e-6);
    EXPECT_NEAR(tiny.schedule.tie_surplus_mw(1, 0), 10, 1e-6);
    EXPECT_NEAR(plan.outcome.group_value(0, 0), 300 - 120, 1e-6);
}

/// 10 MW of work for two hours may wait two hours; the third hour is cheap.
TEST(Optimal, WorkWaitsWithinItsDeadline) {
    Tiny tiny{40, 3};
    tiny.add_tie({.surplus_mw = 0, .import_mw = 100, .firm_mw = 100, .firm_price = 400});
    tiny.input.tie_firm_price_cny_per_mwh.reshape(1, 3, 420); // what is owed at the end counts 400
    tiny.input.tie_firm_price_cny_per_mwh(0, 2) = 100;
    tiny.table.flexibles.island = {0};
    tiny.table.accounts = {.rows = {{0}}, .keep = {1}};
    tiny.input.flexible_base_mw.reshape(1, 3, 10);
    tiny.input.flexible_min_mw.reshape(1, 3, 0);
    tiny.input.flexible_max_mw.reshape(1, 3, 25);
    tiny.input.flexible_weight.reshape(1, 3, 1);
    tiny.input.account_max.reshape(1, 3, 0);
    tiny.input.account_min.reshape(1, 3, -20); // what arrived in the last two hours
    tiny.input.account_min(0, 0) = -10;
    const Plan plan{tiny};
    ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
    EXPECT_NEAR(tiny.schedule.flexible_shift_mw(0, 2), 15, 1e-6); // as much as the site runs
    EXPECT_NEAR(tiny.schedule.account(0, 1), -20, 1e-6);
    EXPECT_NEAR(tiny.schedule.account(0, 2), -5, 1e-6);
    EXPECT_NEAR(tiny.state.account[0], -5, 1e-6);
    for (std::size_t t = 0; t < 3; ++t) {
        EXPECT_NEAR(tiny.imbalance_mw(0, t), 0, 1e-9);
    }
}

TEST(Optimal, ReserveKeepsRoomBelowTheRatings) {
    Tiny tiny{100, 1};
    tiny.add_thermal(1, 100, 0, 300);
    tiny.add_thermal(1, 15, 0, 500);
    const Plan plan{tiny, false, {.reserve_share = 0.1}};
    ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 0), 100, 1e-6); // 15 of the other are reserve enough
    const Plan more{tiny, false, {.reserve_share = 0.15}};
    EXPECT_NEAR(tiny.schedule.unserved_mw(0, 0), 0, 1e-6);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 0) + tiny.schedule.thermal_mw(1, 0), 100, 1e-6);
}

TEST(Optimal, ARampIsKeptAcrossBlocks) {
    Tiny tiny{80, 4};
    tiny.add_thermal(1, 100, 0, 200);
    tiny.add_thermal(1, 100, 0, 500);
    tiny.table.thermals.ramp_mw_per_h = {10, std::numeric_limits<double>::infinity()};
    tiny.input.demand_mw(0, 0) = 30;
    Plan first{tiny};
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 1) - tiny.schedule.thermal_mw(0, 0), 10, 1e-6);
    const double last_mw = tiny.schedule.thermal_mw(0, 3);
    tiny.input.demand_mw.fill(100);
    Plan second{tiny};
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 0), last_mw + 10, 1e-6);
}

TEST(Optimal, WhereNoAnswerIsProvedTheRulesDispatchAndTheOutcomeSaysWhy) {
    Tiny tiny{100, 24};
    tiny.add_thermal(1, 70, 0, 300);
    tiny.add_thermal(1, 70, 0, 400);
    tiny.add_battery(10, 40);
    Tiny by_rules = tiny;
    const Plan stopped{tiny, false, {.max_iterations = 1}};
    EXPECT_EQ(stopped.outcome.status, SolveStatus::iteration_limit);
    EXPECT_TRUE(stopped.outcome.fell_back);
    by_rules.run();
    EXPECT_EQ(tiny.schedule.thermal_mw, by_rules.schedule.thermal_mw);

    Tiny unsound{100, 24};
    unsound.add_thermal(1, 120, 0, 300);
    unsound.table.thermals.price_cny_per_mwh[0] = std::numeric_limits<double>::quiet_NaN();
    const Plan refused{unsound};
    EXPECT_EQ(refused.outcome.status, SolveStatus::not_sound);
    EXPECT_TRUE(refused.outcome.fell_back);
    EXPECT_NEAR(unsound.imbalance_mw(0, 0), 0, 1e-9);
}

/// A plan keeps what charging and discharging leave near the ends of the store, where the rules would be stopped.
TEST(Optimal, StoragesTaperNearTheirEndsWithinThePlan) {
    Tiny tiny{100, 24};
    tiny.add_battery(20, 60);
    models::Batteries& b = tiny.table.storages.batteries;
    b.charge_taper_soc = {0.6};
    b.discharge_taper_soc = {0.35};
    b.taper_floor = {0.1};
    tiny.add_thermal(1, 110, 0, 200);
    tiny.add_thermal(1, 110, 0, 500);
    for (std::size_t t = 0; t < 12; ++t) {
        tiny.input.demand_mw(0, t) = 60;
    }
    for (std::size_t t = 12; t < 18; ++t) {
        tiny.input.demand_mw(0, t) = 130;
    }
    const Plan plan{tiny};
    ASSERT_EQ(plan.outcome.status, SolveStatus::optimal);
    double e_mwh = 0.5 * 60;
    bool tapered = false;
    for (std::size_t t = 0; t < 24; ++t) {
        const double p_mw = tiny.schedule.storage_mw(0, t);
        EXPECT_LE(p_mw, models::discharge_limit_mw(b, 0, e_mwh, 1) + 1e-6) << t;
        EXPECT_LE(-p_mw, models::charge_limit_mw(b, 0, e_mwh, 1) + 1e-6) << t;
        tapered =
            tapered ||
            (p_mw > 1 && p_mw > models::discharge_limit_mw(b, 0, e_mwh, 1) - 1e-6 && p_mw < 19);
        e_mwh = tiny.schedule.storage_e_mwh(0, t);
    }
    EXPECT_TRUE(tapered) << "the taper has to bind somewhere";
}

/// Random systems over ten days: never dearer than the rules, balanced, stored energy advanced as the battery model does.
TEST(OptimalProperties, RandomSystemsAreBalancedConservedAndNoDearerThanTheRules) {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        std::mt19937_64 random{seed};
        std::uniform_real_distribution<double> share(0, 1);
        const auto make = [&](std::mt19937_64 r) {
            Tiny tiny{100, 24};
            tiny.add_wind(0);
            tiny.add_must_run(5);
            tiny.add_hydro(24 * 10 + 60, 10, 40);
            tiny.add_thermal(2, 40, 16, 300 + 50 * share(r));
            tiny.add_tie({.surplus_mw = 0, .import_mw = 50, .firm_mw = 30, .firm_price = 280});
            tiny.add_battery(15, 45);
            return tiny;
        };
        Tiny rules = make(random);
        Tiny plan = make(random);
        Planner planner{plan.table};
        plan.state = make_initial_state(plan.table);
        double rules_cost = 0;
        double plan_cost = 0;
        std::vector<BlockInput> days;
        for (int day = 0; day <= 10; ++day) {
            BlockInput input = plan.input;
            for (std::size_t t = 0; t < 24; ++t) {
                input.demand_mw(0, t) = 60 + 60 * share(random);
                input.variable_mw(0, t) = 80 * share(random);
                input.tie_surplus_mw(0, t) = 40 * share(random);
            }
            days.push_back(input);
        }
        for (std::size_t day = 0; day < 10; ++day) {
            rules.input = days[day];
            plan.input = days[day];
            rules.run();
            const State before = plan.state;
            PlanOutcome outcome;
            const std::vector<const BlockInput*> blocks = {&plan.input, &days[day + 1]};
            planner.plan(plan.table, blocks, {}, plan.state, plan.schedule, outcome);
            ASSERT_EQ(outcome.status, SolveStatus::optimal) << seed << " " << day;
            rules_cost += cost_of(rules);
            plan_cost += cost_of(plan);
            double e_mwh = before.e_mwh[0];
            double water_mwh = 0;
            for (std::size_t t = 0; t < 24; ++t) {
                EXPECT_NEAR(plan.imbalance_mw(0, t), 0, 1e-9);
                e_mwh = models::advance(plan.table.storages.batteries, 0, e_mwh,
                                        plan.schedule.storage_mw(0, t), 1.0);
                EXPECT_NEAR(plan.schedule.storage_e_mwh(0, t), e_mwh, 1e-6);
                water_mwh += plan.schedule.hydro_mw(0, t);
            }
            EXPECT_LE(water_mwh, 24 * 10 + 60 + 1e-6);
            double curtailed_mwh = 0;
            for (const Curtailed& row : plan.schedule.ledger) {
                curtailed_mwh += row.mwh;
            }
            const auto curtailed = plan.schedule.curtailed_mw.values();
            EXPECT_NEAR(curtailed_mwh, std::accumulate(curtailed.begin(), curtailed.end(), 0.0),
                        1e-4);
        }
        // What the batteries hold at the end is worth no more than coal.
        plan_cost -= 350 * (plan.state.e_mwh[0] - rules.state.e_mwh[0]);
        EXPECT_LE(plan_cost, rules_cost * 1.001) << seed;
    }
}

TEST(OptimalProperties, TwoRunsGiveTheSameBytes) {
    const auto run = [] {
        Tiny tiny{70, 24};
        tiny.add_wind(40);
        tiny.add_thermal(2, 40, 16, 300);
        tiny.add_battery(15, 45);
        const Plan plan{tiny, true};
        const auto values = tiny.schedule.storage_mw.values();
        return std::vector<double>(values.begin(), values.end());
    };
    EXPECT_EQ(run(), run());
}

/// A year of days with weather, weekends and seasons; a battery of four hours, water, two plants, a tie.
std::vector<BlockInput> make_year(Tiny& tiny, std::size_t n_day) {
    tiny.add_wind(0);
    tiny.add_hydro(24 * 10 + 80, 10, 40);
    tiny.add_thermal(2, 60, 0, 310);
    tiny.add_thermal(1, 60, 0, 450);
    tiny.add_tie({.import_mw = 70, .firm_mw = 40, .surplus_price = 0, .firm_price = 280});
    tiny.add_battery(20, 80);
    std::mt19937_64 random{42};
    std::uniform_real_distribution<double> share(0, 1);
    std::vector<BlockInput> days;
    for (std::size_t d = 0; d < n_day; ++d) {
        BlockInput input = tiny.input;
        const double windy = share(random);
        const double clear = share(random);
        for (std::size_t t = 0; t < 24; ++t) {
            const double hour = static_cast<double>(t);
            const double sun = std::max(0.0, std::sin((hour - 6) * 3.14159 / 12));
            input.demand_mw(0, t) = 120 + 15 * std::cos(static_cast<double>(d) / 58.0) +
                                    25 * std::sin((hour - 10) * 3.14159 / 12) + 10 * share(random) -
                                    (d % 7 >= 5 ? 15 : 0);
            input.variable_mw(0, t) = 60 * windy * (0.6 + 0.4 * share(random)) + 110 * clear * sun;
            input.tie_surplus_mw(0, t) = 40 * sun * share(random);
        }
        days.push_back(input);
    }
    return days;
}

double run_rolling(Tiny& tiny, const std::vector<BlockInput>& days) {
    Planner planner{tiny.table};
    tiny.state = make_initial_state(tiny.table);
    double cost = 0;
    for (std::size_t d = 0; d < days.size(); ++d) {
        std::vector<const BlockInput*> blocks = {&days[d]};
        if (d + 1 < days.size()) {
            blocks.push_back(&days[d + 1]);
        }
        tiny.input = days[d];
        PlanOutcome outcome;
        planner.plan(tiny.table, blocks, {}, tiny.state, tiny.schedule, outcome);
        EXPECT_EQ(outcome.status, SolveStatus::optimal) << d;
        planner.go_on();
        cost += cost_of(tiny);
    }
    return cost;
}

/// Every day in one block: water stays the day's, everything else sees all.
double run_at_once(Tiny& tiny, const std::vector<BlockInput>& days) {
    tiny.state = make_initial_state(tiny.table);
    std::vector<const BlockInput*> blocks;
    for (const BlockInput& day : days) {
        blocks.push_back(&day);
    }
    Planner planner{tiny.table};
    PlanOutcome outcome;
    planner.plan(tiny.table, blocks, {}, tiny.state, tiny.schedule, outcome);
    EXPECT_EQ(outcome.status, SolveStatus::optimal);
    // The objective less the order of last resorts: what wind, sun and base water count, and the end of the battery.
    double cost = outcome.objective;
    for (const BlockInput& day : days) {
        for (std::size_t t = 0; t < 24; ++t) {
            cost += 1.0 * day.variable_mw(0, t) + 1500 * day.hydro_base_mw[0];
        }
    }
    return cost;
}

void hold_rolling_against_one_program(std::size_t n_day) {
    Tiny rolling{100, 24};
    const std::vector<BlockInput> days = make_year(rolling, n_day);
    const double by_days = run_rolling(rolling, days);
    Tiny at_once{100, 24};
    make_year(at_once, 1);
    const double in_one = run_at_once(at_once, days);
    EXPECT_LE(by_days, 1.01 * in_one);
    EXPECT_GE(by_days, 0.99 * in_one);
    EXPECT_GT(rolling.state.e_mwh[0], 0.1 * 80 - 1e-6);
}

TEST(Seams, FourRollingWeeksCostWhatOneProgramCosts) {
    hold_rolling_against_one_program(28);
}

TEST(SeamsStudy, ARollingYearCostsWhatOneProgramOf8760HoursCosts) {
    hold_rolling_against_one_program(365);
}

} // namespace
} // namespace yuanwang::dispatch
