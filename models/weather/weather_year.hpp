/// @file
/// Weather of one site over the steps of a run, as columns.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/time_axis.hpp"
#include "models/weather/horizon.hpp"

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
    std::array<double, 12> precipitation_mm{};    ///< sum of the month, snow melted; all 0: dry
    std::array<double, 12> wet_days{};            ///< days with precipitation
    /// Clearness (GHI over extraterrestrial) of the clearest days; 0: that of the clear sky.
    std::array<double, 12> clearest_day_kt{};
    /// Share of each of equal sectors the wind comes from, from north clockwise; empty: not known.
    std::vector<double> wind_rose{};
    friend bool operator==(const MonthlyNormals&, const MonthlyNormals&) = default;
};

/// Means over each step; all columns [n_step]. A column of precipitation that is empty is dry, one of wind direction is not
/// known.
struct WeatherYear {
    std::vector<double> ghi_w_per_m2; ///< global horizontal
    std::vector<double> dni_w_per_m2; ///< direct normal
    std::vector<double> dhi_w_per_m2; ///< diffuse horizontal
    std::vector<double> temperature_c;
    std::vector<double> relative_humidity; ///< 0…1
    std::vector<double> pressure_pa;
    std::vector<double> wind_speed_m_per_s; ///< at 10 m
    std::vector<double> wind_from_degree;   ///< where it comes from, from north clockwise
    std::vector<double> precipitation_mm;   ///< of the step, snow melted
    std::vector<double> snowfall_cm;        ///< fresh snow of the step
    // Derived once, because every device at the site needs them.
    std::vector<double> sun_elevation_degree;  ///< at the middle of the step, refraction included
    std::vector<double> sun_azimuth_degree;    ///< from north, clockwise
    std::vector<double> dni_extra_w_per_m2;    ///< extraterrestrial, normal to the beam
    std::vector<double> air_density_kg_per_m3; ///< of moist air
    Horizon horizon;                           ///< of the site
    std::size_t filled_values = 0;             ///< of a file: missing values that were made up
    double closure_gap_w_per_m2 = 0;           ///< of a file: mean of GHI − DHI − DNI cos z
    [[nodiscard]] std::size_t size() const { return ghi_w_per_m2.size(); }
};

/// Fills the derived columns: sun at the middle of each step, seen from the site through the air of the site, and the
/// density of that air.
void add_sun(WeatherYear& weather, const SitePosition& site, const TimeAxis& axis);

/// Fills the density of the air from pressure, temperature and humidity.
void add_air(WeatherYear& weather);

/// Adds an offset to the temperature; relative humidity follows at equal vapour pressure, at most 1, and density.
void shift_temperature(WeatherYear& weather, double offset_k);

/// The same weather at sea level: pressure times 101325/p_std(altitude); GHI and DNI keep their share of the clear sky
/// (clear_sky.hpp) while the clear sky becomes that of 0 m in air as clean as the site's, DHI closes. Temperature,
/// humidity, wind, sun stay: they are the climate, not the air. A site at 0 m comes back as it was, to the bit.
void move_to_sea_level(WeatherYear& weather, const SitePosition& site);

} // namespace yuanwang::models
