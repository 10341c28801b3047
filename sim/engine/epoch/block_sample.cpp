#include "engine/epoch/block_sample.hpp"

namespace yuanwang::engine {

void sample_block(const BlockOrigin& from, const Block& block, SourceState& sources,
                  BlockSample& sample) {
    const Study& study = from.study;
    const EpochModel& model = from.model;
    const System& system = *model.system;
    compute_availability(system, from.driven, study.time, block.steps, sources,
                         sample.availability);
    compute_demand(system, from.weather, study.time, block.steps, study.seed, sample.demand);
    dispatch::BlockInput& input = sample.dispatch_input;
    input.dt_h = study.time.dt_h();
    input.n_step = block.steps.count;
    input.steps_per_day = count_steps_per_day(study.time);
    input.first_step_of_day = block.first_step_of_day;
    sum_demand(model.load_buses, model.dispatch.island_of_bus, sample.demand,
               model.dispatch.rows.n_island, input.demand_mw);
    fill_availability(system, sample.availability, input);
    fill_thermal_minimum(study.dispatch, study.time, block.steps, input);
    fill_storage_limits(system, sample.demand.containers, input);
    fill_heat_band(system, from.weather, block.steps, input, sample.heat_mw);
    fill_flexible_loads(system.loads, model.dispatch.flexible, study.time,
                        {block.steps, study.epochs[block.epoch].steps}, study.seed, sample.demand,
                        model.dispatch.rows, input);
}

} // namespace yuanwang::engine
