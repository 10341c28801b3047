#include "models/source/inverter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

/// Efficiency at an AC load; flat outside the points.
double efficiency_at(const Inverter& inverter, double load) {
    const std::vector<double>& x = inverter.curve_load;
    const std::vector<double>& y = inverter.curve_efficiency;
    const auto above = std::ranges::upper_bound(x, load);
    if (above == x.begin()) {
        return y.front();
    }
    if (above == x.end()) {
        return y.back();
    }
    const auto j = static_cast<std::size_t>(above - x.begin());
    return std::lerp(y[j - 1], y[j], (load - x[j - 1]) / (x[j] - x[j - 1]));
}

} // namespace

double inverter_limit(const Inverter& inverter, double pressure_pa) {
    const double above_m = altitude_of_pressure_m(pressure_pa) - inverter.derating_from_m;
    return std::clamp(1.0 - inverter.derating_per_km * std::max(0.0, above_m) / 1000.0, 0.0, 1.0);
}

double invert_by_curve(const Inverter& inverter, double dc_mw, double rated_mw) {
    double ac_mw = dc_mw;
    for (int i = 0; i < 8; ++i) { // the efficiency at the AC power it leads to; contracts quickly
        ac_mw = dc_mw * efficiency_at(inverter, ac_mw / rated_mw);
    }
    return ac_mw;
}

} // namespace yuanwang::models
