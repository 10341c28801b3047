/// @file
/// What a study says about short circuits and system strength. Sources that say nothing take the defaults, which are
/// planning assumptions: no data sheet of a plant or neighbouring grid is public.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/name.hpp"

namespace yuanwang::engine {

enum class ShortCircuitMethod : std::uint8_t { none, iec60909 };

/// What is known of one source; empty: the default of the study.
struct FaultContribution {
    std::string unit;                 ///< id of a plant, external grid, HVDC injection or battery
    std::optional<double> sk_max_mva; ///< external grid: at each of its buses
    std::optional<double> sk_min_mva;
    std::optional<double> r_over_x;
    std::optional<double> x_subtransient_percent; ///< machine, on its rating
    std::optional<double> power_factor;           ///< machine, rated
    std::optional<double>
        transformer_uk_percent; ///< unit transformer, on the rating of the machine; 0: none
    std::optional<double> converter_current_pu; ///< of the rated current
    friend bool operator==(const FaultContribution&, const FaultContribution&) = default;
};

/// Asynchronous motors at one bus.
struct MotorGroup {
    std::string id;
    std::string bus;
    double p_mw = 0; ///< rated, of one motor
    int count = 1;
    double power_factor = 0.88;
    double efficiency = 0.96;
    double locked_rotor_ratio = 5;
    double r_over_x = 0.1;
    int pole_pairs = 2;
    friend bool operator==(const MotorGroup&, const MotorGroup&) = default;
};

/// What the breakers of a voltage level may interrupt.
struct BreakerRating {
    double base_kv = 0;
    double rating_ka = 0;
    friend bool operator==(const BreakerRating&, const BreakerRating&) = default;
};

/// A switching state to compare the fault levels with.
struct SwitchingVariant {
    std::string id;
    Name name;
    std::vector<std::string> open; ///< ids of lines and transformers taken out
    friend bool operator==(const SwitchingVariant&, const SwitchingVariant&) = default;
};

struct ShortCircuitSettings {
    ShortCircuitMethod method = ShortCircuitMethod::none;
    double breaking_time_s = 0.1;
    double thermal_time_s = 1;
    double feeder_max_ka = 25; ///< of an external grid at each of its buses
    double feeder_min_ka = 15;
    double feeder_r_over_x = 0.1;
    double x_subtransient_percent = 20;
    double power_factor = 0.9;
    double transformer_uk_percent = 14;
    double converter_current_pu = 1.1;
    double ratio_limit =
        1.5; ///< multi-infeed short-circuit ratio below which a station counts as weak
    std::vector<FaultContribution> contributions;
    std::vector<MotorGroup> motors;
    std::vector<BreakerRating> breakers;
    std::vector<SwitchingVariant> variants;
    friend bool operator==(const ShortCircuitSettings&, const ShortCircuitSettings&) = default;
};

} // namespace yuanwang::engine
