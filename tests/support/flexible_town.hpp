/// @file
/// A town with one of each load that moves, parameters at random.
#pragma once

#include <string>

#include "core/random.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {

inline constexpr BusIdx city{1};
inline constexpr BusIdx plant{2};

inline void hang(engine::LoadPlacement& fleet, const std::string& id, BusIdx bus) {
    name_element(fleet, id);
    fleet.buses.push_back({bus});
    fleet.shares.push_back({1.0});
    fleet.power_factor.push_back(0.97);
}

inline void add_center(System& system, const std::string& id, BusIdx bus, double it_mw,
                       Random& random) {
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
inline System flexible_town(Random& random) {
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
    engine::WorksFleet& mill = system.loads.works;
    hang(mill, "mill", plant);
    mill.works = {.category = {"battery_works"},
                  .output_per_year = {30.0 * 8760},
                  .kwh_per_unit = {1000},
                  .utilisation = {1},
                  .noise = {0.02},
                  .furnaces = {0},
                  .batch_h = {60},
                  .idle_h = {8},
                  .heat_h = {8},
                  .heat_ratio = {1.4},
                  .idle_ratio = {0.1},
                  .may_be_cut = {true},
                  .recovery_h = {0},
                  .recovery_ratio = {0},
                  .shift_share = {0.3 * random.uniform()},
                  .shift_start_h = {24 * random.uniform()},
                  .shift_hours = {8 + 16 * random.uniform()},
                  .shift_days = {1 + static_cast<int>(7 * random.uniform())},
                  .flexible_share = {0.05 + 0.3 * random.uniform()},
                  .flexible_h = {1 + 5 * random.uniform()}};
    return system;
}

} // namespace yuanwang::test
