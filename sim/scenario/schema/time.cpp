#include <array>
#include <charconv>

#include <fmt/format.h>

#include "scenario/draft.hpp"
#include "scenario/schema/parts.hpp"
#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

using engine::Study;

std::optional<Duration> parse_duration(std::string_view text) {
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view rest{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    constexpr int longest = 100000;
    if (error != std::errc{} || count <= 0 || count > longest || rest.size() != 2 ||
        rest[0] != ' ' || std::string_view{"ydh"}.find(rest[1]) == std::string_view::npos) {
        return std::nullopt;
    }
    return Duration{count, rest[1]};
}

namespace {

/// Digits at a place of a text as a number, or −1.
int read_digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t k = at; k < at + count; ++k) {
        if (k >= text.size() || text[k] < '0' || text[k] > '9') {
            return -1;
        }
        value = value * 10 + (text[k] - '0');
    }
    return value;
}

} // namespace

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
    const int year = read_digits(text, 0, 4);
    const int month = read_digits(text, 5, 2);
    const int day = read_digits(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 1900 || year > 2200 ||
        month < 0 || day < 0) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    return date.ok() ? std::optional{date} : std::nullopt;
}

std::optional<std::chrono::sys_seconds> parse_instant(std::string_view text) {
    const auto date = parse_date(text.substr(0, 10));
    if (!date) {
        return std::nullopt;
    }
    const std::chrono::sys_seconds midnight = beijing_midnight(*date);
    if (text.size() == 10) {
        return midnight;
    }
    const int hour = read_digits(text, 11, 2);
    const int minute = read_digits(text, 14, 2);
    if (text.size() != 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59) {
        return std::nullopt;
    }
    return midnight + std::chrono::hours{hour} + std::chrono::minutes{minute};
}

namespace {

constexpr std::array<int, 4> steps_min = {60, 30, 15, 5};

/// The axis of a run, or a fault where the steps do not fit.
void make_time_axis(Reader& reader, const Node& element, Draft& draft) {
    const std::optional<Duration> duration = parse_duration(draft.duration);
    TimeAxis& time = draft.study.time;
    time.start = draft.start;
    time.step = std::chrono::minutes{steps_min[static_cast<std::size_t>(draft.step_min)]};
    if (!duration) {
        return;
    }
    using namespace std::chrono;
    sys_seconds end =
        time.start + hours{duration->unit == 'd' ? 24 * duration->count : duration->count};
    if (duration->unit == 'y') {
        const sys_seconds local = time.start + beijing_offset;
        const sys_days midnight = floor<days>(local);
        year_month_day date{midnight};
        date += years{duration->count};
        if (!date.ok()) { // 29 February, in a year without one
            date = date.year() / date.month() / last;
        }
        end = beijing_midnight(date) + (local - midnight);
    }
    constexpr std::size_t most_steps = 3'000'000;
    const auto n_step = static_cast<std::size_t>((end - time.start) / time.step);
    if (n_step > most_steps) {
        reader.add_fault(element, "duration",
                         fmt::format("must make at most {} steps", most_steps));
        return;
    }
    time.n_step = n_step;
}

} // namespace

RecordType make_time_type() {
    Table<Draft> t{"time", "The clock of a run; the Beijing clock is meant."};
    t.add("start", FieldKind::instant, "first step",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              static_cast<Draft*>(table)->start =
                  (value ? reader.read_instant(*value) : std::nullopt)
                      .value_or(std::chrono::sys_seconds{});
          })
        .need();
    t.word("step", &Draft::step_min, {"1 h", "30 min", "15 min", "5 min"}, "length of a step")
        .otherwise("1 h");
    t.add("duration", FieldKind::duration, "length of the run: N y, N d or N h",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              static_cast<Draft*>(table)->duration =
                  (value ? reader.read_duration(*value) : std::nullopt).value_or("");
          })
        .need();
    t.finish(make_time_axis);
    return t.take();
}

} // namespace yuanwang::scenario
