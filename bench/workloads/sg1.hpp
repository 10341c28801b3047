/// @file
/// Workload SG-1: linear optimal dispatch with storage on a case, every number made from the case by formula.
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

#include "dispatch/program/cycle_flow.hpp"
#include "dispatch/program/program.hpp"
#include "exchange/matpower.hpp"
#include "network/network.hpp"

namespace yuanwang::workloads {

/// What the formulas start from.
struct Sg1Case {
    network::Network grid;        ///< in one part
    BusIdx reference;             ///< of the angles
    std::size_t n_place = 0;      ///< buses that plants are placed at, the first of the grid
    std::vector<double> pd_mw;    ///< [n_bus]
    std::vector<BusIdx> unit_bus; ///< thermal units
    std::vector<double> unit_max_mw;
    std::vector<double> unit_price; ///< mean $/MWh from nothing to Pmax
};

/// The case of a MATPOWER file: all branches in, all generators. Throws `InputError` where one has no polynomial price.
[[nodiscard]] Sg1Case read_sg1_case(const exchange::MatpowerCase& matpower);

/// A workload on a case.
struct Sg1 {
    dispatch::program::System system; ///< without its demand over time
    dispatch::program::FlowGrid grid; ///< the same branches, for engines that know flows and loops
    std::vector<double> pd_mw;        ///< [n_bus]
    double d0_mw = 0;                 ///< sum of Pd
    std::size_t data_center_bus = 0;
    std::size_t n_thermal = 0;
    std::vector<double> thermal_max_mw;
    std::vector<double> thermal_price; ///< $/MWh, without hairs
};

/// SG-1 on a case, limits times `limit_factor`. Throws `InputError` where the grid is in parts or nothing generates.
[[nodiscard]] Sg1 make_sg1(const Sg1Case& c, double limit_factor = 1);

/// The same without a network and with one shed row at 3000 $/MWh (D3).
[[nodiscard]] dispatch::program::System make_copper_plate(const dispatch::program::System& system);

/// Demand, availability, prices and inflow of hours first … first + n_step − 1. The seam is left to the caller;
/// `n_bus` 1 gives the demand of the copper plate.
[[nodiscard]] dispatch::program::Block make_block(const Sg1& sg1, std::size_t first,
                                                  std::size_t n_step, std::size_t n_bus);

/// D1: a week in one program, as empty as full at its ends.
[[nodiscard]] dispatch::program::Block make_d1_block(const Sg1& sg1);
/// D3: a year on the copper plate.
[[nodiscard]] dispatch::program::Block make_d3_block(const Sg1& sg1);

/// Stored energies a run of D2 starts from, MWh.
[[nodiscard]] std::vector<double> half_full(const dispatch::program::System& system);
/// The window of D2 that starts at day `day` from stored energies `e_mwh`.
[[nodiscard]] dispatch::program::Block make_window(const Sg1& sg1, std::size_t day,
                                                   std::span<const double> e_mwh);

} // namespace yuanwang::workloads
