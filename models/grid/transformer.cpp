#include "models/grid/transformer.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

namespace yuanwang::models {

namespace {

using Complex = std::complex<double>;

Complex short_circuit(double uk_percent, double ukr_percent) {
    const double z = uk_percent / 100;
    const double r = ukr_percent / 100;
    return {r, std::copysign(std::sqrt(std::max(0.0, z * z - r * r)), z)};
}

/// Admittance of the no-load current: its real part is the iron loss, the rest magnetises.
Complex no_load(double i0_percent, double p_iron_kw, double rate_mva) {
    const double y = i0_percent / 100;
    const double g = p_iron_kw / (1000 * rate_mva);
    return {g, -std::sqrt(std::max(0.0, y * y - g * g))};
}

} // namespace

TransformerModel make_two_winding(const TwoWindingPlate& plate) {
    const Complex z = short_circuit(plate.uk_percent, plate.ukr_percent);
    const Complex y = no_load(plate.i0_percent, plate.p_iron_kw, plate.rate_mva);
    return {.r_pu = z.real(), .x_pu = z.imag(), .g_pu = y.real(), .b_pu = y.imag()};
}

StarModel make_three_winding(const ThreeWindingPlate& plate) {
    const auto on_hv = [&](double uk, double ukr, double s1_mva, double s2_mva) {
        return short_circuit(uk, ukr) * (plate.rate_hv_mva / std::min(s1_mva, s2_mva));
    };
    const Complex hm =
        on_hv(plate.uk_hm_percent, plate.ukr_hm_percent, plate.rate_hv_mva, plate.rate_mv_mva);
    const Complex hl =
        on_hv(plate.uk_hl_percent, plate.ukr_hl_percent, plate.rate_hv_mva, plate.rate_lv_mva);
    const Complex ml =
        on_hv(plate.uk_ml_percent, plate.ukr_ml_percent, plate.rate_mv_mva, plate.rate_lv_mva);
    const Complex h = (hm + hl - ml) / 2.0;
    const Complex m = (hm + ml - hl) / 2.0;
    const Complex l = (hl + ml - hm) / 2.0;
    const Complex y = no_load(plate.i0_percent, plate.p_iron_kw, plate.rate_hv_mva);
    return {.r_hv_pu = h.real(),
            .x_hv_pu = h.imag(),
            .r_mv_pu = m.real(),
            .x_mv_pu = m.imag(),
            .r_lv_pu = l.real(),
            .x_lv_pu = l.imag(),
            .g_pu = y.real(),
            .b_pu = y.imag()};
}

} // namespace yuanwang::models
