#include "sweep/section.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "scenario/reader.hpp"
#include "scenario/yaml_writer.hpp"

namespace yuanwang::sweep {

using scenario::Node;

Section::Section(const Node& map, std::string path, std::vector<Fault>& faults)
    : map_{map}, path_{std::move(path)}, faults_{faults} {}

bool Section::check_keys(const std::vector<std::string>& known) {
    if (!map_.is_map()) {
        add_fault(map_, "", "must be a map");
        return false;
    }
    for (const scenario::Key& key : map_.keys) {
        if (std::ranges::find(known, key.text) == known.end()) {
            const std::string_view nearest = find_nearest(key.text, known);
            faults_.push_back({key.spot.place(), scenario::join_path(path_, key.text),
                               nearest.empty()
                                   ? "unknown key"
                                   : fmt::format("unknown key, did you mean `{}`?", nearest),
                               ""});
        }
    }
    return true;
}

const Node* Section::find(std::string_view key) const {
    const Node* value = map_.is_map() ? map_.find(key) : nullptr;
    return value && !value->is_null() ? value : nullptr;
}

const Node* Section::require(std::string_view key) {
    const Node* value = find(key);
    if (!value) {
        faults_.push_back({map_.spot.place(), scenario::join_path(path_, key), "is required", ""});
    }
    return value;
}

std::optional<Written> Section::read_text(std::string_view key) {
    const Node* value = find(key);
    if (value && (!value->is_scalar() || value->text.empty())) {
        add_fault(*value, key, "must be text");
        return std::nullopt;
    }
    return value ? std::optional{Written{value->text, value->spot.place()}} : std::nullopt;
}

std::optional<double> Section::read_number(std::string_view key) {
    const Node* value = find(key);
    const std::optional<double> number = value && value->is_scalar() && value->plain
                                             ? scenario::parse_number(value->text)
                                             : std::nullopt;
    if (value && !number) {
        add_fault(*value, key, "must be a finite number");
    }
    return number;
}

std::optional<std::size_t> Section::read_count(std::string_view key, std::size_t least,
                                               std::size_t most) {
    const std::optional<double> number = read_number(key);
    if (!number) {
        return std::nullopt;
    }
    const auto count =
        static_cast<std::size_t>(std::clamp(*number, 0.0, static_cast<double>(most)));
    if (static_cast<double>(count) != *number || count < least) {
        add_fault(*find(key), key,
                  fmt::format("must be a whole number from {} to {}", least, most));
        return std::nullopt;
    }
    return count;
}

std::optional<std::size_t> Section::read_word(std::string_view key,
                                              const std::vector<std::string>& words) {
    const Node* value = find(key);
    if (!value) {
        return std::nullopt;
    }
    const auto there = value->is_scalar() ? std::ranges::find(words, value->text) : words.end();
    if (there == words.end()) {
        add_fault(*value, key, fmt::format("must be one of {}", fmt::join(words, ", ")));
        return std::nullopt;
    }
    return static_cast<std::size_t>(there - words.begin());
}

namespace {

/// The same text for the same number, however it is written: 20 and 20.0.
std::string write_once(const Node& scalar) {
    double number = 0;
    const char* const end = scalar.text.data() + scalar.text.size();
    const auto [stop, error] = std::from_chars(scalar.text.data(), end, number);
    return scalar.plain && error == std::errc{} && stop == end ? fmt::format("{}", number)
                                                               : scalar.text;
}

} // namespace

std::vector<Written> Section::read_scalars(std::string_view key) {
    std::vector<Written> written;
    const Node* list = require_list(key);
    std::map<std::string, int> lines;
    for (std::size_t k = 0; list && k < list->items.size(); ++k) {
        const Node& item = list->items[k];
        const std::string at = fmt::format("{}[{}]", key, k);
        if (!item.is_scalar() || item.text.empty()) {
            add_fault(item, at, "must be a number or text");
            continue;
        }
        const auto [there, is_new] = lines.emplace(write_once(item), item.spot.line);
        if (!is_new) {
            add_fault(item, at, fmt::format("must not repeat, already at line {}", there->second));
        }
        written.push_back({scenario::write_scalar(item), item.spot.place()});
    }
    return written;
}

const Node* Section::require_list(std::string_view key) {
    const Node* list = require(key);
    if (list && (!list->is_list() || list->items.empty())) {
        faults_.push_back({list->spot.place(), scenario::join_path(path_, key),
                           "must be a list with at least one element",
                           list->is_list() ? "an empty list" : describe(*list)});
        return nullptr;
    }
    return list;
}

void Section::refuse(std::string_view key, std::string rule) {
    if (const Node* value = find(key)) {
        add_fault(*value, key, std::move(rule));
    }
}

void Section::add_fault(const Node& value, std::string_view key, std::string rule) {
    faults_.push_back({value.spot.place(), key.empty() ? path_ : scenario::join_path(path_, key),
                       std::move(rule), describe(value)});
}

void Section::add_fault(std::string rule) {
    faults_.push_back({map_.spot.place(), path_, std::move(rule), ""});
}

} // namespace yuanwang::sweep
