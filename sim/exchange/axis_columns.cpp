#include "exchange/axis_columns.hpp"

#include <array>

namespace yuanwang::exchange {

namespace {

using engine::AxisEntry;

constexpr std::string_view unsigned_number = "never negative";

constexpr std::array texts = {
    TextColumn{"id", "id of the element", [](AxisEntry& e) -> std::string& { return e.id; }},
    TextColumn{"name_en", "name in English",
               [](AxisEntry& e) -> std::string& { return e.name.en; }},
    TextColumn{"name_zh", "name in Chinese",
               [](AxisEntry& e) -> std::string& { return e.name.zh; }},
    TextColumn{"kind", "kind of the element", [](AxisEntry& e) -> std::string& { return e.kind; }},
    TextColumn{"zone", "district or park", [](AxisEntry& e) -> std::string& { return e.zone; }},
    TextColumn{"from", "bus the element stands at or starts from",
               [](AxisEntry& e) -> std::string& { return e.from; }},
    TextColumn{"to", "bus the element leads to", [](AxisEntry& e) -> std::string& { return e.to; }},
    TextColumn{"substation", "substation of the bus",
               [](AxisEntry& e) -> std::string& { return e.substation; }},
    TextColumn{"substation_kind", "public, user, plant or boundary",
               [](AxisEntry& e) -> std::string& { return e.substation_kind; }},
};

constexpr std::array numbers = {
    NumberColumn{"base_kv", "voltage level", "kV", unsigned_number,
                 [](const AxisEntry& e) { return e.base_kv; },
                 [](AxisEntry& e, double value) { e.base_kv = value; }},
    NumberColumn{"rating", "rating of all circuits or units; of three windings the hv one", "",
                 unsigned_number, [](const AxisEntry& e) { return e.rating; },
                 [](AxisEntry& e, double value) { e.rating = value; }},
    NumberColumn{"latitude", "latitude", "degrees_north", "north positive",
                 [](const AxisEntry& e) { return e.latitude_degree; },
                 [](AxisEntry& e, double value) { e.latitude_degree = value; }},
    NumberColumn{"longitude", "longitude", "degrees_east", "east positive",
                 [](const AxisEntry& e) { return e.longitude_degree; },
                 [](AxisEntry& e, double value) { e.longitude_degree = value; }},
    NumberColumn{"in_city", "1 where the element belongs to the city", "1", unsigned_number,
                 [](const AxisEntry& e) { return e.in_city ? 1.0 : 0.0; },
                 [](AxisEntry& e, double value) { e.in_city = value != 0; }},
    NumberColumn{"parallel", "circuits or units", "1", unsigned_number,
                 [](const AxisEntry& e) { return static_cast<double>(e.parallel); },
                 [](AxisEntry& e, double value) { e.parallel = static_cast<int>(value); }},
};

} // namespace

std::span<const TextColumn> text_columns() {
    return texts;
}

std::span<const NumberColumn> number_columns() {
    return numbers;
}

std::string_view rating_units(engine::Axis axis) {
    switch (axis) {
    case engine::Axis::line:
    case engine::Axis::transformer:
        return "MVA";
    case engine::Axis::storage:
    case engine::Axis::tenant:
        return "MWh";
    case engine::Axis::shunt:
        return "Mvar";
    default:
        return "MW";
    }
}

std::string name_column(engine::Axis axis, std::string_view column) {
    std::string name{engine::to_string(axis)};
    name += '_';
    name += column;
    return name;
}

} // namespace yuanwang::exchange
