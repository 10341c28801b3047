#include "scenario/schema/parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenario/schema/placement.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

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
        .within(0.2, 2)
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
    t.number("s_max_mva", &ReactiveControl::s_max_mva,
             "apparent power it may reach: reactive power gives way to active; 0: no such limit")
        .at_least(0)
        .otherwise("0");
    t.finish([](Reader& reader, const Node& element, ReactiveControl& control) {
        if (control.q_min_mvar > control.q_max_mvar) {
            reader.add_fault(element, "q_min_mvar",
                             fmt::format("must not be above q_max_mvar {:g}", control.q_max_mvar));
        }
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
