#include "models/weather/resample.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <span>

#include "models/hash_normal.hpp"
#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/decomposition.hpp"
#include "models/weather/sun_position.hpp"

namespace yuanwang::models {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes piece{5};
constexpr std::size_t pieces_per_hour = 12;
using Pieces = std::array<double, pieces_per_hour>;

double mean(const Pieces& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    return sum / static_cast<double>(pieces_per_hour);
}

/// Straight between the middles of the hours h−1, h, h+1.
Pieces interpolate(std::span<const double> hourly, std::size_t h) {
    const double before = hourly[h > 0 ? h - 1 : h];
    const double here = hourly[h];
    const double after = hourly[h + 1 < hourly.size() ? h + 1 : h];
    Pieces pieces{};
    for (std::size_t j = 0; j < pieces_per_hour; ++j) {
        const double w = (static_cast<double>(j) + 0.5) / pieces_per_hour - 0.5; // −0.5…0.5
        pieces[j] = w < 0 ? here - w * (before - here) : here + w * (after - here);
    }
    return pieces;
}

/// The same, shifted to the hour's mean.
Pieces spread_by_shift(std::span<const double> hourly, std::size_t h) {
    Pieces pieces = interpolate(hourly, h);
    const double shift = hourly[h] - mean(pieces);
    for (double& value : pieces) {
        value += shift;
    }
    return pieces;
}

/// A non-negative mean spread by a shape; flat where the shape is empty.
Pieces spread_by_shape(double hour_mean, const Pieces& shape) {
    const double shape_mean = mean(shape);
    Pieces pieces{};
    for (std::size_t j = 0; j < pieces_per_hour; ++j) {
        pieces[j] = shape_mean > 0 ? hour_mean * shape[j] / shape_mean : hour_mean;
    }
    return pieces;
}

/// Sums five-minute pieces into the steps they fall into.
class StepMeans {
  public:
    StepMeans(const TimeAxis& axis, std::vector<double>& column) : axis_{axis}, column_{column} {
        column_.assign(axis.n_step, 0.0);
    }
    void add(std::chrono::sys_seconds hour, const Pieces& pieces) {
        const double weight =
            static_cast<double>(piece.count()) / static_cast<double>(axis_.step.count());
        for (std::size_t j = 0; j < pieces_per_hour; ++j) {
            const auto at = hour + piece * static_cast<minutes::rep>(j);
            if (at >= axis_.start && at < axis_.end()) {
                column_[static_cast<std::size_t>((at - axis_.start) / axis_.step)] +=
                    weight * pieces[j];
            }
        }
    }

  private:
    const TimeAxis& axis_;
    std::vector<double>& column_;
};

/// GHI and DHI stay where the beam they imply is below the clear-sky beam.
void close_steps(WeatherYear& weather, const SitePosition& site) {
    weather.dni_w_per_m2.resize(weather.size());
    for (std::size_t t = 0; t < weather.size(); ++t) {
        const double zenith = 90.0 - weather.sun_elevation_degree[t];
        const Irradiance clear = clear_sky_at(zenith, weather.pressure_pa[t], site.altitude_m,
                                              weather.dni_extra_w_per_m2[t]);
        const Irradiance closed = close_irradiance(weather.ghi_w_per_m2[t], weather.dhi_w_per_m2[t],
                                                   zenith, clear.dni_w_per_m2);
        weather.dni_w_per_m2[t] = closed.dni_w_per_m2;
        weather.dhi_w_per_m2[t] = closed.dhi_w_per_m2;
    }
}

/// Steps that are hours of the table: nothing to spread.
WeatherYear cut_hours(const HourlyWeather& hourly, const TimeAxis& axis) {
    const auto first = static_cast<std::ptrdiff_t>((axis.start - hourly.axis.start) / hours{1});
    const auto cut = [&](const std::vector<double>& column) {
        return std::vector<double>(column.begin() + first,
                                   column.begin() + first +
                                       static_cast<std::ptrdiff_t>(axis.n_step));
    };
    const WeatherYear& from = hourly.columns;
    WeatherYear weather;
    weather.ghi_w_per_m2 = cut(from.ghi_w_per_m2);
    weather.dhi_w_per_m2 = cut(from.dhi_w_per_m2);
    weather.temperature_c = cut(from.temperature_c);
    weather.relative_humidity = cut(from.relative_humidity);
    weather.pressure_pa = cut(from.pressure_pa);
    weather.wind_speed_m_per_s = cut(from.wind_speed_m_per_s);
    if (!from.precipitation_mm.empty()) {
        weather.precipitation_mm = cut(from.precipitation_mm);
        weather.snowfall_cm = cut(from.snowfall_cm);
    }
    return weather;
}

/// Gust factors of the hour that starts at `hour`, drawn by its number, so that every run has the same.
Pieces gusts(std::optional<std::uint64_t> seed, std::chrono::sys_seconds hour) {
    constexpr double persistence = 0.6;
    constexpr double sigma = 0.15;
    const std::int64_t number =
        hour.time_since_epoch() / hours{1} * static_cast<std::int64_t>(pieces_per_hour);
    Pieces factor{};
    factor.fill(1.0);
    double state = 0;
    for (std::size_t j = 0; seed && j < pieces_per_hour; ++j) {
        const double n = hash_normal(*seed, number + static_cast<std::int64_t>(j));
        state = j == 0 ? n : persistence * state + std::sqrt(1.0 - persistence * persistence) * n;
        factor[j] = std::exp(sigma * state);
    }
    return factor;
}

/// What falls in an hour, spread evenly over its pieces.
void spread_sums(const HourlyWeather& hourly, std::span<const double> sums, const TimeAxis& axis,
                 std::vector<double>& out) {
    StepMeans rate{axis, out};
    for (std::size_t h = 0; h < hourly.axis.n_step; ++h) {
        Pieces pieces{};
        pieces.fill(sums[h] * axis.dt_h());
        rate.add(hourly.axis.at(h), pieces);
    }
}

WeatherYear spread_hours(const HourlyWeather& hourly, const SitePosition& site,
                         const TimeAxis& axis, std::optional<std::uint64_t> gust_seed) {
    WeatherYear weather;
    StepMeans ghi{axis, weather.ghi_w_per_m2};
    StepMeans dhi{axis, weather.dhi_w_per_m2};
    StepMeans temperature{axis, weather.temperature_c};
    StepMeans humidity{axis, weather.relative_humidity};
    StepMeans pressure{axis, weather.pressure_pa};
    StepMeans wind{axis, weather.wind_speed_m_per_s};
    const WeatherYear& from = hourly.columns;
    const auto first = static_cast<std::size_t>((axis.start - hourly.axis.start) / hours{1});
    const auto last =
        std::min(hourly.axis.n_step,
                 static_cast<std::size_t>((axis.end() - hourly.axis.start) / hours{1}) + 1);
    const std::vector<double> clear =
        clear_sky_five_minutes(site, hourly.axis.at(first), (last - first) * pieces_per_hour);
    for (std::size_t h = first; h < last; ++h) {
        const auto at = hourly.axis.at(h);
        Pieces shape{};
        std::copy_n(clear.begin() + static_cast<std::ptrdiff_t>((h - first) * pieces_per_hour),
                    pieces_per_hour, shape.begin());
        ghi.add(at, spread_by_shape(from.ghi_w_per_m2[h], shape));
        dhi.add(at, spread_by_shape(from.dhi_w_per_m2[h], shape));
        temperature.add(at, spread_by_shift(from.temperature_c, h));
        humidity.add(
            at, spread_by_shape(from.relative_humidity[h], interpolate(from.relative_humidity, h)));
        pressure.add(at, spread_by_shift(from.pressure_pa, h));
        Pieces speed = interpolate(from.wind_speed_m_per_s, h);
        const Pieces gust = gusts(gust_seed, at);
        for (std::size_t j = 0; j < pieces_per_hour; ++j) {
            speed[j] *= gust[j];
        }
        wind.add(at, spread_by_shape(from.wind_speed_m_per_s[h], speed));
    }
    for (double& rh : weather.relative_humidity) {
        rh = std::min(rh, 1.0);
    }
    if (!from.precipitation_mm.empty()) {
        spread_sums(hourly, from.precipitation_mm, axis, weather.precipitation_mm);
        spread_sums(hourly, from.snowfall_cm, axis, weather.snowfall_cm);
    }
    return weather;
}

/// The value of the hour in which each step begins.
std::vector<double> hold_hours(const TimeAxis& hours_axis, std::span<const double> hourly,
                               const TimeAxis& axis) {
    std::vector<double> held(axis.n_step);
    for (std::size_t t = 0; t < axis.n_step; ++t) {
        held[t] = hourly[static_cast<std::size_t>((axis.at(t) - hours_axis.start) / hours{1})];
    }
    return held;
}

} // namespace

TimeAxis hours_around(const TimeAxis& axis, minutes phase) {
    const auto floor_hour = [&](std::chrono::sys_seconds at) {
        return std::chrono::floor<hours>(at - phase) + phase;
    };
    const auto start = floor_hour(axis.start) - hours{1};
    const auto end = floor_hour(axis.end() + hours{1} - seconds{1}) + hours{1};
    return {start, minutes{60}, static_cast<std::size_t>((end - start) / hours{1})};
}

WeatherYear resample(const HourlyWeather& hourly, const SitePosition& site, const TimeAxis& axis,
                     std::optional<std::uint64_t> gust_seed) {
    assert(axis.start >= hourly.axis.start && axis.end() <= hourly.axis.end());
    const bool whole_hours =
        axis.step == minutes{60} && (axis.start - hourly.axis.start) % hours{1} == seconds{0};
    WeatherYear weather =
        whole_hours ? cut_hours(hourly, axis) : spread_hours(hourly, site, axis, gust_seed);
    if (!hourly.columns.wind_from_degree.empty()) {
        weather.wind_from_degree = hold_hours(hourly.axis, hourly.columns.wind_from_degree, axis);
    }
    add_sun(weather, site, axis);
    close_steps(weather, site);
    return weather;
}

std::vector<double> clear_sky_five_minutes(const SitePosition& site, std::chrono::sys_seconds start,
                                           std::size_t n_piece) {
    const TimeAxis axis{start, piece, n_piece};
    const SunTrack track{axis.start, axis.end()};
    const double pressure_pa = pressure_at_altitude_pa(site.altitude_m);
    std::vector<double> ghi(n_piece);
    for (std::size_t i = 0; i < n_piece; ++i) {
        const GeocentricSun sun = track.at(axis.at(i) + seconds{piece} / 2);
        const double zenith = observe_sun(sun, site, pressure_pa, 10.0).zenith_degree();
        if (zenith < 90.0) {
            ghi[i] = clear_sky_at(zenith, pressure_pa, site.altitude_m,
                                  extraterrestrial_w_per_m2(sun.distance_au))
                         .ghi_w_per_m2;
        }
    }
    return ghi;
}

} // namespace yuanwang::models
