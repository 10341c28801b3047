#include "models/weather/epw.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/decomposition.hpp"
#include "models/weather/dirint.hpp"
#include "models/weather/resample.hpp"
#include "models/weather/sun_position.hpp"

namespace yuanwang::models {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array<unsigned, 12> month_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

/// Row of the file's year for an instant on its clock; 29 February repeats 28 February.
std::size_t row_of(std::chrono::sys_seconds local) {
    using namespace std::chrono;
    const sys_days day = floor<days>(local);
    const year_month_day date{day};
    unsigned before = 0;
    for (unsigned m = 1; m < static_cast<unsigned>(date.month()); ++m) {
        before += month_days[m - 1];
    }
    const bool leap_day = date.month() == February && date.day() == std::chrono::day{29};
    before += static_cast<unsigned>(date.day()) - (leap_day ? 2u : 1u);
    return before * 24u + static_cast<std::size_t>((local - day) / hours{1});
}

/// Sky of the hours of a table: zenith and extraterrestrial beam at their middle, dew point.
struct HourlySky {
    std::vector<double> zenith_degree;
    std::vector<double> dni_extra_w_per_m2;
    std::vector<double> dew_point_c;
};

HourlySky observe_sky(const HourlyWeather& hourly, const SitePosition& site) {
    const WeatherYear& w = hourly.columns;
    const SunTrack track{hourly.axis.start, hourly.axis.end()};
    HourlySky sky;
    for (std::size_t t = 0; t < hourly.axis.n_step; ++t) {
        const GeocentricSun sun = track.at(hourly.axis.at(t) + minutes{30});
        sky.zenith_degree.push_back(
            observe_sun(sun, site, w.pressure_pa[t], w.temperature_c[t]).zenith_degree());
        sky.dni_extra_w_per_m2.push_back(extraterrestrial_w_per_m2(sun.distance_au));
        const double e = std::max(0.01, w.relative_humidity[t]);
        sky.dew_point_c.push_back(dew_point_c(e * saturation_pressure_pa(w.temperature_c[t])));
    }
    return sky;
}

/// Most global light of an hour of low sun, mean over twelve pieces. While the sun is up, what is physically
/// possible; below the horizon what twilight leaves.
double find_most_ghi(const SunTrack& track, std::chrono::sys_seconds hour, const SitePosition& site,
                     double pressure_pa, double temperature_c) {
    constexpr int pieces = 12;
    constexpr double twilight_w_per_m2 = 10;
    double sum = 0;
    for (int j = 0; j < pieces; ++j) {
        const GeocentricSun sun = track.at(hour + minutes{5} * j + std::chrono::seconds{150});
        const double elevation =
            observe_sun(sun, site, pressure_pa, temperature_c).elevation_degree;
        const double mu = std::sin(elevation * std::numbers::pi / 180.0);
        sum += elevation > 0
                   ? 1.5 * extraterrestrial_w_per_m2(sun.distance_au) * std::pow(mu, 1.2) + 100.0
                   : twilight_w_per_m2;
    }
    return sum / pieces;
}

/// Takes off what no sky can give at low sun: files whose columns are late or early have full light at night.
std::size_t limit_low_sun(HourlyWeather& hourly, const SitePosition& site) {
    constexpr double low_degree = 3;
    WeatherYear& w = hourly.columns;
    const SunTrack track{hourly.axis.start, hourly.axis.end()};
    std::size_t limited = 0;
    for (std::size_t t = 0; t < hourly.axis.n_step; ++t) {
        double& ghi = w.ghi_w_per_m2[t];
        const auto at = hourly.axis.at(t);
        if (ghi <= 0 ||
            observe_sun(track.at(at + minutes{30}), site, w.pressure_pa[t], w.temperature_c[t])
                    .elevation_degree > low_degree) {
            continue;
        }
        const double most = find_most_ghi(track, at, site, w.pressure_pa[t], w.temperature_c[t]);
        limited += ghi > most ? 1U : 0U;
        ghi = std::min(ghi, most);
    }
    return limited;
}

/// Diffuse part of every hour by the closure asked for; `dni` is the beam as written.
void choose_diffuse(HourlyWeather& hourly, const SitePosition& site, Closure closure,
                    std::vector<double> dni) {
    if (closure == Closure::keep_diffuse) {
        return;
    }
    WeatherYear& w = hourly.columns;
    const HourlySky sky = observe_sky(hourly, site);
    if (closure == Closure::dirint) {
        dni = dirint_dni_w_per_m2({w.ghi_w_per_m2, sky.zenith_degree, sky.dni_extra_w_per_m2,
                                   w.pressure_pa, sky.dew_point_c});
    }
    for (std::size_t t = 0; t < hourly.axis.n_step; ++t) {
        const double ghi = w.ghi_w_per_m2[t];
        const double zenith = sky.zenith_degree[t];
        if (closure == Closure::erbs) {
            w.dhi_w_per_m2[t] = decompose_erbs(ghi, zenith, sky.dni_extra_w_per_m2[t]).dhi_w_per_m2;
            continue;
        }
        if (closure == Closure::disc) {
            dni[t] = disc_dni_w_per_m2(ghi, zenith, sky.dni_extra_w_per_m2[t], w.pressure_pa[t]);
        }
        const double cos_z = std::max(0.0, std::cos(zenith * std::numbers::pi / 180.0));
        w.dhi_w_per_m2[t] = std::clamp(ghi - dni[t] * cos_z, 0.0, ghi);
    }
}

} // namespace

WeatherYear make_weather(const EpwFile& file, const TimeAxis& axis, Closure closure) {
    using namespace std::chrono;
    const auto offset = minutes{static_cast<std::int64_t>(std::lround(file.utc_offset_h * 60.0))};
    HourlyWeather hourly{hours_around(axis, (minutes{60} - offset % minutes{60}) % minutes{60}),
                         {}};
    WeatherYear& columns = hourly.columns;
    std::vector<double> dni;
    for (std::size_t t = 0; t < hourly.axis.n_step; ++t) {
        const std::size_t row = row_of(hourly.axis.at(t) + offset);
        columns.ghi_w_per_m2.push_back(file.ghi_w_per_m2[row]);
        columns.dhi_w_per_m2.push_back(file.dhi_w_per_m2[row]);
        dni.push_back(file.dni_w_per_m2[row]);
        columns.temperature_c.push_back(file.temperature_c[row]);
        columns.relative_humidity.push_back(file.relative_humidity[row]);
        columns.pressure_pa.push_back(file.pressure_pa[row]);
        columns.wind_speed_m_per_s.push_back(file.wind_speed_m_per_s[row]);
        if (!file.wind_from_degree.empty()) {
            columns.wind_from_degree.push_back(file.wind_from_degree[row]);
        }
    }
    const std::size_t limited = limit_low_sun(hourly, file.site);
    choose_diffuse(hourly, file.site, closure, std::move(dni));
    WeatherYear weather = resample(hourly, file.site, axis, std::nullopt);
    weather.filled_values = file.filled_values + limited;
    weather.closure_gap_w_per_m2 = file.closure_gap_w_per_m2;
    return weather;
}

} // namespace yuanwang::models
