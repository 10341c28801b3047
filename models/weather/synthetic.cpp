#include "models/weather/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>
#include <string>

#include "models/hash_normal.hpp"
#include "models/weather/air.hpp"
#include "models/weather/clear_sky.hpp"
#include "models/weather/clearness.hpp"
#include "models/weather/decomposition.hpp"
#include "models/weather/precipitation.hpp"
#include "models/weather/random_field.hpp"
#include "models/weather/resample.hpp"
#include "models/weather/sun_position.hpp"

namespace yuanwang::models {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_seconds;

/// Clouds live a day or two and a few hundred kilometres, air masses longer and farther, gusts of the hour least.
constexpr FieldShape cloudy_days{"cloudy days", 400, 0.9, 0.29, 64};
constexpr FieldShape cloudy_hours{"cloudy hours", 60, 0.5, 0.40, 32};
constexpr FieldShape air_masses{"air masses", 1000, 0.95, 0.72, 64};
constexpr FieldShape pressure_systems{"pressure systems", 1500, 0.98, 0.75, 64};
constexpr FieldShape winds{"winds", 350, 0.8, 0.90, 32};
constexpr FieldShape wind_directions{"wind directions", 350, 0.8, 0.90, 32};

/// A calendar year of the Beijing clock, in hours.
struct Year {
    TimeAxis axis;
    std::vector<std::size_t> month_of_day; ///< 0…11
    std::vector<std::size_t> first_day;    ///< of each month, and one past the last [13]
    std::vector<double> solar_hour; ///< local mean solar time of the middle of the hour, 0…24
    std::int64_t day_number = 0;    ///< of 1 January, since 1970
    [[nodiscard]] std::size_t n_day() const { return month_of_day.size(); }
};

Year make_year(int number, const SitePosition& site) {
    using namespace std::chrono;
    const sys_days first = year{number} / January / 1;
    const sys_days next = year{number + 1} / January / 1;
    const auto n_day = static_cast<std::size_t>((next - first) / days{1});
    Year out;
    out.axis = {beijing_midnight(year{number} / January / 1), minutes{60}, n_day * 24};
    out.day_number = first.time_since_epoch() / days{1};
    for (std::size_t d = 0; d < n_day; ++d) {
        const auto m = static_cast<unsigned>(
                           year_month_day{first + days{static_cast<std::int64_t>(d)}}.month()) -
                       1;
        if (out.first_day.size() == m) {
            out.first_day.push_back(d);
        }
        out.month_of_day.push_back(m);
    }
    out.first_day.push_back(n_day);
    out.solar_hour.resize(n_day * 24);
    for (std::size_t h = 0; h < out.solar_hour.size(); ++h) {
        const double hour = static_cast<double>(h % 24) + 0.5 - 8.0 + site.longitude_degree / 15.0;
        out.solar_hour[h] = hour - 24.0 * std::floor(hour / 24.0);
    }
    return out;
}

/// A value per day, straight between the noons.
double at_hour(std::span<const double> daily, std::size_t h) {
    const double x = (static_cast<double>(h) + 0.5) / 24.0 - 0.5;
    const double last = static_cast<double>(daily.size() - 1);
    const double inside = std::clamp(x, 0.0, last);
    const auto d = std::min(static_cast<std::size_t>(inside), daily.size() - 2);
    return std::lerp(daily[d], daily[d + 1], inside - static_cast<double>(d));
}

/// A value per month, straight between the middles of the months, December meeting January.
double at_day(const std::array<double, 12>& monthly, const Year& year, std::size_t d) {
    const auto middle = [&](std::size_t m) {
        return 0.5 * static_cast<double>(year.first_day[m] + year.first_day[m + 1]);
    };
    const double x = static_cast<double>(d) + 0.5;
    const std::size_t m = year.month_of_day[d];
    const double n = static_cast<double>(year.n_day());
    if (x < middle(m)) {
        const std::size_t before = (m + 11) % 12;
        const double start = middle(before) - (m == 0 ? n : 0.0);
        return std::lerp(monthly[before], monthly[m], (x - start) / (middle(m) - start));
    }
    const std::size_t after = (m + 1) % 12;
    const double end = middle(after) + (m == 11 ? n : 0.0);
    return std::lerp(monthly[m], monthly[after], (x - middle(m)) / (end - middle(m)));
}

std::array<double, 12> monthly_means(std::span<const double> hourly, const Year& year) {
    std::array<double, 12> mean{};
    for (std::size_t m = 0; m < 12; ++m) {
        const std::size_t from = year.first_day[m] * 24;
        const std::size_t to = year.first_day[m + 1] * 24;
        mean[m] = std::accumulate(hourly.begin() + static_cast<std::ptrdiff_t>(from),
                                  hourly.begin() + static_cast<std::ptrdiff_t>(to), 0.0) /
                  static_cast<double>(to - from);
    }
    return mean;
}

/// On a horizontal plane outside the atmosphere, by the sun at the middle of each hour.
std::vector<double> list_extraterrestrial(const Year& year, const SitePosition& site) {
    const SunTrack track{year.axis.start, year.axis.end()};
    const double pressure_pa = pressure_at_altitude_pa(site.altitude_m);
    std::vector<double> outside(year.axis.n_step);
    for (std::size_t h = 0; h < outside.size(); ++h) {
        const GeocentricSun sun = track.at(year.axis.at(h) + minutes{30});
        const double elevation = observe_sun(sun, site, pressure_pa, 10.0).elevation_degree;
        outside[h] = extraterrestrial_w_per_m2(sun.distance_au) *
                     std::max(0.0, std::sin(elevation * std::numbers::pi / 180.0));
    }
    return outside;
}

/// Clear-sky index of the clearest days of a month, of their clearness; 1 where that is not given.
double find_clearest(double clearest_kt, std::span<const double> clear,
                     std::span<const double> outside) {
    const double clear_sum = std::accumulate(clear.begin(), clear.end(), 0.0);
    if (clearest_kt <= 0 || clear_sum <= 0) {
        return 1.0;
    }
    return std::min(1.0,
                    clearest_kt * std::accumulate(outside.begin(), outside.end(), 0.0) / clear_sum);
}

/// Radiation: fills GHI and DHI, returns the clear-sky index of the days.
std::vector<double> make_radiation(const Year& year, const SitePosition& site,
                                   const MonthlyNormals& normals, std::uint64_t seed,
                                   std::string_view site_id, WeatherYear& columns) {
    const std::size_t n_hour = year.axis.n_step;
    const std::vector<double> pieces = clear_sky_five_minutes(site, year.axis.start, n_hour * 12);
    std::vector<double> clear(n_hour);
    for (std::size_t h = 0; h < n_hour; ++h) {
        for (std::size_t j = 0; j < 12; ++j) {
            clear[h] += pieces[12 * h + j] / 12.0;
        }
    }
    const std::vector<double> outside = list_extraterrestrial(year, site);
    std::vector<double> clear_day(year.n_day());
    std::vector<double> outside_day(year.n_day());
    for (std::size_t h = 0; h < n_hour; ++h) {
        clear_day[h / 24] += clear[h];
        outside_day[h / 24] += outside[h];
    }
    const std::vector<double> order =
        sample_field(cloudy_days, site, seed, site_id, year.day_number, year.n_day());
    std::vector<double> c_day;
    for (std::size_t m = 0; m < 12; ++m) {
        const std::size_t d = year.first_day[m];
        const std::size_t n = year.first_day[m + 1] - d;
        const auto clear_days = std::span{clear_day}.subspan(d, n);
        const double c_max = find_clearest(normals.clearest_day_kt[m], clear_days,
                                           std::span{outside_day}.subspan(d, n));
        const std::vector<double> month =
            make_daily_index({clear_days, 1000.0 * normals.ghi_kwh_per_m2[m], c_max,
                              std::span{order}.subspan(d, n)});
        c_day.insert(c_day.end(), month.begin(), month.end());
    }

    const std::vector<double> y =
        sample_field(cloudy_hours, site, seed, site_id, year.day_number * 24, n_hour);
    std::vector<double> index(n_hour);
    for (std::size_t d = 0; d < year.n_day(); ++d) {
        make_hourly_index(std::span{clear}.subspan(24 * d, 24), c_day[d],
                          outside_day[d] > 0 ? clear_day[d] / outside_day[d] : 0.0,
                          std::span{y}.subspan(24 * d, 24), std::span{index}.subspan(24 * d, 24));
    }
    const SunTrack track{year.axis.start, year.axis.end()};
    const double pressure_pa = pressure_at_altitude_pa(site.altitude_m);
    columns.ghi_w_per_m2.resize(n_hour);
    columns.dhi_w_per_m2.resize(n_hour);
    for (std::size_t h = 0; h < n_hour; ++h) {
        const GeocentricSun sun = track.at(year.axis.at(h) + minutes{30});
        const double zenith = observe_sun(sun, site, pressure_pa, 10.0).zenith_degree();
        columns.ghi_w_per_m2[h] = clear[h] * index[h];
        columns.dhi_w_per_m2[h] = decompose_erbs(columns.ghi_w_per_m2[h], zenith,
                                                 extraterrestrial_w_per_m2(sun.distance_au))
                                      .dhi_w_per_m2;
    }
    return c_day;
}

/// Mean day of the temperature over its range, by the solar hour. Source: Erbs, Klein, Beckman, ASHRAE J. 25(6), 1983.
double diurnal_shape(double solar_hour) {
    const double t = 2.0 * std::numbers::pi * (solar_hour - 1.0) / 24.0;
    return 0.4632 * std::cos(t - 3.805) + 0.0984 * std::cos(2.0 * t - 0.360) +
           0.0168 * std::cos(3.0 * t - 0.822) + 0.0138 * std::cos(4.0 * t - 3.513);
}

std::vector<double> make_temperature(const Year& year, const SitePosition& site,
                                     const MonthlyNormals& normals, std::span<const double> c_day,
                                     std::uint64_t seed, std::string_view site_id) {
    const auto [coldest, warmest] = std::ranges::minmax(normals.temperature_c);
    const std::vector<double> x =
        sample_field(air_masses, site, seed, site_id, year.day_number, year.n_day());
    std::array<double, 12> c_month{};
    for (std::size_t d = 0; d < year.n_day(); ++d) {
        const std::size_t m = year.month_of_day[d];
        c_month[m] += c_day[d] / static_cast<double>(year.first_day[m + 1] - year.first_day[m]);
    }
    std::vector<double> anomaly_k(year.n_day());
    std::vector<double> range_k(year.n_day());
    for (std::size_t d = 0; d < year.n_day(); ++d) {
        const std::size_t m = year.month_of_day[d];
        const double coldness =
            warmest > coldest ? (warmest - normals.temperature_c[m]) / (warmest - coldest) : 0.0;
        const double clearer = c_month[m] > 0 ? c_day[d] / c_month[m] : 1.0;
        anomaly_k[d] = (2.0 + coldness) * x[d];
        range_k[d] = normals.temperature_range_k[m] * (0.4 + 0.6 * clearer);
    }
    std::vector<double> moving_k(year.axis.n_step); // without the march of the year
    for (std::size_t h = 0; h < year.axis.n_step; ++h) {
        moving_k[h] =
            at_hour(anomaly_k, h) + at_hour(range_k, h) * diurnal_shape(year.solar_hour[h]);
    }
    // The march of the year runs straight between nodes that are moved until every month has its mean.
    std::array<double, 12> nodes = normals.temperature_c;
    std::vector<double> temperature_c(year.axis.n_step);
    std::vector<double> march(year.n_day());
    for (int round = 0; round < 40; ++round) {
        for (std::size_t d = 0; d < year.n_day(); ++d) {
            march[d] = at_day(nodes, year, d);
        }
        for (std::size_t h = 0; h < year.axis.n_step; ++h) {
            temperature_c[h] = moving_k[h] + at_hour(march, h);
        }
        const std::array<double, 12> mean = monthly_means(temperature_c, year);
        for (std::size_t m = 0; m < 12; ++m) {
            nodes[m] += normals.temperature_c[m] - mean[m];
        }
    }
    return temperature_c;
}

/// Relative humidity of air whose vapour pressure changes from day to day only; clouds are moist.
std::vector<double> make_humidity(const Year& year, const MonthlyNormals& normals,
                                  std::span<const double> c_day,
                                  std::span<const double> temperature_c) {
    std::vector<double> vapour_pa(year.n_day());
    for (std::size_t d = 0; d < year.n_day(); ++d) {
        const double rh = at_day(normals.relative_humidity, year, d);
        const double saturation = saturation_pressure_pa(at_day(normals.temperature_c, year, d));
        vapour_pa[d] = rh * saturation * (1.3 - 0.4 * c_day[d]);
    }
    std::vector<double> humidity(year.axis.n_step);
    std::array<double, 12> factor;
    factor.fill(1.0);
    for (int round = 0; round < 20; ++round) {
        for (std::size_t h = 0; h < year.axis.n_step; ++h) {
            const double e = at_hour(vapour_pa, h) * factor[year.month_of_day[h / 24]];
            humidity[h] = std::clamp(e / saturation_pressure_pa(temperature_c[h]), 0.05, 1.0);
        }
        const std::array<double, 12> mean = monthly_means(humidity, year);
        for (std::size_t m = 0; m < 12; ++m) {
            factor[m] *= normals.relative_humidity[m] / mean[m];
        }
    }
    return humidity;
}

/// Wind: AR(1) hours mapped to a Weibull of the month's mean (Justus: k = 0.94 √v), stronger in the afternoon.
std::vector<double> make_wind(const Year& year, const SitePosition& site,
                              const MonthlyNormals& normals, std::uint64_t seed,
                              std::string_view site_id) {
    const std::vector<double> x =
        sample_field(winds, site, seed, site_id, year.day_number * 24, year.axis.n_step);
    std::vector<double> wind(year.axis.n_step);
    for (std::size_t h = 0; h < wind.size(); ++h) {
        const double mean = normals.wind_speed_m_per_s[year.month_of_day[h / 24]];
        const double k = std::clamp(0.94 * std::sqrt(mean), 1.0, 3.0);
        const double above = std::max(1e-12, normal_share_below(-x[h]));
        const double of_day =
            1.0 + 0.35 * std::cos(2.0 * std::numbers::pi * (year.solar_hour[h] - 15.0) / 24.0);
        wind[h] = std::pow(-std::log(above), 1.0 / k) * of_day;
    }
    const std::array<double, 12> mean = monthly_means(wind, year);
    for (std::size_t h = 0; h < wind.size(); ++h) {
        const std::size_t m = year.month_of_day[h / 24];
        wind[h] *= normals.wind_speed_m_per_s[m] / mean[m];
    }
    return wind;
}

/// Direction: the share of an AR(1) of hours is a share of the rose, read clockwise from behind its weakest sector, so that
/// the seam is crossed least often.
std::vector<double> make_wind_direction(const Year& year, const SitePosition& site,
                                        const std::vector<double>& rose, std::uint64_t seed,
                                        std::string_view site_id) {
    if (rose.empty()) {
        return {};
    }
    const std::vector<double> x =
        sample_field(wind_directions, site, seed, site_id, year.day_number * 24, year.axis.n_step);
    const std::size_t n = rose.size();
    const double sector_degree = 360.0 / static_cast<double>(n);
    const double sum = std::accumulate(rose.begin(), rose.end(), 0.0);
    const auto weakest = static_cast<std::size_t>(std::ranges::min_element(rose) - rose.begin());
    std::vector<double> from_degree(x.size());
    for (std::size_t h = 0; h < x.size(); ++h) {
        double left = normal_share_below(x[h]) * sum;
        std::size_t i = 0;
        while (i + 1 < n && left > rose[(weakest + 1 + i) % n]) {
            left -= rose[(weakest + 1 + i) % n];
            ++i;
        }
        const std::size_t sector = (weakest + 1 + i) % n;
        const double into = rose[sector] > 0 ? std::min(1.0, left / rose[sector]) : 0.5;
        const double degree = (static_cast<double>(sector) - 0.5 + into) * sector_degree;
        from_degree[h] = degree < 0 ? degree + 360.0 : degree;
    }
    return from_degree;
}

void add_precipitation(const Year& year, const MonthlyNormals& normals,
                       std::span<const double> c_day, std::uint64_t key, WeatherYear& columns) {
    columns.precipitation_mm.resize(year.axis.n_step);
    columns.snowfall_cm.resize(year.axis.n_step);
    for (std::size_t m = 0; m < 12; ++m) {
        const std::size_t d = year.first_day[m];
        const std::size_t n = year.first_day[m + 1] - d;
        make_precipitation({normals.precipitation_mm[m], normals.wet_days[m],
                            year.day_number + static_cast<std::int64_t>(d), c_day.subspan(d, n),
                            std::span{columns.temperature_c}.subspan(24 * d, 24 * n)},
                           key, std::span{columns.precipitation_mm}.subspan(24 * d, 24 * n),
                           std::span{columns.snowfall_cm}.subspan(24 * d, 24 * n));
    }
}

WeatherYear make_hours(const Year& year, const SitePosition& site, const MonthlyNormals& normals,
                       std::uint64_t seed, std::string_view site_id) {
    WeatherYear columns;
    const std::vector<double> c_day = make_radiation(year, site, normals, seed, site_id, columns);
    columns.temperature_c = make_temperature(year, site, normals, c_day, seed, site_id);
    columns.relative_humidity = make_humidity(year, normals, c_day, columns.temperature_c);
    columns.wind_speed_m_per_s = make_wind(year, site, normals, seed, site_id);
    columns.wind_from_degree = make_wind_direction(year, site, normals.wind_rose, seed, site_id);
    const std::vector<double> x =
        sample_field(pressure_systems, site, seed, site_id, year.day_number, year.n_day());
    const double standard_pa = pressure_at_altitude_pa(site.altitude_m);
    for (std::size_t h = 0; h < year.axis.n_step; ++h) {
        columns.pressure_pa.push_back(standard_pa * (1.0 + 0.004 * at_hour(x, h)));
    }
    add_precipitation(year, normals, c_day, make_key(make_key(seed, "precipitation"), site_id),
                      columns);
    return columns;
}

void append(std::vector<double>& to, const std::vector<double>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

} // namespace

WeatherYear make_synthetic_weather(const SitePosition& site, const MonthlyNormals& normals,
                                   const TimeAxis& axis, std::uint64_t seed,
                                   std::string_view site_id) {
    const int first = to_beijing(axis.start).year;
    const int last = to_beijing(axis.end() - std::chrono::seconds{1}).year;
    HourlyWeather hourly;
    for (int number = first; number <= last; ++number) {
        const Year year = make_year(number, site);
        if (number == first) {
            hourly.axis = year.axis;
        } else {
            hourly.axis.n_step += year.axis.n_step;
        }
        const WeatherYear columns = make_hours(year, site, normals, seed, site_id);
        append(hourly.columns.ghi_w_per_m2, columns.ghi_w_per_m2);
        append(hourly.columns.dhi_w_per_m2, columns.dhi_w_per_m2);
        append(hourly.columns.temperature_c, columns.temperature_c);
        append(hourly.columns.relative_humidity, columns.relative_humidity);
        append(hourly.columns.pressure_pa, columns.pressure_pa);
        append(hourly.columns.wind_speed_m_per_s, columns.wind_speed_m_per_s);
        append(hourly.columns.wind_from_degree, columns.wind_from_degree);
        append(hourly.columns.precipitation_mm, columns.precipitation_mm);
        append(hourly.columns.snowfall_cm, columns.snowfall_cm);
    }
    return resample(hourly, site, axis, make_key(seed, site_id));
}

} // namespace yuanwang::models
