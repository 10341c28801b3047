#include "models/weather/horizon.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace yuanwang::models {

double horizon_elevation_degree(const Horizon& horizon, double azimuth_degree) {
    if (horizon.free()) {
        return 0;
    }
    const std::vector<double>& at = horizon.azimuth_degree;
    const std::vector<double>& h = horizon.elevation_degree;
    const double a = azimuth_degree - 360.0 * std::floor(azimuth_degree / 360.0);
    const auto above = std::ranges::upper_bound(at, a);
    const std::size_t last = at.size() - 1;
    const auto j = static_cast<std::size_t>(above - at.begin());
    const std::size_t from = j == 0 ? last : j - 1;
    const std::size_t to = j > last ? 0 : j;
    const double start = j == 0 ? at[last] - 360.0 : at[from];
    const double end = j > last ? at[0] + 360.0 : at[to];
    return end > start ? std::lerp(h[from], h[to], (a - start) / (end - start)) : h[from];
}

double horizon_sky_share(const Horizon& horizon) {
    if (horizon.free()) {
        return 1;
    }
    double hidden = 0;
    for (int a = 0; a < 360; ++a) {
        const double h = horizon_elevation_degree(horizon, a + 0.5) * std::numbers::pi / 180.0;
        hidden += std::sin(h) * std::sin(h) / 360.0;
    }
    return 1.0 - hidden;
}

} // namespace yuanwang::models
