#include "models/source/photovoltaic.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::models {

SapmThermal sapm_thermal(Mounting mounting) {
    switch (mounting) {
    case Mounting::open_rack_glass_glass:
        return {-3.47, -0.0594, 3.0};
    case Mounting::open_rack_glass_polymer:
        return {-3.56, -0.0750, 3.0};
    case Mounting::close_mount_glass_glass:
        return {-2.98, -0.0471, 1.0};
    }
    return {-3.47, -0.0594, 3.0};
}

double module_temperature_sapm_c(const SapmThermal& thermal, double poa_w_per_m2, double air_c,
                                 double wind_m_per_s) {
    return poa_w_per_m2 * std::exp(thermal.a + thermal.b * wind_m_per_s) + air_c;
}

double cell_temperature_sapm_c(const SapmThermal& thermal, double poa_w_per_m2, double air_c,
                               double wind_m_per_s) {
    return module_temperature_sapm_c(thermal, poa_w_per_m2, air_c, wind_m_per_s) +
           poa_w_per_m2 / 1000.0 * thermal.delta_t_k;
}

double cell_temperature_pvsyst_c(double poa_w_per_m2, double air_c, double wind_m_per_s, double uc,
                                 double uv, double efficiency, double absorption) {
    return air_c + poa_w_per_m2 * absorption * (1.0 - efficiency) / (uc + uv * wind_m_per_s);
}

double module_temperature_faiman_c(double poa_w_per_m2, double air_c, double wind_m_per_s,
                                   double u0, double u1) {
    return air_c + poa_w_per_m2 / (u0 + u1 * wind_m_per_s);
}

double pvwatts_dc(double poa_w_per_m2, double cell_c, double peak, double gamma_per_k) {
    return peak * poa_w_per_m2 * 0.001 * (1.0 + gamma_per_k * (cell_c - 25.0));
}

double combine_losses(std::span<const double> losses) {
    double kept = 1.0;
    for (const double loss : losses) {
        kept *= 1.0 - loss;
    }
    return 1.0 - kept;
}

double pvwatts_inverter_ac(double dc, double dc0, double efficiency_nominal) {
    if (dc <= 0) {
        return 0;
    }
    const double zeta = dc / dc0;
    const double efficiency =
        efficiency_nominal / 0.9637 * (-0.0162 * zeta - 0.0059 / zeta + 0.9858);
    return std::clamp(efficiency * dc, 0.0, efficiency_nominal * dc0);
}

double incidence_modifier_ashrae(double cos_incidence, double b0) {
    if (cos_incidence <= 0) {
        return 0;
    }
    return std::max(0.0, 1.0 - b0 * (1.0 / cos_incidence - 1.0));
}

} // namespace yuanwang::models
