#include "engine/accounts/plant_account.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/column_or.hpp"

namespace yuanwang::engine {

namespace {

double sum_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

void PlantAccount::add(const EpochModel& model, const std::vector<double>& heat_mw, BlockData& data,
                       double dt_h, SourceState& state) {
    const models::ThermalPlants& plants = model.system->sources.thermal.plants;
    const dispatch::Schedule& s = data.schedule;
    const std::size_t n_step = data.demand.p_mw.n_step();
    data.thermal_burn.assign(n_step, {});
    if (state.units_on.empty() && n_step > 0) { // what runs in the first step has run before
        for (std::size_t k = 0; k < plants.size(); ++k) {
            state.units_on.push_back(s.thermal_units_on(k, 0));
        }
    }
    for (std::size_t t = 0; t < n_step; ++t) {
        models::ThermalStep& sum = data.thermal_burn[t];
        for (std::size_t k = 0; k < plants.size(); ++k) {
            const double on = s.thermal_units_on(k, t);
            const double started = std::max(0.0, on - state.units_on[k]);
            state.units_on[k] = on;
            const models::ThermalStep step =
                models::burn(plants, k, s.thermal_mw(k, t), on, started, dt_h);
            sum.coal_t += step.coal_t;
            sum.co2_t += step.co2_t;
            sum.cost_cny += step.cost_cny;
            starts_ += started;
            start_cost_cny_ += started * (models::column_or(plants.start_cost_cny, k, 0.0) +
                                          models::column_or(plants.start_coal_t, k, 0.0) *
                                              models::column_or(plants.coal_cny_per_t, k, 0.0));
            thermal_mwh_ += s.thermal_mw(k, t) * dt_h;
        }
        coal_t_ += sum.coal_t;
    }
    const ExternalFleet& external = model.system->sources.external_grids;
    for (std::size_t k = 0; k < external.size(); ++k) {
        if (external.grids.mix.empty() || external.grids.mix[k].thermal_mw <= 0) {
            continue;
        }
        Mix& mix = mix_[external.id[k]];
        for (std::size_t t = 0; t < n_step; ++t) {
            mix.green += data.availability.external.firm_green_share(k, t);
            mix.co2 += data.availability.external.firm_co2_t_per_mwh(k, t);
            mix.steps += 1;
        }
    }
    for (const double mw : heat_mw) {
        heat_plants_ = true;
        heat_mwh_ += mw * dt_h;
    }
}

void PlantAccount::finish(const Study& study, const SourceState& state,
                          std::map<std::string, double>& out) const {
    const Sources& sources = study.epochs.back().system.sources;
    if (sources.thermal.size() > 0) {
        out["coal_t"] = coal_t_;
        out["coal_rate_g_per_kwh"] = thermal_mwh_ > 0 ? coal_t_ * 1000.0 / thermal_mwh_ : 0.0;
        out["thermal_starts"] = starts_;
        out["thermal_start_cost_cny"] = start_cost_cny_;
    }
    for (const auto& [id, mix] : mix_) {
        out["firm_green_share_mean_" + id] = mix.green / mix.steps;
        out["firm_co2_mean_" + id] = mix.co2 / mix.steps;
    }
    if (heat_plants_) {
        out["heat_mwh"] = heat_mwh_;
    }
    if (sources.waste_to_energy.size() > 0) {
        out["waste_burnt_t"] = sum_of(state.waste.burnt_t);
        out["waste_diverted_t"] = sum_of(state.waste.diverted_t);
        out["waste_bunker_end_t"] = sum_of(state.waste.bunker_t);
        out["waste_gross_mwh"] = sum_of(state.waste.gross_mwh);
    }
    const HydroFleet& hydro = sources.hydro;
    double spill = 0;
    double gap = 0;
    double balance = 0;
    bool water = false;
    std::vector<double> more_hm3(hydro.plants.size(), 0.0);
    for (std::size_t k = 0; k < hydro.plants.reservoir.size(); ++k) {
        const models::Reservoir& r = hydro.plants.reservoir[k];
        if (!r.has_water()) {
            continue;
        }
        water = true;
        const models::WaterState& w = state.water;
        spill += w.spilled_hm3[k];
        gap = std::max(gap, -w.lowest_hm3[k]);
        balance =
            std::max(balance, std::abs(w.volume_hm3[k] - w.initial_hm3[k] - w.inflow_hm3[k] -
                                       w.arrived_hm3[k] + w.turbined_hm3[k] + w.spilled_hm3[k]));
        more_hm3[k] = w.volume_hm3[k] - w.initial_hm3[k];
        if (r.v_max_hm3 > 0) {
            out["reservoir_end_share_" + hydro.id[k]] = w.volume_hm3[k] / r.v_max_hm3;
        }
    }
    if (water) {
        out["hydro_spill_hm3"] = spill;
        out["hydro_water_gap_hm3"] = std::max(0.0, gap);
        out["hydro_water_balance_hm3"] = balance;
        out["hydro_stored_change_mwh"] =
            models::energy_of_volumes_mwh(hydro.plants, state.water, more_hm3);
    }
}

} // namespace yuanwang::engine
