/// @file
/// What feeds a short circuit, as rating plates give it. Columns; impedances follow in short_circuit_impedance.hpp.
///
/// A machine with a unit transformer is one impedance seen from the high-voltage side of that transformer (power-station
/// unit, IEC 60909-0, 6.7): its bus is the high-voltage bus, faults inside the unit are not asked for.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/index.hpp"

namespace yuanwang::security {

/// The largest currents (all sources, c = c_max, motors and converters count) or the smallest (c = c_min, motors and
/// converters left out).
enum class FaultLevel : std::uint8_t { maximum, minimum };

/// Neighbouring grids, given by what they would feed into a fault at their bus.
struct Feeders {
    std::vector<std::string> id;
    std::vector<BusIdx> bus;
    std::vector<double> sk_max_mva; ///< √3 U_n I"k at the bus, with c_max
    std::vector<double> sk_min_mva; ///< the same with c_min
    std::vector<double> r_over_x;
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

/// Block transformer of a machine. `rate_mva` 0: none, the machine stands at its bus.
struct UnitTransformer {
    double rate_mva = 0;
    double hv_kv = 0;
    double lv_kv = 0;
    double uk_percent = 0;
    double ukr_percent = 0;
    bool on_load = false;    ///< has on-load taps: K_S, else K_SO
    double tap_range_pu = 0; ///< p_T of K_SO: off-circuit taps that stay at 1 − p_T
};

/// Synchronous machines. A row is `count` equal ones.
struct Machines {
    std::vector<std::string> id;
    std::vector<BusIdx> bus;
    std::vector<double> rate_mva; ///< of one machine
    std::vector<double> rated_kv;
    std::vector<double> x_subtransient_pu; ///< saturated, on its own rating
    /// NaN: 0.05, 0.07 or 0.15 of the reactance by size and voltage (R_Gf of IEC 60909-0, 6.6.1)
    std::vector<double> r_ohm;
    std::vector<double> power_factor;     ///< rated
    std::vector<double> voltage_range_pu; ///< p_G: highest lasting voltage above rated
    std::vector<UnitTransformer> transformer;
    std::vector<int> count; ///< machines that run
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

/// Asynchronous motors. A row is `count` equal ones.
struct Motors {
    std::vector<std::string> id;
    std::vector<BusIdx> bus;
    std::vector<double> p_mw; ///< rated mechanical power of one
    std::vector<double> rated_kv;
    std::vector<double> power_factor;
    std::vector<double> efficiency;
    std::vector<double> locked_rotor_ratio; ///< I_LR / I_rM
    std::vector<double> r_over_x;
    std::vector<int> pole_pairs;
    std::vector<int> count;
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

/// Plants behind full-size converters: a current that the converter controls, whatever the voltage.
struct Converters {
    std::vector<std::string> id;
    std::vector<BusIdx> bus;
    std::vector<double> current_mva; ///< √3 U_n I_skPF at the bus
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

struct FaultSources {
    Feeders feeders;
    Machines machines;
    Motors motors;
    Converters converters;
};

} // namespace yuanwang::security
