#include "engine/epoch/availability.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace yuanwang::engine {

namespace {

/// Copies a family's demand behind what is there already.
void append(const Series& family_mw, std::size_t first, Series& all_mw) {
    for (std::size_t t = 0; t < family_mw.n_step(); ++t) {
        std::ranges::copy(family_mw.step(t), all_mw.step(t).subspan(first).begin());
    }
}

void repeat(const std::vector<double>& values, std::size_t n_step, Series& out) {
    out.reshape(values.size(), n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        std::ranges::copy(values, out.step(t).begin());
    }
}

void copy_steps(const Series& from, std::size_t first, std::size_t count, Series& out) {
    out.reshape(from.n_element(), count);
    for (std::size_t t = 0; t < count; ++t) {
        std::ranges::copy(from.step(first + t), out.step(t).begin());
    }
}

double tan_of(double power_factor) {
    const double pf = std::clamp(std::abs(power_factor), 1e-3, 1.0);
    return std::sqrt(1.0 - pf * pf) / pf;
}

} // namespace

std::size_t count_loads(const Loads& loads) {
    std::size_t n = 0;
    visit_loads(loads, [&](const LoadPlacement& family) { n += family.size(); });
    return n;
}

void compute_availability(const System& system, const WeatherDriven& driven, const TimeAxis& time,
                          StepRange range, SourceState& state, Availability& out) {
    assert(range.first >= driven.steps.first && range.last() <= driven.steps.last());
    const Sources& s = system.sources;
    const std::size_t first = range.first - driven.steps.first;
    copy_steps(driven.solar_mw, first, range.count, out.solar_mw);
    copy_steps(driven.wind_mw, first, range.count, out.wind_mw);
    copy_steps(driven.base_solar_mw, first, range.count, out.base_solar_mw);
    copy_steps(driven.base_wind_mw, first, range.count, out.base_wind_mw);
    models::compute_waste_power(s.waste_to_energy.plants, time, range, state.waste, out.waste_mw);
    models::plan_water(s.hydro.plants, state.water, time, range, out.hydro);
    models::compute_external_hours(s.external_grids.grids, time, range, out.base_solar_mw,
                                   out.base_wind_mw, out.external);
}

void compute_demand(const System& system, std::span<const models::WeatherYear> weather,
                    const TimeAxis& time, StepRange range, std::uint64_t seed, Demand& out) {
    const Loads& l = system.loads;
    out.p_mw.reshape(count_loads(l), range.count);
    out.q_mvar.reshape(count_loads(l), range.count);
    std::size_t first = 0;
    const auto place = [&](const LoadPlacement& family) {
        append(out.family_mw, first, out.p_mw);
        for (std::size_t k = 0; k < family.size(); ++k) {
            const double tan_phi = tan_of(family.power_factor[k]);
            for (std::size_t t = 0; t < range.count; ++t) {
                out.q_mvar(first + k, t) = out.p_mw(first + k, t) * tan_phi;
            }
        }
        first += family.size();
    };
    repeat(l.statics.q_mvar, range.count, out.family_mw);
    append(out.family_mw, first, out.q_mvar);
    repeat(l.statics.p_mw, range.count, out.family_mw);
    append(out.family_mw, first, out.p_mw);
    first += l.statics.size();

    models::compute_profile_loads(l.profiled.loads, l.profiles, time, range, seed, out.family_mw);
    place(l.profiled);
    models::compute_heating_loads(l.heating.loads, l.heating.site, weather, time, range,
                                  out.family_mw);
    place(l.heating);
    models::compute_potlines(l.potlines.lines, range, out.family_mw);
    place(l.potlines);
    models::compute_data_centers(l.data_centers.centers, l.data_centers.site, weather, time, range,
                                 out.centers, seed);
    models::compute_deferrable_work(l.data_centers.centers, out.centers, time.dt_h(), out.jobs);
    out.family_mw = out.centers.p_mw;
    place(l.data_centers);
    models::compute_street_lamps(l.street_lamps.lamps, l.street_lamps.site, weather, time, range,
                                 out.family_mw);
    place(l.street_lamps);
    models::compute_sewage(l.sewage.works, range, out.family_mw);
    place(l.sewage);
    models::compute_works(l.works.works, time, range, seed, out.family_mw);
    place(l.works);
    if (system.batteries.containers.size() > 0) {
        models::compute_containers(system.batteries.containers, system.batteries.site, weather,
                                   range, out.containers);
    }
    out.family_mw.reshape(l.storage_auxiliaries.size(), range.count);
    for (std::size_t t = 0; t < range.count; ++t) {
        for (std::size_t k = 0; k < l.storage_auxiliaries.size(); ++k) {
            out.family_mw(k, t) = out.containers.auxiliary_mw(l.storage_auxiliaries.storage[k], t);
        }
    }
    place(l.storage_auxiliaries);
}

} // namespace yuanwang::engine
