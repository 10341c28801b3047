#include "scenario/reader.hpp"

#include <utility>

#include <fmt/format.h>

namespace yuanwang::scenario {

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
    const std::string_view nearest = find_nearest(word, candidates);
    return nearest.empty() ? "" : fmt::format(" (nearest: `{}`)", nearest);
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
        const std::string_view nearest = find_nearest(key.text, known);
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

} // namespace yuanwang::scenario
