/// @file
/// The skyline of a site: mountains and buildings that hide sun and sky.
///
///     h(A)  elevation of the skyline at azimuth A, straight between the points, closed over north     degrees
///     beam  nothing while the sun stands below h(A_sun)
///     sky   the share  1 − mean over A of sin² h(A)  of an isotropic sky on a horizontal plane        0…1
///
/// Source of the sky share: Dozier and Frew, IEEE Trans. Geosci. Remote Sens. 28(5), 1990, for a flat plane. What the
/// hills reflect is left out.
#pragma once

#include <vector>

namespace yuanwang::models {

/// Points of the skyline; none: a free horizon.
struct Horizon {
    std::vector<double> azimuth_degree;   ///< rising, 0…360, from north clockwise
    std::vector<double> elevation_degree; ///< 0…90
    [[nodiscard]] bool free() const { return azimuth_degree.empty(); }
    friend bool operator==(const Horizon&, const Horizon&) = default;
};

/// h(A) in degrees; 0 for a free horizon.
[[nodiscard]] double horizon_elevation_degree(const Horizon& horizon, double azimuth_degree);

/// Share of an isotropic sky a horizontal plane sees, 0…1.
[[nodiscard]] double horizon_sky_share(const Horizon& horizon);

} // namespace yuanwang::models
