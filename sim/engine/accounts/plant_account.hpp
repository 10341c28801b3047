/// @file
/// What the plants took and gave beside electricity: coal, starts, heat, water, waste.
///
/// | indicator               | is                                                                          |
/// |-------------------------|-----------------------------------------------------------------------------|
/// | coal_t                  | standard coal of all thermal plants, starts included                        |
/// | coal_rate_g_per_kwh     | coal over the thermal energy of the city                                    |
/// | thermal_starts          | units that came on                                                          |
/// | thermal_start_cost_cny  | of cost_cny, starts and their coal where coal has a price                   |
/// | heat_mwh                | heat delivered by extraction units                                          |
/// | waste_burnt_t, waste_diverted_t, waste_bunker_end_t | tonnes                                          |
/// | waste_gross_mwh         | before own use                                                              |
/// | hydro_spill_hm3         | water past the turbines, ecological flow included                           |
/// | hydro_water_gap_hm3     | largest volume dispatch took before it had arrived                          |
/// | hydro_water_balance_hm3 | largest |V − V0 − inflow − arrivals + turbine + spill| of a plant           |
/// | hydro_stored_change_mwh | energy for the city of the water stored since the start, through all dams below, at the heads of the end |
/// | firm_green_share_mean_<tie>, firm_co2_mean_<tie> | mix and t/MWh of what an external grid serves its own load with, time mean |
/// | reservoir_end_share_<id> | volume at the end over usable volume                                       |
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/source_state.hpp"

namespace yuanwang::engine {

class PlantAccount {
  public:
    /// Fills `data.thermal_burn` and moves `units_on` of the state.
    void add(const EpochModel& model, const std::vector<double>& heat_mw, BlockData& data,
             double dt_h, SourceState& state);

    /// Writes the indicators; `state` is that of the end of the run.
    void finish(const Study& study, const SourceState& state,
                std::map<std::string, double>& out) const;

  private:
    double coal_t_ = 0;
    double thermal_mwh_ = 0;
    double starts_ = 0;
    double start_cost_cny_ = 0;
    double heat_mwh_ = 0;
    bool heat_plants_ = false;
    struct Mix {
        double green = 0;
        double co2 = 0;
        double steps = 0;
    };
    std::map<std::string, Mix> mix_; ///< by external grid
};

} // namespace yuanwang::engine
