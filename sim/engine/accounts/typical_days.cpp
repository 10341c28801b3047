#include "engine/accounts/typical_days.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

namespace yuanwang::engine {

namespace {

double sum_finite(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) {
        sum += std::isnan(value) ? 0.0 : value;
    }
    return sum;
}

} // namespace

void TypicalDays::add(const TimeAxis& time, const BlockResult& result,
                      std::span<const models::WeatherYear> weather) {
    const StepRange steps = result.steps;
    Day day{.steps = steps, .least_net_load_mw = std::numeric_limits<double>::infinity()};
    day.month = time.middle(steps.first).month;
    for (std::size_t t = 0; t < steps.count; ++t) {
        const double demand_mw = result.demand_mw(0, t);
        // the source axis gives an availability to firm plants too: wind and sun are what was
        // used and curtailed of the curtailable ones
        double clean_mw = sum_finite(result.tie_surplus_available_mw.step(t));
        for (std::size_t k = 0; k < result.source_curtailed_mw.n_element(); ++k) {
            if (!std::isnan(result.source_curtailed_mw(k, t))) {
                clean_mw += result.source_available_mw(k, t);
            }
        }
        day.peak_demand_mw = std::max(day.peak_demand_mw, demand_mw);
        day.least_net_load_mw = std::min(day.least_net_load_mw, demand_mw - clean_mw);
        if (time.middle(steps.first + t).hour < 6) {
            day.night_excess_mwh += (clean_mw - demand_mw) * time.dt_h();
        }
        if (!weather.empty()) {
            day.sun_wh_per_m2 += weather.front().ghi_w_per_m2[steps.first + t] * time.dt_h();
        }
    }
    days_.push_back(day);
}

std::vector<Summary::TypicalDay> TypicalDays::pick() const {
    std::size_t longest = 0;
    for (const Day& day : days_) {
        longest = std::max(longest, day.steps.count);
    }
    std::vector<Summary::TypicalDay> picked;
    const auto pick_one = [&](std::string id, Name name, auto is_candidate, auto score) {
        const Day* best = nullptr;
        for (const Day& day : days_) {
            if (day.steps.count == longest && is_candidate(day.month) &&
                (best == nullptr || score(day) > score(*best))) {
                best = &day;
            }
        }
        if (best != nullptr) {
            picked.push_back({std::move(id), std::move(name), best->steps});
        }
    };
    pick_one(
        "winter_peak", {"Winter peak", "冬季高峰日"}, [](unsigned m) { return m == 12 || m <= 2; },
        [](const Day& d) { return d.peak_demand_mw; });
    pick_one(
        "summer_noon", {"Summer noon", "夏季光伏大发日"},
        [](unsigned m) { return m >= 6 && m <= 8; }, [](const Day& d) { return d.sun_wh_per_m2; });
    pick_one(
        "spring_night", {"Spring night", "春季大风夜"}, [](unsigned m) { return m >= 3 && m <= 5; },
        [](const Day& d) { return d.night_excess_mwh; });
    pick_one(
        "lowest_net_load", {"Lowest net load", "净负荷最低日"}, [](unsigned) { return true; },
        [](const Day& d) { return -d.least_net_load_mw; });
    return picked;
}

} // namespace yuanwang::engine
