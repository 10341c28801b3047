#include "dispatch/rules/commitment.hpp"

#include <algorithm>
#include <numeric>

namespace yuanwang::dispatch {

namespace {

constexpr double tiny_mw = 1e-9;

std::vector<std::size_t> order_plants(const Thermals& thermals, bool heating_season) {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < thermals.size(); ++k) {
        if (thermals.counts_as_thermal[k]) {
            order.push_back(k);
        }
    }
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        const bool heat_a = heating_season && thermals.chp[a];
        const bool heat_b = heating_season && thermals.chp[b];
        if (heat_a != heat_b) {
            return heat_a;
        }
        return thermals.price_cny_per_mwh[a] < thermals.price_cny_per_mwh[b];
    });
    return order;
}

} // namespace

void commit_minimum(const Thermals& thermals, double minimum_mw, bool heating_season,
                    std::span<double> units_on, std::span<double> p_mw) {
    std::ranges::fill(units_on, 0.0);
    std::ranges::fill(p_mw, 0.0);
    if (minimum_mw <= tiny_mw) {
        return;
    }
    const std::vector<std::size_t> order = order_plants(thermals, heating_season);
    double least_mw = 0;
    double most_mw = 0;
    const auto start_unit = [&](std::size_t k) {
        units_on[k] += 1;
        least_mw += thermals.unit_p_min_mw[k];
        most_mw += thermals.unit_p_max_mw[k];
    };
    for (const std::size_t k : order) {
        while (units_on[k] < thermals.units[k] &&
               (most_mw <= 0 || least_mw + thermals.unit_p_min_mw[k] <= minimum_mw + tiny_mw)) {
            start_unit(k);
        }
    }
    for (const std::size_t k : order) {
        while (units_on[k] < thermals.units[k] && most_mw < minimum_mw - tiny_mw) {
            start_unit(k);
        }
    }
    const double above_mw = std::clamp(minimum_mw - least_mw, 0.0, most_mw - least_mw);
    const double share = most_mw > least_mw ? above_mw / (most_mw - least_mw) : 0.0;
    for (const std::size_t k : order) {
        const double room_mw = thermals.unit_p_max_mw[k] - thermals.unit_p_min_mw[k];
        p_mw[k] = units_on[k] * (thermals.unit_p_min_mw[k] + share * room_mw);
    }
}

void keep_heat_band(const Thermals& thermals, std::span<const double> least_mw,
                    std::span<const double> most_mw, double minimum_mw, std::span<double> units_on,
                    std::span<double> p_mw) {
    double sum_mw = 0;
    for (std::size_t k = 0; k < thermals.size(); ++k) {
        const double wanted_mw = std::min(least_mw[k], most_mw[k]);
        while (units_on[k] < thermals.units[k] &&
               units_on[k] * thermals.unit_p_max_mw[k] < wanted_mw - tiny_mw) {
            units_on[k] += 1;
        }
        p_mw[k] = std::max({p_mw[k], wanted_mw, units_on[k] * thermals.unit_p_min_mw[k]});
        p_mw[k] = std::min(p_mw[k], std::max(most_mw[k], units_on[k] * thermals.unit_p_min_mw[k]));
        sum_mw += p_mw[k];
    }
    double over_mw = sum_mw - minimum_mw;
    for (std::size_t k = thermals.size(); k-- > 0 && over_mw > tiny_mw;) {
        const double floor_mw = std::max(least_mw[k], units_on[k] * thermals.unit_p_min_mw[k]);
        const double less_mw = std::clamp(p_mw[k] - floor_mw, 0.0, over_mw);
        p_mw[k] -= less_mw;
        over_mw -= less_mw;
    }
}

} // namespace yuanwang::dispatch
