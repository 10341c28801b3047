// Whatever has a state keeps its books through a year: water, waste, stored energy, tenants, jobs, metal, rooms, stocks.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/flexible_town.hpp"

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::BlockResult;
using namespace std::chrono_literals;

/// The flexible town with a dam, a waste plant and storages of three kinds, one of them shared.
System town_with_stores(Random& random) {
    System system = flexible_town(random);
    add_hydro(system, "dam", plant, 60, 25);
    models::Reservoir dam;
    dam.head_m = 60 + 60 * random.uniform();
    dam.head_empty_m = dam.head_m * (0.6 + 0.4 * random.uniform());
    dam.v_max_hm3 = 300 * random.uniform();
    dam.q_min_m3_per_s = 10 * random.uniform();
    dam.inflow_m3_per_s.fill(60 * random.uniform());
    system.sources.hydro.plants.reservoir = {dam};
    engine::WasteFleet& waste = system.sources.waste_to_energy;
    place(waste, "burner", plant);
    waste.plants = {.design_t_per_day = {800},
                    .supply_share = {0.5 + 0.5 * random.uniform()},
                    .kwh_per_t = {470},
                    .green_share = {0.5},
                    .co2_t_per_mwh = {0.4}};
    models::Bunker bunker;
    bunker.bunker_t = 5000 * random.uniform();
    bunker.weekday = {1.3, 1.2, 1.1, 1, 0.9, 0.8, 0.7};
    bunker.overhaul_start_day = 200;
    bunker.overhaul_days = 14;
    waste.plants.bunker = {bunker};
    add_battery(system, "cells", city, 40, 120);
    add_battery(system, "wheels", city, 10, 2.5);
    add_battery(system, "upper_lake", plant, 50, 400);
    engine::BatteryFleet& stores = system.batteries;
    stores.kind = {engine::StorageKind::battery, engine::StorageKind::flywheel,
                   engine::StorageKind::pumped_hydro};
    stores.ageing_law = {engine::AgeingLaw::lfp, engine::AgeingLaw::none, engine::AgeingLaw::none};
    stores.batteries.eta_charge = {0.93, 0.93, 0.88};
    stores.batteries.eta_discharge = {0.93, 0.93, 0.88};
    stores.batteries.self_discharge_per_h = {0.0005 * random.uniform(), 0.05, 0};
    engine::StorageTenants& tenants = system.tenants;
    const double share = 0.2 + 0.6 * random.uniform();
    for (const double slice : {share, 1 - share}) {
        name_element(tenants, slice == share ? "tenant_a" : "tenant_b");
        tenants.storage.push_back("cells");
        tenants.power_share.push_back(slice);
        tenants.energy_share.push_back(slice);
        tenants.charge_from_h.push_back(std::floor(24 * random.uniform()));
        tenants.charge_to_h.push_back(std::floor(24 * random.uniform()));
        tenants.discharge_from_h.push_back(std::floor(24 * random.uniform()));
        tenants.discharge_to_h.push_back(std::floor(24 * random.uniform()));
        tenants.rent_cny_per_mw_h.push_back(10);
        tenants.wear_cny_per_mwh.push_back(20);
    }
    return system;
}

double fact(const engine::Summary& summary, const std::string& family, const std::string& id,
            const std::string& name) {
    return summary.devices.at(family).at(id).at(name);
}

void hold_storages(const CollectingSink& sink, const System& system) {
    const models::Batteries& b = system.batteries.batteries;
    for (std::size_t k = 0; k < b.size(); ++k) {
        const std::string& id = system.batteries.id[k];
        const std::vector<double> p_mw = sink.over_time(&BlockResult::storage_p_mw, k);
        const std::vector<double> e_mwh = sink.over_time(&BlockResult::storage_e_mwh, k);
        double terminal_mwh = 0; // out of the grid
        for (std::size_t t = 0; t < p_mw.size(); ++t) {
            terminal_mwh -= p_mw[t];
            ASSERT_GE(e_mwh[t], -1e-9) << id << ' ' << t;
            ASSERT_LE(e_mwh[t], b.soc_max[k] * b.e_max_mwh[k] + 1e-7) << id << ' ' << t;
        }
        const double start_mwh = b.soc_initial[k] * b.e_max_mwh[k];
        double gone_mwh = fact(sink.summary, "storage", id, "loss_mwh");
        const auto& facts = sink.summary.devices.at("storage").at(id);
        gone_mwh += facts.contains("faded_mwh") ? facts.at("faded_mwh") : 0.0;
        EXPECT_NEAR(terminal_mwh, e_mwh.back() - start_mwh + gone_mwh, 1e-5) << id;
        EXPECT_GT(gone_mwh, 0.0) << id;
    }
    EXPECT_LE(sink.summary.balance.at("storage_balance_mwh"), 1e-7);
    EXPECT_LE(sink.summary.balance.at("tenant_power_gap_mw"), 1e-9);
    EXPECT_LE(sink.summary.balance.at("tenant_energy_gap_mwh"), 1e-6);
    EXPECT_NEAR(sink.summary.balance.at("tenant_settlement_cny"), 0.0, 1e-3);
}

void hold_books(std::uint64_t seed, std::size_t n_day) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random{seed, "books"};
    const System system = town_with_stores(random);
    CollectingSink sink;
    SilentProgress progress;
    static_cast<void>(engine::simulate(tiny_study(system, 2025y / 1 / 1, n_day), sink, progress));
    const engine::Summary& s = sink.summary;
    EXPECT_LE(s.balance.at("dispatch_balance_mwh"), 1e-6);
    hold_storages(sink, system);
    EXPECT_LE(s.indicators.at("hydro_water_balance_hm3"), 1e-7);
    const models::WastePlants& waste = system.sources.waste_to_energy.plants;
    EXPECT_NEAR(0.47 * s.indicators.at("waste_burnt_t"),
                (1 - 0.15) * s.indicators.at("waste_gross_mwh"), 1e-6);
    EXPECT_LE(s.indicators.at("waste_bunker_end_t"), waste.bunker[0].bunker_t + 1e-9);
    // jobs
    EXPECT_EQ(s.balance.at("data_center_work_late_mwh"), 0.0);
    EXPECT_LE(s.balance.at("data_center_work_gap_mwh"), 1e-5);
    // metal, rooms, basins, stocks
    EXPECT_LE(std::abs(fact(s, "potline", "line", "bath_min_k")),
              system.loads.potlines.lines.window_k[0]);
    EXPECT_NEAR(fact(s, "potline", "line", "made_t") / fact(s, "potline", "line", "nominal_t"), 1,
                0.005);
    EXPECT_GE(fact(s, "heating", "flats", "room_min_k"), -1 - 1e-9);
    EXPECT_LE(fact(s, "heating", "flats", "room_max_k"), 1 + 1e-9);
    const double pumps_mw = 200000 * 0.35 / 24000.0;
    EXPECT_LE(std::abs(fact(s, "sewage", "works", "net_mwh")),
              system.loads.sewage.works.buffer_h[0] * pumps_mw + 1e-6);
    const models::ProcessWorks& works = system.loads.works.works;
    EXPECT_LE(std::abs(fact(s, "works", "mill", "net_mwh")),
              works.flexible_h[0] * works.flexible_share[0] * 30 + 1e-6);
}

TEST(YearBooks, AQuarterOfRandomTowns) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        hold_books(seed, 90);
    }
}

TEST(YearBooksStudy, AYearOfRandomTowns) {
    for (std::uint64_t seed = 11; seed <= 20; ++seed) {
        hold_books(seed, 365);
    }
}

} // namespace
} // namespace yuanwang::test
