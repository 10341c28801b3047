#include "models/load/potline.hpp"

#include <cmath>

namespace yuanwang::models {

PotlineCells make_cells(const Potlines& lines) {
    PotlineCells cells;
    for (std::size_t k = 0; k < lines.size(); ++k) {
        const double n = lines.n_cell.empty() ? 0.0 : lines.n_cell[k];
        const double efficiency = n > 0 ? lines.current_efficiency[k] : 1.0;
        const double t_per_day = n > 0 ? lines.production_t_per_year[k] / 365.0 / n : 0.0;
        cells.n_cell.push_back(n);
        cells.current_ka.push_back(cell_current_ka(t_per_day, efficiency));
        cells.voltage_v.push_back(cell_voltage_v(lines.dc_kwh_per_t[k], efficiency));
        cells.external_v.push_back(n > 0 ? lines.external_v[k] : 0.0);
        cells.current_efficiency.push_back(efficiency);
        cells.modulation_share.push_back(lines.modulation_share[k]);
        cells.window_k.push_back(n > 0 ? lines.window_k[k] : 0.0);
        cells.heat_capacity_kwh_per_k.push_back(n > 0 ? lines.heat_capacity_kwh_per_k[k] : 1.0);
        cells.loss_kw_per_k.push_back(n > 0 ? lines.loss_kw_per_k[k] : 0.0);
    }
    return cells;
}

double potline_ac_per_dc(const Potlines& lines, std::size_t k) {
    return (1.0 + lines.auxiliary_share[k]) / lines.rectifier_efficiency[k];
}

double current_at_power_ka(const PotlineCells& cells, std::size_t k, double dc_mw) {
    // n (E + R I) I = P,   E = V(0), R = (V_n − E)/I_n
    const double e_v = voltage_at_v(cells, k, 0.0);
    const double r = (cells.voltage_v[k] - e_v) / cells.current_ka[k];
    const double p_kw = 1000.0 * dc_mw / cells.n_cell[k];
    return (std::sqrt(e_v * e_v + 4.0 * r * p_kw) - e_v) / (2.0 * r);
}

double bath_keep(const PotlineCells& cells, std::size_t k, double dt_h) {
    return std::exp(-cells.loss_kw_per_k[k] / cells.heat_capacity_kwh_per_k[k] * dt_h);
}

double bath_k_per_mwh(const PotlineCells& cells, std::size_t k, double dt_h) {
    const double current_ka = cells.current_ka[k];
    const double top_ka = current_ka * (1.0 + cells.modulation_share[k]);
    const double heat_kw = cell_heat_kw(cells, k, top_ka) - cell_heat_kw(cells, k, current_ka);
    const double power_kw = 1000.0 / cells.n_cell[k] *
                            (dc_power_mw(cells, k, top_ka) - dc_power_mw(cells, k, current_ka));
    const double share = power_kw > 0 ? heat_kw / power_kw : 0.0;
    const double g = cells.loss_kw_per_k[k];
    const double k_per_kw =
        g > 0 ? (1.0 - bath_keep(cells, k, dt_h)) / g : dt_h / cells.heat_capacity_kwh_per_k[k];
    return share * k_per_kw / dt_h * 1000.0 / cells.n_cell[k];
}

void compute_potlines(const Potlines& lines, StepRange range, Series& p_mw) {
    p_mw.reshape(lines.size(), range.count);
    for (std::size_t k = 0; k < lines.size(); ++k) {
        const double dc_mw =
            lines.production_t_per_year[k] * lines.dc_kwh_per_t[k] / 8760.0 / 1000.0;
        const double ac_mw =
            dc_mw / lines.rectifier_efficiency[k] * (1.0 + lines.auxiliary_share[k]);
        for (std::size_t i = 0; i < range.count; ++i) {
            p_mw(k, i) = ac_mw;
        }
    }
}

} // namespace yuanwang::models
