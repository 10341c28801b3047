#include "models/load/potline.hpp"

namespace yuanwang::models {

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
