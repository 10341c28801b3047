#include "engine/accounts/microgrid_account.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace yuanwang::engine {

namespace {

constexpr double least_mw = 1e-6; ///< unserved power below is rounding

} // namespace

void MicrogridAccount::add_step(double unserved_mw, double dt_h, std::size_t month,
                                Island& island) {
    const bool is_short = unserved_mw > least_mw;
    island.spell_h = is_short == island.spell_is_short ? island.spell_h + dt_h : dt_h;
    island.spell_is_short = is_short;
    double& longest = is_short ? island.longest_short_h : island.longest_carried_h;
    longest = std::max(longest, island.spell_h);
    (is_short ? island.short_h : island.carried_h) += dt_h;
    island.short_by_month_h[month] += is_short ? dt_h : 0.0;
    island.unserved_mwh += unserved_mw * dt_h;
}

void MicrogridAccount::record(const EpochModel& model, const TimeAxis& time,
                              const BlockData& data) {
    const DataCenterFleet& fleet = model.system->loads.data_centers;
    const std::vector<std::size_t>& tied = model.dispatch.rows.ties.island;
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        const std::string& name = fleet.centers.microgrid[k];
        if (name.empty() || fleet.buses[k].empty() || !fleet.buses[k].front().valid()) {
            continue;
        }
        const std::size_t island = model.dispatch.island_of_bus[fleet.buses[k].front().row()];
        if (std::ranges::find(tied, island) != tied.end()) {
            continue;
        }
        for (std::size_t t = 0; t < data.result.steps.count; ++t) {
            add_step(data.schedule.unserved_mw(island, t), time.dt_h(),
                     time.middle(data.result.steps.first + t).month - 1, islands_[name]);
        }
    }
}

void MicrogridAccount::finish(Summary& summary) const {
    for (const auto& [name, island] : islands_) {
        auto& facts = summary.devices["microgrid"][name];
        facts["carried_hours"] = island.carried_h;
        facts["short_hours"] = island.short_h;
        facts["unserved_mwh"] = island.unserved_mwh;
        facts["longest_carried_h"] = island.longest_carried_h;
        facts["longest_short_h"] = island.longest_short_h;
        for (std::size_t m = 0; m < 12; ++m) {
            facts[fmt::format("short_hours_{:02}", m + 1)] = island.short_by_month_h[m];
        }
    }
}

} // namespace yuanwang::engine
