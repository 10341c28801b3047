#include "models/weather/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/weather/air.hpp"
#include "models/weather/decomposition.hpp"
#include "models/weather/resample.hpp"

namespace yuanwang::models {

WeatherYear make_synthetic_weather(const SitePosition& site, const MonthlyNormals& normals,
                                   const TimeAxis& axis, std::uint64_t seed, std::string_view) {
    HourlyWeather hourly{hours_around(axis), {}};
    WeatherYear& columns = hourly.columns;
    const std::size_t n = hourly.axis.n_step;
    const std::vector<double> clear = clear_sky_five_minutes(site, hourly.axis.start, n * 12);
    for (std::size_t t = 0; t < n; ++t) {
        const LocalTime local = hourly.axis.middle(t);
        const std::size_t m = local.month - 1;
        double ghi = 0;
        for (std::size_t j = 0; j < 12; ++j) {
            ghi += clear[t * 12 + j] / 12.0;
        }
        ghi *= 0.72;
        columns.ghi_w_per_m2.push_back(ghi);
        columns.dhi_w_per_m2.push_back(ghi * 0.33);
        columns.temperature_c.push_back(
            normals.temperature_c[m] +
            0.5 * normals.temperature_range_k[m] *
                std::cos(2.0 * std::numbers::pi * (local.hour - 16.0) / 24.0));
        columns.relative_humidity.push_back(normals.relative_humidity[m]);
        columns.pressure_pa.push_back(pressure_at_altitude_pa(site.altitude_m));
        columns.wind_speed_m_per_s.push_back(normals.wind_speed_m_per_s[m]);
    }
    return resample(hourly, site, axis, seed);
}

} // namespace yuanwang::models
