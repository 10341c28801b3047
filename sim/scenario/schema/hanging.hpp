/// @file
/// Where a load or a tie of several buses hangs: `bus: id`, `buses: [ids]` with `shares`, or `spread: {zones, base_kv}`.
///
/// `spread` takes the buses of a voltage in the public in-city substations of the zones, all with equal shares.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

struct Placing {
    std::vector<BusIdx> buses;
    std::vector<double> shares; ///< sum to 1
};

/// Makes the placing of the element at hand from what was written; nothing where that was at fault.
[[nodiscard]] std::optional<Placing> place_on_buses(Reader& reader, const Node& element);

[[nodiscard]] const RecordType& spread_type(); ///< bound to Hanging

// How the fields are read into Reader::hanging.
void store_bus(const Field& field, Reader& reader, const Node* value, void* table);
void store_buses(const Field& field, Reader& reader, const Node* value, void* table);
void store_shares(const Field& field, Reader& reader, const Node* value, void* table);
void store_spread(const Field& field, Reader& reader, const Node* value, void* table);
[[nodiscard]] const std::vector<std::string>& bus_lists();

/// Adds `bus`, `buses`, `shares` and, for loads, `spread`.
template <class T>
void add_bus_fields(Table<T>& t, std::string bus_doc, std::string buses_doc, bool may_spread) {
    t.add("bus", FieldKind::reference, std::move(bus_doc), store_bus).lists = bus_lists();
    t.add("buses", FieldKind::references, std::move(buses_doc), store_buses).lists = bus_lists();
    t.add("shares", FieldKind::numbers, "of each of `buses`; they sum to 1", store_shares)
        .fraction()
        .computed("equal");
    if (may_spread) {
        t.add("spread", FieldKind::record,
              "equal shares over the public in-city buses of some zones", store_spread)
            .record = &spread_type();
    }
}

} // namespace yuanwang::scenario
