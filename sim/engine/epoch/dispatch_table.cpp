#include "engine/epoch/dispatch_table.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>

#include "engine/epoch/island_holders.hpp"
#include "engine/epoch/tie_limits.hpp"
#include "models/column_or.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool has_mix(const models::ExternalGrids& grids) {
    return std::ranges::any_of(grids.mix,
                               [](const models::ExternalMix& mix) { return mix.thermal_mw > 0; });
}

std::vector<std::size_t> list_islands(const network::Network& grid) {
    const network::Islands islands = network::find_islands(grid);
    std::vector<std::size_t> island(grid.n_bus);
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        island[i.row()] = static_cast<std::size_t>(islands.of_bus[i]);
    }
    return island;
}

class TableMaker {
  public:
    TableMaker(const System& system, DispatchTable& out) : system_{system}, out_{out} {}

    void add_must_run() {
        place(system_.sources.waste_to_energy, out_.rows.must_run.island);
        place(system_.sources.hvdc, out_.rows.must_run.island);
    }

    void add_variables(const network::Network& grid) {
        dispatch::Variables& rows = out_.rows.variables;
        place(system_.sources.solar, rows.island);
        place(system_.sources.wind, rows.island);
        rows.station_limit_mw = find_station_limits(system_, grid);
    }

    void add_hydros() { place(system_.sources.hydro, out_.rows.hydros.island); }

    void add_thermals() {
        dispatch::Thermals& rows = out_.rows.thermals;
        place(system_.sources.thermal, rows.island);
        const models::ThermalPlants& plants = system_.sources.thermal.plants;
        rows.unit_p_max_mw = plants.p_rated_mw;
        rows.unit_p_min_mw = plants.p_min_mw;
        rows.units = plants.units;
        rows.chp = plants.chp;
        rows.counts_as_thermal.assign(plants.size(), true);
        rows.price_cny_per_mwh = plants.price_cny_per_mwh;
        add_thermal_dynamics(plants, rows);

        const GeneratorFleet& generators = system_.sources.generators;
        place(generators, rows.island);
        for (std::size_t k = 0; k < generators.size(); ++k) {
            rows.unit_p_max_mw.push_back(generators.p_max_mw[k]);
            rows.unit_p_min_mw.push_back(generators.p_min_mw[k]);
            rows.units.push_back(1);
            rows.chp.push_back(false);
            rows.counts_as_thermal.push_back(false);
            rows.price_cny_per_mwh.push_back(generators.price_cny_per_mwh[k]);
            rows.ramp_mw_per_h.push_back(infinity);
            rows.start_cost_cny.push_back(0.0);
            rows.idle_cost_cny_per_h.push_back(0.0);
            rows.min_up_h.push_back(0.0);
            rows.min_down_h.push_back(0.0);
            rows.start_up_limit_mw.push_back(0.0);
            rows.shut_down_limit_mw.push_back(0.0);
        }
        add_least_units(rows);
    }

    void add_ties() {
        const ExternalFleet& fleet = system_.sources.external_grids;
        dispatch::Ties& rows = out_.rows.ties;
        for (const std::vector<BusIdx>& buses : fleet.buses) {
            rows.island.push_back(island_at(buses.empty() ? BusIdx{} : buses.front()));
        }
        rows.import_max_mw = fleet.grids.p_import_max_mw;
        rows.export_max_mw = fleet.grids.p_export_max_mw;
        rows.firm_mw = fleet.grids.firm_mw;
        rows.surplus_price_cny_per_mwh = fleet.grids.surplus_price_cny_per_mwh;
        rows.firm_price_cny_per_mwh = fleet.grids.firm_price_cny_per_mwh;
        add_tie_groups(system_, out_.rows.groups, out_.group_id);
    }

    void add_storages() {
        place(system_.batteries, out_.rows.storages.island);
        out_.rows.storages.batteries = system_.batteries.batteries;
    }

    void add_managed() {
        const ManagedLoads& managed = system_.loads.managed;
        dispatch::ManagedLoads& rows = out_.rows.managed;
        std::vector<std::vector<BusIdx>> buses;
        for (std::size_t k = 0; k < managed.size(); ++k) {
            buses.push_back(list_record_buses(managed.zone[k], managed.layer_kv[k]));
            rows.island.push_back(island_at(buses.back().front()));
        }
        rows.shed_class = managed.shed_class;
        rows.p_mw = managed.p_managed_mw;
        rows.terms = managed.terms;
        models::Streams stream;
        for (const std::string& id : managed.id) {
            stream.push_back(models::name_stream("managed", id));
        }
        constexpr std::uint64_t register_seed = 1; // the register is the same in every run
        rows.records = models::expand_records(managed.records, managed.p_managed_mw, buses,
                                              managed.terms, register_seed, stream);
    }

  private:
    /// Units that run whatever is called: those of no positive least output, and who holds an island.
    void add_least_units(dispatch::Thermals& rows) const {
        const IslandHolders holders = choose_holders(system_, out_.island_of_bus);
        for (const bool holds : holders.thermal) {
            rows.least_units.push_back(holds ? 1 : 0);
        }
        for (std::size_t k = 0; k < holders.generator.size(); ++k) {
            const bool idles = system_.sources.generators.p_min_mw[k] <= 0;
            rows.least_units.push_back(idles || holders.generator[k] ? 1 : 0);
        }
    }

    /// Ramps, starts and rests of the plants; a start costs its coal too.
    static void add_thermal_dynamics(const models::ThermalPlants& plants,
                                     dispatch::Thermals& rows) {
        using models::column_or;
        for (std::size_t k = 0; k < plants.size(); ++k) {
            const double share = column_or(plants.ramp_share_per_min, k, 0.0);
            rows.ramp_mw_per_h.push_back(
                share > 0 ? share * 60.0 * models::plant_capacity_mw(plants, k) : infinity);
            rows.start_cost_cny.push_back(column_or(plants.start_cost_cny, k, 0.0) +
                                          column_or(plants.start_coal_t, k, 0.0) *
                                              column_or(plants.coal_cny_per_t, k, 0.0));
            rows.idle_cost_cny_per_h.push_back(column_or(plants.idle_cost_cny_per_h, k, 0.0));
            rows.min_up_h.push_back(column_or(plants.min_up_h, k, 0.0));
            rows.min_down_h.push_back(column_or(plants.min_down_h, k, 0.0));
            rows.start_up_limit_mw.push_back(column_or(plants.start_up_limit_mw, k, 0.0));
            rows.shut_down_limit_mw.push_back(column_or(plants.shut_down_limit_mw, k, 0.0));
        }
    }

    [[nodiscard]] std::size_t island_at(BusIdx bus) const {
        return bus.valid() ? out_.island_of_bus[bus.row()] : 0;
    }
    void place(const Placement& fleet, std::vector<std::size_t>& island) const {
        for (const BusIdx bus : fleet.bus) {
            island.push_back(island_at(bus));
        }
    }
    /// Buses an enterprise of a layer may hang on: those of its zone at the layer's voltage where that is in the grid,
    /// else at the lowest one (feeders are not); any bus of the zone, or the first of all, where there is none.
    [[nodiscard]] std::vector<BusIdx> list_record_buses(const std::string& zone,
                                                        double layer_kv) const {
        const network::Grid& grid = system_.grid;
        std::vector<BusIdx> in_zone;
        double level_kv = std::numeric_limits<double>::infinity();
        for (const BusIdx i : rows<BusIdx>(grid.buses.size())) {
            const SubstationIdx s = grid.buses.substation[i];
            if (s.valid() && grid.substations.zone[s.row()] == zone) {
                in_zone.push_back(i);
                if (grid.buses.base_kv[i] >= layer_kv - 1e-9) {
                    level_kv = std::min(level_kv, grid.buses.base_kv[i]);
                }
            }
        }
        std::vector<BusIdx> at_level;
        std::ranges::copy_if(in_zone, std::back_inserter(at_level),
                             [&](BusIdx i) { return grid.buses.base_kv[i] == level_kv; });
        if (!at_level.empty()) {
            return at_level;
        }
        return in_zone.empty() ? std::vector<BusIdx>{BusIdx{std::size_t{0}}} : in_zone;
    }

    const System& system_;
    DispatchTable& out_;
};

} // namespace

DispatchTable make_dispatch_table(const System& system, const network::Network& grid,
                                  const EconomicSettings& economics, double dt_h) {
    DispatchTable table;
    table.island_of_bus = list_islands(grid);
    table.rows.n_island = 1;
    for (const std::size_t island : table.island_of_bus) {
        table.rows.n_island = std::max(table.rows.n_island, island + 1);
    }
    table.rows.unserved_price_cny_per_mwh = economics.unserved_cny_per_mwh;
    TableMaker maker{system, table};
    maker.add_must_run();
    maker.add_variables(grid);
    maker.add_hydros();
    maker.add_thermals();
    maker.add_ties();
    maker.add_storages();
    maker.add_managed();
    table.flexible = add_flexible_loads(system.loads, table.island_of_bus, dt_h, table.rows);
    return table;
}

void fill_thermal_minimum(const DispatchSettings& settings, const TimeAxis& time, StepRange range,
                          dispatch::BlockInput& input) {
    input.thermal_minimum_mw.resize(range.count);
    input.heating_season.resize(range.count);
    for (std::size_t t = 0; t < range.count; ++t) {
        const bool heating = is_in_season(time.middle(range.first + t).day_of_year,
                                          settings.heating_start_day, settings.heating_end_day);
        input.heating_season[t] = heating;
        input.thermal_minimum_mw[t] =
            heating ? settings.thermal_minimum_heating_mw : settings.thermal_minimum_summer_mw;
    }
}

void fill_heat_band(const System& system, std::span<const models::WeatherYear> weather,
                    StepRange range, dispatch::BlockInput& input, std::vector<double>& heat_mw) {
    heat_mw.clear();
    input.thermal_min_mw.reshape(0, 0);
    input.thermal_max_mw.reshape(0, 0);
    const models::ThermalPlants& plants = system.sources.thermal.plants;
    const auto warms = [](const models::HeatDuty& duty) { return duty.heat_max_mw > 0; };
    if (std::ranges::none_of(plants.heat, warms)) {
        return;
    }
    Series least;
    Series most;
    models::compute_heat_band(plants, weather, range, input.heating_season, least, most);
    const GeneratorFleet& generators = system.sources.generators;
    input.thermal_min_mw.reshape(plants.size() + generators.size(), range.count);
    input.thermal_max_mw.reshape(plants.size() + generators.size(), range.count);
    heat_mw.assign(range.count, 0.0);
    for (std::size_t t = 0; t < range.count; ++t) {
        for (std::size_t k = 0; k < plants.size(); ++k) {
            input.thermal_min_mw(k, t) = least(k, t);
            input.thermal_max_mw(k, t) = most(k, t);
            const models::HeatDuty& duty = plants.heat[k];
            if (warms(duty) && duty.site.valid() && input.heating_season[t]) {
                heat_mw[t] += models::heat_demand_mw(
                    duty, weather[duty.site.row()].temperature_c[range.first + t]);
            }
        }
        for (std::size_t k = 0; k < generators.size(); ++k) {
            input.thermal_min_mw(plants.size() + k, t) = std::min(0.0, generators.p_min_mw[k]);
            input.thermal_max_mw(plants.size() + k, t) = generators.p_max_mw[k];
        }
    }
}

void fill_availability(const System& system, const Availability& availability,
                       dispatch::BlockInput& input) {
    const std::size_t n_step = input.n_step;
    const auto stack = [&](const Series& first, std::size_t n_first, const auto& second_of,
                           std::size_t n_second, Series& out) {
        out.reshape(n_first + n_second, n_step);
        for (std::size_t t = 0; t < n_step; ++t) {
            for (std::size_t k = 0; k < n_first; ++k) {
                out(k, t) = first(k, t);
            }
            for (std::size_t k = 0; k < n_second; ++k) {
                out(n_first + k, t) = second_of(k, t);
            }
        }
    };
    const Sources& s = system.sources;
    stack(
        availability.waste_mw, s.waste_to_energy.size(),
        [&](std::size_t k, std::size_t) { return s.hvdc.p_mw[k]; }, s.hvdc.size(),
        input.must_run_mw);
    stack(
        availability.solar_mw, s.solar.size(),
        [&](std::size_t k, std::size_t t) { return availability.wind_mw(k, t); }, s.wind.size(),
        input.variable_mw);
    input.tie_surplus_mw = availability.external.surplus_mw;
    input.tie_firm_price_cny_per_mwh.reshape(0, 0);
    if (has_mix(s.external_grids.grids)) {
        input.tie_firm_price_cny_per_mwh = availability.external.firm_price_cny_per_mwh;
    }
    input.hydro_energy_mwh = availability.hydro.energy_mwh;
    input.hydro_base_mw = availability.hydro.base_mw;
    input.hydro_max_mw = availability.hydro.p_max_mw;
}

void fill_storage_limits(const System& system, const models::ContainerHours& containers,
                         dispatch::BlockInput& input) {
    const BatteryFleet& fleet = system.batteries;
    input.storage_charge_max_mw.reshape(0, 0);
    input.storage_discharge_max_mw.reshape(0, 0);
    if (fleet.containers.size() == 0) {
        return;
    }
    input.storage_charge_max_mw.reshape(fleet.size(), input.n_step);
    input.storage_discharge_max_mw.reshape(fleet.size(), input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            input.storage_charge_max_mw(k, t) =
                fleet.batteries.p_charge_max_mw[k] * containers.charge_share(k, t);
            input.storage_discharge_max_mw(k, t) =
                fleet.batteries.p_discharge_max_mw[k] * containers.discharge_share(k, t);
        }
    }
}

void schedule_set_powers(const System& system, const dispatch::Table& table,
                         const dispatch::BlockInput& input, const dispatch::State& state,
                         dispatch::Schedule& schedule) {
    dispatch::shape_schedule(table, input.n_step, schedule);
    const GeneratorFleet& generators = system.sources.generators;
    const std::size_t first_generator = system.sources.thermal.size();
    const double hours = input.dt_h * static_cast<double>(input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        std::ranges::copy(input.must_run_mw.step(t), schedule.must_run_mw.step(t).begin());
        std::ranges::copy(input.variable_mw.step(t), schedule.variable_mw.step(t).begin());
        std::ranges::copy(state.e_mwh, schedule.storage_e_mwh.step(t).begin());
        for (std::size_t k = 0; k < table.hydros.size(); ++k) {
            schedule.hydro_mw(k, t) = input.hydro_energy_mwh[k] / hours;
        }
        for (std::size_t k = 0; k < first_generator; ++k) {
            schedule.thermal_units_on(k, t) = table.thermals.least_units[k];
        }
        for (std::size_t k = 0; k < generators.size(); ++k) {
            schedule.thermal_mw(first_generator + k, t) = generators.p_mw[k];
            schedule.thermal_units_on(first_generator + k, t) = 1;
        }
    }
}

} // namespace yuanwang::engine
