#include "models/load/potline_cell.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yuanwang::models {
namespace {

constexpr double rest_v = 1.65;            // E
constexpr double metal_v = 1.65;           // of E_Al
constexpr double metal_v_per_share = 0.48; // of E_Al
constexpr double kg_per_kah = 26.9815e-3 / (3.0 * 96485.33) * 1000.0 * 3600.0;

double resistance_mohm(const PotlineCells& lines, std::size_t k) {
    return (lines.voltage_v[k] - rest_v) / lines.current_ka[k];
}

/// q = R I² + b I.
double heat_slope_v(const PotlineCells& lines, std::size_t k) {
    return rest_v - metal_v - metal_v_per_share * lines.current_efficiency[k] - lines.external_v[k];
}

/// Larger current at which a cell keeps this heat; 0 where none does.
double current_at_heat_ka(const PotlineCells& lines, std::size_t k, double heat_kw) {
    const double r = resistance_mohm(lines, k);
    const double b = heat_slope_v(lines, k);
    const double discriminant = b * b + 4.0 * r * heat_kw;
    return discriminant > 0 ? (std::sqrt(discriminant) - b) / (2.0 * r) : 0.0;
}

double surplus_kw(const PotlineCells& lines, std::size_t k, double current_ka) {
    return cell_heat_kw(lines, k, current_ka) - cell_heat_kw(lines, k, lines.current_ka[k]);
}

struct Response {
    double kept;     ///< of ϑ over a step
    double k_per_kw; ///< of a surplus that stands over a step
};

Response respond(const PotlineCells& lines, std::size_t k, double dt_h) {
    const double rate_per_h = lines.loss_kw_per_k[k] / lines.heat_capacity_kwh_per_k[k];
    const double gone = -std::expm1(-rate_per_h * dt_h);
    return {.kept = 1.0 - gone,
            .k_per_kw = rate_per_h > 0 ? gone / lines.loss_kw_per_k[k]
                                       : dt_h / lines.heat_capacity_kwh_per_k[k]};
}

} // namespace

double metal_kg_per_ka_day() {
    return 24.0 * kg_per_kah;
}

double dc_energy_kwh_per_t(double voltage_v, double current_efficiency) {
    return 1000.0 * voltage_v / (kg_per_kah * current_efficiency);
}

double cell_voltage_v(double dc_kwh_per_t, double current_efficiency) {
    return dc_kwh_per_t * kg_per_kah * current_efficiency / 1000.0;
}

double cell_current_ka(double t_per_day, double current_efficiency) {
    return 1000.0 * t_per_day / (metal_kg_per_ka_day() * current_efficiency);
}

double voltage_at_v(const PotlineCells& lines, std::size_t k, double current_ka) {
    return rest_v + resistance_mohm(lines, k) * current_ka;
}

double dc_power_mw(const PotlineCells& lines, std::size_t k, double current_ka) {
    return lines.n_cell[k] * voltage_at_v(lines, k, current_ka) * current_ka / 1000.0;
}

double metal_t_per_h(const PotlineCells& lines, std::size_t k, double current_ka) {
    return lines.n_cell[k] * kg_per_kah * current_ka * lines.current_efficiency[k] / 1000.0;
}

double cell_heat_kw(const PotlineCells& lines, std::size_t k, double current_ka) {
    return (resistance_mohm(lines, k) * current_ka + heat_slope_v(lines, k)) * current_ka;
}

double advance_bath_k(const PotlineCells& lines, std::size_t k, double bath_k, double current_ka,
                      double dt_h) {
    const Response response = respond(lines, k, dt_h);
    return response.kept * bath_k + response.k_per_kw * surplus_kw(lines, k, current_ka);
}

CurrentRange current_range(const PotlineCells& lines, std::size_t k, double bath_k, double dt_h) {
    const Response response = respond(lines, k, dt_h);
    const double low_ka = (1.0 - lines.modulation_share[k]) * lines.current_ka[k];
    const double high_ka = (1.0 + lines.modulation_share[k]) * lines.current_ka[k];
    const double rest_kw = cell_heat_kw(lines, k, lines.current_ka[k]);
    const auto current_to = [&](double edge_k) {
        const double surplus = (edge_k - response.kept * bath_k) / response.k_per_kw;
        return std::clamp(current_at_heat_ka(lines, k, rest_kw + surplus), low_ka, high_ka);
    };
    return {.min_ka = current_to(-lines.window_k[k]), .max_ka = current_to(lines.window_k[k])};
}

double hold_h(const PotlineCells& lines, std::size_t k, double bath_k, double current_ka) {
    const double surplus = surplus_kw(lines, k, current_ka);
    const double g = lines.loss_kw_per_k[k];
    const double slope_kw = surplus - g * bath_k; // where the bath is heading
    const double edge_k = std::copysign(lines.window_k[k], slope_kw);
    const double slope_at_edge_kw = surplus - g * edge_k;
    if (slope_kw == 0 || slope_kw * slope_at_edge_kw <= 0) {
        return std::numeric_limits<double>::infinity();
    }
    const double c = lines.heat_capacity_kwh_per_k[k];
    return g > 0 ? c / g * std::log(slope_kw / slope_at_edge_kw) : c * (edge_k - bath_k) / slope_kw;
}

} // namespace yuanwang::models
