/// @file
/// What every unit can still do when something is lost: its room up and down in every step of a block, and how much of a plant one
/// of its machines carries.
///
/// | unit                | room up, MW                                              | room down, MW            | one machine carries   |
/// |---------------------|----------------------------------------------------------|--------------------------|-----------------------|
/// | thermal, generators | Σ p_max of the units that run − p                        | p − Σ p_min of them      | p / units that run    |
/// | hydro, running      | p_max of the day − p                                     | p − base flow            | p / fewest units for p |
/// | wind and sun        | 0                                                        | p                        | p / units             |
/// | waste, HVDC         | 0                                                        | 0                        | p / units or poles    |
/// | storage             | p_discharge_max − p, and what the stored energy lasts for a step | p + p_charge_max, room for the energy of a step | p / units |
/// | external grid       | p_import_max − p, and what its sections leave            | p + p_export_max, likewise | not lost            |
///
/// p is the power of the AC solution, external grids' share of the losses included. A section that closes off external grids leaves
/// them, in proportion to participation, what its limit after an outage (`limit_n1_mw`, else `limit_mw`) has left. Of hydro plants the fewest units
/// that carry the output run. A slack generator without a p_max_mw above its set power is taken to have room for everything.
#pragma once

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "powerflow/batch/outage.hpp"

namespace yuanwang::engine {

/// Fills `room` [n_unit × n_step] from the schedule and the AC states of a block.
void fill_unit_room(const EpochModel& model, const BlockData& data,
                    powerflow::batch::UnitRoom& room);

} // namespace yuanwang::engine
