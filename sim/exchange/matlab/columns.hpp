/// @file
/// Column numbers of MATPOWER's tables, from 1, in the order in which its functions `idx_bus`,
/// `idx_brch`, `idx_gen` and `idx_cost` return them. Source: MATPOWER User's Manual, appendix B
/// (data file format).
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace yuanwang::exchange::matlab {

struct NamedNumber {
    std::string_view name;
    int value;
};

inline constexpr std::array<NamedNumber, 21> bus_columns = {{
    {"PQ", 1},     {"PV", 2},       {"REF", 3},      {"NONE", 4},  {"BUS_I", 1},    {"BUS_TYPE", 2},
    {"PD", 3},     {"QD", 4},       {"GS", 5},       {"BS", 6},    {"BUS_AREA", 7}, {"VM", 8},
    {"VA", 9},     {"BASE_KV", 10}, {"ZONE", 11},    {"VMAX", 12}, {"VMIN", 13},    {"LAM_P", 14},
    {"LAM_Q", 15}, {"MU_VMAX", 16}, {"MU_VMIN", 17},
}};

inline constexpr std::array<NamedNumber, 21> branch_columns = {{
    {"F_BUS", 1},      {"T_BUS", 2},  {"BR_R", 3},    {"BR_X", 4},    {"BR_B", 5},
    {"RATE_A", 6},     {"RATE_B", 7}, {"RATE_C", 8},  {"TAP", 9},     {"SHIFT", 10},
    {"BR_STATUS", 11}, {"PF", 14},    {"QF", 15},     {"PT", 16},     {"QT", 17},
    {"MU_SF", 18},     {"MU_ST", 19}, {"ANGMIN", 12}, {"ANGMAX", 13}, {"MU_ANGMIN", 20},
    {"MU_ANGMAX", 21},
}};

inline constexpr std::array<NamedNumber, 25> generator_columns = {{
    {"GEN_BUS", 1},   {"PG", 2},       {"QG", 3},         {"QMAX", 4},     {"QMIN", 5},
    {"VG", 6},        {"MBASE", 7},    {"GEN_STATUS", 8}, {"PMAX", 9},     {"PMIN", 10},
    {"MU_PMAX", 22},  {"MU_PMIN", 23}, {"MU_QMAX", 24},   {"MU_QMIN", 25}, {"PC1", 11},
    {"PC2", 12},      {"QC1MIN", 13},  {"QC1MAX", 14},    {"QC2MIN", 15},  {"QC2MAX", 16},
    {"RAMP_AGC", 17}, {"RAMP_10", 18}, {"RAMP_30", 19},   {"RAMP_Q", 20},  {"APF", 21},
}};

inline constexpr std::array<NamedNumber, 7> cost_columns = {{
    {"PW_LINEAR", 1},
    {"POLYNOMIAL", 2},
    {"MODEL", 1},
    {"STARTUP", 2},
    {"SHUTDOWN", 3},
    {"NCOST", 4},
    {"COST", 5},
}};

inline constexpr std::array<NamedNumber, 2> area_columns = {{
    {"AREA_I", 1},
    {"PRICE_REF_BUS", 2},
}};

/// Fields of the structure that `idx_dcline` returns.
inline constexpr std::array<NamedNumber, 17> dc_line_columns = {{
    {"F_BUS", 1},
    {"T_BUS", 2},
    {"BR_STATUS", 3},
    {"PF", 4},
    {"PT", 5},
    {"QF", 6},
    {"QT", 7},
    {"VF", 8},
    {"VT", 9},
    {"PMIN", 10},
    {"PMAX", 11},
    {"QMINF", 12},
    {"QMAXF", 13},
    {"QMINT", 14},
    {"QMAXT", 15},
    {"LOSS0", 16},
    {"LOSS1", 17},
}};

/// What a MATPOWER function without arguments returns; empty for an unknown name.
[[nodiscard]] constexpr std::span<const NamedNumber> find_columns(std::string_view function) {
    if (function == "idx_bus") {
        return bus_columns;
    }
    if (function == "idx_brch") {
        return branch_columns;
    }
    if (function == "idx_gen") {
        return generator_columns;
    }
    if (function == "idx_cost") {
        return cost_columns;
    }
    if (function == "idx_area") {
        return area_columns;
    }
    return {};
}

} // namespace yuanwang::exchange::matlab
