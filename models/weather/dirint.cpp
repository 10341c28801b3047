#include "models/weather/dirint.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "models/weather/decomposition.hpp"
#include "models/weather/dirint_table.hpp"

namespace yuanwang::models {
namespace {

template <std::size_t N>
std::size_t bin_of(const std::array<double, N>& edges, double value) {
    return static_cast<std::size_t>(std::ranges::upper_bound(edges, value) - edges.begin());
}

constexpr std::array<double, 5> clearness_edges = {0.24, 0.40, 0.56, 0.70, 0.80};
constexpr std::array<double, 5> zenith_edges = {25, 40, 55, 70, 80};
constexpr std::array<double, 5> change_edges = {0.015, 0.035, 0.07, 0.15, 0.30};
constexpr std::array<double, 3> water_edges = {1, 2, 3};
constexpr std::size_t change_unknown = 6;
constexpr std::size_t water_unknown = 4;

/// kt' of an hour with light; NaN without.
double clearness_free_of_zenith(const DirintHours& hours, std::size_t t) {
    if (hours.ghi_w_per_m2[t] <= 0 || hours.zenith_degree[t] > 87.0) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double kt =
        clearness_index(hours.ghi_w_per_m2[t], hours.zenith_degree[t], hours.dni_extra_w_per_m2[t]);
    const double am = disc_air_mass(hours.zenith_degree[t], hours.pressure_pa[t]);
    return std::clamp(kt / (1.031 * std::exp(-1.4 / (0.9 + 9.4 / am)) + 0.1), 0.0, 1.0);
}

std::size_t find_change_bin(const std::vector<double>& kt, std::size_t t) {
    double sum = 0;
    int n = 0;
    if (t > 0 && !std::isnan(kt[t - 1])) {
        sum += std::abs(kt[t] - kt[t - 1]);
        ++n;
    }
    if (t + 1 < kt.size() && !std::isnan(kt[t + 1])) {
        sum += std::abs(kt[t + 1] - kt[t]);
        ++n;
    }
    return n > 0 ? bin_of(change_edges, sum / n) : change_unknown;
}

} // namespace

std::vector<double> dirint_dni_w_per_m2(const DirintHours& hours, bool steadiness) {
    const std::size_t n = hours.ghi_w_per_m2.size();
    std::vector<double> kt(n);
    for (std::size_t t = 0; t < n; ++t) {
        kt[t] = clearness_free_of_zenith(hours, t);
    }
    std::vector<double> dni(n);
    for (std::size_t t = 0; t < n; ++t) {
        if (std::isnan(kt[t])) {
            continue;
        }
        const std::size_t change = steadiness ? find_change_bin(kt, t) : change_unknown;
        const std::size_t water =
            hours.dew_point_c.empty()
                ? water_unknown
                : bin_of(water_edges, std::exp(0.07 * hours.dew_point_c[t] - 0.075));
        const std::size_t row =
            ((bin_of(clearness_edges, kt[t]) * 6 + bin_of(zenith_edges, hours.zenith_degree[t])) *
                 7 +
             change) *
                5 +
            water;
        dni[t] = dirint_table[row] *
                 disc_dni_w_per_m2(hours.ghi_w_per_m2[t], hours.zenith_degree[t],
                                   hours.dni_extra_w_per_m2[t], hours.pressure_pa[t]);
    }
    return dni;
}

} // namespace yuanwang::models
