#include "scenario/schema/parts.hpp"

#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "models/grid/conductor.hpp"
#include "network/grid.hpp"
#include "scenario/schema/magnitudes.hpp"
#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

using namespace network;

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

namespace {

/// Without a conductor, everything it would give must be written.
void check_written_constants(Reader& reader, const Node& element, const Lines& lines, LineIdx k) {
    for (const auto& [key, given] : {std::pair{"r_ohm_per_km", lines.r_ohm_per_km[k].has_value()},
                                     std::pair{"x_ohm_per_km", lines.x_ohm_per_km[k].has_value()},
                                     std::pair{"b_us_per_km", lines.b_us_per_km[k].has_value()},
                                     std::pair{"rate_mva", lines.rate_mva[k].has_value()}}) {
        if (!given && reader.whole() && !element.find(key)) {
            reader.add_fault(element, key, "is required where no `conductor` is named");
        }
    }
}

/// A conductor must be known, hang in a possible geometry, and carry current where no rating is written.
std::optional<double> check_conductor(Reader& reader, const Node& element, const Lines& lines,
                                      LineIdx k) {
    const models::Conductor* conductor = models::find_conductor(lines.conductor[k]);
    if (!conductor) {
        std::vector<std::string> names;
        for (const models::Conductor& known : models::conductor_library()) {
            names.emplace_back(known.name);
        }
        reader.add_fault(element, "conductor",
                         "must name a conductor of the library" +
                             reader.say_nearest(lines.conductor[k], names));
        return std::nullopt;
    }
    const double bundle_width_m =
        lines.bundle[k] > 1
            ? lines.bundle_spacing_m[k] / std::sin(std::numbers::pi / lines.bundle[k])
            : 0.0;
    const double narrowest_m = 2 * bundle_width_m + 2e-3 * conductor->diameter_mm;
    if (lines.phase_spacing_m[k] < narrowest_m) {
        reader.add_fault(
            element, "phase_spacing_m",
            fmt::format("must be at least twice the width of the bundle, {:.3g} m", narrowest_m));
        return std::nullopt;
    }
    const double ampacity_a = models::compute_ampacity_a(
        *conductor, {.ambient_temperature_c = lines.ambient_temperature_c[k],
                     .altitude_m = lines.altitude_m[k]});
    if (!lines.rate_mva[k] && !(ampacity_a > 0)) {
        reader.add_fault(
            element, "ambient_temperature_c",
            "must leave the conductor a thermal rating, or `rate_mva` must be written");
    }
    return models::compute_line_constants(*conductor,
                                          {.bundle = lines.bundle[k],
                                           .bundle_spacing_m = lines.bundle_spacing_m[k],
                                           .phase_spacing_m = lines.phase_spacing_m[k]},
                                          lines.conductor_temperature_c[k])
        .x_ohm_per_km;
}

/// Series reactance from end to end, of a size the voltage class can have.
void check_reactance(Reader& reader, const Node& element, const Lines& lines, LineIdx k,
                     double base_kv) {
    std::optional<double> x_ohm_per_km = lines.x_ohm_per_km[k];
    if (lines.conductor[k].empty()) {
        check_written_constants(reader, element, lines, k);
    } else if (std::isfinite(lines.phase_spacing_m[k] + lines.bundle_spacing_m[k]) &&
               lines.bundle[k] > 0) {
        const std::optional<double> of_conductor = check_conductor(reader, element, lines, k);
        x_ohm_per_km = x_ohm_per_km ? x_ohm_per_km : of_conductor;
    }
    if (base_kv <= 0 || !x_ohm_per_km) {
        return;
    }
    const double x_ohm = *x_ohm_per_km * lines.length_km[k];
    const Range range = line_reactance_range_ohm(base_kv);
    if (x_ohm < range.min || x_ohm > range.max) {
        reader.add_fault(element, lines.x_ohm_per_km[k] ? "x_ohm_per_km" : "length_km",
                         "reactance from end to end " + write_rule_at(range, "ohm", base_kv),
                         fmt::format("{:g} ohm", x_ohm));
    }
}

void finish_line(Reader& reader, const Node& element, Lines& lines) {
    const LineIdx k{lines.size() - 1};
    const double base_kv = find_base_kv(reader, lines.from[k]);
    check_line_ends(reader, element, lines.from[k], lines.to[k]);
    if (std::isnan(lines.phase_spacing_m[k])) {
        lines.phase_spacing_m[k] = base_kv >= 600   ? 15
                                   : base_kv >= 400 ? 11
                                   : base_kv >= 300 ? 8.5
                                   : base_kv >= 200 ? 6.5
                                                    : 4;
    }
    check_reactance(reader, element, lines, k, base_kv);
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

} // namespace

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
    t.number("conductor_temperature_c", &Lines::conductor_temperature_c, "for the resistance")
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
    t.word("status", &Lines::closed, open_or_closed(), "whether it is switched in")
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
    t.number("x_pu", &ImpedanceBranches::x_pu, "series reactance; may be 0 where r_pu is not")
        .need();
    t.number("b_pu", &ImpedanceBranches::b_pu, "total charging").otherwise("0");
    t.number("ratio", &ImpedanceBranches::ratio, "off-nominal turns ratio at the from end")
        .within(0.01, 100)
        .otherwise("1");
    t.number("shift_degree", &ImpedanceBranches::shift_degree, "phase shift at the from end")
        .within(-360, 360)
        .otherwise("0");
    t.number("rate_mva", &ImpedanceBranches::rate_mva, "normal rating")
        .positive()
        .computed("unlimited");
    t.word("status", &ImpedanceBranches::closed, open_or_closed(), "whether it is switched in")
        .otherwise("closed");
    t.finish([](Reader& reader, const Node& element, ImpedanceBranches& branches) {
        const BusIdx from = branches.from.back();
        if (from.valid() && from == branches.to.back()) {
            reader.add_fault(element, "to", "must be another bus than `from`");
        }
        if (branches.x_pu.back() == 0 && branches.r_pu.back() == 0) {
            reader.add_fault(element, "x_pu", "must not be 0 where r_pu is 0");
        }
    });
    return t.take();
}

} // namespace yuanwang::scenario
