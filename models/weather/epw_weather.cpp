#include "models/weather/epw.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <optional>

#include "models/weather/resample.hpp"

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

} // namespace

WeatherYear make_weather(const EpwFile& file, const TimeAxis& axis) {
    using namespace std::chrono;
    const auto offset = minutes{static_cast<std::int64_t>(std::lround(file.utc_offset_h * 60.0))};
    HourlyWeather hourly{hours_around(axis, (minutes{60} - offset % minutes{60}) % minutes{60}),
                         {}};
    WeatherYear& columns = hourly.columns;
    for (std::size_t t = 0; t < hourly.axis.n_step; ++t) {
        const std::size_t row = row_of(hourly.axis.at(t) + offset);
        columns.ghi_w_per_m2.push_back(file.ghi_w_per_m2[row]);
        columns.dhi_w_per_m2.push_back(file.dhi_w_per_m2[row]);
        columns.temperature_c.push_back(file.temperature_c[row]);
        columns.relative_humidity.push_back(file.relative_humidity[row]);
        columns.pressure_pa.push_back(file.pressure_pa[row]);
        columns.wind_speed_m_per_s.push_back(file.wind_speed_m_per_s[row]);
    }
    return resample(hourly, file.site, axis, std::nullopt);
}

} // namespace yuanwang::models
