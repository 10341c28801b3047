#include "engine/epoch/unit_carry.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace yuanwang::engine {

namespace {

/// Ids of the rows of `dispatch::Thermals`.
std::vector<std::string> list_thermal_ids(const System& system) {
    std::vector<std::string> ids = system.sources.thermal.id;
    const std::vector<std::string>& generators = system.sources.generators.id;
    ids.insert(ids.end(), generators.begin(), generators.end());
    return ids;
}

} // namespace

void carry_units(const System& now, const System& before, const dispatch::State& state_before,
                 dispatch::State& state) {
    const std::vector<std::string> ids = list_thermal_ids(now);
    const std::vector<std::string> ids_before = list_thermal_ids(before);
    const Series& ran = state_before.units_before;
    if (ran.n_element() != ids_before.size() || ran.n_step() == 0 ||
        state_before.thermal_mw.size() != ids_before.size()) {
        return;
    }
    state.thermal_mw.assign(ids.size(), 0.0);
    state.units_before.reshape(ids.size(), ran.n_step());
    for (std::size_t k = 0; k < ids.size(); ++k) {
        const auto it = std::ranges::find(ids_before, ids[k]);
        if (it == ids_before.end()) {
            continue;
        }
        const auto row = static_cast<std::size_t>(it - ids_before.begin());
        state.thermal_mw[k] = state_before.thermal_mw[row];
        for (std::size_t t = 0; t < ran.n_step(); ++t) {
            state.units_before(k, t) = ran(row, t);
        }
    }
}

} // namespace yuanwang::engine
