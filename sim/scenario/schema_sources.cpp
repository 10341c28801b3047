#include "scenario/schema_parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/study.hpp"
#include "models/source/power_curve.hpp"
#include "scenario/schema_placement.hpp"
#include "scenario/table.hpp"

namespace yuanwang::scenario {

using namespace engine;

const std::vector<std::string>& source_lists() {
    static const std::vector<std::string> lists = {
        "sources.solar",           "sources.wind",
        "sources.hydro",           "sources.thermal",
        "sources.waste_to_energy", "sources.generators",
        "sources.external_grids",  "sources.hvdc",
        "storage.batteries",       "storage.flywheels",
        "storage.supercapacitors", "storage.pumped_hydro"};
    return lists;
}

namespace {

RecordType make_reactive_type(std::string name, std::string default_mode) {
    Table<ReactiveControl> t{std::move(name),
                             "How a unit takes part in voltage and reactive power."};
    t.word("mode", &ReactiveControl::mode, {"voltage", "power_factor", "reactive"},
           "holds `vm_set_pu`; runs at `power_factor`; gives `q_set_mvar`")
        .otherwise(std::move(default_mode));
    t.number("vm_set_pu", &ReactiveControl::vm_set_pu, "voltage it holds")
        .within(0.5, 1.5)
        .otherwise("1");
    t.number("power_factor", &ReactiveControl::power_factor, "active over apparent power")
        .within(0.05, 1)
        .otherwise("1");
    t.boolean("absorbing", &ReactiveControl::absorbing, "draws reactive power in power-factor mode")
        .otherwise("false");
    t.number("q_set_mvar", &ReactiveControl::q_set_mvar,
             "reactive power it gives, into the grid positive")
        .otherwise("0");
    t.number("q_min_mvar", &ReactiveControl::q_min_mvar, "least reactive power")
        .computed("-0.62 of the rating for machines, -0.33 for converters");
    t.number("q_max_mvar", &ReactiveControl::q_max_mvar, "greatest reactive power")
        .computed("0.62 of the rating for machines, 0.33 for converters");
    t.finish([](Reader& reader, const Node& element, ReactiveControl& control) {
        if (control.q_min_mvar > control.q_max_mvar) {
            reader.add_fault(element, "q_min_mvar",
                             fmt::format("must not be above q_max_mvar {:g}", control.q_max_mvar));
        }
    });
    return t.take();
}

RecordType make_solar_type() {
    using Plants = models::SolarPlants;
    const auto plants = [](auto member) { return in(&SolarFleet::plants, member); };
    Table<SolarFleet> t{"solar", "Solar plant, or the distributed PV behind one bus."};
    add_placement(t, power_factor_control_type());
    add_site(t);
    t.boolean("distributed", &SolarFleet::distributed, "counted as distributed PV")
        .otherwise("false");
    t.number("p_rated_mw", plants(&Plants::p_rated_mw), "AC rating of the inverters")
        .need()
        .positive()
        .up_to(1e5);
    t.number("dc_ac_ratio", plants(&Plants::dc_ac_ratio), "DC peak power over AC rating")
        .within(0.5, 3)
        .otherwise("1.2");
    t.word("tracking", plants(&Plants::tracking), {"fixed", "single_axis"}, "how the modules stand")
        .otherwise("fixed");
    t.number("tilt_degree", plants(&Plants::tilt_degree), "from horizontal, of fixed modules")
        .within(0, 90)
        .otherwise("35");
    t.number("azimuth_degree", plants(&Plants::azimuth_degree),
             "from north clockwise, 180 faces south; of the axis when tracking")
        .within(0, 360)
        .otherwise("180");
    t.number("albedo", plants(&Plants::albedo), "ground reflectance").fraction().otherwise("0.2");
    t.word("mounting", plants(&Plants::mounting),
           {"open_rack_glass_glass", "open_rack_glass_polymer", "close_mount_glass_glass"},
           "for the cell temperature")
        .otherwise("open_rack_glass_polymer");
    t.number("gamma_per_k", plants(&Plants::gamma_per_k), "power temperature coefficient")
        .within(-0.01, 0)
        .otherwise("-0.0035");
    t.number("dc_losses", plants(&Plants::dc_losses), "share lost from soiling to availability")
        .fraction()
        .otherwise("0.14");
    t.number("inverter_efficiency", plants(&Plants::inverter_efficiency), "nominal")
        .within(0.5, 1)
        .otherwise("0.96");
    t.finish([](Reader&, const Node&, SolarFleet& f) {
        fill_reactive_range(f.reactive, converter_q_share * f.plants.p_rated_mw.back());
    });
    return t.take();
}

RecordType make_wind_type() {
    using Farms = models::WindFarms;
    const auto farms = [](auto member) { return in(&WindFleet::farms, member); };
    Table<WindFleet> t{"wind", "Wind farm."};
    add_placement(t, power_factor_control_type());
    add_site(t);
    t.number("p_rated_mw", farms(&Farms::p_rated_mw), "rating of the farm")
        .need()
        .positive()
        .up_to(1e5);
    t.text("power_curve", farms(&Farms::power_curve), "name in the curve library")
        .otherwise("iec_class_3");
    t.number("hub_height_m", farms(&Farms::hub_height_m), "above ground")
        .within(10, 250)
        .otherwise("90");
    t.number("shear_exponent", farms(&Farms::shear_exponent), "power law from 10 m")
        .within(0, 0.6)
        .otherwise("0.14");
    t.number("speed_factor", farms(&Farms::speed_factor), "site speed over weather-site speed")
        .within(0.1, 5)
        .otherwise("1");
    t.number("farm_efficiency", farms(&Farms::farm_efficiency), "after wake and electrical losses")
        .fraction()
        .otherwise("0.9");
    t.number("availability", farms(&Farms::availability), "share of turbines ready")
        .fraction()
        .otherwise("0.97");
    t.number("cold_cut_out_c", farms(&Farms::cold_cut_out_c), "no output below this temperature")
        .within(-80, 10)
        .otherwise("-30");
    t.finish([](Reader& reader, const Node& element, WindFleet& f) {
        const std::string& curve = f.farms.power_curve.back();
        if (element.find("power_curve") && !models::find_power_curve(curve)) {
            reader.add_fault(element, "power_curve",
                             "must name a power curve of the library" +
                                 reader.say_nearest(curve, models::power_curve_names()));
        }
        fill_reactive_range(f.reactive, converter_q_share * f.farms.p_rated_mw.back());
    });
    return t.take();
}

RecordType make_hydro_type() {
    using Plants = models::HydroPlants;
    const auto plants = [](auto member) { return in(&HydroFleet::plants, member); };
    Table<HydroFleet> t{"hydro", "Hydro plant with a daily energy budget."};
    add_placement(t, voltage_control_type());
    t.number("p_rated_mw", plants(&Plants::p_rated_mw), "rating of the whole plant")
        .need()
        .positive()
        .up_to(3e4);
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
    t.finish([](Reader& reader, const Node& element, HydroFleet& f) {
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
    });
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
    t.number("coal_g_per_kwh", plants(&Plants::coal_g_per_kwh), "net standard-coal rate")
        .within(0, 1000)
        .otherwise("310");
    t.number("price_cny_per_mwh", plants(&Plants::price_cny_per_mwh), "marginal cost")
        .within(-1e4, 1e5)
        .otherwise("320");
    t.number("co2_t_per_mwh", plants(&Plants::co2_t_per_mwh), "emission")
        .within(0, 3)
        .computed("coal_g_per_kwh at 2.66 t per t of standard coal");
    t.number("auxiliary_share", plants(&Plants::auxiliary_share), "own use")
        .fraction()
        .otherwise("0.06");
    t.finish([](Reader& reader, const Node& element, ThermalFleet& f) {
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
        fill_reactive_range(f.reactive, machine_q_share * p.p_rated_mw.back() * p.units.back());
    });
    return t.take();
}

RecordType make_waste_type() {
    using Plants = models::WastePlants;
    const auto plants = [](auto member) { return in(&WasteFleet::plants, member); };
    Table<WasteFleet> t{"waste_to_energy", "Waste-to-energy plant, must-run."};
    add_placement(t, power_factor_control_type());
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

} // namespace

void fill_reactive_range(std::vector<ReactiveControl>& all, double q_mvar) {
    ReactiveControl& control = all.back();
    if (std::isnan(control.q_min_mvar)) {
        control.q_min_mvar = std::min(-q_mvar, control.q_max_mvar);
    }
    if (std::isnan(control.q_max_mvar)) {
        control.q_max_mvar = std::max(q_mvar, control.q_min_mvar);
    }
}

const RecordType& voltage_control_type() {
    static const RecordType type = make_reactive_type("reactive_voltage", "voltage");
    return type;
}

const RecordType& power_factor_control_type() {
    static const RecordType type = make_reactive_type("reactive_power_factor", "power_factor");
    return type;
}

const RecordType& sources_type() {
    static const RecordType solar = make_solar_type();
    static const RecordType wind = make_wind_type();
    static const RecordType hydro = make_hydro_type();
    static const RecordType thermal = make_thermal_type();
    static const RecordType waste = make_waste_type();
    static const RecordType generator = make_generator_type();
    static const RecordType external = make_external_type();
    static const RecordType hvdc = make_hvdc_type();
    static const RecordType type = [] {
        Table<Sources> t{"sources", "What feeds in."};
        t.records("solar", &Sources::solar, solar, "solar plants");
        t.records("wind", &Sources::wind, wind, "wind farms");
        t.records("hydro", &Sources::hydro, hydro, "hydro plants");
        t.records("thermal", &Sources::thermal, thermal, "thermal plants");
        t.records("waste_to_energy", &Sources::waste_to_energy, waste, "waste-to-energy plants");
        t.records("generators", &Sources::generators, generator, "constant units");
        t.records("external_grids", &Sources::external_grids, external, "neighbouring grids");
        t.records("hvdc", &Sources::hvdc, hvdc, "HVDC injections");
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
