/// @file
/// What a plan is told about the day to come; see forecast.hpp.
#pragma once

#include <cstdint>

namespace yuanwang::dispatch {

enum class ForecastMethod : std::uint8_t { perfect, persistence, errors };

struct ForecastSettings {
    ForecastMethod method = ForecastMethod::perfect;
    double spread = 0.15;        ///< σ of wind, sun and external surplus
    double spread_demand = 0.03; ///< σ of demand
    double correlation = 0.9;    ///< ρ, from hour to hour
    int seed = 1;
    friend bool operator==(const ForecastSettings&, const ForecastSettings&) = default;
};

} // namespace yuanwang::dispatch
