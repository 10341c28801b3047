#include "models/source/single_diode.hpp"

#include <cmath>
#include <limits>

namespace yuanwang::models {
namespace {

/// Current, its slopes by the junction voltage, and the terminal voltage.
struct Junction {
    double i;
    double di;
    double ddi;
    double v;
};

Junction evaluate(const SingleDiode& module, double vd) {
    const double a = module.thermal_voltage_v;
    const double grown = module.saturation_a * std::exp(vd / a);
    const double i = module.photocurrent_a - (grown - module.saturation_a) - vd / module.shunt_ohm;
    return {.i = i,
            .di = -grown / a - 1.0 / module.shunt_ohm,
            .ddi = -grown / (a * a),
            .v = vd - i * module.series_ohm};
}

struct Value {
    double f;
    double slope;
};

/// Root of a falling function, f(low) ≥ 0 ≥ f(high): Newton, or half the bracket where Newton would leave it.
template <class Function>
double find_root(Function&& function, double low, double high) {
    double x = 0.5 * (low + high);
    for (int i = 0; i < 200; ++i) {
        const auto [f, slope] = function(x);
        (f > 0 ? low : high) = x;
        double next = x - f / slope;
        if (next < low || next > high) {
            next = 0.5 * (low + high);
        }
        const double step = std::abs(next - x);
        x = next;
        if (step <= 2.0 * std::numeric_limits<double>::epsilon() * std::abs(x)) {
            break;
        }
    }
    return x;
}

double open_circuit_junction_v(const SingleDiode& module) {
    const double without_shunt =
        module.thermal_voltage_v * std::log1p(module.photocurrent_a / module.saturation_a);
    return find_root(
        [&](double vd) {
            const Junction at = evaluate(module, vd);
            return Value{at.i, at.di};
        },
        0.0, without_shunt);
}

/// Junction voltage at a terminal voltage between 0 and Voc.
double junction_v(const SingleDiode& module, double voltage_v, double vd_open) {
    return find_root(
        [&](double vd) {
            const Junction at = evaluate(module, vd);
            return Value{voltage_v - at.v, at.di * module.series_ohm - 1.0};
        },
        voltage_v, vd_open);
}

double most_power_junction_v(const SingleDiode& module, double vd_short, double vd_open) {
    const double rs = module.series_ohm;
    return find_root(
        [&](double vd) {
            const Junction at = evaluate(module, vd);
            return Value{at.i + at.di * (at.v - at.i * rs),
                         at.ddi * (at.v - at.i * rs) + 2.0 * at.di * (1.0 - at.di * rs)};
        },
        vd_short, vd_open);
}

} // namespace

DiodePoints solve_points(const SingleDiode& module) {
    if (module.photocurrent_a <= 0) {
        return {};
    }
    const double vd_open = open_circuit_junction_v(module);
    const double vd_short = junction_v(module, 0.0, vd_open);
    const Junction best = evaluate(module, most_power_junction_v(module, vd_short, vd_open));
    return {.voc_v = vd_open,
            .isc_a = evaluate(module, vd_short).i,
            .vmp_v = best.v,
            .imp_a = best.i,
            .pmp_w = best.v * best.i};
}

double current_a(const SingleDiode& module, double voltage_v) {
    if (module.photocurrent_a <= 0) {
        return 0;
    }
    return evaluate(module, junction_v(module, voltage_v, open_circuit_junction_v(module))).i;
}

SingleDiode translate(const SingleDiode& reference, double alpha_a_per_k, double poa_w_per_m2,
                      double cell_c) {
    constexpr double boltzmann_ev_per_k = 8.617333262e-5;
    constexpr double t0 = 298.15;
    constexpr double eg0 = 1.121;
    const double t = cell_c + 273.15;
    const double eg = eg0 * (1.0 - 0.0002677 * (t - t0));
    const double suns = poa_w_per_m2 / 1000.0;
    return {.photocurrent_a = suns * (reference.photocurrent_a + alpha_a_per_k * (t - t0)),
            .saturation_a = reference.saturation_a * std::pow(t / t0, 3) *
                            std::exp((eg0 / t0 - eg / t) / boltzmann_ev_per_k),
            .series_ohm = reference.series_ohm,
            .shunt_ohm = reference.shunt_ohm / suns,
            .thermal_voltage_v = reference.thermal_voltage_v * t / t0};
}

double find_power_w(const ModuleDiode& module, double poa_w_per_m2, double cell_c) {
    if (poa_w_per_m2 < 1.0) { // twilight: the shunt alone takes more than the cell makes
        return 0;
    }
    const SingleDiode reference{module.photocurrent_a, module.saturation_a, module.series_ohm,
                                module.shunt_ohm, module.thermal_voltage_v};
    return solve_points(translate(reference, module.alpha_a_per_k, poa_w_per_m2, cell_c)).pmp_w;
}

} // namespace yuanwang::models
