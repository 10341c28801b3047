/// @file
/// EnergyPlus weather files (EPW): 8 header lines, then a row per hour.
///
/// Row `hour h` is the mean over h−1…h of the file's own clock (header field TimeZone). Real files have defects, and the
/// reader says what it met instead of hiding it:
///
///   - 9999, 999999, 99.9 … mark a missing value, −99, −999, −9999 do as well. Gaps of a day or less are bridged, radiation
///     repeats the day before, pressure comes from the altitude and humidity from the dew point; wind keeps its last
///     direction, also in a calm (−1), and a file without any has none; what is still missing is wrong input.
///   - Radiation of −20…0 W/m² is the zero of an instrument at night.
///   - GHI that is missing, or zero while there is diffuse light, is made from the rest: GHI = DNI cos z + DHI.
///   - A file may begin with any day of the year and count its hours 1…24 or 0…23; its rows are put in order.
///   - Beam, diffuse and global columns of many files do not close. closure.hpp says which are kept;
///     `closure_gap_w_per_m2` tells by how much the file missed.
///   - The sun of a row is taken at its label minus half an hour. A file whose clock does not fit its longitude, or with
///     beam while the sun is down, has a wrong time zone or place and is wrong input; so is a zone more than 4 h from its
///     longitude (a sign that is wrong). Near the poles, where light has no noon, neither is asked.
///
/// Source of the format: EnergyPlus, Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/time_axis.hpp"
#include "models/weather/closure.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// The columns of a file the devices use, 8760 hours from 1 January 00:00 of its clock (29 February left out).
struct EpwFile {
    std::string place;
    SitePosition site;
    double utc_offset_h = 0; ///< of the file's clock, east positive
    std::vector<double> ghi_w_per_m2;
    std::vector<double> dni_w_per_m2; ///< as written
    std::vector<double> dhi_w_per_m2;
    std::vector<double> temperature_c;
    std::vector<double> relative_humidity; ///< 0…1
    std::vector<double> pressure_pa;
    std::vector<double> wind_speed_m_per_s;
    std::vector<double> wind_from_degree; ///< from north clockwise; empty where the file has none
    std::size_t filled_values = 0;        ///< missing values that were bridged or made from physics
    double closure_gap_w_per_m2 = 0; ///< mean of GHI − DHI − DNI cos z over hours with GHI > 0
    [[nodiscard]] std::size_t size() const { return ghi_w_per_m2.size(); }
};

/// Reads a file. Throws IoError where it cannot be opened or is no regular file, InputError with file, line and column where it is not an EPW
/// file of a whole year; up to twenty faults together.
[[nodiscard]] EpwFile read_epw(const std::filesystem::path& path);

/// Returns the file's year at every step of `axis`: by calendar day (29 February repeats 28 February), radiation made to
/// close, sun columns filled. While the sun stands lower than 3°, GHI is at most what a sky can give,
///
///     mean over the hour of   1.5 I0 μ^1.2 + 100 W/m²   (sun up, μ = sin of its elevation)      10 W/m²   (twilight, night)
///
/// hours beyond it (columns that are late or early against the sun) count as filled values.
/// Source: Long and Shi, Open Atmos. Sci. J. 2, 2008 (global light, physically possible limit of BSRN).
[[nodiscard]] WeatherYear make_weather(const EpwFile& file, const TimeAxis& axis,
                                       Closure closure = Closure::keep_diffuse);

} // namespace yuanwang::models
