/// @file
/// What every source could do and what every load asks for in one block, family by family.
#pragma once

#include <cstdint>
#include <span>

#include "engine/epoch/source_state.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// Available power of the sources, each [n_plant × n_step].
struct Availability {
    Series solar_mw;
    Series wind_mw;
    Series waste_mw;
    models::HydroDay hydro;
    models::ExternalHours external;
    Series base_solar_mw; ///< of the external grids
    Series base_wind_mw;
};

/// Demand of the loads in the order of the load axis, each [n_load × n_step].
struct Demand {
    Series p_mw;
    Series q_mvar; ///< drawn: P·tan(acos pf), or as written for a static load
    models::DataCenterHours centers;
    models::DeferrableWork jobs;
    models::ContainerHours containers; ///< of the storages; empty: none feels the weather
    Series family_mw;                  ///< scratch of one family
};

/// Takes sun and wind of the range from what the epoch's weather gives (the range lies within it), plans the water, and
/// moves the bunkers of the state to the end of the range.
void compute_availability(const System& system, const WeatherDriven& driven, const TimeAxis& time,
                          StepRange range, SourceState& state, Availability& out);

void compute_demand(const System& system, std::span<const models::WeatherYear> weather,
                    const TimeAxis& time, StepRange range, std::uint64_t seed, Demand& out);

/// Number of loads of all families.
[[nodiscard]] std::size_t count_loads(const Loads& loads);

/// Calls `visit(const LoadPlacement&)` for every family in the order of the load axis.
template <class Visit>
void visit_loads(const Loads& loads, Visit&& visit) {
    visit(loads.statics);
    visit(loads.profiled);
    visit(loads.heating);
    visit(loads.potlines);
    visit(loads.data_centers);
    visit(loads.street_lamps);
    visit(loads.sewage);
    visit(loads.works);
    visit(loads.storage_auxiliaries);
}

} // namespace yuanwang::engine
