/// Plans against a program written by hand (independent_plan.hpp): cost, stored energy and marginal prices of seeded towns with
/// ramps, a section, outages, water and committed units.
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "independent_plan.hpp"

namespace yuanwang::test {
namespace {

using dispatch::program::SolveStatus;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t n_bus = 5;
constexpr std::size_t n_step = 12;

/// A ring of five buses with a chord; wind and hydro at 1 and 3, coal at 0 and 2, a battery at 4, the province at 0.
///
///     0 ── 1 ── 2
///     │    │    │
///     4 ───┴─ 3 ┘
PlannedTown draw_town(std::mt19937_64& random, bool committed) {
    std::uniform_real_distribution<double> share(0, 1);
    const auto between = [&](double least, double most) {
        return least + (most - least) * share(random);
    };
    PlannedTown town{.tiny = Tiny{between(80, 140), n_step}, .n_bus = n_bus};
    const std::array<std::array<std::size_t, 2>, 6> ends = {
        {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {1, 3}}};
    for (const auto& [from, to] : ends) {
        const double limit_mw = between(20, 80);
        town.lines.push_back({.from = from,
                              .to = to,
                              .b = between(500, 2000),
                              .limit_mw = limit_mw,
                              .emergency_mw = limit_mw * between(1, 1.4)});
    }
    town.section = {0, 4};
    town.section_mw = between(30, 80);
    town.n_1 = share(random) < 0.7;
    town.load_share = {0.1, 0.2, 0.3, 0.25, 0.15};

    Tiny& tiny = town.tiny;
    tiny.add_wind(between(30, 90));
    tiny.add_wind(between(30, 90));
    tiny.add_hydro(between(100, 300), between(0, 5), between(20, 40));
    for (int k = 0; k < 2; ++k) {
        tiny.add_thermal(committed ? 2 : 1, between(30, 50), committed ? between(10, 20) : 0.0,
                         between(250, 450));
    }
    dispatch::Thermals& thermals = tiny.table.thermals;
    thermals.counts_as_thermal.assign(2, false);
    if (committed) {
        thermals.ramp_mw_per_h.assign(2, infinity);
        thermals.start_cost_cny = {between(1000, 9000), between(1000, 9000)};
        thermals.idle_cost_cny_per_h = {between(100, 900), between(100, 900)};
        thermals.min_up_h.assign(2, 0);
        thermals.min_down_h.assign(2, 0);
    } else {
        thermals.ramp_mw_per_h = {between(3, 10), infinity};
    }
    tiny.add_tie({.surplus_mw = between(0, 30),
                  .import_mw = between(40, 80),
                  .firm_mw = between(30, 60),
                  .export_mw = between(0, 20),
                  .surplus_price = between(80, 150),
                  .firm_price = between(300, 500)});
    tiny.add_battery(between(10, 25), between(30, 90));
    for (std::size_t t = 0; t < n_step; ++t) {
        tiny.input.demand_mw(0, t) *= between(0.7, 1.3);
        tiny.input.loss_mw(0, t) = between(0, 3);
        for (std::size_t k = 0; k < 2; ++k) {
            tiny.input.variable_mw(k, t) *= between(0, 1);
        }
        tiny.input.tie_surplus_mw(0, t) *= between(0, 1);
    }
    town.state = dispatch::make_initial_state(tiny.table);
    town.state.thermal_mw = {20, 20};
    town.state.units_before = Series(2, 24, 1);
    town.settings = {.commitment = committed,
                     .commitment_gap = 1e-8,
                     .commitment_programs = 400,
                     .commitment_nodes = 20000};

    const dispatch::Places at = dispatch::number_places(tiny.table);
    town.bus_of_place.assign(at.count, 0);
    town.bus_of_place[at.variable] = 1;
    town.bus_of_place[at.variable + 1] = 3;
    town.bus_of_place[at.hydro] = 3;
    town.bus_of_place[at.thermal] = 0;
    town.bus_of_place[at.thermal + 1] = 2;
    town.bus_of_place[at.tie] = 0;
    town.bus_of_place[at.storage] = 4;
    return town;
}

/// PTDF and LODF by the inverse of the dense susceptance matrix; bus 0 is the reference.
dispatch::NetworkLimits find_limits(const PlannedTown& town) {
    const auto n_line = static_cast<Eigen::Index>(town.lines.size());
    Eigen::MatrixXd A = Eigen::MatrixXd::Zero(n_line, n_bus);
    Eigen::VectorXd b(n_line);
    for (Eigen::Index k = 0; k < n_line; ++k) {
        const auto& line = town.lines[static_cast<std::size_t>(k)];
        A(k, static_cast<Eigen::Index>(line.from)) = 1;
        A(k, static_cast<Eigen::Index>(line.to)) = -1;
        b(k) = line.b;
    }
    const Eigen::MatrixXd B = A.transpose() * b.asDiagonal() * A;
    Eigen::MatrixXd X = Eigen::MatrixXd::Zero(n_bus, n_bus);
    X.bottomRightCorner(n_bus - 1, n_bus - 1) = B.bottomRightCorner(n_bus - 1, n_bus - 1).inverse();
    const Eigen::MatrixXd H = b.asDiagonal() * A * X;

    const std::size_t n_place = town.bus_of_place.size();
    dispatch::NetworkLimits limits;
    const auto add = [&](const Eigen::RowVectorXd& h, double limit_mw, double emergency_mw) {
        limits.limit_mw.push_back(limit_mw);
        limits.emergency_mw.push_back(emergency_mw);
        limits.outages.emplace_back();
        for (std::size_t place = 0; place + 1 < n_place; ++place) {
            limits.factors.push_back(h(static_cast<Eigen::Index>(town.bus_of_place[place])));
        }
        double of_load = 0;
        for (std::size_t i = 0; i < n_bus; ++i) {
            of_load += town.load_share[i] * h(static_cast<Eigen::Index>(i));
        }
        limits.factors.push_back(of_load);
    };
    for (Eigen::Index k = 0; k < n_line; ++k) {
        const auto& line = town.lines[static_cast<std::size_t>(k)];
        add(H.row(k), line.limit_mw, town.n_1 ? line.emergency_mw : infinity);
        for (Eigen::Index m = 0; town.n_1 && m < n_line; ++m) {
            const auto& lost = town.lines[static_cast<std::size_t>(m)];
            const auto over = [&](Eigen::Index row) {
                return H(row, static_cast<Eigen::Index>(lost.from)) -
                       H(row, static_cast<Eigen::Index>(lost.to));
            };
            if (m != k) {
                limits.outages.back().push_back(
                    {static_cast<std::size_t>(m), over(k) / (1 - over(m))});
            }
        }
    }
    Eigen::RowVectorXd of_section = Eigen::RowVectorXd::Zero(n_bus);
    for (const std::size_t k : town.section) {
        of_section += H.row(static_cast<Eigen::Index>(k));
    }
    add(of_section, town.section_mw, infinity);
    limits.is_section.assign(limits.size(), false);
    limits.is_section.back() = true;
    return limits;
}

struct Planned {
    dispatch::PlanOutcome outcome;
    dispatch::Schedule schedule;
    explicit Planned(const PlannedTown& town) {
        dispatch::State state = town.state;
        dispatch::Planner planner{town.tiny.table, find_limits(town), town.settings};
        const std::vector<const dispatch::BlockInput*> blocks = {&town.tiny.input};
        planner.plan(town.tiny.table, blocks, {}, state, schedule, outcome);
    }
};

/// What a MW more of demand at a bus costs to the left and to the right: a marginal price lies between them.
struct Slopes {
    double left;
    double right;
};
Slopes find_slopes(const PlannedTown& town, double cost, std::size_t bus, std::size_t t) {
    constexpr double step_mw = 1e-3;
    const auto cost_with = [&](double mw) {
        HandPlan plan{town};
        plan.add_demand(bus, t, mw);
        return plan.solve();
    };
    return {(cost - cost_with(-step_mw)) / step_mw, (cost_with(step_mw) - cost) / step_mw};
}

void compare(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const PlannedTown town = draw_town(random, false);
    const Planned planned{town};
    ASSERT_EQ(planned.outcome.status, SolveStatus::optimal) << seed;
    HandPlan by_hand{town};
    const double cost = by_hand.solve();
    EXPECT_NEAR(planned.outcome.objective, cost, 1e-6 * std::abs(cost)) << seed;
    for (std::size_t t = 0; t < n_step; ++t) {
        EXPECT_NEAR(planned.schedule.storage_e_mwh(0, t), by_hand.stored_mwh(0, t), 1e-5)
            << seed << " step " << t;
    }
    const dispatch::Places at = dispatch::number_places(town.tiny.table);
    for (const std::size_t place : {at.variable, at.variable + 1, at.thermal + 1, at.storage}) {
        for (std::size_t t = seed % 5; t < n_step; t += 5) {
            const auto [left, right] = find_slopes(town, cost, town.bus_of_place[place], t);
            const double price = planned.outcome.price_cny_per_mwh(place, t);
            EXPECT_GE(price, left - 1e-2) << seed << " place " << place << " step " << t;
            EXPECT_LE(price, right + 1e-2) << seed << " place " << place << " step " << t;
        }
    }
}

TEST(IndependentPlan, CostStoredEnergyAndPricesAreThoseOfAProgramByHand) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        compare(seed);
    }
}

TEST(IndependentPlanStudy, TwentyTownsMore) {
    for (std::uint64_t seed = 101; seed <= 120; ++seed) {
        compare(seed);
    }
}

/// The committed units, put into the program by hand, cost what the best ones there cost.
void compare_units(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const PlannedTown town = draw_town(random, true);
    const Planned planned{town};
    ASSERT_EQ(planned.outcome.status, SolveStatus::optimal) << seed;
    ASSERT_EQ(planned.outcome.commitment.status, SolveStatus::optimal) << seed;
    const double best = HandPlan{town}.solve();
    HandPlan same_units{town};
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t k = 0; k < 2; ++k) {
            same_units.fix_units(k, t, planned.schedule.thermal_units_on(k, t));
        }
    }
    const double cost = same_units.solve();
    EXPECT_NEAR(cost, best, 1e-5 * std::abs(best))
        << seed << " gap " << planned.outcome.commitment.gap_cny << " exact "
        << planned.outcome.commitment.exact;
}

TEST(IndependentPlan, CommittedUnitsCostNoMoreThanTheBestOnesByHand) {
    for (std::uint64_t seed = 1; seed <= 1; ++seed) {
        compare_units(seed);
    }
}

TEST(IndependentPlanStudy, UnitsOfTenTownsMore) {
    for (std::uint64_t seed = 201; seed <= 210; ++seed) {
        compare_units(seed);
    }
}

} // namespace
} // namespace yuanwang::test
