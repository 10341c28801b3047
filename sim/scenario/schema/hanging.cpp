#include "scenario/schema/hanging.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "scenario/schema/parts.hpp"

namespace yuanwang::scenario {

void store_bus(const Field& field, Reader& reader, const Node* value, void*) {
    if (value) {
        reader.hanging.bus = reader.read_reference(field, *value);
        reader.hanging.at_fault |= !reader.hanging.bus;
    }
}

void store_buses(const Field& field, Reader& reader, const Node* value, void*) {
    if (value) {
        reader.hanging.buses = reader.read_references(field, *value);
        reader.hanging.at_fault |= !reader.hanging.buses;
    }
}

void store_shares(const Field& field, Reader& reader, const Node* value, void*) {
    if (value) {
        reader.hanging.shares = reader.read_numbers(field, *value);
        reader.hanging.at_fault |= !reader.hanging.shares;
    }
}

const RecordType& spread_type() {
    static const RecordType type = [] {
        Table<Hanging> t{"spread", "Equal shares over the buses of one voltage in the public "
                                   "in-city substations of some zones."};
        t.texts("zones", &Hanging::spread_zones, "zones of the substations").need();
        t.number("base_kv", &Hanging::spread_base_kv, "voltage of the buses").need().positive();
        return t.take();
    }();
    return type;
}

void store_spread(const Field& field, Reader& reader, const Node* value, void*) {
    if (value) {
        Hanging spread;
        reader.read_record(*field.record, *value, &spread);
        reader.hanging.spread = true;
        reader.hanging.spread_zones = std::move(spread.spread_zones);
        reader.hanging.spread_base_kv = spread.spread_base_kv;
    }
}

namespace {

std::vector<BusIdx> find_spread_buses(Reader& reader) {
    const network::Grid& grid = reader.draft().system.grid;
    const Hanging& hanging = reader.hanging;
    std::vector<BusIdx> found;
    for (const BusIdx i : rows<BusIdx>(grid.buses.size())) {
        const SubstationIdx station = grid.buses.substation[i];
        if (!station.valid() || station.row() >= grid.substations.size() ||
            grid.buses.base_kv[i] != hanging.spread_base_kv) {
            continue;
        }
        const std::size_t row = station.row();
        if (grid.substations.in_city[row] &&
            grid.substations.kind[row] == network::SubstationKind::public_station &&
            std::ranges::find(hanging.spread_zones, grid.substations.zone[row]) !=
                hanging.spread_zones.end()) {
            found.push_back(i);
        }
    }
    return found;
}

bool check_zones(Reader& reader, const Node& element) {
    const std::vector<std::string>& zones = reader.draft().system.grid.substations.zone;
    for (const std::string& zone : reader.hanging.spread_zones) {
        if (std::ranges::find(zones, zone) == zones.end()) {
            reader.add_fault(element, "spread",
                             "must name zones of substations" + reader.say_nearest(zone, zones),
                             zone);
            return false;
        }
    }
    return true;
}

bool check_shares(Reader& reader, const Node& element, std::size_t n_bus,
                  const std::vector<double>& shares) {
    if (shares.size() != n_bus) {
        reader.add_fault(element, "shares", fmt::format("must have one number per bus, {}", n_bus),
                         fmt::format("{}", shares.size()));
        return false;
    }
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    if (std::abs(sum - 1) > 1e-6) {
        reader.add_fault(element, "shares", "must sum to 1", fmt::format("{:g}", sum));
        return false;
    }
    return true;
}

} // namespace

std::optional<Placing> place_on_buses(Reader& reader, const Node& element) {
    const Hanging& hanging = reader.hanging;
    const int ways = (hanging.bus ? 1 : 0) + (hanging.buses ? 1 : 0) + (hanging.spread ? 1 : 0);
    if (hanging.at_fault || !reader.whole()) {
        return std::nullopt;
    }
    if (ways != 1) {
        reader.add_fault(element, "",
                         ways == 0 ? "must name its `bus` or `buses`"
                                   : "must hang in one way: `bus`, `buses` or `spread`",
                         "");
        return std::nullopt;
    }
    if (hanging.spread && !check_zones(reader, element)) {
        return std::nullopt;
    }
    Placing placing;
    if (hanging.bus) {
        placing.buses = {BusIdx{*hanging.bus}};
    } else if (hanging.buses) {
        for (const std::size_t row : *hanging.buses) {
            placing.buses.emplace_back(row);
        }
    } else {
        placing.buses = find_spread_buses(reader);
    }
    if (placing.buses.empty()) {
        reader.add_fault(element, hanging.spread ? "spread" : "buses",
                         "must reach at least one bus", "none");
        return std::nullopt;
    }
    placing.shares.assign(placing.buses.size(), 1.0 / static_cast<double>(placing.buses.size()));
    if (hanging.shares) {
        if (!check_shares(reader, element, placing.buses.size(), *hanging.shares)) {
            return std::nullopt;
        }
        placing.shares = *hanging.shares;
    }
    return placing;
}

} // namespace yuanwang::scenario
