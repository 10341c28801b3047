#include "engine/epoch/source_state.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace yuanwang::engine {

namespace {

/// Calls `keep(row now, row before)` for every element of both lists.
template <class Keep>
void match_ids(const Elements& now, const Elements& before, Keep keep) {
    for (std::size_t k = 0; k < now.size(); ++k) {
        const auto it = std::ranges::find(before.id, now.id[k]);
        if (it != before.id.end()) {
            keep(k, static_cast<std::size_t>(it - before.id.begin()));
        }
    }
}

} // namespace

SourceState enter_source_state(const System& system, const TimeAxis& time, std::size_t first_step,
                               const System* before, const SourceState& old) {
    SourceState state;
    const Sources& s = system.sources;
    state.water = models::make_water_state(s.hydro.plants, time, first_step);
    state.waste = models::make_waste_state(s.waste_to_energy.plants);
    if (before == nullptr) {
        return state;
    }
    match_ids(s.hydro, before->sources.hydro, [&](std::size_t k, std::size_t row) {
        models::take_over_water(old.water, row, time.dt_h(), state.water, k);
    });
    match_ids(s.waste_to_energy, before->sources.waste_to_energy,
              [&](std::size_t k, std::size_t row) {
                  models::WasteState& waste = state.waste;
                  waste.bunker_t[k] = old.waste.bunker_t[row];
                  waste.arrived_t[k] = old.waste.arrived_t[row];
                  waste.burnt_t[k] = old.waste.burnt_t[row];
                  waste.diverted_t[k] = old.waste.diverted_t[row];
                  waste.gross_mwh[k] = old.waste.gross_mwh[row];
              });
    if (!old.units_on.empty()) {
        state.units_on.assign(s.thermal.size(), 0.0);
        match_ids(s.thermal, before->sources.thermal,
                  [&](std::size_t k, std::size_t row) { state.units_on[k] = old.units_on[row]; });
    }
    return state;
}

} // namespace yuanwang::engine
