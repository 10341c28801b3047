/// @file
/// Workload SG-1: linear optimal dispatch with storage on a MATPOWER case, every number made from the case by formula.
///
/// Thermal units of the case, 8 PV plants, 6 wind farms, 6 batteries, 3 reservoirs, a data centre, line limits from a
/// base flow; hourly steps, lossless DC network, prices $/MWh with small hairs so that the optimum is unique.
///
/// | run | what                                                                                                    |
/// |-----|---------------------------------------------------------------------------------------------------------|
/// | D1  | hours 4344 … 4511 in one program, cyclic SOC                                                            |
/// | D2  | 365 windows of 48 h, 24 h kept; SOC half full at the start, the end of each window fixed to half full    |
/// | D3  | copper plate, 8760 h in one program, cyclic SOC, one shed row                                           |
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/program/clp_engine.hpp"
#include "exchange/matpower.hpp"

namespace yuanwang::workloads {

/// What the formulas need of a case.
struct Sg1 {
    dispatch::program::System system; ///< without its demand over time
    std::vector<double> pd_mw;        ///< [n_bus]
    double d0_mw = 0;                 ///< sum of Pd
    std::size_t data_center_bus = 0;
    std::size_t n_thermal = 0;
    std::vector<double> thermal_max_mw;
    std::vector<double> thermal_price; ///< $/MWh, without hairs
};

/// SG-1 on a case, limits times `limit_factor`.
[[nodiscard]] Sg1 make_sg1(const exchange::MatpowerCase& matpower, double limit_factor = 1);

/// The same without a network and with one shed row at 3000 $/MWh (D3).
[[nodiscard]] dispatch::program::System make_copper_plate(const dispatch::program::System& system);

/// Demand, availability, prices and inflow of hours first … first + n_step − 1. The seam is left to the caller;
/// `n_bus` 1 gives the demand of the copper plate.
[[nodiscard]] dispatch::program::Block make_block(const Sg1& sg1, std::size_t first,
                                                  std::size_t n_step, std::size_t n_bus);

/// The answer of one D2 window.
struct Window {
    dispatch::program::SolveStatus status = dispatch::program::SolveStatus::rejected;
    double objective = 0;
    double kept_cost = 0; ///< of its first 24 h
    double max_violation_mw = 0;
};

/// D1: one program over 168 h.
[[nodiscard]] dispatch::program::Solution run_d1(const Sg1& sg1);
/// D3: one program over a year.
[[nodiscard]] dispatch::program::Solution run_d3(const Sg1& sg1);
/// The window of D2 that starts at day `day` from stored energies `e_mwh`.
[[nodiscard]] dispatch::program::Block make_window(const Sg1& sg1, std::size_t day,
                                                   std::span<const double> e_mwh);
/// The first `n_window` windows of D2 with one engine; `cold` forgets the model before each.
[[nodiscard]] std::vector<Window> run_d2(const Sg1& sg1, std::size_t n_window, bool cold = false);

} // namespace yuanwang::workloads
