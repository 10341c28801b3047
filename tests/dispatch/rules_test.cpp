#include "dispatch/rules/rules.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dispatch/tiny_table.hpp"

namespace yuanwang::test {
namespace {

using dispatch::Cause;
using dispatch::Curtailed;
using dispatch::LimitKind;

std::map<Cause, double> sum_causes(const std::vector<Curtailed>& ledger) {
    std::map<Cause, double> mwh;
    for (const Curtailed& row : ledger) {
        mwh[row.cause] += row.mwh;
    }
    return mwh;
}

TEST(Rules, ServeAWindlessNightFromCoalAndFirmImportsByPrice) {
    Tiny tiny{500};
    tiny.add_wind(0);
    tiny.add_thermal(2, 150, 60, 280);
    tiny.add_tie({.import_mw = 400, .firm_mw = 300, .firm_price = 320});
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_mw(0, 0), 300); // cheaper: full
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_firm_mw(0, 0), 200);
    EXPECT_DOUBLE_EQ(tiny.schedule.price_cny_per_mwh(0, 0), 320);
    EXPECT_TRUE(tiny.schedule.ledger.empty());
}

TEST(Rules, TakeExternalSurplusBeforeCoal) {
    Tiny tiny{500};
    tiny.add_thermal(2, 300, 40, 50);
    tiny.add_tie({.surplus_mw = 450, .import_mw = 600, .surplus_price = 200});
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_surplus_mw(0, 5), 450);
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_mw(0, 5), 50);
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_units_on(0, 5), 1);
    EXPECT_DOUBLE_EQ(tiny.schedule.unserved_mw(0, 5), 0);
}

TEST(Rules, StartAUnitOverASmallResidualAndLetFlexibleSourcesBackDown) {
    Tiny tiny{510};
    tiny.add_thermal(1, 300, 100, 50);
    tiny.add_tie({.surplus_mw = 500, .import_mw = 600});
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_mw(0, 0), 100);
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_surplus_mw(0, 0), 410);
    EXPECT_NEAR(tiny.imbalance_mw(0, 0), 0, 1e-9);
}

TEST(Rules, ShareSurplusOfOnePriceInProportionToRoom) {
    Tiny tiny{300};
    tiny.add_tie({.surplus_mw = 100, .import_mw = 1000});
    tiny.add_tie({.surplus_mw = 400, .import_mw = 300});
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_surplus_mw(0, 0), 75);
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_surplus_mw(1, 0), 225);
}

TEST(Rules, KeepTheSumOfAGroupOfTiesWithinItsLimit) {
    Tiny tiny{1000};
    tiny.add_tie({.surplus_mw = 400, .import_mw = 500, .firm_mw = 500});
    tiny.add_tie({.surplus_mw = 400, .import_mw = 500, .firm_mw = 500});
    tiny.add_tie({.surplus_mw = 0, .import_mw = 500, .firm_mw = 100});
    tiny.table.groups = {{{0, 1}}, {{1.0, 0.5}}, {600}, {0}};
    tiny.run();
    const auto tie_mw = [&](std::size_t k) {
        return tiny.schedule.tie_surplus_mw(k, 0) + tiny.schedule.tie_firm_mw(k, 0);
    };
    EXPECT_NEAR(tie_mw(0) + 0.5 * tie_mw(1), 600, 1e-9);
    EXPECT_LE(tie_mw(1), 500);
    EXPECT_DOUBLE_EQ(tie_mw(2), 100);
    EXPECT_NEAR(tiny.schedule.unserved_mw(0, 0), 1000 - tie_mw(0) - tie_mw(1) - 100, 1e-9);
}

TEST(Rules, CurtailASunnyNoonAndNameEveryCause) {
    Tiny tiny{200, 1};
    tiny.add_wind(300);
    tiny.add_wind(100);
    tiny.add_must_run(60);
    tiny.add_battery(50, 100, 0.9); // full
    tiny.table.storages.batteries.self_discharge_per_h[0] = 0;
    tiny.run();
    // 460 MW meet 200 MW: 260 MW are lost, 60 to must-run, 50 to the full battery.
    EXPECT_NEAR(tiny.schedule.curtailed_mw(0, 0), 195, 1e-9);
    EXPECT_NEAR(tiny.schedule.curtailed_mw(1, 0), 65, 1e-9);
    const auto causes = sum_causes(tiny.schedule.ledger);
    EXPECT_NEAR(causes.at(Cause::minimum_output), 60, 1e-9);
    EXPECT_NEAR(causes.at(Cause::storage_full), 50, 1e-9);
    EXPECT_NEAR(causes.at(Cause::surplus), 150, 1e-9);
}

TEST(Rules, ExportSurplusUpToTheTieAndBlameTheTieForTheRest) {
    Tiny tiny{100, 1};
    tiny.add_wind(300);
    const std::size_t tie = tiny.add_tie({.surplus_mw = 50, .import_mw = 80, .export_mw = 120});
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_firm_mw(tie, 0), -120);
    EXPECT_DOUBLE_EQ(tiny.schedule.tie_surplus_mw(tie, 0), 0);
    ASSERT_EQ(tiny.schedule.ledger.size(), 1U);
    EXPECT_EQ(tiny.schedule.ledger[0].cause, Cause::section);
    EXPECT_EQ(tiny.schedule.ledger[0].limit, LimitKind::tie);
    EXPECT_DOUBLE_EQ(tiny.schedule.ledger[0].mwh, 80);
}

TEST(Rules, StationLimitIsACauseOfItsOwn) {
    Tiny tiny{500, 1};
    tiny.add_wind(300, 0, 220);
    tiny.run();
    ASSERT_EQ(tiny.schedule.ledger.size(), 1U);
    EXPECT_EQ(tiny.schedule.ledger[0].cause, Cause::station_limit);
    EXPECT_DOUBLE_EQ(tiny.schedule.ledger[0].mwh, 80);
    EXPECT_DOUBLE_EQ(tiny.schedule.variable_mw(0, 0), 220);
}

TEST(Rules, ChargeFromSurplusNobodyImportsAndDischargeBeforeCoal) {
    Tiny tiny{100, 2};
    tiny.add_battery(40, 400);
    tiny.add_thermal(1, 200, 10, 300);
    const std::size_t tie = tiny.add_tie({.surplus_mw = 120, .import_mw = 500});
    tiny.input.tie_surplus_mw(tie, 1) = 70;
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.storage_mw(0, 0), -20);
    EXPECT_DOUBLE_EQ(tiny.schedule.storage_green_charge_mw(0, 0), 20);
    EXPECT_DOUBLE_EQ(tiny.schedule.storage_mw(0, 1), 30);
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_mw(0, 1), 0);
}

TEST(Rules, FullBatteryTakesNothing) {
    Tiny tiny{100, 3};
    tiny.add_battery(40, 100, 0.9);
    tiny.table.storages.batteries.self_discharge_per_h[0] = 0;
    tiny.add_wind(150);
    tiny.run();
    for (std::size_t t = 0; t < 3; ++t) {
        EXPECT_DOUBLE_EQ(tiny.schedule.storage_mw(0, t), 0);
        EXPECT_DOUBLE_EQ(tiny.schedule.storage_e_mwh(0, t), 90);
    }
}

TEST(Rules, ServeTheBalanceOfEveryIslandOnItsOwn) {
    Tiny tiny{100, 1, 2};
    tiny.add_wind(300, 0);
    tiny.run();
    EXPECT_NEAR(tiny.schedule.curtailed_mw(0, 0), 200, 1e-9);
    EXPECT_DOUBLE_EQ(tiny.schedule.unserved_mw(0, 0), 0);
    EXPECT_DOUBLE_EQ(tiny.schedule.unserved_mw(1, 0), 100); // cut off, without a source
}

TEST(Rules, CallManagedLoadByClassBeforeLeavingAnybodyUnserved) {
    Tiny tiny{100, 1};
    tiny.add_managed(2, 30);
    tiny.add_managed(1, 20);
    tiny.add_must_run(40);
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.managed_mw(1, 0), 20);
    EXPECT_DOUBLE_EQ(tiny.schedule.managed_mw(0, 0), 30);
    EXPECT_DOUBLE_EQ(tiny.schedule.unserved_mw(0, 0), 10);
    tiny.input.demand_mw(0, 0) = 65;
    tiny.run();
    EXPECT_DOUBLE_EQ(tiny.schedule.managed_mw(1, 0), 20);
    EXPECT_DOUBLE_EQ(tiny.schedule.managed_mw(0, 0), 5);
}

TEST(Rules, BackDownMustRunOutputThatNobodyCanTake) {
    Tiny tiny{50, 1};
    tiny.add_must_run(30);
    tiny.add_thermal(3, 100, 40, 300);
    tiny.input.thermal_minimum_mw[0] = 120;
    tiny.run();
    EXPECT_NEAR(tiny.imbalance_mw(0, 0), 0, 1e-9);
    EXPECT_DOUBLE_EQ(tiny.schedule.backed_down_mw(0, 0), 100);
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_mw(0, 0), 20);
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_units_on(0, 0), 1);
}

// Water

TEST(Rules, SpendTheWholeWaterBudgetOfADayWhereAResidualIsLeft) {
    Tiny tiny{100};
    tiny.add_hydro(24 * 30.0, 10, 80);
    tiny.add_thermal(1, 200, 0, 300);
    tiny.run();
    EXPECT_NEAR(Tiny::sum(tiny.schedule.hydro_mw.values()), 720, 1e-9);
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_NEAR(tiny.schedule.hydro_mw(0, t), 30, 1e-9); // a flat residual asks for flat water
    }
}

TEST(Rules, PutWaterWhereTheResidualWasADayBefore) {
    Tiny tiny{100};
    tiny.add_hydro(24 * 20.0, 5, 80);
    const std::size_t wind = tiny.add_wind(0);
    tiny.add_thermal(1, 200, 0, 300);
    for (std::size_t t = 8; t < 18; ++t) {
        tiny.input.variable_mw(wind, t) = 100; // nothing is needed by day
    }
    tiny.run(); // the first day knows nothing of the noon to come
    tiny.run();
    EXPECT_NEAR(Tiny::sum(tiny.schedule.hydro_mw.values()), 480, 1e-9);
    EXPECT_NEAR(tiny.schedule.hydro_mw(0, 12), 5, 1e-9);
    EXPECT_NEAR(tiny.schedule.hydro_mw(0, 2), 5 + 15.0 * 24 / 14, 1e-9);
    EXPECT_NEAR(tiny.schedule.hydro_mw(0, 22), 5 + 15.0 * 24 / 14, 1e-9);
}

TEST(Rules, NeverPassMoreWaterThanTheTurbinesTake) {
    Tiny tiny{1000};
    tiny.add_hydro(24 * 75.0, 30, 80);
    tiny.add_thermal(4, 300, 0, 300);
    tiny.input.demand_mw(0, 3) = 5;
    tiny.run();
    for (std::size_t t = 0; t < 24; ++t) {
        EXPECT_LE(tiny.schedule.hydro_mw(0, t), 80 + 1e-9);
    }
    EXPECT_LE(Tiny::sum(tiny.schedule.hydro_mw.values()), 24 * 75.0 + 1e-6);
}

TEST(Rules, KeepWaterBackForAnEveningThatFirmSourcesCannotServe) {
    Tiny tiny{100};
    tiny.add_hydro(24 * 10.0, 0, 100);
    tiny.add_thermal(1, 100, 0, 300);
    const std::size_t tie = tiny.add_tie({.surplus_mw = 0, .import_mw = 100});
    for (std::size_t t = 18; t < 22; ++t) {
        tiny.input.demand_mw(0, t) = 130; // 30 MW beyond the thermal plant
        tiny.input.tie_surplus_mw(tie, t) = 100;
    }
    tiny.run();
    for (std::size_t t = 18; t < 22; ++t) {
        tiny.input.tie_surplus_mw(tie, t) = 0; // the wind that blew yesterday does not today
    }
    tiny.run();
    EXPECT_NEAR(Tiny::sum(tiny.schedule.unserved_mw.values()), 0, 1e-9);
    EXPECT_NEAR(Tiny::sum(tiny.schedule.hydro_mw.values()), 240, 1e-9);
    EXPECT_GE(tiny.schedule.hydro_mw(0, 19), 30 - 1e-9);
}

// Storage

TEST(Rules, StoredEnergyFollowsTerminalEnergy) {
    Tiny tiny{100};
    tiny.add_battery(60, 150);
    const std::size_t wind = tiny.add_wind(0);
    tiny.add_thermal(1, 200, 0, 300);
    for (std::size_t t = 0; t < 24; ++t) {
        tiny.input.variable_mw(wind, t) = 100 + 80 * std::sin(0.9 * static_cast<double>(t));
    }
    tiny.run();
    double e_mwh = 75;
    for (std::size_t t = 0; t < 24; ++t) {
        const double p_mw = tiny.schedule.storage_mw(0, t);
        e_mwh = e_mwh * (1 - 0.001) + 0.95 * std::max(0.0, -p_mw) - std::max(0.0, p_mw) / 0.94;
        EXPECT_NEAR(tiny.schedule.storage_e_mwh(0, t), e_mwh, 1e-9);
        EXPECT_GE(e_mwh, 15 * (1 - 0.03)); // self-discharge may go below the least SOC
        EXPECT_LE(e_mwh, 135 + 1e-9);
    }
}

// Heat and prices by step

TEST(Rules, KeepAPlantInTheBandItsHeatLeaves) {
    Tiny tiny{500, 2};
    tiny.add_thermal(2, 350, 175, 300, true);
    tiny.add_thermal(1, 600, 100, 200);
    tiny.input.thermal_min_mw = Series(2, 2);
    tiny.input.thermal_max_mw = Series(2, 2);
    for (std::size_t t = 0; t < 2; ++t) {
        tiny.input.thermal_min_mw(0, t) = t == 0 ? 400 : 0; // heat asks for two units
        tiny.input.thermal_max_mw(0, t) = 600;
        tiny.input.thermal_max_mw(1, t) = 600;
    }
    tiny.run();
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 0), 400, 1e-9);
    EXPECT_DOUBLE_EQ(tiny.schedule.thermal_units_on(0, 0), 2);
    EXPECT_NEAR(tiny.schedule.thermal_mw(1, 0), 100, 1e-9);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 1), 0, 1e-9); // dearer, and free of heat
    EXPECT_NEAR(tiny.schedule.thermal_mw(1, 1), 500, 1e-9);
    tiny.input.demand_mw = Series(1, 2, 1250);
    tiny.run();
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 0), 600, 1e-9); // heat takes 100 MW of the rating
    EXPECT_NEAR(tiny.schedule.unserved_mw(0, 0), 50, 1e-9);
    EXPECT_NEAR(tiny.imbalance_mw(0, 0), 0, 1e-9);
}

TEST(Rules, CallFirmEnergyByThePriceOfTheStep) {
    Tiny tiny{100, 2};
    tiny.add_thermal(1, 200, 0, 300);
    tiny.add_tie({.import_mw = 400, .firm_mw = 300, .firm_price = 300});
    tiny.input.tie_firm_price_cny_per_mwh = Series(1, 2);
    tiny.input.tie_firm_price_cny_per_mwh(0, 0) = 250; // noon
    tiny.input.tie_firm_price_cny_per_mwh(0, 1) = 350; // evening
    tiny.run();
    EXPECT_NEAR(tiny.schedule.tie_firm_mw(0, 0), 100, 1e-9);
    EXPECT_NEAR(tiny.schedule.price_cny_per_mwh(0, 0), 250, 1e-9);
    EXPECT_NEAR(tiny.schedule.thermal_mw(0, 1), 100, 1e-9);
    EXPECT_NEAR(tiny.schedule.price_cny_per_mwh(0, 1), 300, 1e-9);
}

} // namespace
} // namespace yuanwang::test
