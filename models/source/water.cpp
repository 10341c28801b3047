#include "models/source/water.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace yuanwang::models {
namespace {

constexpr double m3_per_hm3 = 1e6;
constexpr double seconds_per_h = 3600.0;

double hm3_of(double m3_per_s, double hours) {
    return m3_per_s * hours * seconds_per_h / m3_per_hm3;
}

double m3_per_s_of(double hm3, double hours) {
    return hm3 * m3_per_hm3 / (hours * seconds_per_h);
}

double inflow_m3_per_s(const Reservoir& r, const TimeAxis& axis, std::size_t t) {
    return r.wetness * r.inflow_m3_per_s[axis.middle(t).month - 1];
}

bool has_targets(const Reservoir& r) {
    return std::ranges::any_of(r.target, [](double share) { return share > 0; });
}

/// Target share of the volume at step t, straight between the ends of the months.
double target_at(const Reservoir& r, const TimeAxis& axis, std::size_t t) {
    const auto now = axis.middle(t);
    const std::size_t m = now.month - 1;
    return std::lerp(r.target[(m + 11) % 12], r.target[m],
                     std::clamp((static_cast<double>(now.day) - 0.5) / 30.4, 0.0, 1.0));
}

/// Plants, those upstream before those they feed.
std::vector<std::size_t> order_by_water(const HydroPlants& plants) {
    std::vector<std::size_t> order;
    std::vector<bool> placed(plants.size(), false);
    while (order.size() < plants.size()) {
        const std::size_t before = order.size();
        for (std::size_t k = 0; k < plants.size(); ++k) {
            const int up = plants.reservoir.empty() ? -1 : plants.reservoir[k].upstream;
            if (!placed[k] && (up < 0 || placed[static_cast<std::size_t>(up)])) {
                placed[k] = true;
                order.push_back(k);
            }
        }
        if (order.size() == before) {
            assert(false && "plants in a ring");
            break;
        }
    }
    return order;
}

/// Water that reaches plant k over the block if its upstream plant lets out `release`, m³/s in the mean.
double expect_arrivals(const WaterState& state, std::size_t k, std::size_t n_step,
                       double upstream_m3_per_s) {
    const std::vector<double>& queue = state.under_way_m3_per_s[k];
    double sum = 0;
    for (std::size_t i = 0; i < n_step; ++i) {
        sum += i < queue.size() ? queue[i] : upstream_m3_per_s;
    }
    return sum / static_cast<double>(n_step);
}

double initial_volume_hm3(const Reservoir& r, const TimeAxis& axis, std::size_t first_step) {
    const double of_date = has_targets(r) ? target_at(r, axis, first_step) : 0.5;
    return r.v_max_hm3 * r.v_initial.value_or(of_date);
}

/// What plant k lets out around step t, all day alike: along its guide, without one by its plan of energy.
double usual_release_m3_per_s(const HydroPlants& plants, std::size_t k, const TimeAxis& axis,
                              std::size_t t, double in_m3_per_s, double volume_hm3) {
    const Reservoir& r = plants.reservoir[k];
    if (r.v_max_hm3 <= 0 || !r.has_water()) {
        return in_m3_per_s;
    }
    const auto day = static_cast<std::size_t>(std::lround(24.0 / axis.dt_h()));
    const double planned =
        has_targets(r)
            ? in_m3_per_s +
                  m3_per_s_of(r.v_max_hm3 * (target_at(r, axis, t) - target_at(r, axis, t + day)),
                              24.0)
            : m3_per_s_of(plants.mean_mw[k][axis.middle(t).month - 1] /
                              energy_of_water_mwh_per_hm3(r, volume_hm3),
                          1.0);
    return std::max(planned, r.q_min_m3_per_s);
}

struct Release {
    double turbine_m3_per_s = 0;
    double spill_m3_per_s = 0;
};

/// Release of a block whose inflow is known.
Release choose_release(const Reservoir& r, double planned_m3_per_s, double in_m3_per_s,
                       double turbine_max_m3_per_s, double volume_hm3, double hours) {
    // A run of river keeps nothing, but makes good what a block before took ahead of its arrival.
    double all = std::max(0.0, in_m3_per_s + m3_per_s_of(std::min(0.0, volume_hm3), hours));
    if (r.v_max_hm3 > 0) {
        const double most = in_m3_per_s + m3_per_s_of(volume_hm3, hours);
        const double least = in_m3_per_s + m3_per_s_of(volume_hm3 - r.v_max_hm3, hours);
        all = std::max(planned_m3_per_s, r.q_min_m3_per_s);
        all = std::clamp(all, std::max(0.0, std::min(least, most)), std::max(0.0, most));
    }
    const double turbine = std::min(all, turbine_max_m3_per_s);
    return {turbine, all - turbine};
}

} // namespace

WaterState make_water_state(const HydroPlants& plants, const TimeAxis& axis,
                            std::size_t first_step) {
    const std::size_t n = plants.size();
    WaterState state;
    state.under_way_m3_per_s.resize(n);
    for (std::vector<double>* column :
         {&state.volume_hm3, &state.initial_hm3, &state.inflow_hm3, &state.arrived_hm3,
          &state.turbined_hm3, &state.spilled_hm3, &state.lowest_hm3}) {
        column->assign(n, 0.0);
    }
    if (plants.reservoir.empty()) {
        return state;
    }
    std::vector<double> let_out_m3_per_s(n, 0.0);
    for (const std::size_t k : order_by_water(plants)) {
        const Reservoir& r = plants.reservoir[k];
        double in_m3_per_s = inflow_m3_per_s(r, axis, first_step);
        if (r.upstream >= 0) {
            const double arriving = let_out_m3_per_s[static_cast<std::size_t>(r.upstream)];
            const auto steps = static_cast<std::size_t>(std::lround(r.delay_h / axis.dt_h()));
            state.under_way_m3_per_s[k].assign(steps, arriving);
            in_m3_per_s += arriving;
        }
        state.volume_hm3[k] = initial_volume_hm3(r, axis, first_step);
        state.initial_hm3[k] = state.volume_hm3[k];
        state.lowest_hm3[k] = state.volume_hm3[k];
        let_out_m3_per_s[k] =
            usual_release_m3_per_s(plants, k, axis, first_step, in_m3_per_s, state.volume_hm3[k]);
    }
    return state;
}

void take_over_water(const WaterState& before, std::size_t row, double dt_h, WaterState& now,
                     std::size_t k) {
    now.volume_hm3[k] = before.volume_hm3[row];
    now.initial_hm3[k] = before.initial_hm3[row];
    now.inflow_hm3[k] = before.inflow_hm3[row];
    now.arrived_hm3[k] = before.arrived_hm3[row];
    now.turbined_hm3[k] = before.turbined_hm3[row];
    now.spilled_hm3[k] = before.spilled_hm3[row];
    now.lowest_hm3[k] = before.lowest_hm3[row];
    std::vector<double>& queue = now.under_way_m3_per_s[k];
    std::ranges::fill(queue, 0.0);
    const std::vector<double>& was_under_way = before.under_way_m3_per_s[row];
    for (std::size_t i = 0; i < was_under_way.size(); ++i) {
        if (queue.empty()) {
            now.volume_hm3[k] += hm3_of(was_under_way[i], dt_h);
            now.arrived_hm3[k] += hm3_of(was_under_way[i], dt_h);
        } else {
            queue[std::min(i, queue.size() - 1)] += was_under_way[i];
        }
    }
}

double energy_of_water_mwh_per_hm3(const Reservoir& r, double volume_hm3) {
    const double empty_m = r.head_empty_m > 0 ? r.head_empty_m : r.head_m;
    const double share = r.v_max_hm3 > 0 ? std::clamp(volume_hm3 / r.v_max_hm3, 0.0, 1.0) : 1.0;
    const double head_m = std::lerp(empty_m, r.head_m, share);
    return 1000.0 * 9.81 * head_m * r.efficiency * m3_per_hm3 / 3.6e9; // J/hm³ to MWh
}

void plan_water(const HydroPlants& plants, const WaterState& state, const TimeAxis& axis,
                StepRange range, HydroDay& out) {
    compute_hydro_day(plants, axis, range, out);
    if (plants.reservoir.empty() || range.count == 0) {
        return;
    }
    const double hours = static_cast<double>(range.count) * axis.dt_h();
    std::vector<double> release_m3_per_s(plants.size(), 0.0);
    for (const std::size_t k : order_by_water(plants)) {
        const Reservoir& r = plants.reservoir[k];
        if (!r.has_water()) {
            continue;
        }
        const double share = plants.city_share[k];
        const double of_water = energy_of_water_mwh_per_hm3(r, state.volume_hm3[k]);
        double in = 0;
        double planned_mwh = 0; // of the whole plant
        for (std::size_t t = range.first; t < range.last(); ++t) {
            in += inflow_m3_per_s(r, axis, t) / static_cast<double>(range.count);
            planned_mwh +=
                std::min(plants.mean_mw[k][axis.middle(t).month - 1], plants.p_rated_mw[k]) *
                axis.dt_h();
        }
        if (r.upstream >= 0) {
            in += expect_arrivals(state, k, range.count,
                                  release_m3_per_s[static_cast<std::size_t>(r.upstream)]);
        }
        double planned = m3_per_s_of(planned_mwh / of_water, hours);
        if (has_targets(r)) {
            // With the guide, and back to it: a pond within days, a lake within a month.
            const double days_back =
                std::clamp(0.5 * r.v_max_hm3 / std::max(1e-9, hm3_of(in, 24.0)), 1.0, 30.0);
            const double guide_hm3 = r.v_max_hm3 * target_at(r, axis, range.first);
            const double guide_next_hm3 = r.v_max_hm3 * target_at(r, axis, range.last());
            planned = in + m3_per_s_of(guide_hm3 - guide_next_hm3, hours) +
                      m3_per_s_of(state.volume_hm3[k] - guide_hm3, 24.0 * days_back);
        }
        const double turbine_max = m3_per_s_of(plants.p_rated_mw[k] / of_water, 1.0);
        const Release release =
            choose_release(r, planned, in, turbine_max, state.volume_hm3[k], hours);
        release_m3_per_s[k] = release.turbine_m3_per_s + release.spill_m3_per_s;
        const double energy_mwh = hm3_of(release.turbine_m3_per_s, hours) * of_water;
        const double mean_mw = energy_mwh / hours;
        const double steady_mw = (1.0 - plants.flexible_share[k]) * mean_mw;
        out.energy_mwh[k] = share * energy_mwh;
        out.base_mw[k] = share * std::min(mean_mw, std::max(steady_mw, plants.p_min_mw[k]));
        out.p_max_mw[k] = share * plants.p_rated_mw[k];
    }
}

void pass_planned_water(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                        const HydroDay& plan, WaterState& state) {
    Series p_mw(plants.size(), range.count);
    const double hours = static_cast<double>(range.count) * axis.dt_h();
    for (std::size_t t = 0; t < range.count; ++t) {
        for (std::size_t k = 0; k < plants.size(); ++k) {
            p_mw(k, t) = plan.energy_mwh[k] / hours;
        }
    }
    pass_water(plants, axis, range, p_mw, state);
}

double energy_of_volumes_mwh(const HydroPlants& plants, const WaterState& state,
                             std::span<const double> volume_hm3) {
    double energy_mwh = 0;
    std::vector<double> through_hm3(volume_hm3.begin(), volume_hm3.end()); // and from above
    for (const std::size_t k : order_by_water(plants)) {
        const Reservoir& r = plants.reservoir[k];
        if (!r.has_water()) {
            continue;
        }
        if (r.upstream >= 0) {
            through_hm3[k] += through_hm3[static_cast<std::size_t>(r.upstream)];
        }
        energy_mwh += plants.city_share[k] * through_hm3[k] *
                      energy_of_water_mwh_per_hm3(r, state.volume_hm3[k]);
    }
    return energy_mwh;
}

void pass_water(const HydroPlants& plants, const TimeAxis& axis, StepRange range,
                const Series& p_mw, WaterState& state) {
    if (plants.reservoir.empty()) {
        return;
    }
    const double dt_h = axis.dt_h();
    const std::vector<std::size_t> order = order_by_water(plants);
    std::vector<double> of_water(plants.size(), 1.0); // head of the block's first step, as planned
    for (std::size_t k = 0; k < plants.size(); ++k) {
        if (plants.reservoir[k].has_water()) {
            of_water[k] = energy_of_water_mwh_per_hm3(plants.reservoir[k], state.volume_hm3[k]);
        }
    }
    std::vector<double> out_m3_per_s(plants.size());
    for (std::size_t i = 0; i < range.count; ++i) {
        for (const std::size_t k : order) {
            const Reservoir& r = plants.reservoir[k];
            if (!r.has_water()) {
                continue;
            }
            double arriving = 0;
            if (r.upstream >= 0) {
                std::vector<double>& queue = state.under_way_m3_per_s[k];
                const double let_out = out_m3_per_s[static_cast<std::size_t>(r.upstream)];
                if (queue.empty()) {
                    arriving = let_out;
                } else {
                    arriving = queue.front();
                    std::rotate(queue.begin(), queue.begin() + 1, queue.end());
                    queue.back() = let_out;
                }
            }
            const double natural = hm3_of(inflow_m3_per_s(r, axis, range.first + i), dt_h);
            const double arrived = hm3_of(arriving, dt_h);
            const double whole_mw =
                plants.city_share[k] > 0 ? p_mw(k, i) / plants.city_share[k] : 0.0;
            const double turbined = whole_mw * dt_h / of_water[k];
            double& volume = state.volume_hm3[k];
            volume += natural + arrived - turbined;
            const double owed = hm3_of(r.q_min_m3_per_s, dt_h) - turbined;
            double spilled = std::clamp(owed, 0.0, std::max(0.0, volume));
            spilled = std::max(spilled, volume - r.v_max_hm3);
            volume -= spilled;
            state.inflow_hm3[k] += natural;
            state.arrived_hm3[k] += arrived;
            state.turbined_hm3[k] += turbined;
            state.spilled_hm3[k] += spilled;
            state.lowest_hm3[k] = std::min(state.lowest_hm3[k], volume);
            out_m3_per_s[k] = m3_per_s_of(turbined + spilled, dt_h);
        }
    }
}

} // namespace yuanwang::models
