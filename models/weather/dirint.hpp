/// @file
/// DIRINT: the beam of DISC, corrected by how steady the hour is and how moist the air.
///
///     DNI = DNI_disc X(kt', z, Δkt', w)                X from a table of 6 × 6 × 7 × 5 bins
///     kt' = kt/(1.031 exp(−1.4/(0.9 + 9.4/AMa)) + 0.1)    clearness free of the zenith, at most 1
///     Δkt' = (|kt'(t) − kt'(t−1)| + |kt'(t+1) − kt'(t)|)/2   at the ends the one there is
///     w   = exp(0.07 Td − 0.075)                       precipitable water, cm, Td dew point in °C
///
/// Source: Perez, Ineichen, Maxwell, Seals, Zelenka, ASHRAE Transactions 98(1), 1992.
#pragma once

#include <span>
#include <vector>

namespace yuanwang::models {

/// Sky of consecutive hours, all [n].
struct DirintHours {
    std::span<const double> ghi_w_per_m2;
    std::span<const double> zenith_degree;
    std::span<const double> dni_extra_w_per_m2;
    std::span<const double> pressure_pa;
    std::span<const double> dew_point_c; ///< empty: not known
};

/// Beam of every hour; 0 where the zenith is beyond 87° or there is no light. `steadiness` false leaves Δkt' out.
[[nodiscard]] std::vector<double> dirint_dni_w_per_m2(const DirintHours& hours,
                                                      bool steadiness = true);

} // namespace yuanwang::models
