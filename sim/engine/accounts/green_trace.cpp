#include "engine/accounts/green_trace.hpp"

#include <algorithm>
#include <cmath>

#include "engine/accounts/green.hpp"

namespace yuanwang::engine {

GreenTrace::GreenTrace(const ResultAxes& axes) : axes_{axes}, load_(axes.of(Axis::load).size()) {}

void GreenTrace::add(const EpochModel& model, double dt_h, BlockData& data) {
    bus_share_.resize(model.grid.n_bus);
    const auto& rows = model.axes.of(Axis::bus);
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        if (data.states.outcome[t].status != StepStatus::converged) {
            continue;
        }
        list_green_shares(model, data, t, unit_share_);
        trace_->trace(data.injections, data.states, t, unit_share_, bus_share_);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            data.result.bus_green_share(rows[i], t) = bus_share_[i];
        }
        add_loads(model, data, t, dt_h);
    }
}

void GreenTrace::add_loads(const EpochModel& model, const BlockData& data, std::size_t t,
                           double dt_h) {
    const auto& rows = model.axes.of(Axis::load);
    load_share_.assign(rows.size(), 0.0);
    load_reach_.assign(rows.size(), 0.0);
    for (const LoadBuses::Entry& entry : model.load_buses.entries) {
        const double share = bus_share_[entry.bus.row()];
        if (!std::isnan(share)) {
            load_share_[entry.load] += entry.share * share;
            load_reach_[entry.load] += entry.share;
        }
    }
    const GreenStep& city = data.green[t];
    const double city_share = city.consumption_mw > 0 ? city.matched_mw / city.consumption_mw : 0.0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const double served_mw =
            data.demand.p_mw(k, t) - data.cuts.unserved_mw(k, t) - data.cuts.managed_mw(k, t);
        const double mwh = std::max(0.0, served_mw) * load_reach_[k] * dt_h;
        if (mwh > 0) {
            load_[rows[k]].add({mwh, mwh * load_share_[k] / load_reach_[k], mwh * city_share});
        }
    }
}

void GreenTrace::finish(Summary& summary) const {
    const std::vector<AxisEntry>& loads = axes_.of(Axis::load);
    Served city;
    std::map<std::string, Served> zones;
    const auto write = [&](const std::string& family, const std::string& id, const Served& served) {
        if (served.mwh > 0) {
            auto& facts = summary.devices[family][id];
            facts["green_share_traced"] = served.traced_mwh / served.mwh;
            facts["green_share_hourly"] = served.hourly_mwh / served.mwh;
        }
    };
    for (std::size_t k = 0; k < loads.size(); ++k) {
        city.add(load_[k]);
        if (!loads[k].zone.empty()) {
            zones[loads[k].zone].add(load_[k]);
        }
        if (loads[k].kind == "data_center" || loads[k].kind == "potline") {
            write(loads[k].kind, loads[k].id, load_[k]);
        }
    }
    for (const auto& [zone, served] : zones) {
        if (served.mwh > 0) {
            summary.devices["zone"][zone]["served_mwh"] = served.mwh;
        }
        write("zone", zone, served);
    }
    if (city.mwh > 0) {
        summary.indicators["green_share_traced"] = city.traced_mwh / city.mwh;
    }
}

} // namespace yuanwang::engine
