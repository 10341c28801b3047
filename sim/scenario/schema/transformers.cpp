#include "scenario/schema/parts.hpp"

#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "network/grid.hpp"
#include "scenario/schema/magnitudes.hpp"
#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

using namespace network;

namespace {

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

} // namespace

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
    t.word("status", &Transformers::closed, open_or_closed(), "whether it is switched in")
        .otherwise("closed");
    t.record("tap", &Transformers::tap, tap_type(), "tap changer");
    t.finish(finish_transformer);
    return t.take();
}

namespace {

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

} // namespace

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
             "rating of the hv winding after an outage; the others in proportion")
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
    t.word("status", &All::closed, open_or_closed(), "whether it is switched in")
        .otherwise("closed");
    t.record("tap", &All::tap, tap_type(), "tap changer");
    t.finish(finish_three_winding);
    return t.take();
}

} // namespace yuanwang::scenario
