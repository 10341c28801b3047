/// @file
/// Weather of one site over the steps of a run, as columns.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/time_axis.hpp"

namespace yuanwang::models {

/// Where a site is.
struct SitePosition {
    double latitude_degree = 0;  ///< north positive
    double longitude_degree = 0; ///< east positive
    double altitude_m = 0;
    friend bool operator==(const SitePosition&, const SitePosition&) = default;
};

/// Monthly normals a synthetic year is made from, January first.
struct MonthlyNormals {
    std::array<double, 12> ghi_kwh_per_m2{};      ///< global horizontal, sum of the month
    std::array<double, 12> temperature_c{};       ///< mean
    std::array<double, 12> temperature_range_k{}; ///< mean daily range
    std::array<double, 12> relative_humidity{};   ///< mean, 0…1
    std::array<double, 12> wind_speed_m_per_s{};  ///< mean at 10 m
    friend bool operator==(const MonthlyNormals&, const MonthlyNormals&) = default;
};

/// Means over each step; all columns [n_step].
struct WeatherYear {
    std::vector<double> ghi_w_per_m2; ///< global horizontal
    std::vector<double> dni_w_per_m2; ///< direct normal
    std::vector<double> dhi_w_per_m2; ///< diffuse horizontal
    std::vector<double> temperature_c;
    std::vector<double> relative_humidity; ///< 0…1
    std::vector<double> pressure_pa;
    std::vector<double> wind_speed_m_per_s; ///< at 10 m
    // Derived once, because every device at the site needs them.
    std::vector<double> sun_elevation_degree; ///< at the middle of the step, refraction included
    std::vector<double> sun_azimuth_degree;   ///< from north, clockwise
    std::vector<double> dni_extra_w_per_m2;   ///< extraterrestrial, normal to the beam
    [[nodiscard]] std::size_t size() const { return ghi_w_per_m2.size(); }
};

/// Fills the three derived columns: sun at the middle of each step, seen from the site through the air of the site.
void add_sun(WeatherYear& weather, const SitePosition& site, const TimeAxis& axis);

/// Adds an offset to the temperature; relative humidity follows at equal vapour pressure, at most 1.
void shift_temperature(WeatherYear& weather, double offset_k);

} // namespace yuanwang::models
