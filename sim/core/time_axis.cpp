#include "core/time_axis.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace yuanwang {

using namespace std::chrono;

LocalTime to_beijing(sys_seconds utc) {
    const sys_seconds local = utc + beijing_offset;
    const sys_days midnight = floor<days>(local);
    const year_month_day date{midnight};
    const sys_days new_year{date.year() / January / 1};
    return {.year = int{date.year()},
            .month = unsigned{date.month()},
            .day = unsigned{date.day()},
            .day_of_year = static_cast<unsigned>((midnight - new_year).count()) + 1,
            .weekday = weekday{midnight}.iso_encoding(),
            .hour = static_cast<double>((local - midnight).count()) / 3600.0};
}

sys_seconds beijing_midnight(year_month_day date) {
    return sys_seconds{sys_days{date}} - beijing_offset;
}

namespace {

struct Fields {
    year_month_day date;
    hh_mm_ss<seconds> clock;
};

Fields split(sys_seconds instant) {
    const sys_days midnight = floor<days>(instant);
    return {year_month_day{midnight}, hh_mm_ss<seconds>{instant - midnight}};
}

} // namespace

std::string to_iso_utc(sys_seconds utc) {
    const auto [date, clock] = split(utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int{date.year()},
                       unsigned{date.month()}, unsigned{date.day()}, clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::string to_beijing_text(sys_seconds utc) {
    const auto [date, clock] = split(utc + beijing_offset);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", int{date.year()}, unsigned{date.month()},
                       unsigned{date.day()}, clock.hours().count(), clock.minutes().count());
}

std::size_t TimeAxis::first_step_from(sys_seconds instant) const {
    if (instant <= start) {
        return 0;
    }
    const auto elapsed = instant - start;
    const auto step_s = duration_cast<seconds>(step);
    const auto count = static_cast<std::size_t>((elapsed + step_s - seconds{1}) / step_s);
    return std::min(count, n_step);
}

} // namespace yuanwang
