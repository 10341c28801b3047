/// @file
/// A study: everything a run needs, typed, in columns. Made by `scenario` from text, read by every stage after it.
///
/// The grid may change within the run (projects, maintenance): a study is a list of epochs, each a complete system that
/// holds for a range of steps. Elements keep their id from epoch to epoch; result axes are the union over all epochs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/name.hpp"
#include "core/time_axis.hpp"
#include "dispatch/plan/forecast_settings.hpp"
#include "models/load/data_center.hpp"
#include "models/load/demand.hpp"
#include "models/load/managed_registry.hpp"
#include "models/load/potline.hpp"
#include "models/load/process_works.hpp"
#include "models/source/external_grid.hpp"
#include "models/source/hydro_plant.hpp"
#include "models/source/solar_plant.hpp"
#include "models/source/thermal_unit.hpp"
#include "models/source/waste_to_energy.hpp"
#include "models/source/wind_farm.hpp"
#include "models/storage/battery.hpp"
#include "models/storage/container.hpp"
#include "models/weather/closure.hpp"
#include "models/weather/weather_year.hpp"
#include "network/grid.hpp"
#include "powerflow/block.hpp"
#include "study/n1_settings.hpp"
#include "study/short_circuit_settings.hpp"

namespace yuanwang::engine {

using network::Elements;

struct WeatherSites : Elements {
    std::vector<models::SitePosition> position;
    std::vector<std::optional<models::MonthlyNormals>> normals; ///< either normals or a file
    /// path of an EPW file, resolved; empty: synthetic
    std::vector<std::string> epw;
    /// added to the temperature of either
    std::vector<double> temperature_offset_k;
    std::vector<models::Closure> closure = {}; ///< of a file; none: keep_diffuse
    std::vector<models::Horizon> horizon = {}; ///< skyline; none: free
    friend bool operator==(const WeatherSites&, const WeatherSites&) = default;
};

/// How a unit takes part in voltage and reactive power.
struct ReactiveControl {
    powerflow::ReactiveMode mode = powerflow::ReactiveMode::power_factor;
    double vm_set_pu = 1.0;
    double power_factor = 1.0; ///< 0.05…1; injecting Q where `inductive` is false
    bool absorbing = false;    ///< the unit draws Q in power-factor mode
    double q_set_mvar = 0;
    double q_min_mvar = 0;
    double q_max_mvar = 0;
    double s_max_mva = 0; ///< apparent power: |Q| ≤ √(S² − P²); 0: no such limit
    friend bool operator==(const ReactiveControl&, const ReactiveControl&) = default;
};

/// What every fleet of injecting elements carries beside its physics.
struct Placement : Elements {
    std::vector<BusIdx> bus;
    std::vector<ReactiveControl> reactive;
    std::vector<int>
        machines; ///< parts that trip one by one; empty: one, thermal plants have `units`
    friend bool operator==(const Placement&, const Placement&) = default;
};

struct SolarFleet : Placement {
    std::vector<SiteIdx> site;
    std::vector<bool> distributed; ///< counted as distributed PV
    models::SolarPlants plants;
    friend bool operator==(const SolarFleet&, const SolarFleet&) = default;
};
struct WindFleet : Placement {
    std::vector<SiteIdx> site;
    models::WindFarms farms;
    friend bool operator==(const WindFleet&, const WindFleet&) = default;
};
struct HydroFleet : Placement {
    models::HydroPlants plants;
    friend bool operator==(const HydroFleet&, const HydroFleet&) = default;
};
struct ThermalFleet : Placement {
    models::ThermalPlants plants;
    friend bool operator==(const ThermalFleet&, const ThermalFleet&) = default;
};
struct WasteFleet : Placement {
    models::WastePlants plants;
    friend bool operator==(const WasteFleet&, const WasteFleet&) = default;
};
/// Constant output: what public power-flow cases have.
struct GeneratorFleet : Placement {
    std::vector<double> p_mw;
    std::vector<double> p_min_mw;
    std::vector<double> p_max_mw;
    std::vector<bool> slack;           ///< its bus holds the angle reference
    std::vector<double> va_set_degree; ///< the angle that bus holds; empty: 0
    std::vector<double> price_cny_per_mwh;
    std::vector<double> co2_t_per_mwh;
    std::vector<double> green_share;
    friend bool operator==(const GeneratorFleet&, const GeneratorFleet&) = default;
};
/// An external grid may reach the city at several boundary buses: one unit each, sharing the schedule.
struct ExternalFleet : Elements {
    std::vector<std::vector<BusIdx>> buses;
    std::vector<std::vector<double>> shares; ///< of the schedule by bus, sum to 1
    std::vector<ReactiveControl> reactive;   ///< at each bus; q limits per bus
    std::vector<SiteIdx> solar_site;
    std::vector<SiteIdx> wind_site;
    std::vector<double> participation; ///< share of the AC mismatch it takes
    models::ExternalGrids grids;
    friend bool operator==(const ExternalFleet&, const ExternalFleet&) = default;
};
/// HVDC injection at a bus, not part of an external grid's duty.
struct HvdcFleet : Placement {
    std::vector<double> p_mw; ///< into the grid positive
    friend bool operator==(const HvdcFleet&, const HvdcFleet&) = default;
};

/// Where a load hangs: one bus, or shares over several.
struct LoadPlacement : Elements {
    std::vector<std::vector<BusIdx>> buses;
    std::vector<std::vector<double>> shares; ///< sum to 1
    std::vector<double> power_factor;        ///< lagging; the load draws Q = P·tan(acos pf)
    friend bool operator==(const LoadPlacement&, const LoadPlacement&) = default;
};

struct StaticLoads : LoadPlacement {
    std::vector<double> p_mw;
    std::vector<double> q_mvar;
    friend bool operator==(const StaticLoads&, const StaticLoads&) = default;
};
struct ProfileLoadFleet : LoadPlacement {
    std::vector<bool> large_works; ///< industry, as against homes and services
    models::ProfileLoads loads;
    friend bool operator==(const ProfileLoadFleet&, const ProfileLoadFleet&) = default;
};
struct HeatingFleet : LoadPlacement {
    std::vector<SiteIdx> site;
    models::HeatingLoads loads;
    friend bool operator==(const HeatingFleet&, const HeatingFleet&) = default;
};
struct PotlineFleet : LoadPlacement {
    models::Potlines lines;
    friend bool operator==(const PotlineFleet&, const PotlineFleet&) = default;
};
struct DataCenterFleet : LoadPlacement {
    std::vector<SiteIdx> site;
    models::DataCenters centers;
    friend bool operator==(const DataCenterFleet&, const DataCenterFleet&) = default;
};
struct LampFleet : LoadPlacement {
    std::vector<SiteIdx> site;
    models::StreetLamps lamps;
    friend bool operator==(const LampFleet&, const LampFleet&) = default;
};
struct SewageFleet : LoadPlacement {
    models::SewageWorks works;
    friend bool operator==(const SewageFleet&, const SewageFleet&) = default;
};
/// Works by output and specific energy; `large_works` as above.
struct WorksFleet : LoadPlacement {
    models::ProcessWorks works;
    friend bool operator==(const WorksFleet&, const WorksFleet&) = default;
};
/// Auxiliary load of storages, one entry per storage that has any; made from the storages, not written.
struct StorageAuxiliaries : LoadPlacement {
    std::vector<std::size_t> storage; ///< row in `System::batteries`
    friend bool operator==(const StorageAuxiliaries&, const StorageAuxiliaries&) = default;
};
/// Enterprises registered for load management: so many records of a layer, class and zone, hanging on their buses.
struct ManagedLoads : Elements {
    std::vector<std::string> zone;
    std::vector<double> layer_kv;
    std::vector<int> shed_class;       ///< 1 is called first
    std::vector<std::string> category; ///< industry
    std::vector<int> records;
    std::vector<double> p_managed_mw; ///< sum of the records
    models::CallTerms terms;          ///< [n_managed]
    friend bool operator==(const ManagedLoads&, const ManagedLoads&) = default;
};

enum class StorageKind : std::uint8_t { battery, flywheel, supercapacitor, pumped_hydro };
/// By which law a storage loses capacity (models/storage/ageing.hpp).
enum class AgeingLaw : std::uint8_t { none, lfp, xu };

/// Storages of every kind, in the order they are written: batteries, flywheels, supercapacitors, pumped hydro.
struct BatteryFleet : Placement {
    models::Batteries batteries;
    std::vector<StorageKind> kind;     ///< empty: all are batteries
    std::vector<SiteIdx> site;         ///< invalid: the weather is not felt
    models::Containers containers;     ///< empty: none has any
    std::vector<AgeingLaw> ageing_law; ///< empty: nothing ages
    friend bool operator==(const BatteryFleet&, const BatteryFleet&) = default;
};

/// Who holds a share of a storage; the shares of one storage sum to 1.
struct StorageTenants : Elements {
    std::vector<std::string> storage; ///< id
    std::vector<double> power_share;  ///< of both power limits
    std::vector<double> energy_share; ///< of the energy
    std::vector<double>
        charge_from_h; ///< clock hours in which he wishes to charge; from = to: never
    std::vector<double> charge_to_h;
    std::vector<double> discharge_from_h;
    std::vector<double> discharge_to_h;
    std::vector<double> rent_cny_per_mw_h; ///< for each MW held
    std::vector<double> wear_cny_per_mwh;  ///< for each MWh in or out
    friend bool operator==(const StorageTenants&, const StorageTenants&) = default;
};

/// Green energy bought by contract: a share of what a source gives, step by step.
struct GreenContracts : Elements {
    std::vector<std::vector<std::string>> loads; ///< buyers, by what each consumes
    std::vector<std::string> seller;             ///< source or external grid
    std::vector<double> share;                   ///< of its green energy
    friend bool operator==(const GreenContracts&, const GreenContracts&) = default;
};

struct Loads {
    std::vector<models::Profile> profiles;
    std::vector<std::string> profile_id;
    StaticLoads statics;
    ProfileLoadFleet profiled;
    HeatingFleet heating;
    PotlineFleet potlines;
    DataCenterFleet data_centers;
    LampFleet street_lamps;
    SewageFleet sewage;
    WorksFleet works;
    StorageAuxiliaries storage_auxiliaries;
    ManagedLoads managed;
    GreenContracts green_contracts;
    friend bool operator==(const Loads&, const Loads&) = default;
};

struct Sources {
    SolarFleet solar;
    WindFleet wind;
    HydroFleet hydro;
    ThermalFleet thermal;
    WasteFleet waste_to_energy;
    GeneratorFleet generators;
    ExternalFleet external_grids;
    HvdcFleet hvdc;
    friend bool operator==(const Sources&, const Sources&) = default;
};

/// The complete system that holds during one epoch.
struct System {
    network::Grid grid;
    Sources sources;
    Loads loads;
    BatteryFleet batteries;
    StorageTenants tenants;
    friend bool operator==(const System&, const System&) = default;
};

enum class DispatchMethod : std::uint8_t { none, rules, optimal };

struct DispatchSettings {
    /// none: every source at its set power (power-flow cases)
    DispatchMethod method = DispatchMethod::rules;
    double thermal_minimum_summer_mw = 0; ///< city-wide, outside the heating season
    double thermal_minimum_heating_mw = 0;
    int heating_start_day = 288; ///< day of year
    int heating_end_day = 105;
    double loss_share_initial = 0.02; ///< of demand, before the first AC solution
    int loss_rounds = 2;              ///< AC solutions fed back into one block
    // Of method `optimal`.
    double horizon_h = 48;          ///< planned at once, in whole days; the first day is kept
    bool n_limits = true;           ///< lines, transformers and sections in the base state
    bool n_1_limits = true;         ///< the same after any single outage
    int limit_rounds = 8;           ///< times AC overloads come back as tightened limits
    bool loss_factors = false;      ///< losses follow the plan: who feeds in from far pays for it
    double reserve_share = 0;       ///< of demand, kept free to rise
    bool commitment = false;        ///< units of thermal plants start and stop as integers
    int max_iterations = 2'000'000; ///< of the simplex method, per solve of a plan
    dispatch::ForecastSettings forecast;
    friend bool operator==(const DispatchSettings&, const DispatchSettings&) = default;
};

struct EconomicSettings {
    double discount_rate = 0.06;
    double unserved_cny_per_mwh = 20000;
    double co2_cny_per_t = 0;
    friend bool operator==(const EconomicSettings&, const EconomicSettings&) = default;
};

/// A band an indicator must fall into; the report's calibration table.
struct CalibrationTarget {
    std::string id;
    Name name;
    std::string indicator; ///< name in summary.json `indicators` or `counts`
    double min = 0;
    double max = 0;
    std::string source;
    friend bool operator==(const CalibrationTarget&, const CalibrationTarget&) = default;
};

/// A project as the portfolio knows it; its changes are already merged into the epochs where it is enabled.
struct Project {
    std::string id;
    Name name;
    std::string project_class;
    std::string status;
    std::optional<std::chrono::year_month_day> in_service;
    double capex_cny = 0;
    double life_y = 25; ///< years its investment is written off over
    int count = 1;      ///< entries of the public portfolio it stands for
    bool enabled = false;
    bool has_changes = false; ///< there is something it would change
    friend bool operator==(const Project&, const Project&) = default;
};

/// Where a value came from, for `inspect` and the report.
struct Provenance {
    enum class Kind : std::uint8_t { stated, assumed, fact };
    std::string path;
    std::string value;
    Kind kind = Kind::stated;
    std::string reason; ///< the source of a fact, the reason of an assumption
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

struct Epoch {
    StepRange steps;
    System system;
    std::vector<std::string> projects; ///< ids of the projects in force
    friend bool operator==(const Epoch&, const Epoch&) = default;
};

struct Study {
    std::string id;
    Name name;
    Name description;
    TimeAxis time;
    std::uint64_t seed = 1;
    bool sea_level = false; ///< every site with the air of sea level
    WeatherSites sites;
    std::vector<Epoch> epochs; ///< in order, covering all steps
    DispatchSettings dispatch;
    EconomicSettings economics;
    powerflow::Options powerflow;
    N1Settings n_1;
    ShortCircuitSettings short_circuit;
    std::vector<Project> projects;
    std::vector<CalibrationTarget> calibration;
    std::vector<Provenance> provenance;
    friend bool operator==(const Study&, const Study&) = default;
};

} // namespace yuanwang::engine
