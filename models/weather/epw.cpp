#include "models/weather/epw.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numbers>
#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "models/weather/air.hpp"
#include "models/weather/decomposition.hpp"
#include "models/weather/sun_position.hpp"

namespace yuanwang::models {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t hours_per_year = 8760;
constexpr std::size_t most_faults = 20;
constexpr std::size_t longest_line = 1U << 16U;
constexpr int most_lines = 20'000;
constexpr std::array<unsigned, 12> month_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

struct Field {
    std::string_view text;
    int column = 1; ///< of its first character, from 1
};

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

void split(std::string_view line, std::vector<Field>& fields) {
    fields.clear();
    std::size_t start = 0;
    while (start <= line.size()) {
        const std::size_t comma = std::min(line.find(',', start), line.size());
        fields.push_back({trim(line.substr(start, comma - start)), static_cast<int>(start) + 1});
        start = comma + 1;
    }
}

std::optional<double> parse(std::string_view text) {
    if (!text.empty() && text.front() == '+') {
        text.remove_prefix(1);
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

/// Marks of missing values that other programs write: −99, −99.9, −999, −9999 …
constexpr double missing_from_below = -99;

/// Offset of a pyranometer at night; what is more negative is no radiation.
constexpr double least_radiation = -20;

/// What a column may hold. Values at or above `missing_from`, marks from below, and empty fields are missing.
struct ColumnRule {
    std::size_t field;
    std::string_view name;
    double min;
    double max;
    double missing_from;
};

// Field numbers and missing marks of the EPW data dictionary; files in the wild write the marks
// with more or fewer nines.
constexpr ColumnRule dry_bulb{6, "dry_bulb_c", -90, 70, 99.9};
constexpr ColumnRule dew_point{7, "dew_point_c", -98, 70, 99.9};
constexpr ColumnRule humidity{8, "relative_humidity_percent", 0, 200, 999};
constexpr ColumnRule pressure{9, "pressure_pa", 31000, 120000, 999999};
constexpr ColumnRule global{13, "ghi_wh_per_m2", least_radiation, 2000, 9999};
constexpr ColumnRule direct{14, "dni_wh_per_m2", least_radiation, 2000, 9999};
constexpr ColumnRule diffuse{15, "dhi_wh_per_m2", least_radiation, 2000, 9999};
constexpr double calm_direction = -1;
constexpr ColumnRule wind_from{20, "wind_direction_degree", 0, 360, 999};
constexpr ColumnRule wind{21, "wind_speed_m_per_s", 0, 90, 999};
constexpr std::size_t least_fields = 22;

class EpwReader {
  public:
    explicit EpwReader(const std::filesystem::path& path)
        : file_{path.string()}, in_{path, std::ios::binary} {
        if (!in_) {
            throw IoError{file_ + ": cannot be opened"};
        }
        if (!std::filesystem::is_regular_file(path)) {
            throw IoError{file_ + ": is no regular file"};
        }
    }

    EpwFile read() {
        read_header();
        for (std::string line; next_line(line);) {
            if (!trim(line).empty()) {
                read_row(line);
            }
            if (faults_.size() >= most_faults) {
                break;
            }
            if (line_ >= most_lines) {
                add_fault(line_, 1, "rows", "must hold 8760 hours, 29 February left out", "more");
                break;
            }
        }
        if (in_.bad()) {
            throw IoError{file_ + ": cannot be read"};
        }
        if (faults_.empty() && rows_ != hours_per_year) {
            add_fault(line_, 1, "rows", "must hold 8760 hours, 29 February left out",
                      std::to_string(rows_));
        }
        if (!faults_.empty()) {
            throw InputError{faults_};
        }
        complete();
        return std::move(out_);
    }

  private:
    bool next_line(std::string& line) {
        buffer_.resize(longest_line);
        in_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        const auto count = static_cast<std::size_t>(in_.gcount());
        if (count == 0) {
            return false;
        }
        ++line_;
        if (in_.fail()) {
            add_fault(line_, 1, "", "must have lines of less than 65536 characters", "");
            throw InputError{faults_};
        }
        line.assign(buffer_.data(), in_.eof() ? count : count - 1);
        if (line_ == 1 && line.starts_with("\xEF\xBB\xBF")) {
            line.erase(0, 3);
        }
        return true;
    }

    void add_fault(int line, int column, std::string_view path, std::string rule,
                   std::string_view got) {
        faults_.push_back({{file_, line, column},
                           std::string{path},
                           std::move(rule),
                           std::string{got.substr(0, 40)}});
    }

    double header_number(std::size_t index, std::string_view name, double min, double max) {
        const Field& field = fields_[index];
        const std::optional<double> value = parse(field.text);
        if (!value || *value < min || *value > max) {
            add_fault(line_, field.column, name,
                      "must be a number from " + std::to_string(static_cast<int>(min)) + " to " +
                          std::to_string(static_cast<int>(max)),
                      field.text);
            return 0;
        }
        return *value;
    }

    void read_header() {
        std::string line;
        if (!next_line(line)) {
            add_fault(1, 1, "", "is empty, must be an EPW file", "");
            throw InputError{faults_};
        }
        split(line, fields_);
        if (fields_[0].text != "LOCATION" || fields_.size() < 10) {
            add_fault(1, 1, "", "must begin with a LOCATION line of 10 fields", fields_[0].text);
            throw InputError{faults_};
        }
        out_.place = std::string{fields_[1].text};
        out_.site.latitude_degree = header_number(6, "latitude", -90, 90);
        out_.site.longitude_degree = header_number(7, "longitude", -180, 180);
        out_.utc_offset_h = header_number(8, "time_zone", -12, 14);
        zone_column_ = fields_[8].column;
        zone_ = std::string{fields_[8].text};
        out_.site.altitude_m = header_number(9, "elevation", -500, 9000);
        while (next_line(line)) {
            split(line, fields_);
            if (fields_[0].text == "DATA PERIODS") {
                if (fields_.size() > 2 && fields_[2].text != "1") {
                    add_fault(line_, fields_[2].column, "records_per_hour", "must be 1",
                              fields_[2].text);
                    throw InputError{faults_};
                }
                return;
            }
            if (line_ > 50) {
                break;
            }
        }
        add_fault(line_, 1, "", "has no DATA PERIODS line", "");
        throw InputError{faults_};
    }

    double read_value(const ColumnRule& rule, double allowed_missing_from) {
        const Field& field = fields_[rule.field];
        if (field.text.empty()) {
            return missing;
        }

        const std::optional<double> value = parse(field.text);
        if (!value) {
            add_fault(line_, field.column, rule.name, "must be a number", field.text);
            return missing;
        }
        if (*value >= allowed_missing_from || *value <= missing_from_below) {
            return missing;
        }
        if (*value < rule.min || *value > rule.max) {
            add_fault(line_, field.column, rule.name,
                      "must be from " + std::to_string(static_cast<int>(rule.min)) + " to " +
                          std::to_string(static_cast<int>(rule.max)),
                      field.text);
            return missing;
        }
        return *value;
    }

    /// Small negative values are the zero of the instrument.
    double read_radiation(const ColumnRule& rule) {
        const double value = read_value(rule, rule.missing_from);
        return std::isnan(value) ? value : std::max(0.0, value);
    }

    /// A file may begin with the first hour of any day of the year, and count its hours from 0 or from 1.
    void begin_at(std::optional<double> month, std::optional<double> day,
                  std::optional<double> hour) {
        unsigned before = 0;
        for (unsigned m = 1; m <= 12; ++m) {
            for (unsigned d = 1; d <= month_days[m - 1]; ++d, ++before) {
                if (month == m && day == d && (hour == 0.0 || hour == 1.0)) {
                    first_ = std::size_t{24} * before;
                    expect_ = {m, d, hour == 0.0 ? 0U : 1U, hour == 0.0 ? 0U : 1U};
                    return;
                }
            }
        }
    }

    void read_row(const std::string& line) {
        split(line, fields_);
        if (fields_.size() < least_fields) {
            add_fault(line_, 1, "row", "must have at least 22 fields",
                      std::to_string(fields_.size()));
            ++rows_;
            expect_.advance();
            return;
        }
        const std::optional<double> month = parse(fields_[1].text);
        const std::optional<double> day = parse(fields_[2].text);
        const std::optional<double> hour = parse(fields_[3].text);
        if (rows_ == 0 && faults_.empty()) {
            begin_at(month, day, hour);
        }
        if (month == 2.0 && day == 29.0) {
            return;
        }
        if (rows_ == hours_per_year) {
            add_fault(line_, 1, "row", "must be the last: 8760 hours are read", fields_[0].text);
            return;
        }
        if (month != expect_.month || day != expect_.day || hour != expect_.hour) {
            add_fault(
                line_, fields_[1].column, "month, day, hour",
                "must be " + std::to_string(expect_.month) + ", " + std::to_string(expect_.day) +
                    ", " + std::to_string(expect_.hour),
                line.substr(static_cast<std::size_t>(fields_[1].column) - 1,
                            static_cast<std::size_t>(fields_[4].column - fields_[1].column) - 1));
            faults_.resize(std::min(faults_.size(), most_faults));
            throw InputError{faults_}; // everything after would be out of step
        }
        out_.temperature_c.push_back(read_value(dry_bulb, dry_bulb.missing_from));
        dew_point_c_.push_back(read_value(dew_point, dew_point.missing_from));
        out_.relative_humidity.push_back(read_value(humidity, humidity.missing_from) / 100.0);
        out_.pressure_pa.push_back(read_value(pressure, pressure.missing_from));
        out_.ghi_w_per_m2.push_back(read_radiation(global));
        out_.dni_w_per_m2.push_back(read_radiation(direct));
        out_.dhi_w_per_m2.push_back(read_radiation(diffuse));
        out_.wind_speed_m_per_s.push_back(read_value(wind, wind.missing_from));
        const bool calm = parse(fields_[wind_from.field].text) == calm_direction;
        out_.wind_from_degree.push_back(calm ? missing
                                             : read_value(wind_from, wind_from.missing_from));
        ++rows_;
        expect_.advance();
    }

    /// Bridges gaps of up to a day in a straight line; longer ones are wrong input.
    void bridge(std::vector<double>& column, const ColumnRule& rule) {
        constexpr std::size_t longest = 24;
        std::size_t t = 0;
        while (t < column.size()) {
            if (!std::isnan(column[t])) {
                ++t;
                continue;
            }
            std::size_t end = t;
            while (end < column.size() && std::isnan(column[end])) {
                ++end;
            }
            if (end - t > longest) {
                add_fault(line_of(t), 1, rule.name, "is missing for more than 24 hours",
                          std::to_string(end - t) + " hours");
                return;
            }
            const double before = t > 0 ? column[t - 1] : column[end];
            const double after = end < column.size() ? column[end] : before;
            const double span = static_cast<double>(end - t + 1);
            for (std::size_t i = t; i < end; ++i) {
                column[i] = std::lerp(before, after, static_cast<double>(i - t + 1) / span);
                ++out_.filled_values;
            }
            t = end;
        }
    }

    /// A missing radiation value is that of the same hour of the day before, or after, as the file has it.
    void repeat_day(std::vector<double>& column, const ColumnRule& rule) {
        const std::vector<double> written = column;
        for (std::size_t t = 0; t < column.size(); ++t) {
            if (!std::isnan(column[t])) {
                continue;
            }
            double value = t >= 24 ? written[t - 24] : missing;
            if (std::isnan(value) && t + 24 < column.size()) {
                value = written[t + 24];
            }
            if (std::isnan(value)) {
                add_fault(line_of(t), 1, rule.name, "is missing on neighbouring days", "");
                return;
            }
            column[t] = value;
            ++out_.filled_values;
        }
    }

    /// Missing directions are the last known one, at the beginning the first; none at all leaves no column.
    void hold_direction(std::vector<double>& column) {
        const auto known = [](double degree) { return !std::isnan(degree); };
        const auto first = std::ranges::find_if(column, known);
        if (first == column.end()) {
            column.clear();
            return;
        }
        double last = *first;
        for (double& degree : column) {
            out_.filled_values += known(degree) ? 0U : 1U;
            degree = known(degree) ? degree : last;
            last = degree;
        }
    }

    /// Line of an hour of the year.
    [[nodiscard]] int line_of(std::size_t t) const {
        const std::size_t row = (t + hours_per_year - first_) % hours_per_year;
        return static_cast<int>(row) + line_ - static_cast<int>(rows_) + 1;
    }

    /// Rows by the calendar, whatever month the file begins with.
    void arrange_by_calendar() {
        const auto shift = static_cast<std::ptrdiff_t>((hours_per_year - first_) % hours_per_year);
        for (std::vector<double>* column :
             {&out_.temperature_c, &dew_point_c_, &out_.relative_humidity, &out_.pressure_pa,
              &out_.ghi_w_per_m2, &out_.dni_w_per_m2, &out_.dhi_w_per_m2, &out_.wind_speed_m_per_s,
              &out_.wind_from_degree}) {
            std::rotate(column->begin(), column->begin() + shift, column->end());
        }
    }

    void complete() {
        arrange_by_calendar();
        bridge(out_.temperature_c, dry_bulb);
        for (std::size_t t = 0; t < hours_per_year && faults_.empty(); ++t) {
            if (std::isnan(out_.pressure_pa[t])) {
                out_.pressure_pa[t] = pressure_at_altitude_pa(out_.site.altitude_m);
                ++out_.filled_values;
            }
            if (std::isnan(out_.relative_humidity[t]) && !std::isnan(dew_point_c_[t])) {
                out_.relative_humidity[t] = saturation_pressure_pa(dew_point_c_[t]) /
                                            saturation_pressure_pa(out_.temperature_c[t]);
                ++out_.filled_values;
            }
        }
        bridge(out_.relative_humidity, humidity);
        bridge(out_.wind_speed_m_per_s, wind);
        hold_direction(out_.wind_from_degree);
        if (!faults_.empty()) {
            throw InputError{faults_};
        }
        rebuild_global();
        repeat_day(out_.ghi_w_per_m2, global);
        if (!faults_.empty()) {
            throw InputError{faults_};
        }
        for (double& rh : out_.relative_humidity) {
            rh = std::min(rh, 1.0);
        }
        close_radiation();
    }

    /// Sun at the middle of every hour, air as the file has it.
    [[nodiscard]] std::vector<SunPosition> observe_hours() {
        using namespace std::chrono;
        const auto offset =
            seconds{static_cast<std::int64_t>(std::lround(out_.utc_offset_h * 3600.0))};
        const sys_seconds start = sys_days{2005y / January / 1} - offset;
        const SunTrack track{start, start + hours{hours_per_year}};
        std::vector<SunPosition> seen;
        seen.reserve(hours_per_year);
        for (std::size_t t = 0; t < hours_per_year; ++t) {
            const GeocentricSun sun =
                track.at(start + hours{static_cast<std::int64_t>(t)} + minutes{30});
            seen.push_back(observe_sun(sun, out_.site, out_.pressure_pa[t], out_.temperature_c[t]));
            extraterrestrial_.push_back(extraterrestrial_w_per_m2(sun.distance_au));
        }
        return seen;
    }

    /// GHI = DNI cos z + DHI where it is missing, or zero while diffuse light is not: global never falls below diffuse.
    void rebuild_global() {
        sun_ = observe_hours();
        for (std::size_t t = 0; t < hours_per_year; ++t) {
            double& ghi = out_.ghi_w_per_m2[t];
            const double dhi = out_.dhi_w_per_m2[t];
            const double dni = out_.dni_w_per_m2[t];
            const bool lost = std::isnan(ghi) || (ghi == 0 && dhi > 0);
            if (lost && !std::isnan(dhi) && !std::isnan(dni)) {
                const double zenith = sun_[t].zenith_degree() * std::numbers::pi / 180.0;
                ghi = dhi + dni * std::max(0.0, std::cos(zenith));
                ++out_.filled_values;
            }
        }
    }

    /// Fills missing diffuse by Erbs and missing beam by closure; measures by how much the file
    /// misses closure.
    void close_radiation() {
        double gap = 0;
        double east = 0; // light before and after noon, as a pointer on a clock of hour angles
        double noon = 0;
        double light = 0;
        std::size_t n = 0;
        for (std::size_t t = 0; t < hours_per_year; ++t) {
            const SunPosition& seen = sun_[t];
            const double zenith = seen.zenith_degree();
            const double ghi = out_.ghi_w_per_m2[t];
            const double hour_angle = seen.hour_angle_degree * std::numbers::pi / 180.0;
            east += ghi * std::sin(hour_angle);
            noon += ghi * std::cos(hour_angle);
            light += ghi;
            const Irradiance erbs = decompose_erbs(ghi, zenith, extraterrestrial_[t]);
            if (std::isnan(out_.dhi_w_per_m2[t])) {
                out_.dhi_w_per_m2[t] = erbs.dhi_w_per_m2;
                ++out_.filled_values;
            }
            if (std::isnan(out_.dni_w_per_m2[t])) {
                out_.dni_w_per_m2[t] =
                    close_irradiance(ghi, out_.dhi_w_per_m2[t], zenith, solar_constant_w_per_m2)
                        .dni_w_per_m2;
                ++out_.filled_values;
            }
            if (ghi > 0) {
                const double cos_z = std::max(0.0, std::cos(zenith * std::numbers::pi / 180.0));
                gap += ghi - out_.dhi_w_per_m2[t] - out_.dni_w_per_m2[t] * cos_z;
                ++n;
            }
        }
        out_.closure_gap_w_per_m2 = n > 0 ? gap / static_cast<double>(n) : 0.0;
        constexpr double least_swing = 0.2; // near a pole the light has no noon
        if (std::hypot(east, noon) > least_swing * light) {
            check_clock(std::atan2(east, noon) * 12.0 / std::numbers::pi);
            check_zone();
        }
    }

    /// The light of a year is centred on noon, true solar time, within the hour or two that files are early or late.
    void check_clock(double centre_h) {
        constexpr double farthest_h = 2.5;
        if (std::abs(centre_h) > farthest_h) {
            std::array<char, 16> text{};
            const auto end = std::to_chars(text.data(), text.data() + text.size(), 12.0 + centre_h,
                                           std::chars_format::fixed, 1)
                                 .ptr;
            add_fault(1, zone_column_, "time_zone",
                      "must fit the sun: the light of the file is centred on " +
                          std::string{text.data(), end} + " h of true solar time",
                      zone_);
            throw InputError{faults_};
        }
    }

    /// No zone is further from its meridian than China's is in its west, 3.2 h.
    void check_zone() {
        constexpr double farthest_h = 4;
        const double off_h =
            std::remainder(out_.utc_offset_h - out_.site.longitude_degree / 15.0, 24.0);
        if (std::abs(off_h) > farthest_h) {
            add_fault(1, zone_column_, "time_zone",
                      "must fit the longitude (is its sign right?): east is positive", zone_);
            throw InputError{faults_};
        }
    }

    /// The label the next row must carry.
    struct Label {
        unsigned month = 1;
        unsigned day = 1;
        unsigned hour = 1;
        unsigned first_hour = 1;
        void advance() {
            if (++hour < first_hour + 24) {
                return;
            }
            hour = first_hour;
            if (++day <= month_days[month - 1]) {
                return;
            }
            day = 1;
            month = month % 12 + 1;
        }
    };

    std::string file_;
    std::ifstream in_;
    int line_ = 0;
    int zone_column_ = 1;
    std::string zone_;
    std::vector<char> buffer_;
    std::size_t rows_ = 0;
    std::size_t first_ = 0; ///< hour of the year of the first row
    Label expect_;
    std::vector<Field> fields_;
    std::vector<double> dew_point_c_;
    std::vector<SunPosition> sun_;         ///< [8760] at the middle of the hour
    std::vector<double> extraterrestrial_; ///< [8760] W/m²
    std::vector<Fault> faults_;
    EpwFile out_;
};

} // namespace

EpwFile read_epw(const std::filesystem::path& path) {
    return EpwReader{path}.read();
}

} // namespace yuanwang::models
