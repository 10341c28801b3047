#include "scenario/reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "scenario/marks.hpp"

namespace yuanwang::scenario {

void IdIndex::add(const Node& tree) {
    for (std::size_t k = 0; k < tree.keys.size(); ++k) {
        add_lists(tree.items[k], tree.keys[k].text);
    }
}

void IdIndex::add_lists(const Node& node, const std::string& path) {
    if (node.is_map()) {
        for (std::size_t k = 0; k < node.keys.size(); ++k) {
            if (node.items[k].is_map() || node.items[k].is_list()) {
                add_lists(node.items[k], join_path(path, node.keys[k].text));
            }
        }
    } else if (node.is_element_list()) {
        auto& rows = rows_[path];
        for (std::size_t k = 0; k < node.items.size(); ++k) {
            rows.emplace(node.items[k].id(), k);
        }
    }
}

std::optional<std::size_t> IdIndex::find(std::string_view list, std::string_view id) const {
    const auto rows = rows_.find(list);
    if (rows == rows_.end() || id.empty()) {
        return std::nullopt;
    }
    const auto row = rows->second.find(std::string{id});
    return row == rows->second.end() ? std::nullopt : std::optional{row->second};
}

std::vector<std::string> IdIndex::ids_of(const std::vector<std::string>& lists) const {
    std::vector<std::string> ids;
    for (const std::string& list : lists) {
        if (const auto rows = rows_.find(list); rows != rows_.end()) {
            for (const auto& [id, row] : rows->second) {
                ids.push_back(id);
            }
        }
    }
    std::ranges::sort(ids); // the same nearest word on every machine
    return ids;
}

std::string Reader::path() const {
    std::string text;
    for (const std::string& part : path_) {
        text += text.empty() || part.starts_with('[') ? part : "." + part;
    }
    return text;
}

std::string Reader::say_nearest(std::string_view word, const std::vector<std::string>& candidates) {
    if (nearest_left_ <= 0) {
        return {};
    }
    --nearest_left_;
    return std::string{find_nearest(word, candidates)};
}

void Reader::check_keys(const RecordType& type, const Node& map) {
    for (const Key& key : map.keys) {
        if (type.find(key.text)) {
            continue;
        }
        std::vector<std::string> known;
        for (const Field& field : type.fields) {
            known.push_back(field.key);
        }
        const std::string nearest = say_nearest(key.text, known);
        faults_.push_back({key.spot.place(), join_path(path(), key.text),
                           nearest.empty()
                               ? "unknown key"
                               : fmt::format("unknown key, did you mean `{}`?", nearest),
                           ""});
    }
}

void Reader::read_record(const RecordType& type, const Node& map, void* table) {
    if (!map.is_map()) {
        add_fault_here(map, "must be a map");
        const bool whole =
            std::exchange(whole_, false); // columns still grow, but nothing more is asked of it
        read_record(type, make_map(map.spot), table);
        whole_ = whole;
        return;
    }
    check_keys(type, map);
    const Spot outer = std::exchange(record_spot_, map.spot);
    for (const Field& field : type.fields) {
        const Node* value = map.find(field.key);
        if (value && value->is_null()) {
            value = nullptr;
        }
        path_.push_back(field.key);
        if (!value && field.required && whole_) {
            faults_.push_back({map.spot.place(), path(), "is required", ""});
        }
        field.store(field, *this,
                    value            ? value
                    : field.fallback ? &*field.fallback
                                     : nullptr,
                    table);
        path_.pop_back();
    }
    if (type.finish) {
        type.finish(*this, map, table);
    }
    record_spot_ = outer;
}

void Reader::read_records(const RecordType& type, const Node& list, void* table) {
    for_each_item(list, [&](const Node& item) { read_record(type, item, table); });
}

bool Reader::check_list(const Node& value, std::string_view what) {
    if (!value.is_list()) {
        add_fault_here(value, fmt::format("must be a list of {}", what));
        return false;
    }
    return true;
}

void Reader::begin_item(const Node& item, std::size_t position) {
    const std::string_view id = item.id();
    path_.push_back(id.empty() ? fmt::format("[{}]", position) : fmt::format("[{}]", id));
    hanging = {};
}

void Reader::add_fault(const Node& element, std::string_view key, std::string rule) {
    const Node* value = element.find(key);
    add_fault(element, key, std::move(rule), value ? describe(*value) : "");
}

void Reader::add_fault(const Node& element, std::string_view key, std::string rule,
                       std::string got) {
    const Node* value = element.find(key);
    const Spot& spot = value ? value->spot : element.spot;
    faults_.push_back({spot.place(), key.empty() ? path() : join_path(path(), key), std::move(rule),
                       std::move(got)});
}

void Reader::add_fault_here(const Node& value, std::string rule) {
    faults_.push_back({value.spot.place(), path(), std::move(rule), describe(value)});
}

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
    const std::string nearest = say_nearest(value.text, known.ids_of(field.lists));
    add_fault_here(value,
                   fmt::format("must be the id of an element of {}{}", fmt::join(field.lists, ", "),
                               nearest.empty() ? "" : fmt::format(" (nearest: `{}`)", nearest)));
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
