// Storages through a run: ageing, fading capacity, cold, tenants, other kinds.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "engine/simulator.hpp"
#include "models/storage/ageing.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::AgeingLaw;
using engine::Axis;
using engine::BlockResult;
using namespace std::chrono_literals;
using std::chrono::year_month_day;

constexpr year_month_day new_year = 2025y / 1 / 1;
constexpr BusIdx city{1};

engine::RunReport run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

/// More sun than the town needs at noon, none at night.
System sunny_town(AgeingLaw law) {
    System system = tiny_system();
    add_load(system, "town", city, 150);
    add_solar(system, "roofs", city, 400);
    add_battery(system, "cells", city, 50, 200);
    system.batteries.ageing_law = {law};
    return system;
}

double fact(const CollectingSink& sink, const std::string& family, const std::string& id,
            const std::string& name) {
    return sink.summary.devices.at(family).at(id).at(name);
}

TEST(StorageAgeing, ReportsTheCapacityTheLawLeavesOfTheWholeHistory) {
    CollectingSink sink;
    run(tiny_study(sunny_town(AgeingLaw::xu), new_year, 28), sink);
    std::vector<double> soc{0.5};
    for (const double e_mwh : sink.over_time(&BlockResult::storage_e_mwh)) {
        soc.push_back(e_mwh / 200.0);
    }
    const std::vector<double> cell_c(soc.size(), 20.0);
    const models::SocHistory history{soc, cell_c, 1.0};
    const models::XuAgeing cell;
    const double damage =
        models::cycle_damage(cell, history) + models::calendar_damage(cell, history);
    EXPECT_GT(fact(sink, "storage", "cells", "full_cycles"), 5.0);
    EXPECT_NEAR(fact(sink, "storage", "cells", "capacity_share_left"),
                models::capacity_left(cell, damage), 1e-12);
    EXPECT_NEAR(fact(sink, "storage", "cells", "calendar_loss_share") +
                    fact(sink, "storage", "cells", "cycle_loss_share"),
                1.0 - models::capacity_left(cell, damage), 1e-12);
}

TEST(StorageAgeing, CapacityFadesYearAfterYearAndDispatchPlansWithWhatIsLeft) {
    CollectingSink sink;
    run(tiny_study(sunny_town(AgeingLaw::lfp), new_year, 2 * 365), sink);
    const std::vector<double> share = sink.over_time(&BlockResult::storage_capacity_share);
    EXPECT_EQ(share.front(), 1.0);
    EXPECT_TRUE(std::ranges::is_sorted(share, std::ranges::greater{}));
    const double first_year = 1.0 - share[365 * 24 - 1];
    const double second_year = share[365 * 24 - 1] - share.back();
    EXPECT_GT(first_year, 0.01);
    EXPECT_LT(first_year, 0.05);
    EXPECT_GT(second_year, 0.002);
    EXPECT_LT(second_year, first_year); // a power law below 1 slows down
    const std::vector<double> e_mwh = sink.over_time(&BlockResult::storage_e_mwh);
    double fullest = 0;
    for (std::size_t t = 0; t < e_mwh.size(); ++t) {
        EXPECT_LE(e_mwh[t], 0.9 * 200.0 * share[t] + 1e-9);
        fullest = std::max(fullest, e_mwh[t] / (0.9 * 200.0 * share[t]));
    }
    EXPECT_NEAR(fullest, 1.0, 1e-6);
    EXPECT_LE(sink.summary.balance.at("storage_balance_mwh"), 1e-9);
}

TEST(StorageAgeing, EnergyInIsEnergyOutAndLost) {
    CollectingSink sink;
    run(tiny_study(sunny_town(AgeingLaw::lfp), 2025y / 6 / 1, 60), sink);
    const double end_mwh = sink.over_time(&BlockResult::storage_e_mwh).back();
    EXPECT_NEAR(fact(sink, "storage", "cells", "charge_mwh"),
                fact(sink, "storage", "cells", "discharge_mwh") +
                    fact(sink, "storage", "cells", "loss_mwh") +
                    fact(sink, "storage", "cells", "faded_mwh") + end_mwh - 100.0,
                1e-6);
}

TEST(StorageInTheCold, GivesUpPowerAndDrawsItsAuxiliaryLoad) {
    System system = sunny_town(AgeingLaw::none);
    engine::BatteryFleet& fleet = system.batteries;
    fleet.site = {SiteIdx{0}};
    fleet.containers = {.standby_mw = {0.1},
                        .ua_kw_per_k = {30},
                        .heater_kw = {150},
                        .keep_c = {15},
                        .cool_c = {30},
                        .chiller_cop = {3},
                        .charge_full_c = {10},
                        .charge_stop_c = {0},
                        .discharge_full_c = {0},
                        .discharge_stop_c = {-20}};
    engine::StorageAuxiliaries& loads = system.loads.storage_auxiliaries;
    name_element(loads, "cells_auxiliary");
    loads.buses.push_back({city});
    loads.shares.push_back({1.0});
    loads.power_factor.push_back(0.95);
    loads.storage.push_back(0);
    CollectingSink cold;
    run(tiny_study(system, new_year, 14), cold);
    CollectingSink warm;
    run(tiny_study(sunny_town(AgeingLaw::none), new_year, 14), warm);

    EXPECT_GT(fact(cold, "storage", "cells", "cold_hours"), 50.0);
    EXPECT_LT(fact(cold, "storage", "cells", "charge_mwh"),
              fact(warm, "storage", "cells", "charge_mwh"));
    const double auxiliary_mwh = fact(cold, "storage", "cells", "auxiliary_mwh");
    EXPECT_GT(auxiliary_mwh, 14 * 24 * 0.1);
    EXPECT_NEAR(cold.summary.indicators.at("demand_mwh") - warm.summary.indicators.at("demand_mwh"),
                auxiliary_mwh, 1e-6);
    EXPECT_LE(cold.summary.balance.at("dispatch_balance_mwh"), 1e-8);
}

/// Tenants of `cells` with random slices, hours and terms.
engine::StorageTenants random_tenants(Random& random) {
    engine::StorageTenants tenants;
    const std::size_t n = 2 + static_cast<std::size_t>(3.0 * random.uniform());
    double power = 0;
    double energy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        name_element(tenants, "tenant_" + std::to_string(i));
        tenants.storage.push_back("cells");
        tenants.power_share.push_back(0.1 + random.uniform());
        tenants.energy_share.push_back(0.1 + random.uniform());
        power += tenants.power_share.back();
        energy += tenants.energy_share.back();
        for (auto* hours : {&tenants.charge_from_h, &tenants.charge_to_h, &tenants.discharge_from_h,
                            &tenants.discharge_to_h}) {
            hours->push_back(std::floor(24.0 * random.uniform()));
        }
        tenants.rent_cny_per_mw_h.push_back(20.0 * random.uniform());
        tenants.wear_cny_per_mwh.push_back(50.0 * random.uniform());
    }
    for (std::size_t i = 0; i < n; ++i) {
        tenants.power_share[i] /= power;
        tenants.energy_share[i] /= energy;
    }
    return tenants;
}

TEST(SharedStorage, SlicesSumToTheStorageInEveryStepAndSettlementToZero) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Random random{seed, "tenants"};
        System system = sunny_town(AgeingLaw::lfp);
        system.batteries.batteries.self_discharge_per_h[0] = 0.0005 * random.uniform();
        system.tenants = random_tenants(random);
        CollectingSink sink;
        run(tiny_study(system, 2025y / 5 / 1, 60), sink);
        const std::size_t n = system.tenants.size();
        ASSERT_EQ(sink.axes.of(Axis::tenant).size(), n);
        for (const BlockResult& block : sink.blocks) {
            for (std::size_t t = 0; t < block.steps.count; ++t) {
                double p_mw = 0;
                double e_mwh = 0;
                for (std::size_t i = 0; i < n; ++i) {
                    p_mw += block.tenant_p_mw(i, t);
                    e_mwh += block.tenant_e_mwh(i, t);
                    EXPECT_GE(block.tenant_e_mwh(i, t), -1e-9);
                }
                EXPECT_NEAR(p_mw, block.storage_p_mw(0, t), 1e-9);
                EXPECT_NEAR(e_mwh, block.storage_e_mwh(0, t), 1e-7);
            }
        }
        EXPECT_NEAR(sink.summary.balance.at("tenant_settlement_cny"), 0.0, 1e-4);
        double exchanged = 0;
        for (std::size_t i = 0; i < n; ++i) {
            exchanged +=
                fact(sink, "storage_tenant", "tenant_" + std::to_string(i), "exchanged_mwh");
        }
        EXPECT_GT(exchanged, 0.0);
    }
}

TEST(StorageKinds, ReachTheAxisUnderTheirNames) {
    System system = sunny_town(AgeingLaw::none);
    add_battery(system, "wheels", city, 20, 5);
    system.batteries.kind = {engine::StorageKind::battery, engine::StorageKind::flywheel};
    system.batteries.ageing_law = {AgeingLaw::none, AgeingLaw::none};
    CollectingSink sink;
    run(tiny_study(system, new_year, 1), sink);
    EXPECT_EQ(sink.axes.of(Axis::storage)[0].kind, "battery");
    EXPECT_EQ(sink.axes.of(Axis::storage)[1].kind, "flywheel");
}

} // namespace
} // namespace yuanwang::test
