#include "engine/epoch/dispatch_state.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "dispatch/rules/rules.hpp"
#include "engine/epoch/unit_carry.hpp"

namespace yuanwang::engine {

namespace {

void keep_stored_energy(const BatteryFleet& fleet, const BatteryFleet& before,
                        const dispatch::State& old, dispatch::State& state) {
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        const auto it = std::ranges::find(before.id, fleet.id[k]);
        if (it == before.id.end()) {
            continue;
        }
        const auto row = static_cast<std::size_t>(it - before.id.begin());
        state.e_mwh[k] = std::min(old.e_mwh[row], fleet.batteries.e_max_mwh[k]);
        if (!old.storage_value_cny_per_mwh.empty()) {
            state.storage_value_cny_per_mwh[k] = old.storage_value_cny_per_mwh[row];
        }
    }
}

} // namespace

dispatch::State enter_dispatch_state(const EpochModel& model, const EpochModel* before,
                                     const dispatch::State& old) {
    dispatch::State state = dispatch::make_initial_state(model.dispatch.rows);
    state.storage_value_cny_per_mwh.assign(state.e_mwh.size(),
                                           std::numeric_limits<double>::quiet_NaN());
    if (before == nullptr) {
        return state;
    }
    state.residual_mw = old.residual_mw;
    state.firm_gap_mw = old.firm_gap_mw;
    keep_stored_energy(model.system->batteries, before->system->batteries, old, state);
    if (old.managed.used_h.size() == model.dispatch.rows.managed.records.size()) {
        state.managed = old.managed;
    }
    carry_units(*model.system, *before->system, old, state);
    return state;
}

} // namespace yuanwang::engine
