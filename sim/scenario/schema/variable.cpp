// Solar plants and wind farms.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/source/power_curve.hpp"
#include "scenario/schema/parts.hpp"
#include "scenario/schema/placement.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

namespace {

/// A polygon over points: as many values as points, points rising.
bool check_points(Reader& reader, const Node& element, const char* at_key, const char* value_key,
                  const std::vector<double>& at, const std::vector<double>& values) {
    if (at.size() != values.size()) {
        reader.add_fault(element, value_key,
                         fmt::format("must have as many values as {}, {}", at_key, at.size()),
                         fmt::format("{}", values.size()));
        return false;
    }
    for (std::size_t i = 1; i < at.size(); ++i) {
        if (at[i] <= at[i - 1]) {
            reader.add_fault(element, at_key, "must rise from point to point",
                             fmt::format("{:g} after {:g}", at[i], at[i - 1]));
            return false;
        }
    }
    return true;
}

const RecordType& soiling_type() {
    static const RecordType type = [] {
        using S = models::Soiling;
        Table<S> t{"soiling", "Dust on the modules, washed off by rain. Needs precipitation of the "
                              "site; take soiling out of `dc_losses` then."};
        t.word("model", &S::model, {"none", "kimber", "hsu"}, "how dust settles").otherwise("none");
        t.number("cleaning_mm", &S::cleaning_mm, "rain of 24 h that washes")
            .positive()
            .up_to(200)
            .otherwise("6");
        t.number("wash_every_days", &S::wash_every_days, "by hand; 0: never")
            .within(0, 3650)
            .otherwise("0");
        t.number("loss_per_day", &S::loss_per_day, "kimber: share lost per dry day")
            .within(0, 0.1)
            .otherwise("0.0015");
        t.number("grace_days", &S::grace_days, "kimber: days after rain without dust")
            .within(0, 60)
            .otherwise("14");
        t.number("max_loss", &S::max_loss, "kimber").fraction().otherwise("0.3");
        t.number("pm25_ug_per_m3", &S::pm25_ug_per_m3, "hsu: fine dust in the air")
            .within(0, 5000)
            .otherwise("35");
        t.number("pm10_ug_per_m3", &S::pm10_ug_per_m3, "hsu: fine and coarse dust")
            .within(0, 5000)
            .otherwise("70");
        t.number("deposition_pm25_m_per_s", &S::deposition_pm25_m_per_s, "hsu")
            .within(0, 0.1)
            .otherwise("0.0015");
        t.number("deposition_pm10_m_per_s", &S::deposition_pm10_m_per_s, "hsu")
            .within(0, 0.1)
            .otherwise("0.004");
        return t.take();
    }();
    return type;
}

const RecordType& snow_type() {
    static const RecordType type = [] {
        using S = models::Snow;
        Table<S> t{"snow", "Snow on the modules. Needs precipitation of the site."};
        t.boolean("lies", &S::lies, "snow is reckoned with").otherwise("false");
        t.number("threshold_cm_per_h", &S::threshold_cm_per_h, "snowfall that covers the modules")
            .within(0, 50)
            .otherwise("1");
        t.number("strings", &S::strings, "one above the other in a row")
            .within(1, 100)
            .otherwise("1");
        return t.take();
    }();
    return type;
}

const RecordType& inverter_type() {
    static const RecordType type = [] {
        using I = models::Inverter;
        Table<I> t{"inverter", "Efficiency by load and rating by altitude."};
        t.numbers("curve_load", &I::curve_load, "AC power over rating, rising; none: PVWatts")
            .fraction();
        t.numbers("curve_efficiency", &I::curve_efficiency, "at those loads").fraction();
        t.number("derating_from_m", &I::derating_from_m, "altitude of the full rating")
            .within(0, 9000)
            .otherwise("3000");
        t.number("derating_per_km", &I::derating_per_km, "share of the rating lost above it")
            .fraction()
            .otherwise("0.1");
        t.finish([](Reader& reader, const Node& element, I& inverter) {
            check_points(reader, element, "curve_load", "curve_efficiency", inverter.curve_load,
                         inverter.curve_efficiency);
        });
        return t.take();
    }();
    return type;
}

const RecordType& module_type() {
    static const RecordType type = [] {
        using M = models::ModuleDiode;
        Table<M> t{"module",
                   "Single-diode parameters at 1000 W/m2 and 25 C; only the shape counts."};
        t.number("photocurrent_a", &M::photocurrent_a, "photocurrent")
            .positive()
            .up_to(100)
            .otherwise("5.114");
        t.number("saturation_a", &M::saturation_a, "saturation current of the diode")
            .positive()
            .up_to(1)
            .otherwise("8.196e-10");
        t.number("series_ohm", &M::series_ohm, "series resistance")
            .within(0, 100)
            .otherwise("1.065");
        t.number("shunt_ohm", &M::shunt_ohm, "shunt resistance")
            .positive()
            .up_to(1e7)
            .otherwise("381.68");
        t.number("thermal_voltage_v", &M::thermal_voltage_v, "ideality times cells times kT/q")
            .positive()
            .up_to(100)
            .otherwise("2.6373");
        t.number("alpha_a_per_k", &M::alpha_a_per_k, "of the short-circuit current")
            .within(-0.1, 0.1)
            .otherwise("0.004539");
        return t.take();
    }();
    return type;
}

const RecordType& layout_type() {
    static const RecordType type = [] {
        using L = models::WindLayout;
        Table<L> t{"wind_layout", "Where the turbines stand, for wakes after Jensen."};
        t.numbers("east_m", &L::east_m, "of each turbine").within(-1e5, 1e5);
        t.numbers("north_m", &L::north_m, "of each turbine").within(-1e5, 1e5);
        t.number("rotor_m", &L::rotor_m, "diameter").within(10, 400).otherwise("150");
        t.number("turbine_mw", &L::turbine_mw, "rating of one turbine")
            .within(0.1, 30)
            .otherwise("4");
        t.number("decay", &L::decay, "widening of the wake per metre downstream")
            .within(0.01, 0.3)
            .otherwise("0.075");
        t.numbers("rose", &L::rose,
                  "share of each sector the wind comes from, from north clockwise; none: the "
                  "direction of the hour where the site knows it, else all alike")
            .at_least(0);
        t.finish([](Reader& reader, const Node& element, L& layout) {
            if (layout.east_m.size() != layout.north_m.size()) {
                reader.add_fault(
                    element, "north_m",
                    fmt::format("must have as many values as east_m, {}", layout.east_m.size()),
                    fmt::format("{}", layout.north_m.size()));
            }
            double sum = 0;
            for (const double share : layout.rose) {
                sum += share;
            }
            if (!layout.rose.empty() && sum <= 0) {
                reader.add_fault(element, "rose", "must have a sum above 0");
            }
        });
        return t.take();
    }();
    return type;
}

void add_solar_surface(Table<SolarFleet>& t) {
    using Plants = models::SolarPlants;
    const auto plants = [](auto member) { return in(&SolarFleet::plants, member); };
    t.number("ground_cover_ratio", plants(&Plants::ground_cover_ratio),
             "row width over pitch: rows shade each other; 0: a lone row")
        .within(0, 0.95)
        .otherwise("0");
    t.number("tracker_max_degree", plants(&Plants::tracker_max_degree),
             "greatest turn of a tracker")
        .within(0, 90)
        .otherwise("60");
    t.number("bifaciality", plants(&Plants::bifaciality), "efficiency of the back over the front")
        .fraction()
        .otherwise("0");
    t.number("rear_loss", plants(&Plants::rear_loss), "light on the back lost to the structure")
        .fraction()
        .otherwise("0.1");
    t.record("soiling", plants(&Plants::soiling), soiling_type(), "dust on the modules");
    t.record("snow", plants(&Plants::snow), snow_type(), "snow on the modules");
    t.record("horizon", plants(&Plants::horizon), horizon_type(),
             "skyline of the plant; none: that of its site");
}

} // namespace

const RecordType& horizon_type() {
    static const RecordType type = [] {
        using H = models::Horizon;
        Table<H> t{"horizon", "Skyline that hides sun and sky."};
        t.numbers("azimuth_degree", &H::azimuth_degree,
                  "of its points, rising, from north clockwise")
            .within(0, 360);
        t.numbers("elevation_degree", &H::elevation_degree, "of the skyline there").within(0, 89);
        t.finish([](Reader& reader, const Node& element, H& horizon) {
            check_points(reader, element, "azimuth_degree", "elevation_degree",
                         horizon.azimuth_degree, horizon.elevation_degree);
        });
        return t.take();
    }();
    return type;
}

RecordType make_solar_type() {
    using Plants = models::SolarPlants;
    const auto plants = [](auto member) { return in(&SolarFleet::plants, member); };
    Table<SolarFleet> t{"solar", "Solar plant, or the distributed PV behind one bus."};
    add_placement(t, power_factor_control_type());
    add_site(t);
    t.boolean("distributed", &SolarFleet::distributed, "counted as distributed PV")
        .otherwise("false");
    add_machines(t, "units",
                 "equal blocks that trip one by one; distributed PV is never lost as one");
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
    t.word("thermal_model", plants(&Plants::thermal_model), {"sapm", "faiman", "pvsyst"},
           "cell temperature; `mounting` is for sapm")
        .otherwise("sapm");
    t.number("gamma_per_k", plants(&Plants::gamma_per_k), "power temperature coefficient")
        .within(-0.01, 0)
        .otherwise("-0.0035");
    t.number("dc_losses", plants(&Plants::dc_losses), "share lost from soiling to availability")
        .fraction()
        .otherwise("0.14");
    t.number("inverter_efficiency", plants(&Plants::inverter_efficiency), "nominal")
        .within(0.5, 1)
        .otherwise("0.96");
    t.record("inverter", plants(&Plants::inverter), inverter_type(),
             "efficiency by load, rating by altitude");
    t.word("dc_model", plants(&Plants::dc_model), {"pvwatts", "single_diode"},
           "`single_diode` takes low light and heat from `module`, not from gamma_per_k")
        .otherwise("pvwatts");
    t.record("module", plants(&Plants::module), module_type(), "for single_diode");
    add_solar_surface(t);
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
    add_machines(t, "units", "equal groups of turbines that trip one by one");
    t.number("p_rated_mw", farms(&Farms::p_rated_mw), "rating of the farm")
        .need()
        .positive()
        .up_to(1e5);
    t.text("power_curve", farms(&Farms::power_curve), "name in the curve library")
        .otherwise("iec_class_3");
    t.numbers("curve_speed_m_per_s", farms(&Farms::curve_speed_m_per_s),
              "points of a curve of its own, rising; the last is the storm cut-out")
        .within(0, 60);
    t.numbers("curve_power", farms(&Farms::curve_power), "share of the rating at those speeds")
        .fraction();
    t.number("hub_height_m", farms(&Farms::hub_height_m), "above ground")
        .within(10, 250)
        .otherwise("90");
    t.number("shear_exponent", farms(&Farms::shear_exponent), "power law from 10 m")
        .within(0, 0.6)
        .otherwise("0.14");
    t.number("speed_factor", farms(&Farms::speed_factor), "site speed over weather-site speed")
        .within(0.1, 5)
        .otherwise("1");
    t.number("farm_efficiency", farms(&Farms::farm_efficiency),
             "after electrical losses, and wake where there is no layout")
        .fraction()
        .otherwise("0.9");
    t.record("layout", farms(&Farms::layout), layout_type(), "for wakes by direction and speed");
    t.number("availability", farms(&Farms::availability), "share of turbines ready")
        .fraction()
        .otherwise("0.97");
    t.integer("turbines", farms(&Farms::turbines),
              "turbines that fail one by one; 0: availability is a share of every step")
        .within(0, 2000)
        .otherwise("0");
    t.number("repair_h", farms(&Farms::repair_h), "how long a failed turbine stands")
        .within(1, 8760)
        .otherwise("72");
    t.number("cold_cut_out_c", farms(&Farms::cold_cut_out_c), "no output below this temperature")
        .within(-80, 10)
        .otherwise("-30");
    t.number("cold_restart_c", farms(&Farms::cold_restart_c), "output again above it")
        .within(-80, 20)
        .computed("2 K above cold_cut_out_c");
    t.number("storm_restart_m_per_s", farms(&Farms::storm_restart_m_per_s),
             "output again below it, after the cut-out at the end of the curve")
        .within(0, 60)
        .computed("3 m/s below the end of the curve");
    t.finish([](Reader& reader, const Node& element, WindFleet& f) {
        models::WindFarms& all = f.farms;
        const std::string& name = all.power_curve.back();
        const bool own = !all.curve_speed_m_per_s.back().empty();
        const bool known = models::find_power_curve(name) != nullptr;
        if (!own && element.find("power_curve") && !known) {
            reader.add_fault(element, "power_curve",
                             "must name a power curve of the library" +
                                 reader.say_nearest(name, models::power_curve_names()));
        }
        const bool whole = check_points(reader, element, "curve_speed_m_per_s", "curve_power",
                                        all.curve_speed_m_per_s.back(), all.curve_power.back());
        if (std::isnan(all.cold_restart_c.back())) {
            all.cold_restart_c.back() = all.cold_cut_out_c.back() + 2.0;
        } else if (all.cold_restart_c.back() < all.cold_cut_out_c.back()) {
            reader.add_fault(
                element, "cold_restart_c",
                fmt::format("must not be below cold_cut_out_c {:g}", all.cold_cut_out_c.back()));
        }
        if (whole && (own || known)) {
            const double storm = own ? all.curve_speed_m_per_s.back().back()
                                     : models::find_power_curve(name)->speed_m_per_s.back();
            double& restart = all.storm_restart_m_per_s.back();
            if (std::isnan(restart)) {
                restart = storm - 3.0;
            } else if (restart > storm) {
                reader.add_fault(
                    element, "storm_restart_m_per_s",
                    fmt::format("must not be above the end of the curve, {:g}", storm));
            }
        }
        fill_reactive_range(f.reactive, converter_q_share * all.p_rated_mw.back());
    });
    return t.take();
}

} // namespace yuanwang::scenario
