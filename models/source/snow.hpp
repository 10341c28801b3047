/// @file
/// Snow on modules: covered at once by a real snowfall, then sliding down as the sun warms the glass.
///
///     covered   where more than `threshold_cm_per_h` fall
///     slides    while T > −G/80 (T air in °C, G on the plane in W/m²): 0.197 sin β of the row per hour
///     loss      ⌈cover n⌉/n with n strings one above the other: a string is dark as soon as a cell of it is
///
/// Source: Marion, Schaefer, Caine, Sanchez, Solar Energy 97, 2013 (figures fitted to sites in Colorado and Wisconsin).
/// Left out: melting in place, snow that piles up in front of the row, snow swept by hand.
#pragma once

namespace yuanwang::models {

struct Snow {
    bool lies = false;             ///< false: snow is not reckoned with
    double threshold_cm_per_h = 1; ///< below, nothing stays
    double strings = 1;            ///< n, one above the other
    friend bool operator==(const Snow&, const Snow&) = default;
};

/// Moves the covered share of the row over a step and returns it.
[[nodiscard]] double slide_snow(const Snow& snow, double tilt_degree, double poa_w_per_m2,
                                double air_c, double snowfall_cm, double dt_h, double cover);

/// Share of DC power lost.
[[nodiscard]] double snow_loss(const Snow& snow, double cover);

} // namespace yuanwang::models
