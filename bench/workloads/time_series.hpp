/// @file
/// Workloads W2a and W2b: a year of power flows on a public case, the injections of every step made beforehand.
///
///     s(t) = 0.8 + 0.2 sin(2π t / 24) (0.9 + 0.1 sin(2π t / 8760))                  t = 0, 1, … step, hour
///     W2a: Pd, Qd, Pg times s(t)
///     W2b: Pd, Qd at bus i times s(t) (1 + 0.1 sin(12.9898 i + 78.233 t)), Pg times s(t)   i = row of the bus, from 0
///
/// The slack takes the rest; no reactive limits, no taps. W2a is smooth and periodic and flatters extrapolation, so W2b is
/// quoted beside it. A workload is answered when the mean of |V| over all buses and steps is the check value to 1e-9.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "network/network.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::workloads {

enum class TimeSeries { w2a, w2b };

[[nodiscard]] constexpr std::string_view to_string(TimeSeries workload) {
    return workload == TimeSeries::w2a ? "W2a" : "W2b";
}

/// A public case as a solver takes it.
struct FlowCase {
    std::string name; ///< `case118`
    network::Network grid;
    powerflow::Units units;
    powerflow::BlockInjections injections; ///< of the case itself, one step
    powerflow::Options options;            ///< no limits, no controls, single slack, voltages only
};

/// Reads a MATPOWER case. Throws what the reader throws.
[[nodiscard]] FlowCase load_case(const std::filesystem::path& file);

/// Steps 0 … n_step − 1 of a workload.
[[nodiscard]] powerflow::BlockInjections make_injections(const FlowCase& flow_case,
                                                         TimeSeries workload, std::size_t n_step);

/// Mean of |V| over all buses and steps, pu; NaN where a step did not converge.
[[nodiscard]] double mean_voltage(const powerflow::BlockStates& states);

/// Steps the published check value is for: 8760, or 876 from 1354 buses on.
[[nodiscard]] std::size_t default_steps(const FlowCase& flow_case);

/// The check value of a case, none where none is published for that many steps.
[[nodiscard]] std::optional<double> find_check_value(std::string_view name, TimeSeries workload,
                                                     std::size_t n_step);

} // namespace yuanwang::workloads
