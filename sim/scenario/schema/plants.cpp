// Hydro, thermal and waste-to-energy plants.
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "scenario/schema/parts.hpp"
#include "scenario/schema/placement.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

namespace {

const RecordType& reservoir_type() {
    static const RecordType type = [] {
        using R = models::Reservoir;
        Table<R> t{"reservoir", "Water of a hydro plant. With a head, `mean_mw` is a plan and the "
                                "water decides."};
        t.number("head_m", &R::head_m, "gross, reservoir full; 0: no water is reckoned with")
            .within(0, 2000)
            .otherwise("0");
        t.number("head_empty_m", &R::head_empty_m, "gross, usable volume empty; 0: as full")
            .within(0, 2000)
            .otherwise("0");
        t.number("v_max_hm3", &R::v_max_hm3, "usable volume, million m3; 0: run of river")
            .within(0, 1e5)
            .otherwise("0");
        t.number("v_initial", &R::v_initial,
                 "share of it before the first step; none: `target` at that date, without one 0.5")
            .fraction();
        t.number("efficiency", &R::efficiency, "water to wire").within(0.3, 1).otherwise("0.9");
        t.number("q_min_m3_per_s", &R::q_min_m3_per_s, "ecological flow below the dam")
            .at_least(0)
            .otherwise("0");
        t.number("wetness", &R::wetness, "factor of the inflows: dry year below 1, wet above")
            .within(0, 5)
            .otherwise("1");
        t.numbers("inflow_m3_per_s", &R::inflow_m3_per_s,
                  "mean natural inflow by month, without what comes from upstream")
            .at_least(0);
        t.numbers(
             "target", &R::target,
             "share of the volume aimed at by the end of each month; none: the plan of mean_mw")
            .fraction();
        t.reference("upstream", &R::upstream, {"sources.hydro"}, "plant whose outflow arrives");
        t.number("delay_h", &R::delay_h, "of that outflow").within(0, 720).otherwise("0");
        t.finish([](Reader& reader, const Node& element, R& r) {
            if (r.head_empty_m > r.head_m) {
                reader.add_fault(element, "head_empty_m",
                                 fmt::format("must not be above head_m {:g}", r.head_m));
            }
        });
        return t.take();
    }();
    return type;
}

const RecordType& coal_curve_type() {
    static const RecordType type = [] {
        using C = models::CoalCurve;
        Table<C> t{"coal_curve", "Coal rate of a unit by its load."};
        t.numbers("load", &C::load, "of the unit's rating, rising").fraction();
        t.numbers("g_per_kwh", &C::g_per_kwh, "net standard-coal rate at those loads")
            .within(0, 1000);
        t.finish([](Reader& reader, const Node& element, C& curve) {
            if (curve.load.size() != curve.g_per_kwh.size()) {
                reader.add_fault(
                    element, "g_per_kwh",
                    fmt::format("must have as many values as load, {}", curve.load.size()),
                    fmt::format("{}", curve.g_per_kwh.size()));
                return;
            }
            for (std::size_t i = 1; i < curve.load.size(); ++i) {
                if (curve.load[i] <= curve.load[i - 1]) {
                    reader.add_fault(
                        element, "load", "must rise from point to point",
                        fmt::format("{:g} after {:g}", curve.load[i], curve.load[i - 1]));
                    return;
                }
                if (curve.load[i] * curve.g_per_kwh[i] <=
                    curve.load[i - 1] * curve.g_per_kwh[i - 1]) {
                    reader.add_fault(
                        element, "g_per_kwh", "must burn more at a higher load",
                        fmt::format("{:g} at load {:g}", curve.g_per_kwh[i], curve.load[i]));
                    return;
                }
            }
        });
        return t.take();
    }();
    return type;
}

const RecordType& heat_type() {
    static const RecordType type = [] {
        using H = models::HeatDuty;
        Table<H> t{"heat", "Heat an extraction plant delivers, and the electric band it leaves."};
        t.number("heat_max_mw", &H::heat_max_mw, "thermal, on the design day; 0: none")
            .at_least(0)
            .up_to(1e4)
            .otherwise("0");
        t.reference("site", &H::site, {"weather.sites"}, "whose temperature");
        t.number("base_c", &H::base_c, "no heat above").within(0, 30).otherwise("18");
        t.number("design_c", &H::design_c, "outdoor design temperature")
            .within(-60, 10)
            .otherwise("-13");
        t.number("back_pressure", &H::back_pressure, "least electricity per heat")
            .within(0, 2)
            .otherwise("0.45");
        t.number("loss_of_power", &H::loss_of_power, "electricity lost per heat taken")
            .within(0, 1)
            .otherwise("0.15");
        t.finish([](Reader& reader, const Node& element, H& heat) {
            if (heat.design_c >= heat.base_c) {
                reader.add_fault(element, "design_c",
                                 fmt::format("must be below base_c {:g}", heat.base_c));
            }
            if (heat.heat_max_mw > 0 && !heat.site.valid() && reader.whole() &&
                !element.find("site")) {
                reader.add_fault(element, "site", "is required beside the heat it drives");
            }
        });
        return t.take();
    }();
    return type;
}

const RecordType& bunker_type() {
    static const RecordType type = [] {
        using B = models::Bunker;
        Table<B> t{"bunker", "Waste that waits, and the rhythm it arrives in."};
        t.number("bunker_t", &B::bunker_t, "what it holds; 0: none, waste burns as it comes")
            .within(0, 1e6)
            .otherwise("0");
        t.number("initial", &B::initial, "share full before the first step")
            .fraction()
            .otherwise("0.5");
        t.number("target", &B::target, "share the plant steers for").fraction().otherwise("0.5");
        t.number("min_load", &B::min_load, "least burn over design, while it burns")
            .fraction()
            .otherwise("0.6");
        t.number("max_load", &B::max_load, "greatest burn over design")
            .within(0, 1.5)
            .otherwise("1.1");
        t.numbers("weekday", &B::weekday, "arrivals over their mean, Monday first; none: even")
            .within(0, 7);
        t.numbers("month", &B::month, "arrivals over their mean, January first; none: even")
            .within(0, 12);
        t.integer("overhaul_start_day", &B::overhaul_start_day, "day of year; 0: none")
            .within(0, 366)
            .otherwise("0");
        t.integer("overhaul_days", &B::overhaul_days, "days without burning")
            .within(0, 366)
            .otherwise("0");
        t.finish([](Reader& reader, const Node& element, B& bunker) {
            if (bunker.min_load > bunker.max_load) {
                reader.add_fault(element, "min_load",
                                 fmt::format("must not be above max_load {:g}", bunker.max_load));
            }
            const auto even = [](auto& factors, bool written) {
                if (!written) {
                    factors.fill(1.0);
                }
            };
            even(bunker.weekday, element.find("weekday") != nullptr);
            even(bunker.month, element.find("month") != nullptr);
        });
        return t.take();
    }();
    return type;
}

void finish_hydro(Reader& reader, const Node& element, HydroFleet& f) {
    const double rated = f.plants.p_rated_mw.back();
    for (const double mean : f.plants.mean_mw.back()) {
        if (mean > rated) {
            reader.add_fault(element, "mean_mw",
                             fmt::format("must not be above p_rated_mw {:g}", rated),
                             fmt::format("{:g}", mean));
            break;
        }
    }
    if (f.plants.p_min_mw.back() > rated) {
        reader.add_fault(element, "p_min_mw",
                         fmt::format("must not be above p_rated_mw {:g}", rated));
    }
    fill_reactive_range(f.reactive, machine_q_share * rated * f.plants.city_share.back());
}

/// A unit that starts or stops passes its least output, and only a plant that ramps is held to it.
void check_start_limit(Reader& reader, const Node& element, const char* key, double& limit_mw,
                       const models::ThermalPlants& p) {
    if (std::isnan(limit_mw)) {
        limit_mw = 0; // follows from ramp and step
        return;
    }
    if (limit_mw < p.p_min_mw.back()) {
        reader.add_fault(element, key,
                         fmt::format("must not be below p_min_mw {:g}", p.p_min_mw.back()),
                         fmt::format("{:g}", limit_mw));
    }
    if (p.ramp_share_per_min.back() <= 0) {
        reader.add_fault(element, key, "needs ramp_share_per_min above 0",
                         fmt::format("{:g}", limit_mw));
    }
}

void finish_thermal(Reader& reader, const Node& element, ThermalFleet& f) {
    models::ThermalPlants& p = f.plants;
    if (std::isnan(p.p_min_mw.back())) {
        p.p_min_mw.back() = 0.4 * p.p_rated_mw.back();
    }
    if (std::isnan(p.co2_t_per_mwh.back())) {
        p.co2_t_per_mwh.back() = p.coal_g_per_kwh.back() * 2.66e-3;
    }
    if (p.p_min_mw.back() > p.p_rated_mw.back()) {
        reader.add_fault(element, "p_min_mw",
                         fmt::format("must not be above p_rated_mw {:g}", p.p_rated_mw.back()));
    }
    check_start_limit(reader, element, "start_up_limit_mw", p.start_up_limit_mw.back(), p);
    check_start_limit(reader, element, "shut_down_limit_mw", p.shut_down_limit_mw.back(), p);
    fill_reactive_range(f.reactive, machine_q_share * p.p_rated_mw.back() * p.units.back());
}

void add_thermal_fuel(Table<ThermalFleet>& t) {
    using Plants = models::ThermalPlants;
    const auto plants = [](auto member) { return in(&ThermalFleet::plants, member); };
    t.record("coal_curve", plants(&Plants::coal_curve), coal_curve_type(),
             "coal rate by load; none: flat");
    t.number("coal_cny_per_t", plants(&Plants::coal_cny_per_t),
             "price of standard coal: cost follows the coal burnt; 0: energy at price_cny_per_mwh")
        .within(0, 1e4)
        .otherwise("0");
    t.number("start_coal_t", plants(&Plants::start_coal_t), "of one unit's start")
        .within(0, 1e4)
        .otherwise("0");
    t.number("start_cost_cny", plants(&Plants::start_cost_cny), "of one unit's start, beside coal")
        .within(0, 1e8)
        .otherwise("0");
    t.number("idle_cost_cny_per_h", plants(&Plants::idle_cost_cny_per_h),
             "of one running unit, whatever its output")
        .within(0, 1e6)
        .otherwise("0");
    t.number("ramp_share_per_min", plants(&Plants::ramp_share_per_min),
             "of the rating; 0: as fast as asked")
        .within(0, 1)
        .otherwise("0");
    const std::string slowest = "the larger of p_min_mw and what the unit ramps in a step";
    t.number("start_up_limit_mw", plants(&Plants::start_up_limit_mw),
             "greatest output of a unit in the step it starts")
        .positive()
        .computed(slowest);
    t.number("shut_down_limit_mw", plants(&Plants::shut_down_limit_mw),
             "greatest output of a unit in the step before it stops")
        .positive()
        .computed(slowest);
    t.number("min_up_h", plants(&Plants::min_up_h), "least time on").within(0, 720).otherwise("0");
    t.number("min_down_h", plants(&Plants::min_down_h), "least time off")
        .within(0, 720)
        .otherwise("0");
    t.record("heat", plants(&Plants::heat), heat_type(), "heat and its electric band");
}

} // namespace

RecordType make_hydro_type() {
    using Plants = models::HydroPlants;
    const auto plants = [](auto member) { return in(&HydroFleet::plants, member); };
    Table<HydroFleet> t{"hydro", "Hydro plant with a daily energy budget, from a monthly mean or "
                                 "from its water."};
    add_placement(t, voltage_control_type());
    t.number("p_rated_mw", plants(&Plants::p_rated_mw), "rating of the whole plant")
        .need()
        .positive()
        .up_to(3e4);
    add_machines(t, "units", "equal units; an outage takes one of those that run");
    t.number("city_share", plants(&Plants::city_share),
             "share of plant and energy that serves the studied system")
        .fraction()
        .otherwise("1");
    t.numbers("mean_mw", plants(&Plants::mean_mw), "mean output of the whole plant by month")
        .need()
        .at_least(0);
    t.number("flexible_share", plants(&Plants::flexible_share),
             "share of the day's energy that may be moved within the day")
        .fraction()
        .otherwise("0.5");
    t.number("p_min_mw", plants(&Plants::p_min_mw), "least output of the whole plant")
        .at_least(0)
        .otherwise("0");
    t.record("reservoir", plants(&Plants::reservoir), reservoir_type(), "its water");
    t.finish(finish_hydro);
    return t.take();
}

RecordType make_thermal_type() {
    using Plants = models::ThermalPlants;
    const auto plants = [](auto member) { return in(&ThermalFleet::plants, member); };
    Table<ThermalFleet> t{"thermal", "Thermal plant of equal units."};
    add_placement(t, voltage_control_type());
    t.number("p_rated_mw", plants(&Plants::p_rated_mw), "rating of one unit, net of its own use")
        .need()
        .positive()
        .up_to(2000);
    t.integer("units", plants(&Plants::units), "equal units").within(1, 20).otherwise("1");
    t.number("p_min_mw", plants(&Plants::p_min_mw), "least stable output of one unit")
        .at_least(0)
        .computed("0.4 of p_rated_mw");
    t.boolean("chp", plants(&Plants::chp), "delivers heat: runs first in the heating season")
        .otherwise("false");
    t.number("coal_g_per_kwh", plants(&Plants::coal_g_per_kwh),
             "net standard-coal rate at the rating")
        .within(0, 1000)
        .otherwise("310");
    t.number("price_cny_per_mwh", plants(&Plants::price_cny_per_mwh), "marginal cost")
        .within(-1e4, 1e5)
        .otherwise("320");
    t.number("co2_t_per_mwh", plants(&Plants::co2_t_per_mwh), "emission at the rating")
        .within(0, 3)
        .computed("coal_g_per_kwh at 2.66 t per t of standard coal");
    t.number("auxiliary_share", plants(&Plants::auxiliary_share), "own use")
        .fraction()
        .otherwise("0.06");
    add_thermal_fuel(t);
    t.finish(finish_thermal);
    return t.take();
}

RecordType make_waste_type() {
    using Plants = models::WastePlants;
    const auto plants = [](auto member) { return in(&WasteFleet::plants, member); };
    Table<WasteFleet> t{"waste_to_energy", "Waste-to-energy plant, must-run."};
    add_placement(t, power_factor_control_type());
    add_machines(t, "units", "equal lines with a turbine each; an outage takes one");
    t.number("design_t_per_day", plants(&Plants::design_t_per_day), "design throughput")
        .need()
        .positive()
        .up_to(1e5);
    t.number("supply_share", plants(&Plants::supply_share), "waste that arrives over design")
        .fraction()
        .otherwise("1");
    t.number("kwh_per_t", plants(&Plants::kwh_per_t), "net electricity per tonne")
        .need()
        .positive()
        .up_to(2000);
    t.number("auxiliary_share", plants(&Plants::auxiliary_share), "own use of the gross output")
        .within(0, 0.9)
        .otherwise("0.15");
    t.record("bunker", plants(&Plants::bunker), bunker_type(), "waste that waits");
    t.number("green_share", plants(&Plants::green_share), "biogenic share counted as green")
        .fraction()
        .otherwise("0.5");
    t.number("co2_t_per_mwh", plants(&Plants::co2_t_per_mwh), "fossil part")
        .within(0, 3)
        .otherwise("0.4");
    t.finish([](Reader&, const Node&, WasteFleet& f) {
        const double design_mw =
            f.plants.design_t_per_day.back() * f.plants.kwh_per_t.back() / 24000;
        fill_reactive_range(f.reactive, machine_q_share * design_mw);
    });
    return t.take();
}

} // namespace yuanwang::scenario
