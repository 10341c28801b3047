/// @file
/// What every source could do and what every load asks for in one block, family by family.
#pragma once

#include <cstdint>
#include <span>

#include "engine/study.hpp"

namespace yuanwang::engine {

/// Available power of the sources, each [n_plant × n_step].
struct Availability {
    Series solar_mw;
    Series wind_mw;
    Series waste_mw;
    models::HydroDay hydro;
    models::ExternalHours external;
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

void compute_availability(const System& system, std::span<const models::WeatherYear> weather,
                          const TimeAxis& time, StepRange range, Availability& out);

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
