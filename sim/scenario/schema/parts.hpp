/// @file
/// The parts of the schema table, one per section of a scenario.
#pragma once

#include <string>
#include <vector>

#include "core/index.hpp"
#include "scenario/schema/schema.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

[[nodiscard]] const RecordType& grid_type();    ///< bound to network::Grid
[[nodiscard]] const RecordType& sources_type(); ///< bound to engine::Sources
[[nodiscard]] const RecordType& loads_type();   ///< bound to engine::Loads
[[nodiscard]] const RecordType& storage_type(); ///< bound to engine::System
[[nodiscard]] const RecordType& weather_type(); ///< bound to Draft
[[nodiscard]] const RecordType& changes_type(); ///< bound to Draft; what a project may change

// Sections of the grid that have a file of their own.
[[nodiscard]] RecordType make_line_type();          ///< bound to network::Lines
[[nodiscard]] RecordType make_branch_type();        ///< bound to network::ImpedanceBranches
[[nodiscard]] RecordType make_transformer_type();   ///< bound to network::Transformers
[[nodiscard]] RecordType make_three_winding_type(); ///< bound to network::ThreeWindingTransformers

// Sources that have a file of their own.
[[nodiscard]] RecordType make_solar_type();     ///< bound to engine::SolarFleet
[[nodiscard]] RecordType make_wind_type();      ///< bound to engine::WindFleet
[[nodiscard]] RecordType make_hydro_type();     ///< bound to engine::HydroFleet
[[nodiscard]] RecordType make_thermal_type();   ///< bound to engine::ThermalFleet
[[nodiscard]] RecordType make_waste_type();     ///< bound to engine::WasteFleet
[[nodiscard]] const RecordType& horizon_type(); ///< bound to models::Horizon
[[nodiscard]] RecordType make_generator_type(); ///< bound to engine::GeneratorFleet
[[nodiscard]] RecordType make_external_type();  ///< bound to engine::ExternalFleet
[[nodiscard]] RecordType make_hvdc_type();      ///< bound to engine::HvdcFleet

// Sections beside the power system.
[[nodiscard]] RecordType make_time_type();          ///< bound to Draft
[[nodiscard]] RecordType make_short_circuit_type(); ///< bound to engine::ShortCircuitSettings
[[nodiscard]] RecordType make_project_type();       ///< bound to engine::Project
[[nodiscard]] RecordType make_calibration_type();   ///< bound to engine::CalibrationTarget
[[nodiscard]] RecordType make_forecast_type();      ///< bound to dispatch::ForecastSettings
[[nodiscard]] const RecordType& n1_type();          ///< bound to engine::N1Settings

/// `reactive` of a fleet whose units hold voltage, or run at a power factor, where nothing is said.
[[nodiscard]] const RecordType& voltage_control_type();      ///< bound to engine::ReactiveControl
[[nodiscard]] const RecordType& power_factor_control_type(); ///< bound to engine::ReactiveControl

// Lists that references point into.
[[nodiscard]] const std::vector<std::string>& bus_lists();
[[nodiscard]] const std::vector<std::string>& branch_lists();
[[nodiscard]] const std::vector<std::string>& source_lists(); ///< sources and storage
[[nodiscard]] const std::vector<std::string>& load_lists();
[[nodiscard]] const std::vector<std::string>& storage_lists();

/// `open`, `closed`: false, true.
[[nodiscard]] const std::vector<std::string>& open_or_closed();

/// The ends of a line or switch: two buses of one voltage.
void check_line_ends(Reader& reader, const Node& element, BusIdx from, BusIdx to);

/// Fills the reactive range of the last unit from what it can give where none was written.
void fill_reactive_range(std::vector<engine::ReactiveControl>& all, double q_mvar);
/// Reactive power over rating at full output, tan(acos pf): machines 0.85, converters 0.95.
inline constexpr double machine_q_share = 0.62;
inline constexpr double converter_q_share = 0.33;

/// Nominal voltage of a bus, 0 where the reference was at fault.
[[nodiscard]] double find_base_kv(Reader& reader, BusIdx bus);

} // namespace yuanwang::scenario
