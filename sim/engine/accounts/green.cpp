#include "engine/accounts/green.hpp"

#include <algorithm>
#include <numeric>

namespace yuanwang::engine {

namespace {

double sum_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Green power of the sources and ties, exports not yet taken off.
double find_green_supply(const System& system, const BlockData& data, std::size_t t) {
    const dispatch::Schedule& s = data.schedule;
    double green_mw = sum_of(s.variable_mw.step(t)) + sum_of(s.hydro_mw.step(t)) +
                      sum_of(s.tie_surplus_mw.step(t));
    const models::WastePlants& waste = system.sources.waste_to_energy.plants;
    for (std::size_t k = 0; k < waste.size(); ++k) {
        green_mw += waste.green_share[k] * s.must_run_mw(k, t);
    }
    const Series& firm_green_share = data.availability.external.firm_green_share;
    for (std::size_t k = 0; k < system.sources.external_grids.size(); ++k) {
        green_mw += firm_green_share(k, t) * std::max(0.0, s.tie_firm_mw(k, t));
    }
    const GeneratorFleet& generators = system.sources.generators;
    const std::size_t first = system.sources.thermal.size();
    for (std::size_t k = 0; k < generators.size(); ++k) {
        green_mw += generators.green_share[k] * std::max(0.0, s.thermal_mw(first + k, t));
    }
    return green_mw;
}

double find_export(const dispatch::Schedule& s, std::size_t t) {
    double export_mw = 0;
    for (const double p_mw : s.tie_firm_mw.step(t)) {
        export_mw += std::max(0.0, -p_mw);
    }
    return export_mw;
}

/// Green share of what a tie brings in step t.
double find_tie_share(const BlockData& data, std::size_t tie, std::size_t t) {
    const double surplus_mw = std::max(0.0, data.schedule.tie_surplus_mw(tie, t));
    const double firm_mw = std::max(0.0, data.schedule.tie_firm_mw(tie, t));
    const double green_mw =
        surplus_mw + firm_mw * data.availability.external.firm_green_share(tie, t);
    return surplus_mw + firm_mw > 0 ? green_mw / (surplus_mw + firm_mw) : 0.0;
}

} // namespace

void GreenAccount::account(const EpochModel& model, BlockData& data, double dt_h) {
    const dispatch::Schedule& s = data.schedule;
    const std::size_t n_step = data.demand.p_mw.n_step();
    data.green.resize(n_step);
    data.storage_green_share.reshape(model.axes.of(Axis::storage).size(), n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        const double net_storage_mw = move_storages(model, data, t, dt_h);
        GreenStep& step = data.green[t];
        step.green_mw = find_green_supply(*model.system, data, t) + net_storage_mw;
        step.export_mw = find_export(s, t);
        step.consumption_mw = sum_of(data.demand.p_mw.step(t)) +
                              sum_of(data.dispatch_input.loss_mw.step(t)) -
                              sum_of(s.unserved_mw.step(t)) - sum_of(s.managed_mw.step(t)) +
                              (s.recovery_mw.empty() ? 0.0 : sum_of(s.recovery_mw.step(t)));
        const double consumption_mw = std::max(0.0, step.consumption_mw);
        const double green_mw = std::max(0.0, step.green_mw);
        step.matched_mw = std::clamp(step.green_mw - step.export_mw, 0.0, consumption_mw);
        step.consumed_mw =
            consumption_mw > 0
                ? std::min(green_mw * consumption_mw / (consumption_mw + step.export_mw),
                           consumption_mw)
                : 0.0;
    }
}

/// Moves the green content of every battery over a step; returns green discharge less green charge.
double GreenAccount::move_storages(const EpochModel& model, BlockData& data, std::size_t t,
                                   double dt_h) {
    const models::Batteries& b = model.system->batteries.batteries;
    const auto& rows = model.axes.of(Axis::storage);
    double net_mw = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const double e_mwh =
            t == 0 ? data.state_before.e_mwh[k] : data.schedule.storage_e_mwh(k, t - 1);
        double& green_mwh = green_mwh_[rows[k]];
        const double share = e_mwh > 0 ? std::clamp(green_mwh / e_mwh, 0.0, 1.0) : 0.0;
        data.storage_green_share(k, t) = share;
        const double discharge_mw = std::max(0.0, data.schedule.storage_mw(k, t));
        const double green_charge_mw = data.schedule.storage_green_charge_mw(k, t);
        net_mw += share * discharge_mw - green_charge_mw;
        green_mwh *= std::max(0.0, 1.0 - b.self_discharge_per_h[k] * dt_h);
        green_mwh += b.eta_charge[k] * green_charge_mw * dt_h;
        green_mwh -= share * discharge_mw * dt_h / b.eta_discharge[k];
        green_mwh = std::max(0.0, green_mwh);
    }
    return net_mw;
}

void list_green_shares(const EpochModel& model, const BlockData& data, std::size_t t,
                       std::vector<double>& share) {
    const Sources& s = model.system->sources;
    share.clear();
    share.resize(s.solar.size() + s.wind.size() + s.hydro.size(), 1.0);
    share.resize(share.size() + s.thermal.size(), 0.0);
    const std::vector<double>& waste = s.waste_to_energy.plants.green_share;
    share.insert(share.end(), waste.begin(), waste.end());
    share.insert(share.end(), s.generators.green_share.begin(), s.generators.green_share.end());
    share.resize(share.size() + s.hvdc.size(), 0.0);
    const std::span<const double> stored = data.storage_green_share.step(t);
    share.insert(share.end(), stored.begin(), stored.end());
    for (const std::size_t tie : model.units.tie_of_unit) {
        share.push_back(find_tie_share(data, tie, t));
    }
}

} // namespace yuanwang::engine
