/// @file
/// Waste-to-energy plant: tonnes burnt → MWh, must-run.
#pragma once

#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_plant].
struct WastePlants {
    std::vector<double> design_t_per_day; ///< design throughput
    std::vector<double> supply_share;     ///< waste that arrives, share of design, 0…1
    std::vector<double> kwh_per_t;        ///< net electricity per tonne
    std::vector<double> green_share;      ///< biogenic share counted as green, 0…1
    std::vector<double> co2_t_per_mwh;
    [[nodiscard]] std::size_t size() const { return design_t_per_day.size(); }
    friend bool operator==(const WastePlants&, const WastePlants&) = default;
};

/// Output of every plant, the same in every step; `p_mw` becomes [n_plant × range.count].
void compute_waste_power(const WastePlants& plants, StepRange range, Series& p_mw);

} // namespace yuanwang::models
