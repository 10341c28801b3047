/// @file
/// Synthetic rain and snow of a month, hour by hour, from its sum and its number of wet days.
///
///     wet days   the cloudiest of the month, so that rain comes in the spells clouds come in
///     amounts    quantiles of an exponential, the most on the darkest day; they sum to the month's normal
///     hours      one spell a day of 2…12 h, the longer the more falls, at an hour of chance
///     snow       what falls below 1 °C, 1 cm of fresh snow from 1 mm of water
///
/// Sources: Richardson, Water Resour. Res. 17(1), 1981 (exponential amounts on wet days); Judson and Doesken, Bull. Amer.
/// Meteor. Soc. 81(7), 2000 (ten to one). Left out: more than one spell a day, drifting, the melting of what lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace yuanwang::models {

/// A month to be filled; days from its first, hours of those days.
struct WetMonth {
    double sum_mm = 0;
    double wet_days = 0;
    std::int64_t first_day = 0;              ///< days since 1970, names the draws
    std::span<const double> clear_sky_index; ///< [n_day]
    std::span<const double> temperature_c;   ///< [24 n_day]
};

/// Fills the hours of the month: water in mm, fresh snow in cm, both [24 n_day].
void make_precipitation(const WetMonth& month, std::uint64_t key, std::span<double> water_mm,
                        std::span<double> snow_cm);

} // namespace yuanwang::models
