/// @file
/// Small studies written in a few lines, for tests of whatever runs on a `Study`.
///
///        gansu            city                plant
///     north_330 ══2══ city_330 ──────── plant_330
///                        │
///                     loads, wind, sun, storage, thermal
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "study/study.hpp"

namespace yuanwang::test {

using engine::Study;
using engine::System;

inline engine::ReactiveControl hold_voltage(double vm_pu, double q_mvar) {
    engine::ReactiveControl control;
    control.mode = powerflow::ReactiveMode::voltage;
    control.vm_set_pu = vm_pu;
    control.q_min_mvar = -q_mvar;
    control.q_max_mvar = q_mvar;
    return control;
}

inline void name_element(network::Elements& list, const std::string& id) {
    list.id.push_back(id);
    list.name.push_back({id, id});
}

inline BusIdx add_bus(System& system, const std::string& id, double base_kv,
                      network::SubstationKind kind = network::SubstationKind::public_station) {
    network::Substations& stations = system.grid.substations;
    name_element(stations, id + "_station");
    stations.zone.push_back("zone_" + id);
    stations.kind.push_back(kind);
    stations.in_city.push_back(kind == network::SubstationKind::public_station);
    stations.latitude_degree.push_back(36.7);
    stations.longitude_degree.push_back(101.8);
    stations.levels_kv.push_back({base_kv});
    network::Buses& buses = system.grid.buses;
    name_element(buses, id);
    buses.substation.push_back(SubstationIdx{stations.size() - 1});
    buses.base_kv.push_back(base_kv);
    buses.vm_min_pu.push_back(0.95);
    buses.vm_max_pu.push_back(1.10);
    buses.vm_emergency_min_pu.push_back(0.9);
    buses.vm_emergency_max_pu.push_back(1.1);
    return BusIdx{buses.size() - 1};
}

inline void add_line(System& system, const std::string& id, BusIdx from, BusIdx to,
                     int circuits = 1, double length_km = 20, double rate_mva = 1000) {
    network::Lines& lines = system.grid.lines;
    name_element(lines, id);
    lines.from.push_back(from);
    lines.to.push_back(to);
    lines.circuits.push_back(circuits);
    lines.length_km.push_back(length_km);
    lines.conductor.push_back({});
    lines.bundle.push_back(2);
    lines.bundle_spacing_m.push_back(0.4);
    lines.phase_spacing_m.push_back(8);
    lines.conductor_temperature_c.push_back(70);
    lines.r_ohm_per_km.push_back(0.05);
    lines.x_ohm_per_km.push_back(0.32);
    lines.b_us_per_km.push_back(3.5);
    lines.reactor_compensation.push_back(0);
    lines.rate_mva.push_back(rate_mva);
    lines.rate_emergency_mva.push_back(std::nullopt);
    lines.emergency_duration_h.push_back(0.5);
    lines.ambient_temperature_c.push_back(30);
    lines.altitude_m.push_back(2261);
    lines.closed.push_back(true);
}

inline void add_external(System& system, const std::string& id, std::vector<BusIdx> buses,
                         double import_max_mw, double firm_mw) {
    engine::ExternalFleet& fleet = system.sources.external_grids;
    name_element(fleet, id);
    fleet.shares.emplace_back(buses.size(), 1.0 / static_cast<double>(buses.size()));
    fleet.buses.push_back(std::move(buses));
    fleet.reactive.push_back(hold_voltage(1.03, 2000));
    fleet.solar_site.push_back(SiteIdx{0});
    fleet.wind_site.push_back(SiteIdx{0});
    fleet.participation.push_back(1.0);
    models::ExternalGrids& g = fleet.grids;
    g.solar_mw.push_back(0);
    g.wind_mw.push_back(0);
    g.wind_speed_factor.push_back(1);
    g.hydro_mw.push_back(0);
    g.own_load_mw.push_back(0);
    g.hvdc_rated_mw.push_back(0);
    g.hvdc_duty_share.push_back(0);
    g.p_import_max_mw.push_back(import_max_mw);
    g.p_export_max_mw.push_back(0);
    g.firm_mw.push_back(firm_mw);
    g.firm_green_share.push_back(0.45);
    g.firm_co2_t_per_mwh.push_back(0.4);
    g.surplus_price_cny_per_mwh.push_back(150);
    g.firm_price_cny_per_mwh.push_back(320);
}

inline void place(engine::Placement& fleet, const std::string& id, BusIdx bus,
                  engine::ReactiveControl control = {}) {
    name_element(fleet, id);
    fleet.bus.push_back(bus);
    fleet.reactive.push_back(control);
}

inline void add_solar(System& system, const std::string& id, BusIdx bus, double p_mw) {
    engine::SolarFleet& fleet = system.sources.solar;
    place(fleet, id, bus);
    fleet.site.push_back(SiteIdx{0});
    fleet.distributed.push_back(true);
    models::SolarPlants& p = fleet.plants;
    p.p_rated_mw.push_back(p_mw);
    p.dc_ac_ratio.push_back(1.2);
    p.tracking.push_back(models::Tracking::fixed);
    p.tilt_degree.push_back(35);
    p.azimuth_degree.push_back(180);
    p.albedo.push_back(0.2);
    p.mounting.push_back(models::Mounting::open_rack_glass_polymer);
    p.gamma_per_k.push_back(-0.0035);
    p.dc_losses.push_back(0.1);
    p.inverter_efficiency.push_back(0.98);
}

inline void add_wind(System& system, const std::string& id, BusIdx bus, double p_mw) {
    engine::WindFleet& fleet = system.sources.wind;
    place(fleet, id, bus);
    fleet.site.push_back(SiteIdx{0});
    models::WindFarms& f = fleet.farms;
    f.p_rated_mw.push_back(p_mw);
    f.power_curve.push_back("iec_class_3");
    f.hub_height_m.push_back(90);
    f.shear_exponent.push_back(0.14);
    f.speed_factor.push_back(2.2);
    f.farm_efficiency.push_back(0.9);
    f.availability.push_back(0.97);
    f.cold_cut_out_c.push_back(-30);
}

inline void add_hydro(System& system, const std::string& id, BusIdx bus, double p_mw,
                      double mean_mw) {
    engine::HydroFleet& fleet = system.sources.hydro;
    place(fleet, id, bus, hold_voltage(1.02, 0.5 * p_mw));
    fleet.plants.p_rated_mw.push_back(p_mw);
    fleet.plants.city_share.push_back(1);
    std::array<double, 12> mean{};
    mean.fill(mean_mw);
    fleet.plants.mean_mw.push_back(mean);
    fleet.plants.flexible_share.push_back(0.6);
    fleet.plants.p_min_mw.push_back(0);
}

inline void add_thermal(System& system, const std::string& id, BusIdx bus, int units,
                        double unit_mw, double unit_min_mw, double price) {
    engine::ThermalFleet& fleet = system.sources.thermal;
    place(fleet, id, bus, hold_voltage(1.02, 0.5 * unit_mw * units));
    models::ThermalPlants& p = fleet.plants;
    p.p_rated_mw.push_back(unit_mw);
    p.units.push_back(units);
    p.p_min_mw.push_back(unit_min_mw);
    p.chp.push_back(false);
    p.coal_g_per_kwh.push_back(300);
    p.price_cny_per_mwh.push_back(price);
    p.co2_t_per_mwh.push_back(0.85);
    p.auxiliary_share.push_back(0.06);
}

inline void add_battery(System& system, const std::string& id, BusIdx bus, double p_mw,
                        double e_mwh) {
    engine::BatteryFleet& fleet = system.batteries;
    place(fleet, id, bus);
    models::Batteries& b = fleet.batteries;
    b.p_charge_max_mw.push_back(p_mw);
    b.p_discharge_max_mw.push_back(p_mw);
    b.e_max_mwh.push_back(e_mwh);
    b.soc_min.push_back(0.1);
    b.soc_max.push_back(0.9);
    b.soc_initial.push_back(0.5);
    b.eta_charge.push_back(0.95);
    b.eta_discharge.push_back(0.94);
    b.self_discharge_per_h.push_back(0.0001);
}

inline void add_load(System& system, const std::string& id, BusIdx bus, double p_mw,
                     double q_mvar = 0) {
    engine::StaticLoads& fleet = system.loads.statics;
    name_element(fleet, id);
    fleet.buses.push_back({bus});
    fleet.shares.push_back({1.0});
    fleet.power_factor.push_back(1.0);
    fleet.p_mw.push_back(p_mw);
    fleet.q_mvar.push_back(q_mvar);
}

inline void add_profiled(System& system, const std::string& id, BusIdx bus, double mean_mw,
                         const std::string& category, bool large_works) {
    engine::ProfileLoadFleet& fleet = system.loads.profiled;
    name_element(fleet, id);
    fleet.buses.push_back({bus});
    fleet.shares.push_back({1.0});
    fleet.power_factor.push_back(0.97);
    fleet.large_works.push_back(large_works);
    fleet.loads.category.push_back(category);
    fleet.loads.p_mean_mw.push_back(mean_mw);
    fleet.loads.profile.push_back(-1);
    fleet.loads.noise.push_back(0.05);
}

inline void add_site(Study& study, const std::string& id) {
    engine::WeatherSites& sites = study.sites;
    name_element(sites, id);
    sites.position.push_back({36.72, 101.75, 2261});
    models::MonthlyNormals normals;
    normals.ghi_kwh_per_m2 = {90, 105, 140, 160, 175, 170, 172, 160, 128, 118, 95, 83};
    normals.temperature_c = {-8, -4, 2, 8, 12.5, 15.5, 17.5, 17, 12.5, 7, -1, -6.5};
    normals.temperature_range_k.fill(14);
    normals.relative_humidity.fill(0.5);
    normals.wind_speed_m_per_s.fill(2.6);
    sites.normals.emplace_back(normals);
    sites.epw.push_back({});
    sites.temperature_offset_k.push_back(0);
}

inline System tiny_system() {
    System system;
    const BusIdx north = add_bus(system, "north_330", 330, network::SubstationKind::boundary);
    const BusIdx city = add_bus(system, "city_330", 330);
    const BusIdx plant = add_bus(system, "plant_330", 330, network::SubstationKind::plant);
    add_line(system, "l_north", north, city, 2);
    add_line(system, "l_plant", plant, city);
    add_external(system, "gansu", {north}, 600, 400);
    return system;
}

/// A study of one epoch from a Beijing date on.
inline Study tiny_study(System system, std::chrono::year_month_day date, std::size_t days,
                        int step_minutes = 60) {
    Study study;
    study.id = "tiny";
    study.name = {"Tiny", "小"};
    study.time.start = beijing_midnight(date);
    study.time.step = std::chrono::minutes{step_minutes};
    study.time.n_step = days * static_cast<std::size_t>(24 * 60 / step_minutes);
    study.seed = 7;
    add_site(study, "city");
    study.epochs.push_back({{0, study.time.n_step}, std::move(system), {}});
    return study;
}

} // namespace yuanwang::test
