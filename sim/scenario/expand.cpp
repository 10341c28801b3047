#include "scenario/expand.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "scenario/compose.hpp"
#include "scenario/reader.hpp"

namespace yuanwang::scenario {

namespace {

/// A display name with the voltage behind it: `Ganhe 330 kV`.
Node name_bus(const Node& name, const std::string& level) {
    Node made = name;
    if (made.is_scalar()) {
        made.text += fmt::format(" {} kV", level);
    }
    for (Node& item : made.items) {
        if (item.is_scalar()) {
            item.text += fmt::format(" {} kV", level);
        }
    }
    return made;
}

Node make_bus(const Node& station, const Node& level) {
    const std::string kv = fmt::format("{:g}", parse_number(level.text).value_or(0));
    Node bus = make_map(level.spot);
    bus.put({"id", level.spot}, make_scalar(fmt::format("{}_{}", station.id(), kv), level.spot));
    if (const Node* name = station.find("name")) {
        bus.put({"name", level.spot}, name_bus(*name, kv));
    }
    bus.put({"substation", level.spot}, make_scalar(std::string{station.id()}, level.spot, false));
    bus.put({"base_kv", level.spot}, level);
    return bus;
}

} // namespace

void make_substation_buses(Node& tree) {
    Node* grid = tree.find("grid");
    const Node* stations = grid && grid->is_map() ? grid->find("substations") : nullptr;
    if (!stations || !stations->is_list()) {
        return;
    }
    Node made = make_list(stations->spot);
    for (const Node& station : stations->items) {
        const Node* levels = station.is_map() ? station.find("levels_kv") : nullptr;
        if (station.id().empty() || !levels || !levels->is_list()) {
            continue;
        }
        for (const Node& level : levels->items) {
            if (level.is_scalar() && parse_number(level.text)) {
                made.items.push_back(make_bus(station, level));
            }
        }
    }
    if (const Node* written = grid->find("buses"); written && !written->is_null()) {
        if (!written->is_list()) {
            return; // at fault; the reader says so
        }
        merge(made, *written);
    }
    grid->put({"buses", stations->spot}, std::move(made));
}

} // namespace yuanwang::scenario
