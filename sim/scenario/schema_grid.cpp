#include "scenario/schema_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "models/grid/conductor.hpp"
#include "network/grid.hpp"
#include "scenario/magnitudes.hpp"
#include "scenario/table.hpp"

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

double find_base_kv(Reader& reader, BusIdx bus) {
    const Buses& buses = reader.draft().system.grid.buses;
    return bus.valid() && bus.row() < buses.base_kv.size() ? buses.base_kv[bus] : 0.0;
}

namespace {

const std::vector<std::string> open_or_closed = {"open", "closed"};

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
    if (buses.vm_min_pu[i] >= buses.vm_max_pu[i]) {
        reader.add_fault(element, "vm_min_pu",
                         fmt::format("must be below vm_max_pu {:g}", buses.vm_max_pu[i]));
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

void check_line_ends(Reader& reader, const Node& element, BusIdx from, BusIdx to) {
    const double from_kv = find_base_kv(reader, from);
    const double to_kv = find_base_kv(reader, to);
    if (from.valid() && from == to) {
        reader.add_fault(element, "to", "must be another bus than `from`");
    } else if (from_kv > 0 && to_kv > 0 && from_kv != to_kv) {
        reader.add_fault(element, "to",
                         fmt::format("must have the voltage of `from`, {:g} kV", from_kv),
                         fmt::format("{} with {:g} kV",
                                     element.find("to") ? element.find("to")->text : "", to_kv));
    }
}

/// Longitudinal data of a line: a known conductor or ohms, of a size its voltage class can have.
void check_line_constants(Reader& reader, const Node& element, const Lines& lines, LineIdx k,
                          double base_kv) {
    if (lines.conductor[k].empty()) {
        for (const auto& [key, given] :
             {std::pair{"r_ohm_per_km", lines.r_ohm_per_km[k].has_value()},
              std::pair{"x_ohm_per_km", lines.x_ohm_per_km[k].has_value()},
              std::pair{"b_us_per_km", lines.b_us_per_km[k].has_value()},
              std::pair{"rate_mva", lines.rate_mva[k].has_value()}}) {
            if (!given && reader.whole() && !element.find(key)) {
                reader.add_fault(element, key, "is required where no `conductor` is named");
            }
        }
    } else if (!models::find_conductor(lines.conductor[k])) {
        std::vector<std::string> names;
        for (const models::Conductor& conductor : models::conductor_library()) {
            names.emplace_back(conductor.name);
        }
        const std::string_view nearest = find_nearest(lines.conductor[k], names);
        reader.add_fault(
            element, "conductor",
            fmt::format("must name a conductor of the library{}",
                        nearest.empty() ? "" : fmt::format(" (nearest: `{}`)", nearest)));
    }
    if (base_kv > 0 && lines.x_ohm_per_km[k]) {
        const double x_ohm = *lines.x_ohm_per_km[k] * lines.length_km[k];
        const Range range = line_reactance_range_ohm(base_kv);
        if (x_ohm < range.min || x_ohm > range.max) {
            reader.add_fault(element, "x_ohm_per_km",
                             "reactance from end to end " + write_rule_at(range, "ohm", base_kv),
                             fmt::format("{:g} ohm", x_ohm));
        }
    }
}

void finish_line(Reader& reader, const Node& element, Lines& lines) {
    const LineIdx k{lines.size() - 1};
    const double base_kv = find_base_kv(reader, lines.from[k]);
    check_line_ends(reader, element, lines.from[k], lines.to[k]);
    check_line_constants(reader, element, lines, k, base_kv);
    if (std::isnan(lines.phase_spacing_m[k])) {
        lines.phase_spacing_m[k] = base_kv >= 600   ? 15
                                   : base_kv >= 400 ? 11
                                   : base_kv >= 300 ? 8.5
                                   : base_kv >= 200 ? 6.5
                                                    : 4;
    }
    if (base_kv <= 0) {
        return;
    }
    if (lines.length_km[k] > longest_line_km(base_kv)) {
        reader.add_fault(
            element, "length_km",
            fmt::format("must be at most {:g} km at {:g} kV", longest_line_km(base_kv), base_kv));
    }
    const Range rating = circuit_rating_range_mva(base_kv);
    for (const auto& [key, rate] : {std::pair{"rate_mva", lines.rate_mva[k]},
                                    std::pair{"rate_emergency_mva", lines.rate_emergency_mva[k]}}) {
        if (rate && !rating.contains(*rate)) {
            reader.add_fault(element, key, write_rule_at(rating, "MVA", base_kv));
        }
    }
    if (lines.rate_mva[k] && lines.rate_emergency_mva[k] &&
        *lines.rate_emergency_mva[k] < *lines.rate_mva[k]) {
        reader.add_fault(element, "rate_emergency_mva",
                         fmt::format("must not be below rate_mva {:g}", *lines.rate_mva[k]));
    }
}

RecordType make_line_type() {
    Table<Lines> t{"line", "Overhead line or cable; every circuit is one branch. Constants come "
                           "from a conductor or are given per km."};
    t.element();
    t.reference("from", &Lines::from, bus_lists(),
                "bus at the sending end; flow from → to is positive")
        .need();
    t.reference("to", &Lines::to, bus_lists(), "bus at the other end").need();
    t.integer("circuits", &Lines::circuits, "parallel circuits").within(1, 12).otherwise("1");
    t.number("length_km", &Lines::length_km, "route length").need().positive();
    t.text("conductor", &Lines::conductor,
           "library name such as `LGJ-400/50`; none where ohms are given");
    t.integer("bundle", &Lines::bundle, "sub-conductors per phase").within(1, 12).otherwise("1");
    t.number("bundle_spacing_m", &Lines::bundle_spacing_m, "between neighbouring sub-conductors")
        .positive()
        .up_to(2)
        .otherwise("0.4");
    t.number("phase_spacing_m", &Lines::phase_spacing_m, "flat, between neighbouring phases")
        .positive()
        .up_to(50)
        .computed("by voltage: 15, 11, 8.5, 6.5, 4 m at 750, 500, 330, 220, 110 kV");
    t.number("conductor_temperature_c", &Lines::conductor_temperature_c,
             "for resistance and thermal rating")
        .within(-40, 250)
        .otherwise("70");
    t.number("r_ohm_per_km", &Lines::r_ohm_per_km,
             "resistance of a circuit; overrides the conductor")
        .within(0, 20);
    t.number("x_ohm_per_km", &Lines::x_ohm_per_km,
             "reactance of a circuit; overrides the conductor")
        .positive()
        .up_to(20);
    t.number("b_us_per_km", &Lines::b_us_per_km, "charging of a circuit; overrides the conductor")
        .within(0, 1000);
    t.number("reactor_compensation", &Lines::reactor_compensation,
             "share of the charging taken by line reactors")
        .fraction()
        .otherwise("0");
    t.number("rate_mva", &Lines::rate_mva, "normal rating of a circuit")
        .positive()
        .computed("thermal rating by IEEE 738");
    t.number("rate_emergency_mva", &Lines::rate_emergency_mva, "rating after an outage")
        .positive()
        .computed("as rate_mva");
    t.number("emergency_duration_h", &Lines::emergency_duration_h, "how long it may carry that")
        .positive()
        .otherwise("0.5");
    t.number("ambient_temperature_c", &Lines::ambient_temperature_c, "for the thermal rating")
        .within(-60, 60)
        .otherwise("30");
    t.number("altitude_m", &Lines::altitude_m, "for the thermal rating")
        .within(-400, 6000)
        .otherwise("0");
    t.word("status", &Lines::closed, open_or_closed, "whether it is switched in")
        .otherwise("closed");
    t.finish(finish_line);
    return t.take();
}

RecordType make_branch_type() {
    Table<ImpedanceBranches> t{
        "branch", "A branch by its pi model in per unit on 100 MVA, as public cases write it."};
    t.element();
    t.reference("from", &ImpedanceBranches::from, bus_lists(), "bus at the tap side").need();
    t.reference("to", &ImpedanceBranches::to, bus_lists(), "bus at the other end").need();
    t.number("r_pu", &ImpedanceBranches::r_pu, "series resistance").otherwise("0");
    t.number("x_pu", &ImpedanceBranches::x_pu, "series reactance, not 0").need();
    t.number("b_pu", &ImpedanceBranches::b_pu, "total charging").otherwise("0");
    t.number("ratio", &ImpedanceBranches::ratio, "off-nominal turns ratio at the from end")
        .within(0.1, 10)
        .otherwise("1");
    t.number("shift_degree", &ImpedanceBranches::shift_degree, "phase shift at the from end")
        .within(-360, 360)
        .otherwise("0");
    t.number("rate_mva", &ImpedanceBranches::rate_mva, "normal rating")
        .positive()
        .computed("unlimited");
    t.word("status", &ImpedanceBranches::closed, open_or_closed, "whether it is switched in")
        .otherwise("closed");
    t.finish([](Reader& reader, const Node& element, ImpedanceBranches& branches) {
        const BusIdx from = branches.from.back();
        if (from.valid() && from == branches.to.back()) {
            reader.add_fault(element, "to", "must be another bus than `from`");
        }
        if (branches.x_pu.back() == 0) {
            reader.add_fault(element, "x_pu", "must not be 0");
        }
    });
    return t.take();
}

void finish_tap(Reader& reader, const Node& element, TapChangers& tap) {
    if (tap.tap_min.back() > tap.tap_max.back()) {
        reader.add_fault(element, "tap_min",
                         fmt::format("must not be above tap_max {}", tap.tap_max.back()));
    } else if (tap.position.back() < tap.tap_min.back() ||
               tap.position.back() > tap.tap_max.back()) {
        reader.add_fault(element, "position",
                         fmt::format("must be within tap_min…tap_max, {}…{}", tap.tap_min.back(),
                                     tap.tap_max.back()));
    }
    for (const int end : {tap.tap_min.back(), tap.tap_max.back()}) {
        if (std::abs(end * tap.step_percent.back()) > 50) {
            reader.add_fault(element, "step_percent",
                             "must leave the ratio within ±50 % over all positions");
            break;
        }
    }
}

const RecordType& tap_type() {
    static const RecordType type = [] {
        Table<TapChangers> t{
            "tap",
            "Tap changer: position p sets the turns ratio of its side to 1 + p·step_percent/100."};
        t.boolean("on_load", &TapChangers::on_load,
                  "moved by the voltage control; else set by hand")
            .otherwise("false");
        t.word("side", &TapChangers::side, {"hv", "lv"},
               "winding it sits on; of three windings, lv is the mv winding")
            .otherwise("hv");
        t.integer("tap_min", &TapChangers::tap_min, "lowest position")
            .within(-100, 100)
            .otherwise("-8");
        t.integer("tap_max", &TapChangers::tap_max, "highest position")
            .within(-100, 100)
            .otherwise("8");
        t.number("step_percent", &TapChangers::step_percent, "change of the ratio per position")
            .positive()
            .up_to(10)
            .otherwise("1.25");
        t.integer("position", &TapChangers::position, "scheduled position")
            .within(-100, 100)
            .otherwise("0");
        t.reference("regulated_bus", &TapChangers::regulated_bus, bus_lists(),
                    "bus whose voltage it holds")
            .computed("the lv bus; the mv bus of three windings");
        t.number("vm_target_pu", &TapChangers::vm_target_pu, "voltage it aims at")
            .within(0.5, 1.5)
            .otherwise("1");
        t.number("dead_band_pu", &TapChangers::dead_band_pu, "half width within which it rests")
            .positive()
            .up_to(0.2)
            .otherwise("0.01");
        t.finish(finish_tap);
        return t.take();
    }();
    return type;
}

/// Rated voltage of a winding beside the nominal voltage of its bus.
void check_winding(Reader& reader, const Node& element, std::string_view key,
                   const std::optional<double>& rated_kv, double base_kv) {
    if (rated_kv && base_kv > 0 && std::abs(*rated_kv / base_kv - 1) > 0.2) {
        reader.add_fault(element, key,
                         fmt::format("must be within 20 % of its bus, {:g} kV", base_kv));
    }
}

void check_step_down(Reader& reader, const Node& element, std::string_view key, double upper_kv,
                     double lower_kv) {
    if (upper_kv > 0 && lower_kv > 0 && lower_kv > upper_kv) {
        reader.add_fault(element, key,
                         fmt::format("must not have a higher voltage than `hv`, {:g} kV", upper_kv),
                         fmt::format("{} with {:g} kV",
                                     element.find(key) ? element.find(key)->text : "", lower_kv));
    }
}

void check_unit_rating(Reader& reader, const Node& element, std::string_view key, double rate_mva,
                       double hv_kv) {
    const Range range = transformer_rating_range_mva(hv_kv);
    if (hv_kv > 0 && !std::isnan(rate_mva) && !range.contains(rate_mva)) {
        reader.add_fault(element, key, write_rule_at(range, "MVA", hv_kv));
    }
}

void check_same_bus(Reader& reader, const Node& element, std::string_view key, BusIdx a, BusIdx b) {
    if (a.valid() && a == b) {
        reader.add_fault(element, key, "must be another bus than the windings before it");
    }
}

void finish_transformer(Reader& reader, const Node& element, Transformers& all) {
    const TransformerIdx k{all.size() - 1};
    const double hv_kv = find_base_kv(reader, all.hv[k]);
    const double lv_kv = find_base_kv(reader, all.lv[k]);
    check_same_bus(reader, element, "lv", all.hv[k], all.lv[k]);
    check_step_down(reader, element, "lv", hv_kv, lv_kv);
    check_winding(reader, element, "hv_kv", all.hv_kv[k], hv_kv);
    check_winding(reader, element, "lv_kv", all.lv_kv[k], lv_kv);
    check_unit_rating(reader, element, "rate_mva", all.rate_mva[k], hv_kv);
    if (all.ukr_percent[k] >= all.uk_percent[k]) {
        reader.add_fault(element, "ukr_percent",
                         fmt::format("must be below uk_percent {:g}", all.uk_percent[k]));
    }
    if (all.rate_emergency_mva[k] && *all.rate_emergency_mva[k] < all.rate_mva[k]) {
        reader.add_fault(element, "rate_emergency_mva",
                         fmt::format("must not be below rate_mva {:g}", all.rate_mva[k]));
    }
}

RecordType make_transformer_type() {
    Table<Transformers> t{"transformer",
                          "Two windings; every unit is one branch. Percentages are on `rate_mva`."};
    t.element();
    t.reference("hv", &Transformers::hv, bus_lists(), "bus of the high-voltage winding").need();
    t.reference("lv", &Transformers::lv, bus_lists(), "bus of the low-voltage winding").need();
    t.integer("units", &Transformers::units, "parallel units").within(1, 12).otherwise("1");
    t.number("rate_mva", &Transformers::rate_mva, "rating of one unit").need().positive();
    t.number("rate_emergency_mva", &Transformers::rate_emergency_mva, "rating after an outage")
        .positive()
        .computed("as rate_mva");
    t.number("emergency_duration_h", &Transformers::emergency_duration_h,
             "how long it may carry that")
        .positive()
        .otherwise("2");
    t.number("uk_percent", &Transformers::uk_percent, "short-circuit voltage").need().within(1, 40);
    t.number("ukr_percent", &Transformers::ukr_percent, "its resistive part")
        .within(0, 10)
        .otherwise("0.25");
    t.number("i0_percent", &Transformers::i0_percent, "no-load current")
        .within(0, 10)
        .otherwise("0");
    t.number("p_iron_kw", &Transformers::p_iron_kw, "no-load loss of one unit")
        .within(0, 5000)
        .otherwise("0");
    t.number("hv_kv", &Transformers::hv_kv, "rated voltage")
        .positive()
        .computed("nominal voltage of the bus");
    t.number("lv_kv", &Transformers::lv_kv, "rated voltage")
        .positive()
        .computed("nominal voltage of the bus");
    t.number("shift_degree", &Transformers::shift_degree, "lv lags hv by this")
        .within(-360, 360)
        .otherwise("0");
    t.word("status", &Transformers::closed, open_or_closed, "whether it is switched in")
        .otherwise("closed");
    t.record("tap", &Transformers::tap, tap_type(), "tap changer");
    t.finish(finish_transformer);
    return t.take();
}

void finish_three_winding(Reader& reader, const Node& element, ThreeWindingTransformers& all) {
    const std::size_t k = all.size() - 1;
    const double hv_kv = find_base_kv(reader, all.hv[k]);
    const double mv_kv = find_base_kv(reader, all.mv[k]);
    const double lv_kv = find_base_kv(reader, all.lv[k]);
    check_same_bus(reader, element, "mv", all.hv[k], all.mv[k]);
    check_same_bus(reader, element, "lv", all.hv[k], all.lv[k]);
    check_same_bus(reader, element, "lv", all.mv[k], all.lv[k]);
    check_step_down(reader, element, "mv", hv_kv, mv_kv);
    check_step_down(reader, element, "lv", hv_kv, lv_kv);
    check_winding(reader, element, "hv_kv", all.hv_kv[k], hv_kv);
    check_winding(reader, element, "mv_kv", all.mv_kv[k], mv_kv);
    check_winding(reader, element, "lv_kv", all.lv_kv[k], lv_kv);
    check_unit_rating(reader, element, "rate_hv_mva", all.rate_hv_mva[k], hv_kv);
    if (all.rate_emergency_mva[k] && *all.rate_emergency_mva[k] < all.rate_hv_mva[k]) {
        reader.add_fault(element, "rate_emergency_mva",
                         fmt::format("must not be below rate_hv_mva {:g}", all.rate_hv_mva[k]));
    }
    for (const auto& [key, ukr, uk] :
         {std::tuple{"ukr_hm_percent", all.ukr_hm_percent[k], all.uk_hm_percent[k]},
          std::tuple{"ukr_hl_percent", all.ukr_hl_percent[k], all.uk_hl_percent[k]},
          std::tuple{"ukr_ml_percent", all.ukr_ml_percent[k], all.uk_ml_percent[k]}}) {
        if (ukr >= uk) {
            reader.add_fault(element, key, fmt::format("must be below its uk, {:g}", uk));
        }
    }
}

RecordType make_three_winding_type() {
    using All = ThreeWindingTransformers;
    Table<All> t{"three_winding_transformer",
                 "Three windings, a star of three branches; each pair's percentages are on the "
                 "smaller rating of the pair."};
    t.element();
    t.reference("hv", &All::hv, bus_lists(), "bus of the high-voltage winding").need();
    t.reference("mv", &All::mv, bus_lists(), "bus of the middle winding").need();
    t.reference("lv", &All::lv, bus_lists(), "bus of the low-voltage winding").need();
    t.integer("units", &All::units, "parallel units").within(1, 12).otherwise("1");
    t.number("rate_hv_mva", &All::rate_hv_mva, "rating of one unit").need().positive();
    t.number("rate_mv_mva", &All::rate_mv_mva, "rating of one unit").need().positive().up_to(5000);
    t.number("rate_lv_mva", &All::rate_lv_mva, "rating of one unit").need().positive().up_to(5000);
    t.number("rate_emergency_mva", &All::rate_emergency_mva,
             "rating of the hv winding after an outage")
        .positive()
        .computed("as rate_hv_mva");
    t.number("emergency_duration_h", &All::emergency_duration_h, "how long it may carry that")
        .positive()
        .otherwise("2");
    t.number("uk_hm_percent", &All::uk_hm_percent, "short-circuit voltage hv–mv")
        .need()
        .within(1, 60);
    t.number("uk_hl_percent", &All::uk_hl_percent, "short-circuit voltage hv–lv")
        .need()
        .within(1, 90);
    t.number("uk_ml_percent", &All::uk_ml_percent, "short-circuit voltage mv–lv")
        .need()
        .within(1, 60);
    t.number("ukr_hm_percent", &All::ukr_hm_percent, "its resistive part")
        .within(0, 10)
        .otherwise("0.2");
    t.number("ukr_hl_percent", &All::ukr_hl_percent, "its resistive part")
        .within(0, 10)
        .otherwise("0.2");
    t.number("ukr_ml_percent", &All::ukr_ml_percent, "its resistive part")
        .within(0, 10)
        .otherwise("0.2");
    t.number("i0_percent", &All::i0_percent, "no-load current, on rate_hv_mva")
        .within(0, 10)
        .otherwise("0");
    t.number("p_iron_kw", &All::p_iron_kw, "no-load loss of one unit")
        .within(0, 5000)
        .otherwise("0");
    t.number("hv_kv", &All::hv_kv, "rated voltage")
        .positive()
        .computed("nominal voltage of the bus");
    t.number("mv_kv", &All::mv_kv, "rated voltage")
        .positive()
        .computed("nominal voltage of the bus");
    t.number("lv_kv", &All::lv_kv, "rated voltage")
        .positive()
        .computed("nominal voltage of the bus");
    t.word("status", &All::closed, open_or_closed, "whether it is switched in").otherwise("closed");
    t.record("tap", &All::tap, tap_type(), "tap changer");
    t.finish(finish_three_winding);
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
    if (shunts.vm_min_pu[k] >= shunts.vm_max_pu[k]) {
        reader.add_fault(element, "vm_min_pu",
                         fmt::format("must be below vm_max_pu {:g}", shunts.vm_max_pu[k]));
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
        .within(-5000, 5000);
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
        .within(-1000, 1000)
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
    t.word("status", &Switches::closed, open_or_closed, "whether it is closed").otherwise("closed");
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
