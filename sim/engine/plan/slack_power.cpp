#include "engine/plan/slack_power.hpp"

namespace yuanwang::engine {

void add_slack_power(const EpochModel& model, const dispatch::Places& places,
                     const powerflow::BlockInjections& injections,
                     const powerflow::BlockStates& states, std::size_t t, std::span<double> p_mw) {
    const Sources& s = model.system->sources;
    std::size_t u = 0;
    const auto add = [&](std::size_t n, std::size_t place) {
        for (std::size_t k = 0; k < n; ++k, ++u) {
            p_mw[place + k] += states.unit_p_mw(u, t) - injections.unit_p_mw(u, t);
        }
    };
    add(s.solar.size() + s.wind.size(), places.variable);
    add(s.hydro.size(), places.hydro);
    add(s.thermal.size(), places.thermal);
    add(s.waste_to_energy.size(), places.must_run);
    add(s.generators.size(), places.thermal + s.thermal.size());
    add(s.hvdc.size(), places.must_run + s.waste_to_energy.size());
    add(model.system->batteries.size(), places.storage);
    for (const std::size_t tie : model.units.tie_of_unit) {
        add(1, places.tie + tie);
    }
}

} // namespace yuanwang::engine
