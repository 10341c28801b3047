/// @file
/// The parts of the schema table, one per section of a scenario.
#pragma once

#include "core/index.hpp"
#include "scenario/schema.hpp"

namespace yuanwang::scenario {

[[nodiscard]] const RecordType& grid_type();    ///< bound to network::Grid
[[nodiscard]] const RecordType& sources_type(); ///< bound to engine::Sources
[[nodiscard]] const RecordType& loads_type();   ///< bound to engine::Loads
[[nodiscard]] const RecordType& storage_type(); ///< bound to engine::System
[[nodiscard]] const RecordType& weather_type(); ///< bound to Draft
[[nodiscard]] const RecordType& changes_type(); ///< bound to Draft; what a project may change

/// `reactive` of a fleet whose units hold voltage, or run at a power factor, where nothing is said.
[[nodiscard]] const RecordType& voltage_control_type();      ///< bound to engine::ReactiveControl
[[nodiscard]] const RecordType& power_factor_control_type(); ///< bound to engine::ReactiveControl

// Lists that references point into.
[[nodiscard]] const std::vector<std::string>& bus_lists();
[[nodiscard]] const std::vector<std::string>& branch_lists();
[[nodiscard]] const std::vector<std::string>& source_lists(); ///< sources and storage
[[nodiscard]] const std::vector<std::string>& load_lists();

/// Nominal voltage of a bus, 0 where the reference was at fault.
[[nodiscard]] double find_base_kv(Reader& reader, BusIdx bus);

} // namespace yuanwang::scenario
