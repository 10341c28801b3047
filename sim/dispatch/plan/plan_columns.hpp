/// @file
/// Rows of a dispatch table as generators, storages and groups of the block program. Used by optimal.cpp and
/// plan_schedule.cpp only; optimal.hpp says which row becomes what.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/plan/optimal.hpp"

namespace yuanwang::dispatch {

/// First generator of each family, and the groups that are there. Generators stand in this order.
struct PlanColumns {
    Places places;
    std::size_t must_run = 0;
    std::size_t variable = 0;
    std::size_t hydro_base = 0;
    std::size_t hydro = 0;
    std::size_t thermal = 0;
    std::size_t surplus = 0;
    std::size_t firm = 0;
    std::size_t exported = 0;
    std::size_t flexible = 0; ///< injects what moved load gives up
    std::size_t managed = 0;
    std::size_t unserved = 0; ///< [n_island]
    std::size_t excess = 0;   ///< [n_island], power nobody can take, ≤ 0
    std::size_t shortage = 0; ///< of the thermal minimum, no bus
    std::size_t held = 0; ///< [n_storage] reserve of storages, no bus; where a reserve is asked for
    std::size_t count = 0;
    bool reserve = false;

    // Groups of the program.
    std::vector<std::size_t> tie_of_group;  ///< ties whose parts share a limit: groups 0 …
    std::vector<std::size_t> door_of_group; ///< groups of ties, after them
    std::size_t minimum_group = 0;
    std::size_t reserve_group = 0;           ///< the requirement, then two groups a storage
    std::size_t taper_group = 0;             ///< charging of storages that taper, then discharging
    std::vector<std::size_t> charge_tapered; ///< storages
    std::vector<std::size_t> discharge_tapered;
    std::size_t n_group = 0;
    std::vector<std::size_t> ramped; ///< thermal plants with a ramp
};
/// The taper of a storage as a cut on its power p and its energy at the end of the step, p + slope e ≤ room
/// (models/storage/battery.hpp): charging and discharging.
struct Taper {
    double slope_per_h = 0;
    double room_mw = 0;
};
[[nodiscard]] Taper charge_taper(const models::Batteries& batteries, std::size_t s);
[[nodiscard]] Taper discharge_taper(const models::Batteries& batteries, std::size_t s);

/// `tables` have the same rows; groups are there where any of them needs one.
[[nodiscard]] PlanColumns number_columns(std::span<const Table* const> tables,
                                         const PlanSettings& settings);

[[nodiscard]] program::System make_system(const Table& table, const PlanColumns& columns,
                                          const NetworkLimits& limits,
                                          const PlanSettings& settings);

/// What an MWh displaces while nothing is known: the mean price of thermal plants and firm energy.
[[nodiscard]] double guess_price(const Table& table);

} // namespace yuanwang::dispatch
