/// @file
/// Inverter: DC in, AC out, within its rating of the hour.
///
///     η(ζ)   PVWatts' curve of a nominal efficiency, or a polygon over ζ = Pac/P_rated of the data sheet's points
///     limit  P_rated (1 − k max(0, h_p − h0)/1000)     h_p pressure altitude: thin air carries less heat away
///
/// The limit clips active power; apparent power shrinks with it (unit_table). h0 and k are assumptions of the kind data
/// sheets state (full rating to 3000 m, then 1 % per 100 m); at sea-level pressure nothing is lost.
/// Source: source/photovoltaic.hpp; Dobos, NREL/TP-6A20-62641, 2014.
#pragma once

#include <vector>

namespace yuanwang::models {

struct Inverter {
    std::vector<double> curve_load;       ///< AC power over rating, rising, 0…1; empty: PVWatts
    std::vector<double> curve_efficiency; ///< at those points, 0…1
    double derating_from_m = 3000;
    double derating_per_km = 0.1;
    friend bool operator==(const Inverter&, const Inverter&) = default;
};

/// Share of the rating the inverter may give in air of this pressure, 0…1.
[[nodiscard]] double inverter_limit(const Inverter& inverter, double pressure_pa);

/// AC power of a DC power, before the limit; both in MW, `rated_mw` AC. With the curve of the data sheet.
[[nodiscard]] double invert_by_curve(const Inverter& inverter, double dc_mw, double rated_mw);

} // namespace yuanwang::models
