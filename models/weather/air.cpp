#include "models/weather/air.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::models {

double pressure_at_altitude_pa(double altitude_m) {
    return 100.0 * std::pow((44331.514 - altitude_m) / 11880.516, 1.0 / 0.1902632);
}

double altitude_of_pressure_m(double pressure_pa) {
    return 44331.514 - 11880.516 * std::pow(pressure_pa / 100.0, 0.1902632);
}

double saturation_pressure_pa(double temperature_c) {
    return 610.94 * std::exp(17.625 * temperature_c / (temperature_c + 243.04));
}

double dew_point_c(double vapour_pressure_pa) {
    const double x = std::log(vapour_pressure_pa / 610.94);
    return 243.04 * x / (17.625 - x);
}

double air_density_kg_per_m3(double pressure_pa, double temperature_c, double relative_humidity) {
    const double e = relative_humidity * saturation_pressure_pa(temperature_c);
    return (pressure_pa - 0.378 * e) / (287.05 * (temperature_c + 273.15));
}

double wet_bulb_c(double pressure_pa, double temperature_c, double relative_humidity) {
    const double e = relative_humidity * saturation_pressure_pa(temperature_c);
    const auto excess = [&](double tw) {
        return saturation_pressure_pa(tw) -
               6.6e-4 * (1.0 + 0.00115 * tw) * pressure_pa * (temperature_c - tw) - e;
    };
    double low = temperature_c - 45.0; // drier than any air
    double high = temperature_c;
    for (int i = 0; i < 40; ++i) { // excess grows with tw: 45 K / 2^40 is below round-off
        const double middle = 0.5 * (low + high);
        (excess(middle) > 0 ? high : low) = middle;
    }
    return 0.5 * (low + high);
}

} // namespace yuanwang::models
