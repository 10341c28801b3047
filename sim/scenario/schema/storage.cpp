// What holds energy: batteries, flywheels, supercapacitors, pumped hydro, and who shares them.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <fmt/format.h>

#include "models/storage/reservoir.hpp"
#include "scenario/schema/parts.hpp"
#include "scenario/schema/placement.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

const std::vector<std::string>& storage_lists() {
    static const std::vector<std::string> lists = {"storage.batteries", "storage.flywheels",
                                                   "storage.supercapacitors",
                                                   "storage.pumped_hydro"};
    return lists;
}

namespace {

using models::Batteries;
using models::Containers;

auto batteries(auto member) {
    return in(&BatteryFleet::batteries, member);
}
auto containers(auto member) {
    return in(&BatteryFleet::containers, member);
}

/// Usual figures of one kind of storage.
struct Usual {
    StorageKind kind;
    const char* soc_min;
    const char* soc_max;
    const char* eta; ///< one way
    const char* self_discharge_per_h;
};

void add_powers(Table<BatteryFleet>& t) {
    t.number("p_charge_max_mw", batteries(&Batteries::p_charge_max_mw),
             "greatest charging power at the grid side")
        .need()
        .positive()
        .up_to(1e5);
    t.number("p_discharge_max_mw", batteries(&Batteries::p_discharge_max_mw),
             "greatest discharging power at the grid side")
        .need()
        .positive()
        .up_to(1e5);
}

void add_states(Table<BatteryFleet>& t, const Usual& usual) {
    t.number("soc_min", batteries(&Batteries::soc_min), "lowest state of charge")
        .fraction()
        .otherwise(usual.soc_min);
    t.number("soc_max", batteries(&Batteries::soc_max), "highest state of charge")
        .fraction()
        .otherwise(usual.soc_max);
    t.number("soc_initial", batteries(&Batteries::soc_initial),
             "state of charge before the first step")
        .fraction()
        .otherwise("0.5");
    t.number("eta_charge", batteries(&Batteries::eta_charge), "one way")
        .positive()
        .up_to(1)
        .otherwise(usual.eta);
    t.number("eta_discharge", batteries(&Batteries::eta_discharge), "one way")
        .positive()
        .up_to(1)
        .otherwise(usual.eta);
    t.number("self_discharge_per_h", batteries(&Batteries::self_discharge_per_h),
             "share of the stored energy lost in an hour")
        .within(0, 0.5)
        .otherwise(usual.self_discharge_per_h);
    t.number("standby_mw", containers(&Containers::standby_mw),
             "auxiliary load that never rests: controls, pumps, vacuum")
        .at_least(0)
        .otherwise("0");
}

void check_states(Reader& reader, const Node& element, const Batteries& b) {
    if (b.soc_min.back() >= b.soc_max.back()) {
        reader.add_fault(element, "soc_min",
                         fmt::format("must be below soc_max {:g}", b.soc_max.back()));
    } else if (b.soc_initial.back() < b.soc_min.back() || b.soc_initial.back() > b.soc_max.back()) {
        reader.add_fault(element, "soc_initial",
                         fmt::format("must be within soc_min…soc_max, {:g}…{:g}", b.soc_min.back(),
                                     b.soc_max.back()));
    }
}

void finish_storage(BatteryFleet& f, StorageKind kind) {
    const Batteries& b = f.batteries;
    f.kind.push_back(kind);
    fill_reactive_range(f.reactive, converter_q_share * std::max(b.p_charge_max_mw.back(),
                                                                 b.p_discharge_max_mw.back()));
}

/// Columns only batteries write, for the other kinds.
void fill_plain(BatteryFleet& f) {
    Batteries& b = f.batteries;
    b.charge_taper_soc.push_back(1);
    b.discharge_taper_soc.push_back(0);
    b.taper_floor.push_back(1);
    Containers& c = f.containers;
    c.ua_kw_per_k.push_back(0);
    c.heater_kw.push_back(0);
    c.keep_c.push_back(20);
    c.cool_c.push_back(30);
    c.chiller_cop.push_back(3);
    c.charge_full_c.push_back(-100);
    c.charge_stop_c.push_back(-101);
    c.discharge_full_c.push_back(-100);
    c.discharge_stop_c.push_back(-101);
    f.site.push_back(SiteIdx{});
    f.ageing_law.push_back(AgeingLaw::none);
}

void add_taper(Table<BatteryFleet>& t) {
    t.number("charge_taper_soc", batteries(&Batteries::charge_taper_soc),
             "above it the charging power falls on a straight line")
        .fraction()
        .otherwise("1");
    t.number("discharge_taper_soc", batteries(&Batteries::discharge_taper_soc),
             "below it the discharging power falls on a straight line")
        .fraction()
        .otherwise("0");
    t.number("taper_floor", batteries(&Batteries::taper_floor),
             "share of the power left at soc_max and soc_min")
        .fraction()
        .otherwise("1");
}

void add_container(Table<BatteryFleet>& t) {
    t.reference("site", &BatteryFleet::site, {"weather.sites"},
                "weather its containers stand in; none: always at `keep_c`");
    t.number("ua_kw_per_k", containers(&Containers::ua_kw_per_k),
             "heat the containers lose, kW per kelvin")
        .at_least(0)
        .otherwise("0");
    t.number("heater_kw", containers(&Containers::heater_kw), "greatest heating power")
        .at_least(0)
        .otherwise("0");
    t.number("keep_c", containers(&Containers::keep_c), "cell temperature the heaters aim at")
        .within(-20, 40)
        .otherwise("15");
    t.number("cool_c", containers(&Containers::cool_c), "cell temperature the chillers aim at")
        .within(0, 60)
        .otherwise("30");
    t.number("chiller_cop", containers(&Containers::chiller_cop), "cold per electricity")
        .within(0.5, 20)
        .otherwise("3");
    t.number("charge_full_c", containers(&Containers::charge_full_c),
             "cells take full charging power at and above")
        .within(-60, 60)
        .otherwise("10");
    t.number("charge_stop_c", containers(&Containers::charge_stop_c),
             "cells take no charge at and below")
        .within(-60, 60)
        .otherwise("0");
    t.number("discharge_full_c", containers(&Containers::discharge_full_c),
             "cells give full power at and above")
        .within(-60, 60)
        .otherwise("0");
    t.number("discharge_stop_c", containers(&Containers::discharge_stop_c),
             "cells give nothing at and below")
        .within(-60, 60)
        .otherwise("-20");
}

/// `low` must lie below `high`.
void check_order(Reader& reader, const Node& element, std::string_view low_key, double low,
                 std::string_view high_key, double high) {
    if (low >= high) {
        reader.add_fault(element, low_key, fmt::format("must be below {} {:g}", high_key, high));
    }
}

void check_battery(Reader& reader, const Node& element, const BatteryFleet& f) {
    const Batteries& b = f.batteries;
    const Containers& c = f.containers;
    if (b.taper_floor.back() < 1) {
        check_order(reader, element, "charge_taper_soc", b.charge_taper_soc.back(), "soc_max",
                    b.soc_max.back());
        check_order(reader, element, "soc_min", b.soc_min.back(), "discharge_taper_soc",
                    b.discharge_taper_soc.back());
    }
    check_order(reader, element, "keep_c", c.keep_c.back(), "cool_c", c.cool_c.back());
    check_order(reader, element, "charge_stop_c", c.charge_stop_c.back(), "charge_full_c",
                c.charge_full_c.back());
    check_order(reader, element, "discharge_stop_c", c.discharge_stop_c.back(), "discharge_full_c",
                c.discharge_full_c.back());
    if (c.ua_kw_per_k.back() > 0 && reader.whole() && !f.site.back().valid() &&
        !element.find("site")) {
        reader.add_fault(element, "ua_kw_per_k", "needs the `site` whose weather it loses heat to");
    }
}

RecordType make_battery_type() {
    Table<BatteryFleet> t{"battery", "Battery storage."};
    add_placement(t, power_factor_control_type());
    add_machines(t, "units", "equal blocks that trip one by one");
    add_powers(t);
    t.number("e_max_mwh", batteries(&Batteries::e_max_mwh), "energy it holds when full")
        .need()
        .positive()
        .up_to(1e6);
    add_states(t, {StorageKind::battery, "0.1", "0.9", "0.95", "0"});
    add_taper(t);
    add_container(t);
    t.word("ageing_law", &BatteryFleet::ageing_law, {"none", "lfp", "xu"},
           "how it loses capacity: LFP-graphite (NREL), LMO (Xu)")
        .otherwise("none");
    t.finish([](Reader& reader, const Node& element, BatteryFleet& f) {
        check_states(reader, element, f.batteries);
        check_battery(reader, element, f);
        finish_storage(f, StorageKind::battery);
    });
    return t.take();
}

/// A storage whose energy follows from what it is made of where `e_max_mwh` is not written: `first` and `second` are the keys
/// of its two figures, `energy_mwh` makes the energy of them.
struct Made {
    const char* first;
    const char* first_doc;
    const char* second;
    const char* second_doc;
    double (*energy_mwh)(double, double);
};

RecordType make_reservoir_type(const char* name, const char* doc, const Usual& usual,
                               const Made& made) {
    Table<BatteryFleet> t{name, doc};
    add_placement(t, power_factor_control_type());
    add_machines(t, "units", "equal machines; an outage takes one");
    add_powers(t);
    t.number("e_max_mwh", batteries(&Batteries::e_max_mwh), "energy it holds when full")
        .positive()
        .up_to(1e6)
        .computed(fmt::format("from {} and {}", made.first, made.second));
    const auto skip = [](const Field& field, Reader& reader, const Node* value, void*) {
        if (value) {
            static_cast<void>(reader.read_number(field, *value));
        }
    };
    t.add(made.first, FieldKind::number, made.first_doc, skip).positive();
    t.add(made.second, FieldKind::number, made.second_doc, skip).positive();
    add_states(t, usual);
    t.finish([usual, made](Reader& reader, const Node& element, BatteryFleet& f) {
        Batteries& b = f.batteries;
        const auto read = [&](const char* key) {
            const Node* value = element.find(key);
            return value ? parse_number(value->text) : std::nullopt;
        };
        if (std::isnan(b.e_max_mwh.back())) {
            const auto first = read(made.first);
            const auto second = read(made.second);
            if (first && second) {
                b.e_max_mwh.back() = made.energy_mwh(*first, *second);
            } else if (!element.find("e_max_mwh")) {
                reader.add_fault(element, "",
                                 fmt::format("must state `e_max_mwh`, or both `{}` and `{}`",
                                             made.first, made.second),
                                 "");
            }
        }
        check_states(reader, element, b);
        fill_plain(f);
        finish_storage(f, usual.kind);
    });
    return t.take();
}

RecordType make_tenant_type() {
    Table<StorageTenants> t{"storage_tenant", "Who holds a slice of a storage's MW and MWh."};
    t.element();
    t.reference("storage", &StorageTenants::storage, storage_lists(), "what he shares").need();
    t.number("power_share", &StorageTenants::power_share,
             "of both power limits; the tenants of a storage sum to 1")
        .need()
        .fraction();
    t.number("energy_share", &StorageTenants::energy_share,
             "of the energy; the tenants of a storage sum to 1")
        .fraction()
        .computed("as power_share");
    const auto hour = [&](const char* key, auto member, const char* doc) {
        t.number(key, member, doc).within(0, 24).otherwise("0");
    };
    hour("charge_from_h", &StorageTenants::charge_from_h,
         "clock hour from which he wishes to charge");
    hour("charge_to_h", &StorageTenants::charge_to_h, "until then; equal hours: never");
    hour("discharge_from_h", &StorageTenants::discharge_from_h,
         "clock hour from which he wishes to discharge");
    hour("discharge_to_h", &StorageTenants::discharge_to_h, "until then; equal hours: never");
    t.number("rent_cny_per_mw_h", &StorageTenants::rent_cny_per_mw_h,
             "to the owner for each MW held and hour")
        .at_least(0)
        .otherwise("0");
    t.number("wear_cny_per_mwh", &StorageTenants::wear_cny_per_mwh,
             "to the owner for each MWh in or out")
        .at_least(0)
        .otherwise("0");
    t.finish([](Reader&, const Node&, StorageTenants& f) {
        if (std::isnan(f.energy_share.back())) {
            f.energy_share.back() = f.power_share.back();
        }
    });
    return t.take();
}

/// The slices of every shared storage sum to 1.
void check_slices(Reader& reader, const Node& section, const StorageTenants& tenants) {
    const Node* list = section.find("tenants");
    std::map<std::string, std::pair<double, double>> sums;
    for (std::size_t i = 0; i < tenants.size(); ++i) {
        sums[tenants.storage[i]].first += tenants.power_share[i];
        sums[tenants.storage[i]].second += tenants.energy_share[i];
    }
    if (!reader.whole() || !list) {
        return;
    }
    for (const auto& [storage, sum] : sums) {
        const auto check = [&](double value, const char* what) {
            if (!storage.empty() && std::abs(value - 1) > 1e-9) {
                reader.add_fault(
                    section, "tenants",
                    fmt::format("{} of the tenants of `{}` must sum to 1", what, storage),
                    fmt::format("{:g}", value));
            }
        };
        check(sum.first, "power_share");
        check(sum.second, "energy_share");
    }
}

/// Auxiliary loads of the storages that have any, at their buses.
void add_auxiliaries(System& system) {
    const BatteryFleet& fleet = system.batteries;
    StorageAuxiliaries& loads = system.loads.storage_auxiliaries;
    loads = {};
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        if (fleet.containers.standby_mw[k] <= 0 && fleet.containers.ua_kw_per_k[k] <= 0) {
            continue;
        }
        Name name = fleet.name[k];
        name.en += ", auxiliary load";
        name.zh = name.zh.empty() ? name.zh : name.zh + "站用电";
        loads.id.push_back(fleet.id[k] + "_auxiliary");
        loads.name.push_back(std::move(name));
        loads.buses.push_back({fleet.bus[k]});
        loads.shares.push_back({1.0});
        loads.power_factor.push_back(0.95);
        loads.storage.push_back(k);
    }
}

} // namespace

const RecordType& storage_type() {
    static const RecordType battery = make_battery_type();
    static const RecordType flywheel =
        make_reservoir_type("flywheel", "Flywheels: short duty, energy by inertia and speed.",
                            {StorageKind::flywheel, "0.1", "1", "0.93", "0.05"},
                            {"inertia_kg_m2", "moment of inertia of all rotors", "speed_rpm",
                             "greatest speed, revolutions a minute", models::flywheel_energy_mwh});
    static const RecordType supercapacitor = make_reservoir_type(
        "supercapacitor", "Supercapacitor bank: short duty, energy by capacitance and voltage.",
        {StorageKind::supercapacitor, "0.25", "1", "0.97", "0.005"},
        {"capacitance_f", "capacitance of the bank, farad", "voltage_v", "greatest voltage",
         models::supercapacitor_energy_mwh});
    static const RecordType pumped =
        make_reservoir_type("pumped_hydro", "Pumped hydro: energy by volume and mean head.",
                            {StorageKind::pumped_hydro, "0", "1", "0.88", "0"},
                            {"volume_m3", "water that may be moved", "head_m", "mean gross head",
                             models::pumped_hydro_energy_mwh});
    static const RecordType tenant = make_tenant_type();
    static const RecordType type = [] {
        Table<System> t{"storage", "What holds energy."};
        t.records("batteries", &System::batteries, battery, "batteries");
        t.records("flywheels", &System::batteries, flywheel, "flywheels");
        t.records("supercapacitors", &System::batteries, supercapacitor, "supercapacitors");
        t.records("pumped_hydro", &System::batteries, pumped, "pumped hydro");
        t.records("tenants", &System::tenants, tenant, "who shares a storage");
        t.finish([](Reader& reader, const Node& section, System& system) {
            check_slices(reader, section, system.tenants);
            add_auxiliaries(system);
        });
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
