#include "models/grid/line.hpp"

#include <complex>

namespace yuanwang::models {

namespace {

using Complex = std::complex<double>;

/// sinh(x)/x and tanh(x)/x by their series where x is so small that the quotient would lose digits.
Complex sinh_over(Complex x) {
    return std::abs(x) < 1e-3 ? 1.0 + x * x / 6.0 * (1.0 + x * x / 20.0) : std::sinh(x) / x;
}
Complex tanh_over(Complex x) {
    return std::abs(x) < 1e-3 ? 1.0 - x * x / 3.0 * (1.0 - 0.4 * x * x) : std::tanh(x) / x;
}

} // namespace

LinePi make_line_pi(const LineConstants& constants, double length_km, double reactor_compensation) {
    const Complex z = Complex{constants.r_ohm_per_km, constants.x_ohm_per_km} * length_km;
    const Complex y = Complex{0.0, constants.b_us_per_km * 1e-6} * length_km;
    const Complex gamma_l = std::sqrt(z * y);
    const Complex series = z * sinh_over(gamma_l);
    const Complex end = y / 2.0 * tanh_over(gamma_l / 2.0);
    const double reactor_us = reactor_compensation * constants.b_us_per_km * length_km / 2.0;
    return {.r_ohm = series.real(),
            .x_ohm = series.imag(),
            .g_end_us = end.real() * 1e6,
            .b_end_us = end.imag() * 1e6 - reactor_us};
}

} // namespace yuanwang::models
