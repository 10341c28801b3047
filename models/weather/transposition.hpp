/// @file
/// From the horizontal to a tilted plane.
///
///     cos θ  = cos z cos β + sin z sin β cos(A_sun − A_plane)                            β tilt, A azimuth
///     beam   = DNI max(0, cos θ)
///     ground = GHI albedo (1 − cos β)/2
///     sky    = DHI (1 + cos β)/2                                                         isotropic
///            = DHI (Ai Rb + (1 − Ai)(1 + cos β)/2)                                       Hay–Davies
///            = DHI ((1 − F1)(1 + cos β)/2 + F1 a/b + F2 sin β)                           Perez
///              Ai = DNI/I0      Rb = max(0, cos θ)/cos z
///              a = max(0, cos θ)      b = max(cos 85°, cos z)      F1, F2 by clearness ε and brightness Δ = DHI AM/I0
///
/// Sources: Hay and Davies, First Canadian Solar Radiation Data Workshop, 1980; Perez, Ineichen, Seals, Michalsky,
/// Stewart, Solar Energy 44(5), 1990 (coefficients "all sites composite 1990").
#pragma once

#include "models/weather/clear_sky.hpp"

namespace yuanwang::models {

/// A plane: tilt from the horizontal, azimuth from north clockwise.
struct Plane {
    double tilt_degree = 0;
    double azimuth_degree = 180;
};

/// Irradiance on a plane.
struct PlaneIrradiance {
    double beam_w_per_m2 = 0;
    double sky_w_per_m2 = 0;
    double ground_w_per_m2 = 0;
    double cos_incidence = 0; ///< may be negative: sun behind the plane
    [[nodiscard]] double total_w_per_m2() const {
        return beam_w_per_m2 + sky_w_per_m2 + ground_w_per_m2;
    }
};

[[nodiscard]] double cos_incidence(const Plane& plane, double zenith_degree,
                                   double sun_azimuth_degree);

[[nodiscard]] double sky_isotropic_w_per_m2(const Plane& plane, double dhi_w_per_m2);
[[nodiscard]] double sky_hay_davies_w_per_m2(const Plane& plane, double dhi_w_per_m2,
                                             double dni_w_per_m2, double dni_extra_w_per_m2,
                                             double zenith_degree, double sun_azimuth_degree);
[[nodiscard]] double sky_perez_w_per_m2(const Plane& plane, double dhi_w_per_m2,
                                        double dni_w_per_m2, double dni_extra_w_per_m2,
                                        double zenith_degree, double sun_azimuth_degree,
                                        double relative_air_mass);
[[nodiscard]] double ground_w_per_m2(const Plane& plane, double ghi_w_per_m2, double albedo);

/// Whole plane of array by Perez. Where the sun stands lower than 2.5° (zenith above 87.5°) in the middle of a step, the sky is
/// isotropic: there the fit ends, and light of the rest of the step would count as circumsolar. Below the horizon there is no
/// beam either. Source of the limit: Gilman et al., SAM Photovoltaic Model Technical Reference Update, NREL/TP-6A20-67399,
/// 2018 (Perez model, zenith 0…87.5°).
[[nodiscard]] PlaneIrradiance transpose(const Plane& plane, const Irradiance& horizontal,
                                        double dni_extra_w_per_m2, double zenith_degree,
                                        double sun_azimuth_degree, double albedo);

/// Orientation of a single-axis tracker: horizontal axis along `axis_azimuth_degree`, turning at most `max_angle_degree`;
/// rows of ground cover ratio `gcr` turn back so far that none shades the next.
/// Source: Lorenzo, Narvarte, Muñoz, Prog. Photovolt. 19, 2011 (backtracking).
[[nodiscard]] Plane track_sun(double zenith_degree, double sun_azimuth_degree,
                              double axis_azimuth_degree, double max_angle_degree, double gcr);

} // namespace yuanwang::models
