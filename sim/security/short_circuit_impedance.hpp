/// @file
/// Impedances of a short-circuit calculation with their correction factors.
///
///     Z_Q  = c U_n² / S"kQ                                                  network feeder
///     K_T  = 0.95 c_max / (1 + 0.6 x_T)                                     network transformer, x_T on its rating
///     K_G  = U_n / (U_rG (1 + p_G)) · c_max / (1 + x"d sin φ_rG)            machine at its bus
///     Z_S  = K_S  (t_r² Z_G + Z_THV),  K_S  = U_n²/U_rG² · U_rTLV²/U_rTHV² · c_max / (1 + |x"d − x_T| sin φ_rG)
///     Z_SO = K_SO (t_r² Z_G + Z_THV),  K_SO = U_n/(U_rG (1 + p_G)) · U_rTLV/U_rTHV · (1 − p_T) · c_max / (1 + x"d sin φ_rG)
///     R_Gf = 0.05, 0.07, 0.15 X"d        machines of 100 MVA and more, below 100 MVA, up to 1 kV: for peak currents
///     Z_M  = U_rM² / (S_rM I_LR/I_rM)                                       motor
///
/// All per unit on 100 MVA and the nominal voltage of the bus, as seen from it. Line charging, magnetising branches, shunts
/// and loads that do not rotate are left out, as the standard does; taps stand at their principal position; phase shifts
/// of transformers are left out, for magnitudes only are asked for.
/// Source: IEC 60909-0:2016 (GB/T 15544.1-2023), 6.2 to 6.10; DIN EN 60909-0:2016.
#pragma once

#include <complex>
#include <vector>

#include "network/network.hpp"
#include "security/fault_sources.hpp"

namespace yuanwang::security {

/// c of table 1: above 1 kV 1.1 and 1.0, below 1.05 and 0.95.
[[nodiscard]] double voltage_factor(double nominal_kv, FaultLevel level);

/// Series impedance [n_branch] between the ends of every branch, pu, corrected; behind `ratio` as in `Branches`.
struct FaultBranches {
    std::vector<std::complex<double>> z_pu;
    std::vector<double> ratio; ///< at the principal tap
};
[[nodiscard]] FaultBranches make_fault_branches(const network::Grid& grid,
                                                const network::Network& network);

[[nodiscard]] std::complex<double> feeder_impedance_pu(const Feeders& feeders, std::size_t k,
                                                       double nominal_kv, FaultLevel level);

/// One machine, and what its decay needs.
struct MachineImpedance {
    std::complex<double> z_pu; ///< corrected, of one machine or unit, as seen from its bus
    /// the same with the fictitious resistance R_Gf that the decay of the direct current asks for: of peaks only
    std::complex<double> z_peak_pu;
    double x_subtransient_pu =
        0;                       ///< corrected reactance of the machine alone, as seen from its bus
    double rated_current_pu = 0; ///< rated current of the machine, as seen from its bus
};
[[nodiscard]] MachineImpedance machine_impedance(const Machines& machines, std::size_t k,
                                                 double nominal_kv);
/// The same of one motor; `rated_current_pu` is its rated current.
[[nodiscard]] MachineImpedance motor_impedance(const Motors& motors, std::size_t k,
                                               double nominal_kv);

} // namespace yuanwang::security
