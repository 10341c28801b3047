#include "scenario/schema/parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "network/grid.hpp"
#include "scenario/schema/magnitudes.hpp"
#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

using namespace network;

const std::vector<std::string>& bus_lists() {
    static const std::vector<std::string> lists = {"grid.buses"};
    return lists;
}

const std::vector<std::string>& branch_lists() {
    static const std::vector<std::string> lists = {
        "grid.lines", "grid.branches", "grid.transformers", "grid.three_winding_transformers"};
    return lists;
}

const std::vector<std::string>& open_or_closed() {
    static const std::vector<std::string> words = {"open", "closed"};
    return words;
}

double find_base_kv(Reader& reader, BusIdx bus) {
    const Buses& buses = reader.draft().system.grid.buses;
    return bus.valid() && bus.row() < buses.base_kv.size() ? buses.base_kv[bus] : 0.0;
}

namespace {

RecordType make_substation_type() {
    Table<Substations> t{
        "substation", "A place with one or more voltage levels; level 330 makes bus `<id>_330`."};
    t.element();
    t.text("zone", &Substations::zone, "district or park it lies in");
    t.word("kind", &Substations::kind, {"public", "user", "plant", "boundary"},
           "who runs it; a boundary stands at the edge of the grid")
        .otherwise("public");
    t.boolean("in_city", &Substations::in_city, "counted as a station of the city")
        .otherwise("true");
    t.number("latitude_degree", &Substations::latitude_degree, "north positive; for the map")
        .within(-90, 90)
        .otherwise("0");
    t.number("longitude_degree", &Substations::longitude_degree, "east positive; for the map")
        .within(-180, 180)
        .otherwise("0");
    t.numbers("levels_kv", &Substations::levels_kv, "voltage levels, each one bus")
        .need()
        .positive()
        .up_to(1500);
    return t.take();
}

void finish_bus(Reader& reader, const Node& element, Buses& buses) {
    const BusIdx i{buses.size() - 1};
    const VoltageBand band = find_voltage_band(buses.base_kv[i]);
    const auto fill = [](double& value, double otherwise) {
        value = std::isnan(value) ? otherwise : value;
    };
    fill(buses.vm_min_pu[i], band.min_pu);
    fill(buses.vm_max_pu[i], band.max_pu);
    fill(buses.vm_emergency_min_pu[i], std::min(band.emergency_min_pu, buses.vm_min_pu[i]));
    fill(buses.vm_emergency_max_pu[i], std::max(band.emergency_max_pu, buses.vm_max_pu[i]));
    if (buses.vm_min_pu[i] > buses.vm_max_pu[i]) {
        reader.add_fault(element, "vm_min_pu",
                         fmt::format("must not be above vm_max_pu {:g}", buses.vm_max_pu[i]));
    }
    if (buses.vm_emergency_min_pu[i] > buses.vm_min_pu[i]) {
        reader.add_fault(element, "vm_emergency_min_pu",
                         fmt::format("must not be above vm_min_pu {:g}", buses.vm_min_pu[i]));
    }
    if (buses.vm_emergency_max_pu[i] < buses.vm_max_pu[i]) {
        reader.add_fault(element, "vm_emergency_max_pu",
                         fmt::format("must not be below vm_max_pu {:g}", buses.vm_max_pu[i]));
    }
}

RecordType make_bus_type() {
    Table<Buses> t{"bus", "One voltage level of a substation, or a bus of its own; also overrides "
                          "those that `levels_kv` makes."};
    t.element();
    t.number("base_kv", &Buses::base_kv, "nominal voltage").need().positive().up_to(1500);
    t.reference("substation", &Buses::substation, {"grid.substations"}, "where it stands");
    t.number("vm_min_pu", &Buses::vm_min_pu, "normal band")
        .within(0.3, 1.5)
        .computed("by voltage class");
    t.number("vm_max_pu", &Buses::vm_max_pu, "normal band")
        .within(0.5, 2)
        .computed("by voltage class");
    t.number("vm_emergency_min_pu", &Buses::vm_emergency_min_pu, "band after an outage")
        .within(0.3, 1.5)
        .computed("by voltage class");
    t.number("vm_emergency_max_pu", &Buses::vm_emergency_max_pu, "band after an outage")
        .within(0.5, 2)
        .computed("by voltage class");
    t.finish(finish_bus);
    return t.take();
}

void finish_shunt(Reader& reader, const Node& element, Shunts& shunts) {
    const ShuntIdx k{shunts.size() - 1};
    if (!element.find("steps") && !shunts.switched[k]) {
        shunts.steps[k] = shunts.n_steps[k];
    }
    if (shunts.steps[k] > shunts.n_steps[k]) {
        reader.add_fault(element, "steps",
                         fmt::format("must not be above n_steps {}", shunts.n_steps[k]));
    }
    const Buses& buses = reader.draft().system.grid.buses;
    const BusIdx held = shunts.regulated_bus[k].valid() ? shunts.regulated_bus[k] : shunts.bus[k];
    const bool known = held.valid() && held.row() < buses.vm_min_pu.size();
    if (std::isnan(shunts.vm_min_pu[k])) {
        shunts.vm_min_pu[k] = known ? buses.vm_min_pu[held] : 0.9;
    }
    if (std::isnan(shunts.vm_max_pu[k])) {
        shunts.vm_max_pu[k] = known ? buses.vm_max_pu[held] : 1.1;
    }
    if (shunts.vm_min_pu[k] > shunts.vm_max_pu[k]) {
        reader.add_fault(element, "vm_min_pu",
                         fmt::format("must not be above vm_max_pu {:g}", shunts.vm_max_pu[k]));
    }
}

RecordType make_shunt_type() {
    Table<Shunts> t{
        "shunt", "Capacitor bank (q_step_mvar > 0) or reactor (< 0), fixed or switched in steps."};
    t.element();
    t.reference("bus", &Shunts::bus, bus_lists(), "where it stands").need();
    t.number("q_step_mvar", &Shunts::q_step_mvar,
             "reactive power of one step at 1 pu, into the grid positive")
        .need()
        .within(-1e6, 1e6);
    t.integer("n_steps", &Shunts::n_steps, "steps there are").within(0, 100).otherwise("1");
    t.integer("steps", &Shunts::steps, "scheduled steps in")
        .within(0, 100)
        .computed("0 where switched, else all");
    t.boolean("switched", &Shunts::switched, "moved by the voltage control").otherwise("false");
    t.reference("regulated_bus", &Shunts::regulated_bus, bus_lists(), "bus whose voltage it keeps")
        .computed("its own bus");
    t.number("vm_min_pu", &Shunts::vm_min_pu, "band the switching keeps")
        .within(0.3, 1.5)
        .computed("band of that bus");
    t.number("vm_max_pu", &Shunts::vm_max_pu, "band the switching keeps")
        .within(0.5, 2)
        .computed("band of that bus");
    t.number("p_mw", &Shunts::p_mw, "active power drawn at 1 pu, whatever the steps")
        .within(-1e6, 1e6)
        .otherwise("0");
    t.finish(finish_shunt);
    return t.take();
}

RecordType make_switch_type() {
    Table<Switches> t{"switch",
                      "Coupler between two buses of one voltage; closed, both are one node."};
    t.element();
    t.reference("from", &Switches::from, bus_lists(), "one bus").need();
    t.reference("to", &Switches::to, bus_lists(), "the other").need();
    t.word("status", &Switches::closed, open_or_closed(), "whether it is closed")
        .otherwise("closed");
    t.finish([](Reader& reader, const Node& element, Switches& switches) {
        check_line_ends(reader, element, switches.from.back(), switches.to.back());
    });
    return t.take();
}

struct SectionBranches {
    std::vector<std::string> branch;
    std::vector<int> sign;
};

const RecordType& section_branch_type() {
    static const RecordType type = [] {
        Table<SectionBranches> t{"section_branch", "A branch of a section."};
        t.reference("branch", &SectionBranches::branch, branch_lists(),
                    "line, branch or transformer")
            .need();
        t.word("sign", &SectionBranches::sign, {"-1", "1"},
               "1 where from → to counts positive, else -1")
            .otherwise("1");
        t.finish([](Reader&, const Node&, SectionBranches& b) {
            b.sign.back() = b.sign.back() == 0 ? -1 : 1;
        });
        return t.take();
    }();
    return type;
}

RecordType make_section_type() {
    Table<Sections> t{"section", "断面: the signed sum of branch flows stays within a limit."};
    t.element();
    Field& branches = t.add("branches", FieldKind::records, "its branches",
                            [](const Field& field, Reader& reader, const Node* value, void* table) {
                                Sections& sections = *static_cast<Sections*>(table);
                                SectionBranches made;
                                if (value) {
                                    reader.read_records(*field.record, *value, &made);
                                }
                                sections.branch.push_back(std::move(made.branch));
                                sections.sign.push_back(std::move(made.sign));
                            });
    branches.record = &section_branch_type();
    branches.need();
    t.number("limit_mw", &Sections::limit_mw, "limit in the positive direction").need().positive();
    t.number("limit_reverse_mw", &Sections::limit_reverse_mw, "limit in the other direction")
        .positive()
        .computed("as limit_mw");
    t.number("limit_n1_mw", &Sections::limit_n1_mw, "limit after an outage")
        .positive()
        .computed("as limit_mw");
    return t.take();
}

std::vector<std::string> join(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

RecordType make_remedial_action_type() {
    Table<RemedialActions> t{"remedial_action",
                             "切机/切负荷: on the outage of one element, others trip."};
    t.element();
    t.reference("outage", &RemedialActions::outage, join(branch_lists(), source_lists()),
                "element whose loss arms it")
        .need();
    t.references("shed", &RemedialActions::shed, join(source_lists(), load_lists()),
                 "sources or loads that trip")
        .need();
    return t.take();
}

RecordType make_maintenance_type() {
    Table<Maintenance> t{"maintenance", "An element out of service between two dates."};
    t.element();
    t.reference("element", &Maintenance::element, join(branch_lists(), {"grid.shunts"}),
                "line, branch, transformer or shunt")
        .need();
    t.date("from", &Maintenance::from, "out from 00:00 Beijing time").need();
    t.date("to", &Maintenance::to, "back at 00:00 Beijing time").need();
    t.finish([](Reader& reader, const Node& element, Maintenance& all) {
        if (all.from.back().ok() && all.to.back().ok() && all.from.back() >= all.to.back() &&
            element.find("to")) {
            reader.add_fault(element, "to", "must be later than `from`");
        }
    });
    return t.take();
}

} // namespace

const RecordType& grid_type() {
    static const RecordType substation = make_substation_type();
    static const RecordType bus = make_bus_type();
    static const RecordType line = make_line_type();
    static const RecordType branch = make_branch_type();
    static const RecordType transformer = make_transformer_type();
    static const RecordType three_winding = make_three_winding_type();
    static const RecordType shunt = make_shunt_type();
    static const RecordType coupler = make_switch_type();
    static const RecordType section = make_section_type();
    static const RecordType remedial_action = make_remedial_action_type();
    static const RecordType maintenance = make_maintenance_type();
    static const RecordType type = [] {
        Table<Grid> t{"grid", "Stations, buses and what joins them."};
        t.records("substations", &Grid::substations, substation, "places");
        t.records("buses", &Grid::buses, bus,
                  "buses beside those of the substations, and overrides");
        t.records("lines", &Grid::lines, line, "lines");
        t.records("branches", &Grid::branches, branch, "branches in per unit");
        t.records("transformers", &Grid::transformers, transformer, "two windings");
        t.records("three_winding_transformers", &Grid::three_winding_transformers, three_winding,
                  "three windings");
        t.records("shunts", &Grid::shunts, shunt, "capacitors and reactors");
        t.records("switches", &Grid::switches, coupler, "couplers");
        t.records("sections", &Grid::sections, section, "断面");
        t.records("remedial_actions", &Grid::remedial_actions, remedial_action, "切机/切负荷");
        t.records("maintenance", &Grid::maintenance, maintenance, "planned outages");
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
