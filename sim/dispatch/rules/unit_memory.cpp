#include "dispatch/rules/unit_memory.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::dispatch {

std::size_t count_steps(double hours, double dt_h) {
    return static_cast<std::size_t>(std::ceil(std::max(0.0, hours) / dt_h - 1e-9));
}

std::size_t count_past_steps(const Thermals& thermals, double dt_h) {
    std::size_t most = 1;
    for (const auto* times : {&thermals.min_up_h, &thermals.min_down_h}) {
        for (const double hours : *times) {
            most = std::max(most, count_steps(hours, dt_h));
        }
    }
    return most;
}

void remember_units(const Thermals& thermals, double dt_h, const Schedule& schedule, State& state) {
    const std::size_t n_new = schedule.thermal_units_on.n_step();
    if (n_new == 0) {
        return;
    }
    const Series& old = state.units_before;
    const bool known = old.n_element() == thermals.size() && old.n_step() > 0;
    const std::size_t n_old = known ? old.n_step() : 0;
    Series past(thermals.size(), count_past_steps(thermals, dt_h));
    for (std::size_t back = 0; back < past.n_step(); ++back) {
        for (std::size_t k = 0; k < thermals.size(); ++k) {
            // Further back than is known it was as in the first step that is.
            const double on = back < n_new ? schedule.thermal_units_on(k, n_new - 1 - back)
                              : known      ? old(k, n_old - 1 - std::min(back - n_new, n_old - 1))
                                           : schedule.thermal_units_on(k, 0);
            past(k, past.n_step() - 1 - back) = on;
        }
    }
    state.units_before = std::move(past);
    const auto last = schedule.thermal_mw.step(n_new - 1);
    state.thermal_mw.assign(last.begin(), last.end());
}

} // namespace yuanwang::dispatch
