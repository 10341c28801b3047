/// @file
/// Potline (electrolytic aluminium): tonnes a year × DC kWh/t / rectifier efficiency + auxiliaries.
///
///     p = production_t_per_year dc_kwh_per_t/8760/1000/rectifier_efficiency (1 + auxiliary_share)           MW
#pragma once

#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_line].
struct Potlines {
    std::vector<double> production_t_per_year;
    std::vector<double> dc_kwh_per_t;
    std::vector<double> rectifier_efficiency;
    std::vector<double> auxiliary_share;
    std::vector<double> modulation_share; ///< how far the current may be moved, ± share
    [[nodiscard]] std::size_t size() const { return production_t_per_year.size(); }
    friend bool operator==(const Potlines&, const Potlines&) = default;
};

/// Demand of every potline, the same in every step; `p_mw` becomes [n_line × range.count].
void compute_potlines(const Potlines& lines, StepRange range, Series& p_mw);

} // namespace yuanwang::models
