#include "models/weather/clear_sky.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yuanwang::models {
namespace {
constexpr double degree = std::numbers::pi / 180.0;
}

double extraterrestrial_w_per_m2(double distance_au) {
    return solar_constant_w_per_m2 / (distance_au * distance_au);
}

double extraterrestrial_spencer_w_per_m2(unsigned day_of_year, double solar_constant) {
    const double b = 2.0 * std::numbers::pi * (static_cast<double>(day_of_year) - 1.0) / 365.0;
    return solar_constant * (1.00011 + 0.034221 * std::cos(b) + 0.00128 * std::sin(b) +
                             0.000719 * std::cos(2.0 * b) + 0.000077 * std::sin(2.0 * b));
}

double relative_air_mass(double apparent_zenith_degree) {
    const double z = std::min(apparent_zenith_degree, 90.0);
    return 1.0 / (std::cos(z * degree) + 0.50572 * std::pow(96.07995 - z, -1.6364));
}

Irradiance clear_sky_ineichen(double apparent_zenith_degree, double air_mass_absolute,
                              double linke_turbidity, double altitude_m,
                              double dni_extra_w_per_m2) {
    const double cos_z = std::cos(apparent_zenith_degree * degree);
    if (cos_z <= 0) {
        return {};
    }
    const double tl = linke_turbidity;
    const double h = altitude_m;
    const double fh1 = std::exp(-h / 8000.0);
    const double fh2 = std::exp(-h / 1250.0);
    const double cg1 = 5.09e-5 * h + 0.868;
    const double cg2 = 3.92e-5 * h + 0.0387;
    const double b = 0.664 + 0.163 / fh1;

    Irradiance clear;
    clear.ghi_w_per_m2 = cg1 * dni_extra_w_per_m2 * cos_z *
                         std::exp(-cg2 * air_mass_absolute * (fh1 + fh2 * (tl - 1.0)));
    const double beam = dni_extra_w_per_m2 * b * std::exp(-0.09 * air_mass_absolute * (tl - 1.0));
    const double beam_of_global =
        clear.ghi_w_per_m2 * (1.0 - (0.1 - 0.2 * std::exp(-tl)) / (0.1 + 0.882 / fh1)) / cos_z;
    clear.dni_w_per_m2 = std::min(beam, beam_of_global);
    clear.dhi_w_per_m2 = clear.ghi_w_per_m2 - clear.dni_w_per_m2 * cos_z;
    return clear;
}

double linke_turbidity_at(double altitude_m) {
    return 2.2 + 1.8 * std::exp(-altitude_m / 2000.0);
}

Irradiance clear_sky_at(double apparent_zenith_degree, double pressure_pa, double altitude_m,
                        double dni_extra_w_per_m2) {
    return clear_sky_of(apparent_zenith_degree, pressure_pa, linke_turbidity_at(altitude_m),
                        altitude_m, dni_extra_w_per_m2);
}

Irradiance clear_sky_of(double apparent_zenith_degree, double pressure_pa, double linke_turbidity,
                        double altitude_m, double dni_extra_w_per_m2) {
    constexpr double clearest = 0.88;
    const double air_mass = relative_air_mass(apparent_zenith_degree) * pressure_pa / 101325.0;
    Irradiance clear = clear_sky_ineichen(apparent_zenith_degree, air_mass, linke_turbidity,
                                          altitude_m, dni_extra_w_per_m2);
    const double cos_z = std::cos(apparent_zenith_degree * degree);
    const double bound = clearest * dni_extra_w_per_m2 * cos_z;
    if (cos_z > 0 && clear.ghi_w_per_m2 > bound) {
        clear.ghi_w_per_m2 = bound;
        clear.dni_w_per_m2 = std::min(clear.dni_w_per_m2, bound / cos_z);
        clear.dhi_w_per_m2 = bound - clear.dni_w_per_m2 * cos_z;
    }
    return clear;
}

} // namespace yuanwang::models
