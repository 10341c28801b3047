/// @file
/// Water behind the hydro plants: volume, head, and the way from dam to dam.
///
///     P  = ρ g q H(V) η                         ρ = 1000 kg/m³, g = 9.81 m/s²                        W
///     H  = head_empty + (head − head_empty) V/V_max                                                  m
///     dV = (inflow(month) wetness + arrivals(t) − q_turbine − q_spill) dt                            m³
///     arrivals(t) = outflow of the upstream plant delay_h ago, turbine and spill                     m³/s
///
/// **Plan of a block** (`plan_water`): with targets the release that moves along the guide G between them and back to it,
///
///     V(end) = G(end) + (V − G)(1 − days/τ)      τ: thirty days for a lake, for a pond the days half of it would last
///
/// without targets the release of the monthly energy plan; at least the ecological flow, at most what the turbines pass and
/// what keeps V within 0…V_max. So water a day does not use is used within τ, and none is borrowed from the time beyond. A run of river releases what arrives. The head of the block's first step turns the
/// release into energy, which is all dispatch sees.
/// **After dispatch** (`pass_water`): the power of every step takes its water; what would rise above V_max spills; where
/// the ecological flow asks for more than the turbines took, the rest passes beside them. Plants stand upstream first or
/// not: the order of the water is found.
///
/// Every m³ is accounted for: V − V_initial = inflow + arrivals − turbine − spill, to round-off. V may fall below 0 only
/// where dispatch takes water of a block before it has arrived; the next block makes that good, `lowest_hm3` shows by how much.
/// The share of a plant that serves somebody else runs in step with the city's share.
/// Left out: evaporation, tailwater, efficiency by load and unit, head within the block, floods by forecast.
#pragma once

#include <span>
#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/source/hydro_plant.hpp"

namespace yuanwang::models {

/// State, columns [n_plant]. Sums run since the state was made.
struct WaterState {
    std::vector<double> volume_hm3;
    std::vector<double> initial_hm3; ///< volume when the state was made
    std::vector<std::vector<double>>
        under_way_m3_per_s;          ///< outflow by step of the delay, oldest first
    std::vector<double> inflow_hm3;  ///< natural
    std::vector<double> arrived_hm3; ///< from upstream
    std::vector<double> turbined_hm3;
    std::vector<double> spilled_hm3;
    std::vector<double> lowest_hm3; ///< least volume so far
    [[nodiscard]] std::size_t size() const { return volume_hm3.size(); }
};

/// State at `first_step`, as a run through that date would have it: reservoirs at their initial volume, which is the guide
/// curve of the date unless it is given, and under way what the plants upstream let out then.
[[nodiscard]] WaterState make_water_state(const HydroPlants& plants, const TimeAxis& axis,
                                          std::size_t first_step);

/// Hands plant `row` of `before` on to plant k of `now`, whose delay may be another one: all water under way arrives, what is
/// later than the new delay with its last step, without a delay at once.
void take_over_water(const WaterState& before, std::size_t row, double dt_h, WaterState& now,
                     std::size_t k);

/// MWh of the whole plant per hm³ at its present volume.
[[nodiscard]] double energy_of_water_mwh_per_hm3(const Reservoir& reservoir, double volume_hm3);

/// Budget of the steps of `range`; plants without water as compute_hydro_day.
void plan_water(const HydroPlants& plants, const WaterState& state, const TimeAxis& axis,
                StepRange range, HydroDay& out);

/// Moves the water of a block as if it spent its budget evenly: what lies beyond it is planned from there.
void pass_planned_water(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                        const HydroDay& plan, WaterState& state);

/// MWh the studied system has from `volume_hm3` [n_plant] (may be negative) on its way through the turbines of its plant and of all
/// below, at the heads of `state`.
[[nodiscard]] double energy_of_volumes_mwh(const HydroPlants& plants, const WaterState& state,
                                           std::span<const double> volume_hm3);

/// Moves the water of a dispatched block; `p_mw` [n_plant × range.count] is the share of the studied system.
void pass_water(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                const Series& p_mw, WaterState& state);

} // namespace yuanwang::models
