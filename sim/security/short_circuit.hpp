/// @file
/// Three- and two-phase short circuits at every bus (IEC 60909-0:2016, GB/T 15544.1-2023).
///
///     I"k3 = c U_n / (√3 |Z_ii|) + 1/|Z_ii| Σ_j |Z_ij| I_skPF,j          initial symmetrical current
///     i_p  = κ √2 I"k3,PFO + √2 I"k3,PF,   κ = 1.02 + 0.98 exp(−3 R/X)   peak; R/X = 0.4 R_c/X_c at 20 Hz (method C)
///     I_b  = I"k3 − Σ ΔU"_G/c (1 − μ) I"kG − Σ ΔU"_M/c (1 − μ q) I"kM    symmetrical breaking current, meshed
///     I_th = I"k3 √(m + n),   m = (exp(4 f T ln(κ − 1)) − 1) / (2 f T ln(κ − 1)),   n = 1
///     I"k2 = √3/2 I"k3                                                   Z(2) = Z(1)
///
///     Z_ij   [n × n]  impedance matrix of the positive sequence, corrected (short_circuit_impedance.hpp)   pu
///     I      [n_bus]  currents                                                                             kA
///     S"k    [n_bus]  √3 U_n I"k3                                                                          MVA
///
/// μ and q are the decay of machines and motors until `breaking_time_s` (equations 67 to 70 of the standard). Plants behind
/// full-size converters are current sources I_skPF; so are, for want of their own data, wind turbines with doubly-fed
/// machines. The smallest currents leave motors and converters out. n = 1 is the far-from-generator value and the safe
/// side near one. Loads that do not rotate, line charging, shunts and the state before the fault play no part.
/// Frequency 50 Hz. Steady-state currents I_k are not computed.
#pragma once

#include <vector>

#include "network/network.hpp"
#include "security/fault_matrix.hpp"
#include "security/fault_sources.hpp"

namespace yuanwang::security {

struct ShortCircuitOptions {
    FaultLevel level = FaultLevel::maximum;
    double breaking_time_s =
        0.1; ///< least time until the contacts part: 0.02, 0.05, 0.1 or above 0.25
    double thermal_time_s = 1;  ///< duration of I_th
    std::vector<BranchIdx> out; ///< branches taken out beside those not in service
};

/// Columns over the written buses; 0 where no source reaches a bus.
struct ShortCircuitCurrents {
    Column<BusIdx, double> ik3_ka;
    Column<BusIdx, double> ik2_ka;
    Column<BusIdx, double> ip_ka;
    Column<BusIdx, double> ib_ka;
    Column<BusIdx, double> ith_ka;
    Column<BusIdx, double> sk_mva;
    Column<BusIdx, double> r_over_x;
    Column<BusIdx, double> converter_ka; ///< share of I"k3 that converters bring
};

/// Every bus in turn. Cost: two factorisations, two solutions per bus.
[[nodiscard]] ShortCircuitCurrents compute_short_circuits(const network::Grid& grid,
                                                          const network::Network& network,
                                                          const FaultSources& sources,
                                                          const ShortCircuitOptions& options = {});

/// Impedances of feeders, machines and (at the maximum) motors, as the matrix takes them, in this order. `for_peak` takes
/// R_Gf for the resistance of machines.
[[nodiscard]] std::vector<FaultMatrix::Source>
list_fault_impedances(const network::Network& network, const FaultSources& sources,
                      FaultLevel level, bool for_peak = false);

/// Decay of a machine's current until contacts part; `ratio` is I"kG over its rated current. Between the times of the
/// standard the shorter one holds, which errs to the safe side.
[[nodiscard]] double breaking_decay(double ratio, double time_s);
/// Further decay of a motor; `mw_per_pole_pair` its rated power by pair of poles.
[[nodiscard]] double motor_decay(double mw_per_pole_pair, double time_s);

} // namespace yuanwang::security
