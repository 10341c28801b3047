#include "models/weather/decomposition.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yuanwang::models {
namespace {

constexpr double degree = std::numbers::pi / 180.0;
constexpr double no_beam_from_degree = 88.0;
constexpr double least_cos_zenith = 0.065;

/// Kasten 1966, the air mass DISC was fitted with.
double air_mass_kasten_1966(double zenith_degree) {
    return 1.0 /
           (std::cos(zenith_degree * degree) + 0.15 * std::pow(93.885 - zenith_degree, -1.253));
}

} // namespace

double clearness_index(double ghi_w_per_m2, double zenith_degree, double dni_extra_w_per_m2) {
    const double cos_z = std::max(std::cos(zenith_degree * degree), least_cos_zenith);
    return std::clamp(ghi_w_per_m2 / (dni_extra_w_per_m2 * cos_z), 0.0, 1.0);
}

double erbs_diffuse_fraction(double kt) {
    if (kt <= 0.22) {
        return 1.0 - 0.09 * kt;
    }
    if (kt <= 0.8) {
        return 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)));
    }
    return 0.165;
}

Irradiance decompose_erbs(double ghi_w_per_m2, double zenith_degree, double dni_extra_w_per_m2) {
    const double cos_z = std::cos(zenith_degree * degree);
    if (cos_z <= 0) {
        return {ghi_w_per_m2, 0.0, ghi_w_per_m2};
    }
    const double kt = clearness_index(ghi_w_per_m2, zenith_degree, dni_extra_w_per_m2);
    const double dhi = ghi_w_per_m2 * erbs_diffuse_fraction(kt);
    return {ghi_w_per_m2, (ghi_w_per_m2 - dhi) / cos_z, dhi};
}

double disc_air_mass(double zenith_degree, double pressure_pa) {
    return std::min(air_mass_kasten_1966(zenith_degree) * pressure_pa / 101325.0, 12.0);
}

double disc_dni_w_per_m2(double ghi_w_per_m2, double zenith_degree, double dni_extra_w_per_m2,
                         double pressure_pa) {
    if (zenith_degree > 87.0 || ghi_w_per_m2 <= 0) {
        return 0;
    }
    const double kt = clearness_index(ghi_w_per_m2, zenith_degree, dni_extra_w_per_m2);
    const double am = disc_air_mass(zenith_degree, pressure_pa);
    double a = 0;
    double b = 0;
    double c = 0;
    if (kt <= 0.6) {
        a = 0.512 + kt * (-1.56 + kt * (2.286 - kt * 2.222));
        b = 0.37 + 0.962 * kt;
        c = -0.28 + kt * (0.932 - kt * 2.048);
    } else {
        a = -5.743 + kt * (21.77 + kt * (-27.49 + kt * 11.56));
        b = 41.4 + kt * (-118.5 + kt * (66.05 + kt * 31.9));
        c = -47.01 + kt * (184.2 + kt * (-222.0 + kt * 73.81));
    }
    const double knc = 0.866 + am * (-0.122 + am * (0.0121 + am * (-0.000653 + am * 1.4e-5)));
    return std::max(0.0, dni_extra_w_per_m2 * (knc - (a + b * std::exp(c * am))));
}

Irradiance close_irradiance(double ghi_w_per_m2, double dhi_w_per_m2, double zenith_degree,
                            double dni_cap_w_per_m2) {
    const double cos_z = std::cos(zenith_degree * degree);
    const double dhi = std::clamp(dhi_w_per_m2, 0.0, ghi_w_per_m2);
    if (zenith_degree >= no_beam_from_degree) {
        return {ghi_w_per_m2, 0.0, ghi_w_per_m2};
    }
    const double dni = std::min((ghi_w_per_m2 - dhi) / cos_z, dni_cap_w_per_m2);
    return {ghi_w_per_m2, dni, std::max(0.0, ghi_w_per_m2 - dni * cos_z)};
}

} // namespace yuanwang::models
