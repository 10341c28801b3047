/// @file
/// Fields that every fleet of injecting units has.
#pragma once

#include "scenario/schema/parts.hpp"
#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

/// `id`, `name`, `bus`, `reactive`.
template <class Fleet>
void add_placement(Table<Fleet>& t, const RecordType& control) {
    t.element();
    t.reference("bus", &Fleet::bus, bus_lists(), "where it feeds in").need();
    t.record("reactive", &Fleet::reactive, control, "voltage and reactive power");
}

/// `units` or `poles`: what one fault takes of a plant.
template <class Fleet>
void add_machines(Table<Fleet>& t, const char* key, const char* text) {
    t.integer(key, &Fleet::machines, text).within(1, 100000).otherwise("1");
}

/// `site`.
template <class Fleet>
void add_site(Table<Fleet>& t) {
    t.reference("site", &Fleet::site, {"weather.sites"}, "weather it lives by").need();
}

} // namespace yuanwang::scenario
