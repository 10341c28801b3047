#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

std::string write_rule(const Range& range) {
    const bool below = std::isfinite(range.min);
    const bool above = std::isfinite(range.max);
    const char* const from = range.min_excluded ? ">" : ">=";
    if (below && above) {
        return range.min_excluded
                   ? fmt::format("must be {} {:g} and <= {:g}", from, range.min, range.max)
                   : fmt::format("must be within {:g}…{:g}", range.min, range.max);
    }
    return below ? fmt::format("must be {} {:g}", from, range.min)
                 : fmt::format("must be <= {:g}", range.max);
}

std::string find_unit(std::string_view key) {
    // Longest ends first: `_ohm_per_km` before `_km`.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 45> units = {{
        {"_kwh_per_m2", "kWh/m2"},
        {"_cny_per_mwh", "CNY/MWh"},
        {"_ohm_per_km", "ohm/km"},
        {"_t_per_year", "t/year"},
        {"_co2_t_per_mwh", "t/MWh"},
        {"_t_per_mwh", "t/MWh"},
        {"_m3_per_day", "m3/day"},
        {"m3_per_day", "m3/day"},
        {"_kwh_per_m3", "kWh/m3"},
        {"kwh_per_m3", "kWh/m3"},
        {"_kwh_per_t", "kWh/t"},
        {"kwh_per_t", "kWh/t"},
        {"_t_per_day", "t/day"},
        {"_g_per_kwh", "g/kWh"},
        {"_cny_per_t", "CNY/t"},
        {"_us_per_km", "uS/km"},
        {"_mw_per_k", "MW/K"},
        {"_m_per_s", "m/s"},
        {"watt_per_lamp", "W"},
        {"_per_k", "1/K"},
        {"_per_h", "1/h"},
        {"_degree", "degrees"},
        {"_percent", "%"},
        {"_mvar", "Mvar"},
        {"_mva", "MVA"},
        {"_mwh", "MWh"},
        {"_mw", "MW"},
        {"_kw", "kW"},
        {"_kv", "kV"},
        {"_km", "km"},
        {"_pu", "pu"},
        {"_cny", "CNY"},
        {"_co2_t", "t"},
        {"_hour", "h"},
        {"_day", "day of year"},
        {"_h", "h"},
        {"_m", "m"},
        {"_c", "degrees C"},
        {"_k", "K"},
        {"pflops", "PFLOP/s"},
        {"_t", "t"},
        {"_s", "s"},
        {"_g", "g"},
        {"_pa", "Pa"},
        {"_y", "years"},
    }};
    for (const auto& [ending, unit] : units) {
        if (key.ends_with(ending)) {
            return std::string{unit};
        }
    }
    return {};
}

} // namespace yuanwang::scenario
