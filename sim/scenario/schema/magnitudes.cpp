#include "scenario/schema/magnitudes.hpp"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "network/network.hpp"

namespace yuanwang::scenario {

Range line_reactance_range_ohm(double base_kv) {
    const double z_base = base_kv * base_kv / network::base_mva;
    return {.min = 1e-5 * z_base, .max = 5 * z_base};
}

double longest_line_km(double base_kv) {
    return base_kv >= 500   ? 800
           : base_kv >= 300 ? 500
           : base_kv >= 200 ? 400
           : base_kv >= 100 ? 200
                            : 100;
}

Range circuit_rating_range_mva(double base_kv) {
    const double per_ka = std::numbers::sqrt3 * base_kv;
    return {.min = 0.02 * per_ka, .max = 8 * per_ka};
}

Range transformer_rating_range_mva(double hv_kv) {
    if (hv_kv >= 600) {
        return {.min = 300, .max = 3000};
    }
    if (hv_kv >= 300) {
        return {.min = 40, .max = 1500};
    }
    if (hv_kv >= 200) {
        return {.min = 20, .max = 1000};
    }
    return hv_kv >= 100 ? Range{.min = 2, .max = 400} : Range{.min = 0.02, .max = 250};
}

std::string write_rule_at(const Range& range, const std::string& unit, double base_kv) {
    return fmt::format("must be within {:.4g}…{:.4g} {} at {:g} kV", range.min, range.max, unit,
                       base_kv);
}

VoltageBand find_voltage_band(double base_kv) {
    if (base_kv == 750) {
        return {712.0 / 750.0, 800.0 / 750.0, 712.0 / 750.0, 800.0 / 750.0};
    }
    if (base_kv == 330) {
        return {313.0 / 330.0, 363.0 / 330.0, 313.0 / 330.0, 363.0 / 330.0};
    }
    if (base_kv == 110) {
        return {0.97, 1.07, 0.90, 1.10};
    }
    return {};
}

} // namespace yuanwang::scenario
