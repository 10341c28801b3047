#include "scenario/schema_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/study.hpp"
#include "scenario/hanging.hpp"
#include "scenario/table.hpp"

namespace yuanwang::scenario {

using namespace engine;

const std::vector<std::string>& load_lists() {
    static const std::vector<std::string> lists = {
        "loads.static",       "loads.profiled",     "loads.heating", "loads.potlines",
        "loads.data_centers", "loads.street_lamps", "loads.sewage",  "loads.managed"};
    return lists;
}

namespace {

template <class Fleet>
void add_placement(Table<Fleet>& t) {
    t.element();
    add_bus_fields(t, "where it hangs", "several buses it hangs on", true);
    t.number("power_factor", &Fleet::power_factor, "lagging; it draws P·tan(acos pf)")
        .within(0.1, 1)
        .otherwise("0.95");
    t.finish([](Reader& reader, const Node& element, Fleet& f) {
        std::optional<Placing> placing = place_on_buses(reader, element);
        f.buses.push_back(placing ? std::move(placing->buses) : std::vector<BusIdx>{});
        f.shares.push_back(placing ? std::move(placing->shares) : std::vector<double>{});
    });
}

template <class Fleet>
void add_site(Table<Fleet>& t) {
    t.reference("site", &Fleet::site, {"weather.sites"}, "weather it lives by").need();
}

RecordType make_profile_type() {
    const auto at = [](auto member) {
        return [member](Loads & loads) -> auto& {
            return std::invoke(member, loads.profiles.back());
        };
    };
    Table<Loads> t{"profile", "Demand shape: monthly · (workday or weekend), scaled to a yearly "
                              "mean of 1. One number stands for all."};
    t.add("id", FieldKind::id, "stable id, unique in its list",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              Loads& loads = *static_cast<Loads*>(table);
              loads.profile_id.push_back(
                  (value ? reader.read_id(*value) : std::nullopt).value_or(""));
              loads.profiles.emplace_back();
          })
        .need();
    t.numbers("monthly", at(&models::Profile::monthly), "January … December")
        .at_least(0)
        .otherwise("1");
    t.numbers("workday", at(&models::Profile::workday), "hours 0 … 23, Monday to Friday")
        .at_least(0)
        .otherwise("1");
    t.numbers("weekend", at(&models::Profile::weekend), "hours 0 … 23")
        .at_least(0)
        .computed("as workday");
    t.finish([](Reader& reader, const Node& element, Loads& loads) {
        models::Profile& profile = loads.profiles.back();
        if (!element.find("weekend")) {
            profile.weekend = profile.workday;
        }
        for (const auto& [key, sum] :
             {std::pair{"monthly",
                        std::accumulate(profile.monthly.begin(), profile.monthly.end(), 0.0)},
              std::pair{"workday",
                        std::accumulate(profile.workday.begin(), profile.workday.end(), 0.0)}}) {
            if (element.find(key) && sum <= 0) {
                reader.add_fault(element, key, "must not be 0 throughout", "");
            }
        }
    });
    return t.take();
}

RecordType make_static_type() {
    Table<StaticLoads> t{"static_load", "Constant consumption."};
    add_placement(t);
    t.number("p_mw", &StaticLoads::p_mw, "consumption").need().within(-1e5, 1e5);
    t.number("q_mvar", &StaticLoads::q_mvar, "reactive consumption")
        .within(-1e5, 1e5)
        .computed("by power_factor");
    t.finish([](Reader& reader, const Node& element, StaticLoads& f) {
        std::optional<Placing> placing = place_on_buses(reader, element);
        f.buses.push_back(placing ? std::move(placing->buses) : std::vector<BusIdx>{});
        f.shares.push_back(placing ? std::move(placing->shares) : std::vector<double>{});
        if (std::isnan(f.q_mvar.back())) {
            f.q_mvar.back() = f.p_mw.back() * std::tan(std::acos(f.power_factor.back()));
        }
    });
    return t.take();
}

RecordType make_profiled_type() {
    using L = models::ProfileLoads;
    const auto loads = [](auto member) { return in(&ProfileLoadFleet::loads, member); };
    Table<ProfileLoadFleet> t{"profiled_load",
                              "A mean times a shape: homes, commerce, public service, works."};
    add_placement(t);
    t.text("category", loads(&L::category),
           "`residential`, `commercial`, `public`, `polysilicon`, …")
        .otherwise("other");
    t.number("p_mean_mw", loads(&L::p_mean_mw), "yearly mean").need().at_least(0);
    t.reference("profile", loads(&L::profile), {"loads.profiles"},
                "its shape; flat where none is named");
    t.number("noise", loads(&L::noise), "relative standard deviation of a slow random part")
        .within(0, 0.5)
        .otherwise("0");
    t.boolean("large_works", &ProfileLoadFleet::large_works,
              "industry, as against homes and services")
        .otherwise("false");
    return t.take();
}

RecordType make_heating_type() {
    using L = models::HeatingLoads;
    const auto loads = [](auto member) { return in(&HeatingFleet::loads, member); };
    Table<HeatingFleet> t{"heating", "Electric heating by degree-hours."};
    add_placement(t);
    add_site(t);
    t.number("ua_mw_per_k", loads(&L::ua_mw_per_k), "heat loss of the heated stock")
        .need()
        .at_least(0)
        .up_to(1e4);
    t.number("base_c", loads(&L::base_c), "outdoor temperature above which no heat is needed")
        .within(-20, 30)
        .otherwise("15");
    t.number("cop", loads(&L::cop), "heat per electricity").within(0.5, 10).otherwise("1");
    t.number("season_start_day", loads(&L::season_start_day),
             "day of year the season starts; 288 is 15 October")
        .within(1, 366)
        .otherwise("288");
    t.number("season_end_day", loads(&L::season_end_day), "day of year it ends; 105 is 15 April")
        .within(1, 366)
        .otherwise("105");
    return t.take();
}

RecordType make_potline_type() {
    using L = models::Potlines;
    const auto lines = [](auto member) { return in(&PotlineFleet::lines, member); };
    Table<PotlineFleet> t{"potline", "Electrolytic aluminium."};
    add_placement(t);
    t.number("production_t_per_year", lines(&L::production_t_per_year), "metal")
        .need()
        .positive()
        .up_to(1e8);
    t.number("dc_kwh_per_t", lines(&L::dc_kwh_per_t), "direct current per tonne")
        .within(8000, 25000)
        .otherwise("13000");
    t.number("rectifier_efficiency", lines(&L::rectifier_efficiency), "AC to DC")
        .within(0.5, 1)
        .otherwise("0.98");
    t.number("auxiliary_share", lines(&L::auxiliary_share), "auxiliaries over the rest")
        .fraction()
        .otherwise("0.03");
    t.number("modulation_share", lines(&L::modulation_share), "how far the current may be moved, ±")
        .fraction()
        .otherwise("0");
    return t.take();
}

RecordType make_data_center_type() {
    using C = models::DataCenters;
    const auto centers = [](auto member) { return in(&DataCenterFleet::centers, member); };
    Table<DataCenterFleet> t{"data_center", "IT power by utilisation, cooling by weather."};
    add_placement(t);
    add_site(t);
    t.number("racks", centers(&C::racks), "racks").need().at_least(0).up_to(1e7);
    t.number("pflops", centers(&C::pflops), "compute capacity, PFLOP/s").at_least(0).otherwise("0");
    t.number("it_mw", centers(&C::it_mw), "IT power at full utilisation")
        .need()
        .positive()
        .up_to(1e4);
    t.number("idle_share", centers(&C::idle_share), "IT power at rest over full")
        .fraction()
        .otherwise("0.4");
    t.number("utilisation_mean", centers(&C::utilisation_mean), "of the capacity")
        .fraction()
        .otherwise("0.6");
    t.number("utilisation_swing", centers(&C::utilisation_swing),
             "half of (max − min) of the mean day, relative to the mean")
        .fraction()
        .otherwise("0.15");
    t.number("peak_hour", centers(&C::peak_hour), "Beijing clock").within(0, 24).otherwise("15");
    t.number("ups_efficiency", centers(&C::ups_efficiency), "of the uninterruptible supply")
        .within(0.5, 1)
        .otherwise("0.948");
    t.number("liquid_share", centers(&C::liquid_share), "share of heat taken by liquid cooling")
        .fraction()
        .otherwise("0");
    t.number("free_cooling_c", centers(&C::free_cooling_c),
             "outdoor temperature below which no chiller runs")
        .within(-40, 40)
        .otherwise("18");
    t.number("chiller_cop", centers(&C::chiller_cop), "of the air side, at sea-level density")
        .within(1, 20)
        .otherwise("8");
    t.text("microgrid", centers(&C::microgrid),
           "clean microgrid it can island with; none where empty");
    return t.take();
}

RecordType make_lamp_type() {
    using L = models::StreetLamps;
    const auto lamps = [](auto member) { return in(&LampFleet::lamps, member); };
    Table<LampFleet> t{"street_lamp", "Lamps that follow the sun."};
    add_placement(t);
    add_site(t);
    t.number("lamps", lamps(&L::lamps), "how many").need().at_least(0).up_to(1e8);
    t.number("watt_per_lamp", lamps(&L::watt_per_lamp), "power of one")
        .within(1, 2000)
        .otherwise("150");
    t.number("lit_share", lamps(&L::lit_share), "of all lamps").fraction().otherwise("0.95");
    t.number("on_elevation_degree", lamps(&L::on_elevation_degree),
             "lit while the sun stands lower")
        .within(-18, 10)
        .otherwise("-3");
    return t.take();
}

RecordType make_sewage_type() {
    using W = models::SewageWorks;
    const auto works = [](auto member) { return in(&SewageFleet::works, member); };
    Table<SewageFleet> t{"sewage", "Sewage works, flat."};
    add_placement(t);
    t.number("m3_per_day", works(&W::m3_per_day), "throughput").need().at_least(0).up_to(1e8);
    t.number("kwh_per_m3", works(&W::kwh_per_m3), "electricity per cubic metre")
        .within(0, 10)
        .otherwise("0.35");
    return t.take();
}

RecordType make_managed_type() {
    Table<ManagedLoads> t{
        "managed",
        "Enterprises registered for load management: records of one layer, class and zone."};
    t.element();
    t.text("zone", &ManagedLoads::zone, "zone of its buses").need();
    t.number("layer_kv", &ManagedLoads::layer_kv, "voltage layer").need().positive().up_to(1500);
    t.integer("shed_class", &ManagedLoads::shed_class, "1 is called first")
        .within(1, 99)
        .otherwise("1");
    t.text("category", &ManagedLoads::category, "industry").otherwise("other");
    t.integer("records", &ManagedLoads::records, "enterprises").need().at_least(0);
    t.number("p_managed_mw", &ManagedLoads::p_managed_mw, "sum over the records")
        .need()
        .at_least(0);
    return t.take();
}

} // namespace

const RecordType& loads_type() {
    static const RecordType profile = make_profile_type();
    static const RecordType constant = make_static_type();
    static const RecordType profiled = make_profiled_type();
    static const RecordType heating = make_heating_type();
    static const RecordType potline = make_potline_type();
    static const RecordType data_center = make_data_center_type();
    static const RecordType lamp = make_lamp_type();
    static const RecordType sewage = make_sewage_type();
    static const RecordType managed = make_managed_type();
    static const RecordType type = [] {
        Table<Loads> t{"loads", "What consumes."};
        t.records(
            "profiles", [](Loads& loads) -> Loads& { return loads; }, profile, "shapes");
        t.records("static", &Loads::statics, constant, "constant loads");
        t.records("profiled", &Loads::profiled, profiled, "mean and shape");
        t.records("heating", &Loads::heating, heating, "electric heating");
        t.records("potlines", &Loads::potlines, potline, "electrolytic aluminium");
        t.records("data_centers", &Loads::data_centers, data_center, "data centers");
        t.records("street_lamps", &Loads::street_lamps, lamp, "street lamps");
        t.records("sewage", &Loads::sewage, sewage, "sewage works");
        t.records("managed", &Loads::managed, managed, "registered for load management");
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
