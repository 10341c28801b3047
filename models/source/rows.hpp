/// @file
/// Long rows of modules, one behind the other: what they take from each other, and what their backs receive.
///
/// In the plane across the rows, pitch 1, row width g (ground cover ratio), tilt β, mean over row and ground (Hottel's
/// crossed strings):
///
///     front → sky     (g + 1 − √(1 − 2 g cos β + g²))/(2 g)          back → ground  the same
///     front → ground  (g + 1 − √(1 + 2 g cos β + g²))/(2 g)          back → sky     the same
///     ground → sky    1 − g (front → ground + back → ground)
///     shadow          s = g |cos β + sin β tan φ|      tan φ = tan z cos(A_sun − A_plane)
///     ground in sun   1 − min(1, s)                    row in shade  max(0, 1 − 1/s)
///
///     ground gives    albedo (DNI cos z · ground in sun + DHI · ground → sky)
///     back receives   ground gives · back → ground + DHI · back → sky
///
/// A lone row has g → 0 and sees all of the sky before it. Shade costs light in proportion: strings that go dark as a
/// whole are left out, as is beam on the back.
/// Sources: Hottel and Sarofim, Radiative Transfer, 1967, ch. 2 (crossed strings); Mikofski, Darawali, Hamer, Neubert,
/// Newmiller, IEEE 46th PVSC, 2019 (rows of bifacial modules).
#pragma once

#include "models/weather/transposition.hpp"

namespace yuanwang::models {

struct RowViews {
    double front_sky;
    double front_ground;
    double back_sky;
    double back_ground;
    double ground_sky;
};

/// View factors of rows of ground cover ratio 0…1; 0 is a lone row.
[[nodiscard]] RowViews see_rows(double ground_cover_ratio, double tilt_degree);

struct RowLight {
    double front_lit = 1;       ///< share of the row's front in the sun
    double ground_w_per_m2 = 0; ///< on the front, from the ground
    double back_w_per_m2 = 0;
};

/// Light between the rows; `plane` is that of the front.
[[nodiscard]] RowLight light_rows(const RowViews& views, double ground_cover_ratio,
                                  const Plane& plane, const Irradiance& horizontal,
                                  double zenith_degree, double sun_azimuth_degree, double albedo);

} // namespace yuanwang::models
