/// @file
/// Short-circuit ratio of converter stations, alone and with all others.
///
///     SCR_i   = S_ac,i / P_i,                       S_ac,i = 1 / |Z_ii|
///     MRSCR_i = S_ac,i / |Σ_j Π_ij P_j|,            Π_ij = Z_ij / Z_ii
///
///     S_ac  [n_station]  three-phase short-circuit power at the connection point without the stations, nominal voltage   MVA
///     P     [n_station]  rated power of the stations                                                                   MW
///     Z     [n × n]      impedance matrix of the grid without the stations, IEC 60909 impedances, c = 1                pu
///
/// MRSCR is the short-circuit ratio of multiple renewable stations (新能源多场站短路比) with equal station voltages; it
/// equals SCR for a station alone, and never exceeds it where impedances have one angle. Station j counts at its rating.
/// Source: Sun, Xu, Xu, Guo, Li, Wang: Definition and criterion of multiple renewable energy stations short-circuit ratio,
/// Proceedings of the CSEE 41(2), 2021; GB/T 40581-2021 takes the same definition.
#pragma once

#include <span>
#include <vector>

#include "security/fault_matrix.hpp"

namespace yuanwang::security {

struct ConverterStations {
    std::vector<BusIdx> bus;  ///< connection point
    std::vector<double> p_mw; ///< rated
    [[nodiscard]] std::size_t size() const { return bus.size(); }
};

/// Columns [n_station]; 0 where no source reaches the station.
struct StrengthRatios {
    std::vector<double> sk_mva; ///< S_ac
    std::vector<double> scr;
    std::vector<double> mrscr;
};

/// Precondition: `matrix` is factorised with everything that feeds faults but the stations, c = 1. One solution per
/// connection point.
[[nodiscard]] StrengthRatios compute_strength(const FaultMatrix& matrix,
                                              const ConverterStations& stations);

} // namespace yuanwang::security
