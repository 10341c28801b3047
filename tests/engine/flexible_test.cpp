// Loads that move through a run: nothing is lost, no bath, room or basin leaves its bounds.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "engine/simulator.hpp"
#include "models/load/potline.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using namespace std::chrono_literals;

constexpr BusIdx city{1};
constexpr BusIdx plant{2};

void hang(engine::LoadPlacement& fleet, const std::string& id, BusIdx bus) {
    name_element(fleet, id);
    fleet.buses.push_back({bus});
    fleet.shares.push_back({1.0});
    fleet.power_factor.push_back(0.97);
}

void add_center(System& system, const std::string& id, BusIdx bus, double it_mw, Random& random) {
    engine::DataCenterFleet& fleet = system.loads.data_centers;
    hang(fleet, id, bus);
    fleet.site.push_back(SiteIdx{0});
    models::DataCenters& c = fleet.centers;
    c.racks.push_back(1000);
    c.pflops.push_back(100);
    c.it_mw.push_back(it_mw);
    c.idle_share.push_back(0.2 + 0.2 * random.uniform());
    c.utilisation_mean.push_back(0.4 + 0.3 * random.uniform());
    c.utilisation_swing.push_back(0.1);
    c.peak_hour.push_back(15);
    c.ups_efficiency.push_back(0.95);
    c.liquid_share.push_back(random.uniform());
    c.free_cooling_c.push_back(18);
    c.chiller_cop.push_back(8);
    c.microgrid.emplace_back();
    models::DataCenterDetails& d = c.details;
    d.shape.push_back(models::UtilisationShape::google);
    d.noise.push_back(0.05);
    d.power_exponent.push_back(1.0 + random.uniform());
    d.evaporative.push_back(random.uniform() < 0.5);
    d.approach_k.push_back(4);
    d.economiser_range_k.push_back(5 * random.uniform());
    d.ups_standing_share.push_back(0.5 * random.uniform());
    d.utilisation_max.push_back(0.95);
    d.deferrable_share.push_back(0.5 * random.uniform());
    d.deadline_h.push_back(1 + 12 * random.uniform());
    d.work_pool.emplace_back(random.uniform() < 0.6 ? "pool" : "");
}

/// One of each load that moves, beside sun and wind of the town.
System flexible_town(Random& random) {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    add_solar(system, "roofs", city, 250);
    add_wind(system, "ridge", plant, 120);
    for (int k = 0; k < 3; ++k) {
        add_center(system, "hall_" + std::to_string(k), k == 0 ? city : plant,
                   10 + 20 * random.uniform(), random);
    }
    engine::PotlineFleet& potlines = system.loads.potlines;
    hang(potlines, "line", plant);
    models::Potlines& l = potlines.lines;
    l.production_t_per_year.push_back(100000);
    l.dc_kwh_per_t.push_back(12900 + 500 * random.uniform());
    l.rectifier_efficiency.push_back(0.98);
    l.auxiliary_share.push_back(0.02);
    l.modulation_share.push_back(0.05 + 0.2 * random.uniform());
    l.n_cell.push_back(86);
    l.current_efficiency.push_back(0.93);
    l.external_v.push_back(0.2);
    l.window_k.push_back(5 + 10 * random.uniform());
    l.heat_capacity_kwh_per_k.push_back(30 + 40 * random.uniform());
    l.loss_kw_per_k.push_back(8 * random.uniform());
    engine::HeatingFleet& heating = system.loads.heating;
    hang(heating, "flats", city);
    heating.site.push_back(SiteIdx{0});
    heating.loads = {.ua_mw_per_k = {2},
                     .base_c = {17},
                     .cop = {2.2},
                     .season_start_day = {288},
                     .season_end_day = {105},
                     .time_constant_h = {20 + 100 * random.uniform()},
                     .comfort_k = {1},
                     .p_max_mw = {40}};
    engine::SewageFleet& sewage = system.loads.sewage;
    hang(sewage, "works", city);
    sewage.works = {.m3_per_day = {200000},
                    .kwh_per_m3 = {0.35},
                    .buffer_h = {3 * random.uniform()},
                    .p_max_share = {1.4}};
    return system;
}

void run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    static_cast<void>(engine::simulate(study, sink, progress));
}

double fact(const CollectingSink& sink, const std::string& family, const std::string& id,
            const std::string& name) {
    return sink.summary.devices.at(family).at(id).at(name);
}

TEST(FlexibleLoads, WorkMetalHeatAndWaterAreConservedOnRandomTowns) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Random random{seed, "town"};
        const System system = flexible_town(random);
        CollectingSink sink;
        run(tiny_study(system, 2025y / 1 / 8, 40), sink);
        const auto& balance = sink.summary.balance;
        EXPECT_LE(balance.at("dispatch_balance_mwh"), 1e-7);
        EXPECT_LE(balance.at("data_center_work_gap_mwh"), 1e-6);

        // jobs: all that arrived was done, wherever it ran
        double arrived = 0;
        double done = 0;
        for (int k = 0; k < 3; ++k) {
            arrived += fact(sink, "data_center", "hall_" + std::to_string(k), "work_arrived_mwh");
            done += fact(sink, "data_center", "hall_" + std::to_string(k), "work_done_mwh");
        }
        EXPECT_GT(arrived, 100.0);
        EXPECT_NEAR(arrived, done, 1e-6 * arrived);
        // none of it later than the shortest deadline of its pool, in steps of an hour
        EXPECT_EQ(balance.at("data_center_work_late_mwh"), 0.0);
        const models::DataCenterDetails& details = system.loads.data_centers.centers.details;
        for (std::size_t k = 0; k < 3; ++k) {
            EXPECT_LE(fact(sink, "data_center", "hall_" + std::to_string(k), "work_wait_max_h"),
                      details.deadline_h[k]);
        }

        // bath: inside its window by the exact equation; metal within what the line may be ahead
        const double window_k = system.loads.potlines.lines.window_k[0];
        EXPECT_GE(fact(sink, "potline", "line", "bath_min_k"), -window_k);
        EXPECT_LE(fact(sink, "potline", "line", "bath_max_k"), window_k);
        EXPECT_GT(fact(sink, "potline", "line", "moved_mwh"), 10.0);
        EXPECT_NEAR(fact(sink, "potline", "line", "made_t"),
                    fact(sink, "potline", "line", "nominal_t"),
                    0.005 * fact(sink, "potline", "line", "nominal_t"));

        // rooms and basins
        EXPECT_GE(fact(sink, "heating", "flats", "room_min_k"), -1.0 - 1e-9);
        EXPECT_LE(fact(sink, "heating", "flats", "room_max_k"), 1.0 + 1e-9);
        EXPECT_GT(fact(sink, "heating", "flats", "moved_mwh"), 1.0);
        const double mean_mw = 200000 * 0.35 / 24000.0;
        EXPECT_LE(std::abs(fact(sink, "sewage", "works", "net_mwh")),
                  system.loads.sewage.works.buffer_h[0] * mean_mw + 1e-6);
    }
}

// A deadline of a day: work of the evening is done on the next day, by rule and by plan, and none of it late.
TEST(FlexibleLoads, WorkWaitsAcrossMidnight) {
    for (const auto method : {engine::DispatchMethod::rules, engine::DispatchMethod::optimal}) {
        Random random{4, "town"};
        System system = flexible_town(random);
        system.loads.data_centers.centers.details.deadline_h = {24, 24, 24};
        system.loads.data_centers.centers.details.work_pool = {"pool", "pool", "pool"};
        Study study = tiny_study(system, 2025y / 6 / 8, 20);
        study.dispatch.method = method;
        CollectingSink sink;
        run(study, sink);
        EXPECT_EQ(sink.summary.balance.at("data_center_work_late_mwh"), 0.0);
        EXPECT_LE(sink.summary.balance.at("data_center_work_gap_mwh"), 1e-6);
        EXPECT_LE(fact(sink, "data_center", "hall_0", "work_wait_max_h"), 24.0);
        std::vector<double> moved_mwh(20); // into (+) and out of a day, at the grid side
        for (std::size_t k = 0; k < sink.axes.of(engine::Axis::load).size(); ++k) {
            if (sink.axes.of(engine::Axis::load)[k].id.starts_with("hall_")) {
                const std::vector<double> moved = sink.over_time(&BlockResult::load_shifted_mw, k);
                for (std::size_t t = 0; t < moved.size(); ++t) {
                    moved_mwh[t / 24] += moved[t];
                }
            }
        }
        EXPECT_LT(std::ranges::min(moved_mwh), -5.0);
        EXPECT_GT(std::ranges::max(moved_mwh), 5.0);
    }
}

TEST(FlexibleLoads, WhatMovedIsWhatTheLoadColumnShows) {
    Random random{9, "town"};
    System moving = flexible_town(random);
    CollectingSink with;
    CollectingSink without;
    run(tiny_study(moving, 2025y / 6 / 8, 7), with);
    moving.loads.potlines.lines.n_cell = {0};
    moving.loads.heating.loads.comfort_k = {0};
    moving.loads.sewage.works.buffer_h = {0};
    moving.loads.data_centers.centers.details.deferrable_share = {0, 0, 0};
    run(tiny_study(moving, 2025y / 6 / 8, 7), without);
    for (std::size_t k = 0; k < with.axes.of(engine::Axis::load).size(); ++k) {
        const std::vector<double> a = with.over_time(&BlockResult::load_p_mw, k);
        const std::vector<double> b = without.over_time(&BlockResult::load_p_mw, k);
        const std::vector<double> moved = with.over_time(&BlockResult::load_shifted_mw, k);
        for (std::size_t t = 0; t < a.size(); ++t) {
            EXPECT_NEAR(a[t] - b[t], moved[t], 1e-9);
        }
    }
    EXPECT_LE(with.summary.indicators.at("curtailed_mwh"),
              without.summary.indicators.at("curtailed_mwh") + 1e-6);
}

TEST(Works, BatchesThatMayNotBeCutAreCutLast) {
    System system = tiny_system();
    system.sources.external_grids.grids.firm_mw[0] = 100;
    add_load(system, "town", city, 120);
    engine::WorksFleet& fleet = system.loads.works;
    hang(fleet, "pullers", plant);
    fleet.works = {.category = {"mono_silicon"},
                   .output_per_year = {8760 * 40},
                   .kwh_per_unit = {1000},
                   .utilisation = {1},
                   .noise = {0},
                   .furnaces = {0},
                   .batch_h = {60},
                   .idle_h = {8},
                   .heat_h = {8},
                   .heat_ratio = {1.4},
                   .idle_ratio = {0.1},
                   .may_be_cut = {false}};
    CollectingSink sink;
    run(tiny_study(system, 2025y / 6 / 8, 1), sink);
    EXPECT_GT(sink.summary.indicators.at("unserved_mwh"), 24 * 55.0);
    EXPECT_EQ(sink.over_time(&BlockResult::load_unserved_mw, 1)[5], 0.0);
    EXPECT_NEAR(sink.summary.indicators.at("load_mean_mw_mono_silicon"), 40.0, 1e-9);
}

} // namespace
} // namespace yuanwang::test
