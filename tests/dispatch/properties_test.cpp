// What must hold for any system: seeded random tables, several islands, every kind of row.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "dispatch/tiny_table.hpp"

namespace yuanwang::test {
namespace {

constexpr std::size_t n_system = 300;

Tiny random_system(std::uint64_t seed) {
    Random random{seed, "dispatch"};
    const auto up_to = [&](double top) { return top * random.uniform(); };
    const auto some = [&](int top) { return static_cast<int>(up_to(top + 1)); };
    const std::size_t n_island = 1 + static_cast<std::size_t>(up_to(2.99));
    Tiny tiny{0, 24, n_island};
    for (std::size_t i = 0; i < n_island; ++i) {
        for (int k = some(3); k > 0; --k) {
            tiny.add_wind(0, i, random.uniform() < 0.3 ? up_to(300) : 1e9);
        }
        for (int k = some(2); k > 0; --k) {
            tiny.add_must_run(up_to(150) - 40, i);
        }
        for (int k = some(2); k > 0; --k) {
            const double p_mw = up_to(200);
            const double base_mw = up_to(0.4 * p_mw);
            tiny.add_hydro(24 * (base_mw + up_to(p_mw - base_mw)), base_mw, p_mw, i);
        }
        for (int k = some(3); k > 0; --k) {
            const double unit_mw = up_to(300);
            tiny.add_thermal(1 + some(2), unit_mw, up_to(0.6 * unit_mw), up_to(500),
                             random.uniform() < 0.4, i);
        }
        for (int k = some(3); k > 0; --k) {
            tiny.add_tie({.surplus_mw = 0,
                          .import_mw = up_to(500),
                          .firm_mw = up_to(400),
                          .export_mw = random.uniform() < 0.5 ? up_to(100) : 0.0,
                          .surplus_price = std::floor(up_to(3)) * 50,
                          .firm_price = up_to(500),
                          .island = i});
        }
        for (int k = some(2); k > 0; --k) {
            tiny.add_battery(up_to(100), 10 + up_to(400), 0.1 + up_to(0.8), i);
        }
        for (int k = some(2); k > 0; --k) {
            tiny.add_managed(1 + some(3), up_to(60), i);
        }
    }
    if (tiny.table.ties.size() >= 2) {
        tiny.table.groups = {{{0, 1}}, {{1.0, 0.5}}, {up_to(400)}, {up_to(50)}};
    }
    for (std::size_t t = 0; t < 24; ++t) {
        const auto fill = [&](Series& series, double top) {
            for (double& value : series.step(t)) {
                value = up_to(top);
            }
        };
        fill(tiny.input.demand_mw, 900);
        fill(tiny.input.loss_mw, 20);
        fill(tiny.input.variable_mw, 400);
        fill(tiny.input.tie_surplus_mw, 500);
        tiny.input.thermal_minimum_mw[t] = up_to(300);
        tiny.input.heating_season[t] = seed % 2 == 0;
    }
    return tiny;
}

template <class Check>
void for_all_systems(Check check) {
    for (std::uint64_t seed = 1; seed <= n_system; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Tiny tiny = random_system(seed);
        tiny.run();
        tiny.run(); // the second day has a day to remember
        check(tiny);
        if (testing::Test::HasFailure()) {
            return;
        }
    }
}

TEST(DispatchProperties, BalanceHoldsInEveryIslandAndStep) {
    for_all_systems([](const Tiny& tiny) {
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t i = 0; i < tiny.table.n_island; ++i) {
                EXPECT_NEAR(tiny.imbalance_mw(i, t), 0, 1e-8);
            }
        }
    });
}

TEST(DispatchProperties, CausesSumToWhatWasNotUsed) {
    for_all_systems([](const Tiny& tiny) {
        double by_cause_mwh = 0;
        for (const dispatch::Curtailed& row : tiny.schedule.ledger) {
            EXPECT_GT(row.mwh, 0);
            by_cause_mwh += row.mwh;
        }
        double unused_mwh = 0;
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t k = 0; k < tiny.table.variables.size(); ++k) {
                const double lost_mw = tiny.schedule.curtailed_mw(k, t);
                EXPECT_NEAR(tiny.schedule.variable_mw(k, t) + lost_mw, tiny.input.variable_mw(k, t),
                            1e-9);
                unused_mwh += lost_mw;
            }
        }
        EXPECT_NEAR(by_cause_mwh, unused_mwh, 1e-8);
    });
}

TEST(DispatchProperties, NobodyLeavesItsLimits) {
    constexpr double eps = 1e-8;
    for_all_systems([&](const Tiny& tiny) {
        const dispatch::Table& table = tiny.table;
        const dispatch::Schedule& s = tiny.schedule;
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t k = 0; k < table.ties.size(); ++k) {
                const double p_mw = s.tie_surplus_mw(k, t) + s.tie_firm_mw(k, t);
                EXPECT_LE(p_mw, table.ties.import_max_mw[k] + eps);
                EXPECT_GE(p_mw, -table.ties.export_max_mw[k] - eps);
                EXPECT_LE(s.tie_firm_mw(k, t), table.ties.firm_mw[k] + eps);
                EXPECT_GE(s.tie_surplus_mw(k, t), -eps);
                EXPECT_LE(s.tie_surplus_mw(k, t), tiny.input.tie_surplus_mw(k, t) + eps);
            }
            for (std::size_t g = 0; g < table.groups.size(); ++g) {
                double p_mw = 0;
                for (std::size_t m = 0; m < table.groups.ties[g].size(); ++m) {
                    const std::size_t k = table.groups.ties[g][m];
                    p_mw +=
                        table.groups.share[g][m] * (s.tie_surplus_mw(k, t) + s.tie_firm_mw(k, t));
                }
                EXPECT_LE(p_mw, table.groups.import_max_mw[g] + eps);
                EXPECT_GE(p_mw, -table.groups.export_max_mw[g] - eps);
            }
            for (std::size_t k = 0; k < table.thermals.size(); ++k) {
                const double on = s.thermal_units_on(k, t);
                EXPECT_LE(on, table.thermals.units[k]);
                EXPECT_LE(s.thermal_mw(k, t), on * table.thermals.unit_p_max_mw[k] + eps);
            }
            for (std::size_t k = 0; k < table.hydros.size(); ++k) {
                EXPECT_LE(s.hydro_mw(k, t), tiny.input.hydro_max_mw[k] + eps);
                EXPECT_GE(s.hydro_mw(k, t), -eps);
            }
        }
        for (std::size_t k = 0; k < table.hydros.size(); ++k) {
            double used_mwh = 0;
            for (std::size_t t = 0; t < 24; ++t) {
                used_mwh += s.hydro_mw(k, t);
            }
            EXPECT_LE(used_mwh, tiny.input.hydro_energy_mwh[k] + 1e-6);
        }
    });
}

TEST(DispatchProperties, NothingIsCurtailedWhileSomebodyIsUnserved) {
    for_all_systems([](const Tiny& tiny) {
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t k = 0; k < tiny.table.variables.size(); ++k) {
                const std::size_t i = tiny.table.variables.island[k];
                const bool held_by_dispatch = tiny.schedule.variable_mw(k, t) <
                                              std::min(tiny.input.variable_mw(k, t),
                                                       tiny.table.variables.station_limit_mw[k]) -
                                                  1e-9;
                EXPECT_FALSE(held_by_dispatch && tiny.schedule.unserved_mw(i, t) > 1e-9);
            }
        }
    });
}

TEST(DispatchProperties, RunningUnitsKeepTheirLeastOutputUnlessTheyHadToGiveWay) {
    for_all_systems([](const Tiny& tiny) {
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t k = 0; k < tiny.table.thermals.size(); ++k) {
                if (tiny.schedule.backed_down_mw(tiny.table.thermals.island[k], t) > 0) {
                    continue;
                }
                EXPECT_GE(tiny.schedule.thermal_mw(k, t),
                          tiny.schedule.thermal_units_on(k, t) *
                                  tiny.table.thermals.unit_p_min_mw[k] -
                              1e-8);
            }
        }
    });
}

/// Two days of a system with ramps, as one row of steps; what had to give way may fall faster.
void expect_ramps_kept(Tiny& tiny) {
    const dispatch::Thermals& th = tiny.table.thermals;
    std::vector<double> units_before;
    std::vector<double> before_mw;
    for (int day = 0; day < 2; ++day) {
        tiny.run();
        for (std::size_t t = 0; t < tiny.input.n_step; ++t) {
            const bool trips = Tiny::sum(tiny.schedule.backed_down_mw.step(t)) > 0;
            for (std::size_t k = 0; k < th.size() && !units_before.empty(); ++k) {
                const double unit_mw = th.ramp_mw_per_h[k] * tiny.input.dt_h / th.units[k];
                const double start_mw = std::max(unit_mw, th.unit_p_min_mw[k]);
                const double units = tiny.schedule.thermal_units_on(k, t);
                const double p_mw = tiny.schedule.thermal_mw(k, t);
                const double from_mw =
                    std::max(before_mw[k], units_before[k] * th.unit_p_min_mw[k]);
                EXPECT_LE(p_mw - from_mw, unit_mw * units_before[k] +
                                              start_mw * std::max(0.0, units - units_before[k]) +
                                              1e-8)
                    << day << " " << t;
                if (!trips) {
                    EXPECT_GE(p_mw - before_mw[k],
                              -unit_mw * units - start_mw * std::max(0.0, units_before[k] - units) -
                                  1e-8)
                        << day << " " << t;
                }
            }
            const auto units = tiny.schedule.thermal_units_on.step(t);
            const auto p_mw = tiny.schedule.thermal_mw.step(t);
            units_before.assign(units.begin(), units.end());
            before_mw.assign(p_mw.begin(), p_mw.end());
        }
    }
}

TEST(DispatchProperties, PlantsKeepTheirRampsFromStepToStepAndOverTheSeam) {
    std::size_t n_bound = 0;
    for (std::uint64_t seed = 1; seed <= n_system; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Random random{seed, "ramps"};
        Tiny free = random_system(seed);
        Tiny tiny = random_system(seed);
        for (const double unit_mw : tiny.table.thermals.unit_p_max_mw) {
            tiny.table.thermals.ramp_mw_per_h.push_back((0.05 + random.uniform()) * unit_mw);
        }
        expect_ramps_kept(tiny);
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t i = 0; i < tiny.table.n_island; ++i) {
                EXPECT_NEAR(tiny.imbalance_mw(i, t), 0, 1e-8);
            }
        }
        free.run();
        free.run();
        n_bound += free.schedule.thermal_mw == tiny.schedule.thermal_mw ? 0U : 1U;
        if (testing::Test::HasFailure()) {
            return;
        }
    }
    EXPECT_GT(n_bound, n_system / 3); // ramps that never bind would prove nothing
}

/// One plant, 100 to 200 MW within an hour at 30 MW an hour and unit: it comes up step by step, others serve the rest.
TEST(DispatchProperties, APlantComesUpByItsRampAndAStartBringsItsLeastOutput) {
    Tiny tiny{100, 4};
    tiny.add_thermal(2, 150, 60, 300);
    tiny.table.thermals.ramp_mw_per_h = {60}; // 30 of each unit
    for (std::size_t t = 1; t < 4; ++t) {
        tiny.input.demand_mw(0, t) = 200;
    }
    tiny.run();
    // One unit at 100; then it rises by 30 and the second comes to 60; then both rise by 30.
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 0), 100, 1e-9);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 1), 190, 1e-9);
    EXPECT_NEAR(tiny.schedule.unserved_mw(0, 1), 10, 1e-9);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 2), 200, 1e-9);
}

TEST(DispatchProperties, TwoRunsGiveTheSameNumbers) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Tiny a = random_system(seed);
        Tiny b = random_system(seed);
        a.run();
        b.run();
        EXPECT_EQ(a.schedule.thermal_mw, b.schedule.thermal_mw);
        EXPECT_EQ(a.schedule.storage_e_mwh, b.schedule.storage_e_mwh);
        EXPECT_EQ(a.schedule.unserved_mw, b.schedule.unserved_mw);
    }
}

} // namespace
} // namespace yuanwang::test
