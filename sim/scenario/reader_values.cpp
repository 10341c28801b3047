#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "scenario/reader.hpp"

namespace yuanwang::scenario {

std::optional<double> parse_number(std::string_view text) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return std::nullopt;
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

namespace {

bool says_not_finite(std::string_view text) {
    constexpr std::array<std::string_view, 9> words = {".nan", ".NaN", ".NAN", ".inf",    ".Inf",
                                                       ".INF", "nan",  "inf",  "infinity"};
    if (text.starts_with('+') || text.starts_with('-')) {
        text.remove_prefix(1);
    }
    return std::ranges::find(words, text) != words.end();
}

std::string write_number_rule(const Field& field, const Node& value, std::string_view noun) {
    if (value.is_scalar() && value.plain && says_not_finite(value.text)) {
        return fmt::format("must be a finite {}", noun);
    }
    const std::string of =
        field.unit.empty() ? std::string{noun} : fmt::format("{} in {}", noun, field.unit);
    const bool begins_as_number =
        value.is_scalar() && !value.text.empty() &&
        std::string_view{"0123456789+-."}.find(value.text[0]) != std::string_view::npos;
    return fmt::format("must be {} {}{}", noun.starts_with('i') ? "an" : "a", of,
                       begins_as_number && value.plain ? ", without unit text" : "");
}

} // namespace

std::optional<double> Reader::read_number(const Field& field, const Node& value) {
    const std::optional<double> number =
        value.is_scalar() && value.plain ? parse_number(value.text) : std::nullopt;
    if (!number) {
        add_fault_here(value, write_number_rule(field, value, "number"));
    } else if (!field.limits.contains(*number)) {
        add_fault_here(value, write_rule(field.limits));
        return std::nullopt;
    }
    return number;
}

std::optional<int> Reader::read_integer(const Field& field, const Node& value) {
    const std::optional<double> number =
        value.is_scalar() && value.plain ? parse_number(value.text) : std::nullopt;
    if (!number) {
        add_fault_here(value, write_number_rule(field, value, "integer"));
        return std::nullopt;
    }
    if (*number != std::floor(*number) || std::abs(*number) > std::numeric_limits<int>::max()) {
        add_fault_here(value, "must be an integer");
        return std::nullopt;
    }
    if (!field.limits.contains(*number)) {
        add_fault_here(value, write_rule(field.limits));
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

std::optional<std::uint64_t> Reader::read_seed(const Node& value) {
    std::uint64_t seed = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [stop, error] = std::from_chars(value.text.data(), end, seed);
    if (!value.is_scalar() || !value.plain || error != std::errc{} || stop != end) {
        add_fault_here(value, "must be a whole number from 0 to 2^64 - 1");
        return std::nullopt;
    }
    return seed;
}

std::optional<bool> Reader::read_boolean(const Node& value) {
    if (value.is_scalar() && value.plain && (value.text == "true" || value.text == "false")) {
        return value.text == "true";
    }
    add_fault_here(value, "must be true or false");
    return std::nullopt;
}

std::optional<std::string> Reader::read_text(const Node& value) {
    if (value.is_scalar()) {
        return value.text;
    }
    add_fault_here(value, "must be text");
    return std::nullopt;
}

std::optional<std::string> Reader::read_id(const Node& value) {
    constexpr std::size_t longest = 80;
    const auto is_allowed = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
               (byte >= 'A' && byte <= 'Z') || byte >= 0x80 || c == '_' || c == '-' || c == '.';
    };
    if (!value.is_scalar() || value.text.empty() || value.text.size() > longest ||
        !std::ranges::all_of(value.text, is_allowed)) {
        add_fault_here(value, "an id must be made of letters, digits, `_`, `-` and `.`");
        return std::nullopt;
    }
    return value.text;
}

std::optional<Name> Reader::read_name(const Node& value) {
    if (value.is_scalar()) {
        return Name{.en = value.text, .zh = {}};
    }
    if (!value.is_map()) {
        add_fault_here(value, "must be text or {en:, zh:}");
        return std::nullopt;
    }
    Name name;
    for (std::size_t k = 0; k < value.keys.size(); ++k) {
        const Key& key = value.keys[k];
        path_.push_back(key.text);
        if (key.text != "en" && key.text != "zh") {
            faults_.push_back(
                {key.spot.place(), path(), "unknown key, a name has `en` and `zh`", ""});
        } else if (!value.items[k].is_null()) {
            (key.text == "en" ? name.en : name.zh) = read_text(value.items[k]).value_or("");
        }
        path_.pop_back();
    }
    return name;
}

std::optional<std::vector<std::string>> Reader::read_texts(const Node& value) {
    if (!check_list(value, "texts")) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const Node& item : value.items) {
        texts.push_back(read_text(item).value_or(""));
    }
    return texts;
}

std::optional<std::vector<double>> Reader::read_numbers(const Field& field, const Node& value) {
    if (field.count > 0 && value.is_scalar()) { // one number stands for all
        const std::optional<double> number = read_number(field, value);
        return number ? std::optional{std::vector<double>(field.count, *number)} : std::nullopt;
    }
    if (!check_list(value, field.count > 0 ? fmt::format("{} numbers", field.count) : "numbers")) {
        return std::nullopt;
    }
    std::vector<double> numbers;
    bool good = true;
    for (const Node& item : value.items) {
        const std::optional<double> number = read_number(field, item);
        good = good && number;
        numbers.push_back(number.value_or(0));
    }
    if (field.count > 0 && numbers.size() != field.count) {
        faults_.push_back({value.spot.place(), path(),
                           fmt::format("must be a list of {} numbers", field.count),
                           fmt::format("{}", numbers.size())});
        return std::nullopt;
    }
    return good ? std::optional{numbers} : std::nullopt;
}

std::optional<std::chrono::year_month_day> Reader::read_date(const Node& value) {
    const auto date = value.is_scalar() ? parse_date(value.text) : std::nullopt;
    if (!date) {
        add_fault_here(value, "must be a date such as 2025-06-01");
    }
    return date;
}

std::optional<std::chrono::sys_seconds> Reader::read_instant(const Node& value) {
    const auto instant = value.is_scalar() ? parse_instant(value.text) : std::nullopt;
    if (!instant) {
        add_fault_here(
            value,
            "must be a date such as 2025-01-01, or a date and time such as 2025-01-01 08:00");
    }
    return instant;
}

std::optional<std::string> Reader::read_duration(const Node& value) {
    if (!value.is_scalar() || !parse_duration(value.text)) {
        add_fault_here(value, "must be a duration such as 1 y, 7 d or 12 h");
        return std::nullopt;
    }
    return value.text;
}

std::optional<std::size_t> Reader::read_word(const Field& field, const Node& value) {
    if (value.is_scalar()) {
        const auto found = std::ranges::find(field.words, value.text);
        if (found != field.words.end()) {
            return static_cast<std::size_t>(found - field.words.begin());
        }
    }
    add_fault_here(value, fmt::format("must be one of {}", fmt::join(field.words, ", ")));
    return std::nullopt;
}

std::optional<std::string> Reader::read_reference_id(const Field& field, const Node& value) {
    if (!value.is_scalar()) {
        add_fault_here(value, "must be an id");
        return std::nullopt;
    }
    const IdIndex& known = field.any_epoch ? anywhere_ : ids_;
    const auto holds = [&](const std::string& list) {
        return known.find(list, value.text).has_value();
    };
    if (!whole_ || std::ranges::any_of(field.lists, holds)) {
        return value.text;
    }
    add_fault_here(value,
                   fmt::format("must be the id of an element of {}{}", fmt::join(field.lists, ", "),
                               say_nearest(value.text, known.ids_of(field.lists))));
    return std::nullopt;
}

std::optional<std::size_t> Reader::read_reference(const Field& field, const Node& value) {
    const std::optional<std::string> id = read_reference_id(field, value);
    return id ? ids_.find(field.lists.front(), *id) : std::nullopt;
}

std::optional<std::vector<std::string>> Reader::read_reference_ids(const Field& field,
                                                                   const Node& value) {
    if (!check_list(value, "ids")) {
        return std::nullopt;
    }
    std::vector<std::string> ids;
    for (const Node& item : value.items) {
        ids.push_back(read_reference_id(field, item).value_or(""));
    }
    return ids;
}

std::optional<std::vector<std::size_t>> Reader::read_references(const Field& field,
                                                                const Node& value) {
    if (!check_list(value, "ids")) {
        return std::nullopt;
    }
    std::vector<std::size_t> rows;
    bool good = true;
    for (const Node& item : value.items) {
        const std::optional<std::size_t> row = read_reference(field, item);
        good = good && row;
        rows.push_back(row.value_or(0));
    }
    return good ? std::optional{rows} : std::nullopt;
}

std::optional<std::string> Reader::read_file_path(const Node& value) {
    if (!value.is_scalar() || value.text.empty()) {
        add_fault_here(value, "must name a file");
        return std::nullopt;
    }
    namespace fs = std::filesystem;
    const bool in_file = value.spot.file && value.spot.line > 0;
    const fs::path folder = in_file ? fs::path{*value.spot.file}.parent_path() : fs::path{};
    const fs::path file = (folder / value.text).lexically_normal();
    std::error_code error;
    if (!fs::exists(file, error) || fs::is_directory(file, error)) {
        add_fault_here(value, "must name a file that can be read");
        return std::nullopt;
    }
    return file.string();
}

} // namespace yuanwang::scenario
