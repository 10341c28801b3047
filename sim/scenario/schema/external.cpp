#include "scenario/schema/parts.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "scenario/schema/hanging.hpp"
#include "scenario/schema/placement.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

RecordType make_generator_type() {
    Table<GeneratorFleet> t{"generator", "Constant output, as public power-flow cases have it."};
    add_placement(t, voltage_control_type());
    t.number("p_mw", &GeneratorFleet::p_mw, "set power").need().within(-1e6, 1e6);
    t.number("p_min_mw", &GeneratorFleet::p_min_mw, "least power")
        .within(-1e6, 1e6)
        .computed("0, or p_mw where that is less");
    t.number("p_max_mw", &GeneratorFleet::p_max_mw, "greatest power")
        .within(-1e6, 1e6)
        .computed("p_mw");
    t.boolean("slack", &GeneratorFleet::slack, "its bus holds the angle reference")
        .otherwise("false");
    t.number("va_set_degree", &GeneratorFleet::va_set_degree, "angle that bus holds")
        .within(-360, 360)
        .otherwise("0");
    t.number("price_cny_per_mwh", &GeneratorFleet::price_cny_per_mwh, "marginal cost")
        .within(-1e4, 1e5)
        .otherwise("0");
    t.number("co2_t_per_mwh", &GeneratorFleet::co2_t_per_mwh, "emission")
        .within(0, 3)
        .otherwise("0");
    t.number("green_share", &GeneratorFleet::green_share, "counted as green")
        .fraction()
        .otherwise("0");
    t.finish([](Reader& reader, const Node& element, GeneratorFleet& f) {
        if (std::isnan(f.p_min_mw.back())) {
            f.p_min_mw.back() = std::min(0.0, f.p_mw.back());
        }
        if (std::isnan(f.p_max_mw.back())) {
            f.p_max_mw.back() = std::max(f.p_mw.back(), f.p_min_mw.back());
        }
        if (f.p_min_mw.back() > f.p_max_mw.back()) {
            reader.add_fault(element, "p_min_mw",
                             fmt::format("must not be above p_max_mw {:g}", f.p_max_mw.back()));
        }
        fill_reactive_range(f.reactive, 9999);
    });
    return t.take();
}

namespace {

void finish_external(Reader& reader, const Node& element, ExternalFleet& f) {
    std::optional<Placing> placing = place_on_buses(reader, element);
    f.buses.push_back(placing ? std::move(placing->buses) : std::vector<BusIdx>{});
    f.shares.push_back(placing ? std::move(placing->shares) : std::vector<double>{});
    const models::ExternalGrids& grids = f.grids;
    for (const auto& [key, site, mw] :
         {std::tuple{"solar_site", f.solar_site.back(), grids.solar_mw.back()},
          std::tuple{"wind_site", f.wind_site.back(), grids.wind_mw.back()}}) {
        if (mw > 0 && !site.valid() && reader.whole() && !element.find(key)) {
            reader.add_fault(element, key, "is required beside the plants it drives");
        }
    }
    const double n_bus = static_cast<double>(std::max<std::size_t>(1, f.buses.back().size()));
    fill_reactive_range(f.reactive,
                        0.5 * std::max(grids.p_import_max_mw.back(), grids.p_export_max_mw.back()) /
                            n_bus);
}

const RecordType& mix_type() {
    static const RecordType type = [] {
        using M = models::ExternalMix;
        Table<M> t{"mix",
                   "How its load and water run over day and year, and its thermal part, which "
                   "makes mix, carbon and price of its firm energy by the hour."};
        t.numbers("load_month", &M::load_month, "own load over its mean; none: even").within(0, 12);
        t.numbers("load_hour", &M::load_hour, "own load over its mean, from 0 h; none: even")
            .measured_in("")
            .within(0, 24);
        t.numbers("hydro_month", &M::hydro_month, "hydro over its mean; none: even").within(0, 12);
        t.number("thermal_mw", &M::thermal_mw, "thermal capacity; 0: the constants of firm energy")
            .at_least(0)
            .otherwise("0");
        t.number("thermal_min_mw", &M::thermal_min_mw, "thermal power always on")
            .at_least(0)
            .otherwise("0");
        t.number("thermal_co2_t_per_mwh", &M::thermal_co2_t_per_mwh, "of its thermal energy")
            .within(0, 3)
            .otherwise("0.85");
        t.number("price_slope", &M::price_slope,
                 "relative change of the firm price from idle to full thermal plants")
            .within(0, 2)
            .otherwise("0");
        t.finish([](Reader& reader, const Node& element, M& mix) {
            const auto even = [&](const char* key, auto& factors) {
                if (!element.find(key)) {
                    factors.fill(1.0);
                }
            };
            even("load_month", mix.load_month);
            even("load_hour", mix.load_hour);
            even("hydro_month", mix.hydro_month);
            if (mix.thermal_min_mw > mix.thermal_mw) {
                reader.add_fault(element, "thermal_min_mw",
                                 fmt::format("must not be above thermal_mw {:g}", mix.thermal_mw));
            }
        });
        return t.take();
    }();
    return type;
}

} // namespace

RecordType make_external_type() {
    using Grids = models::ExternalGrids;
    const auto grids = [](auto member) { return in(&ExternalFleet::grids, member); };
    Table<ExternalFleet> t{"external_grid", "Neighbouring grid behind a tie: its own sun, wind and "
                                            "water less its own load and export duty."};
    t.element();
    add_bus_fields(t, "boundary bus", "boundary buses, one unit each", false);
    t.record("reactive", &ExternalFleet::reactive, voltage_control_type(),
             "at each bus; q limits per bus");
    t.reference("solar_site", &ExternalFleet::solar_site, {"weather.sites"},
                "weather of its solar plants");
    t.reference("wind_site", &ExternalFleet::wind_site, {"weather.sites"},
                "weather of its wind farms");
    t.number("participation", &ExternalFleet::participation,
             "share of the AC mismatch it takes, relative to the others")
        .at_least(0)
        .otherwise("1");
    t.number("solar_mw", grids(&Grids::solar_mw), "AC rating of the solar plants behind the tie")
        .at_least(0)
        .otherwise("0");
    t.number("wind_mw", grids(&Grids::wind_mw), "rating of the wind farms")
        .at_least(0)
        .otherwise("0");
    t.number("wind_speed_factor", grids(&Grids::wind_speed_factor),
             "site speed over weather-site speed")
        .within(0.1, 5)
        .otherwise("1");
    t.number("hydro_mw", grids(&Grids::hydro_mw), "mean hydro output").at_least(0).otherwise("0");
    t.number("own_load_mw", grids(&Grids::own_load_mw), "mean load of its own")
        .at_least(0)
        .otherwise("0");
    t.number("hvdc_rated_mw", grids(&Grids::hvdc_rated_mw), "rating of its export over HVDC")
        .at_least(0)
        .otherwise("0");
    t.number("hvdc_duty_share", grids(&Grids::hvdc_duty_share),
             "share of (output − own load − reserved) that export takes")
        .fraction()
        .otherwise("0");
    t.number("reserved_mw", grids(&Grids::reserved_mw),
             "output kept for the studied system before that export takes its share")
        .at_least(0)
        .otherwise("0");
    t.number("p_import_max_mw", grids(&Grids::p_import_max_mw),
             "tie limit towards the studied system")
        .need()
        .at_least(0);
    t.number("p_export_max_mw", grids(&Grids::p_export_max_mw), "tie limit away from it")
        .at_least(0)
        .otherwise("0");
    t.number("firm_mw", grids(&Grids::firm_mw), "firm energy offered beyond the surplus")
        .at_least(0)
        .computed("p_import_max_mw");
    t.number("firm_green_share", grids(&Grids::firm_green_share), "green share of that")
        .fraction()
        .otherwise("0");
    t.number("firm_co2_t_per_mwh", grids(&Grids::firm_co2_t_per_mwh), "emission of that")
        .within(0, 3)
        .otherwise("0.6");
    t.number("surplus_price_cny_per_mwh", grids(&Grids::surplus_price_cny_per_mwh),
             "price of the clean surplus")
        .within(-1e4, 1e5)
        .otherwise("200");
    t.number("firm_price_cny_per_mwh", grids(&Grids::firm_price_cny_per_mwh),
             "price of the firm energy")
        .within(-1e4, 1e5)
        .otherwise("350");
    t.record("mix", grids(&Grids::mix), mix_type(), "shape of load and water, thermal part");
    t.finish([](Reader& reader, const Node& element, ExternalFleet& f) {
        if (std::isnan(f.grids.firm_mw.back())) {
            f.grids.firm_mw.back() = f.grids.p_import_max_mw.back();
        }
        finish_external(reader, element, f);
    });
    return t.take();
}

RecordType make_hvdc_type() {
    Table<HvdcFleet> t{"hvdc", "HVDC injection that is no external grid's duty."};
    add_placement(t, power_factor_control_type());
    t.number("p_mw", &HvdcFleet::p_mw, "into the grid positive").need().within(-2e4, 2e4);
    add_machines(t, "poles", "an outage takes one");
    t.finish([](Reader&, const Node&, HvdcFleet& f) {
        fill_reactive_range(f.reactive, converter_q_share * std::abs(f.p_mw.back()));
    });
    return t.take();
}

} // namespace yuanwang::scenario
