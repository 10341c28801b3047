#include "scenario/schema/parts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "scenario/schema/hanging.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

const std::vector<std::string>& load_lists() {
    static const std::vector<std::string> lists = {
        "loads.static",   "loads.profiled",     "loads.heating",
        "loads.potlines", "loads.data_centers", "loads.street_lamps",
        "loads.sewage",   "loads.works",        "loads.managed"};
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
    t.number("p_mw", &StaticLoads::p_mw, "consumption").need().within(-1e6, 1e6);
    t.number("q_mvar", &StaticLoads::q_mvar, "reactive consumption")
        .within(-1e6, 1e6)
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
    t.number("time_constant_h", loads(&L::time_constant_h),
             "of the heated buildings: heat they hold over heat they lose; 0: none held")
        .within(0, 2000)
        .otherwise("0");
    t.number("comfort_k", loads(&L::comfort_k),
             "how far the room may leave its temperature, ±; 0: nothing is moved")
        .within(0, 10)
        .otherwise("0");
    t.number("p_max_mw", loads(&L::p_max_mw), "power of all heaters")
        .at_least(0)
        .computed("at 30 K below base_c");
    t.finish([](Reader& reader, const Node& element, HeatingFleet& f) {
        std::optional<Placing> placing = place_on_buses(reader, element);
        f.buses.push_back(placing ? std::move(placing->buses) : std::vector<BusIdx>{});
        f.shares.push_back(placing ? std::move(placing->shares) : std::vector<double>{});
        if (std::isnan(f.loads.p_max_mw.back())) {
            f.loads.p_max_mw.back() = f.loads.ua_mw_per_k.back() * 30.0 / f.loads.cop.back();
        }
    });
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
        .within(0, 0.5)
        .otherwise("0");
    t.number("n_cell", lines(&L::n_cell), "cells in the line; 0: no cells, no modulation")
        .within(0, 1e5)
        .otherwise("0");
    t.number("current_efficiency", lines(&L::current_efficiency), "metal over Faraday's law")
        .within(0.5, 1)
        .otherwise("0.93");
    t.number("external_v", lines(&L::external_v), "drop in busbars outside the cells")
        .within(0, 1)
        .otherwise("0.2");
    t.number("window_k", lines(&L::window_k), "how far the bath may be moved, ±")
        .positive()
        .up_to(30)
        .otherwise("10");
    t.number("heat_capacity_kwh_per_k", lines(&L::heat_capacity_kwh_per_k),
             "heat that moves the bath of a cell by a kelvin")
        .positive()
        .up_to(1e4)
        .otherwise("50");
    t.number("loss_kw_per_k", lines(&L::loss_kw_per_k), "what more a cell loses when it is warmer")
        .within(0, 1000)
        .otherwise("5");
    return t.take();
}

void add_center_details(Table<DataCenterFleet>& t) {
    using D = models::DataCenterDetails;
    const auto details = [](auto member) {
        return [member](DataCenterFleet & fleet) -> auto& {
            return std::invoke(member, fleet.centers.details);
        };
    };
    t.word("utilisation_shape", details(&D::shape), {"cosine", "google", "alibaba"},
           "mean day: by swing and peak_hour, or of a public trace")
        .otherwise("cosine");
    t.number("noise", details(&D::noise), "relative standard deviation of a slow random part")
        .within(0, 0.5)
        .otherwise("0");
    t.number("power_exponent", details(&D::power_exponent),
             "r of the server curve 2u − u^r; 1 is straight")
        .within(1, 3)
        .otherwise("1");
    t.boolean("evaporative", details(&D::evaporative), "economiser by wet bulb instead of dry bulb")
        .otherwise("false");
    t.number("approach_k", details(&D::approach_k), "of the evaporative economiser to the wet bulb")
        .within(0, 20)
        .otherwise("4");
    t.number("economiser_range_k", details(&D::economiser_range_k),
             "above free_cooling_c, until the chiller does all; 0: at once")
        .within(0, 30)
        .otherwise("0");
    t.number("ups_standing_share", details(&D::ups_standing_share),
             "share of the UPS loss at full load that stands without load")
        .fraction()
        .otherwise("0");
    t.number("utilisation_max", details(&D::utilisation_max), "what jobs may drive it to")
        .fraction()
        .otherwise("0.95");
    t.number("deferrable_share", details(&D::deferrable_share),
             "of the utilisation, jobs that may wait")
        .fraction()
        .otherwise("0");
    t.number("deadline_h", details(&D::deadline_h), "within which a job must be done")
        .within(0, 48)
        .otherwise("8");
    t.text("work_pool", details(&D::work_pool),
           "jobs may run at any center of the pool; at home where empty");
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
    add_center_details(t);
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
    t.number("buffer_h", works(&W::buffer_h), "± hours of the mean inflow its basins hold")
        .within(0, 48)
        .otherwise("0");
    t.number("p_max_share", works(&W::p_max_share), "greatest over mean power")
        .within(1, 5)
        .otherwise("1.3");
    return t.take();
}

RecordType make_works_type() {
    using W = models::ProcessWorks;
    const auto works = [](auto member) { return in(&WorksFleet::works, member); };
    Table<WorksFleet> t{"works",
                        "Works by output and specific energy, flat, in batches, in shifts."};
    add_placement(t);
    t.text("category", works(&W::category), "`polysilicon`, `mono_silicon`, `carbon_fibre`, …")
        .otherwise("works");
    t.number("output_per_year", works(&W::output_per_year),
             "at full capacity, in the unit of kwh_per_unit")
        .need()
        .at_least(0)
        .up_to(1e12);
    t.number("kwh_per_unit", works(&W::kwh_per_unit), "electricity per unit of output")
        .need()
        .at_least(0)
        .up_to(1e7);
    t.number("utilisation", works(&W::utilisation), "of the capacity").fraction().otherwise("1");
    t.number("noise", works(&W::noise), "relative standard deviation of a slow random part")
        .within(0, 0.5)
        .otherwise("0");
    t.integer("furnaces", works(&W::furnaces), "batch furnaces, each on its own clock; 0: flat")
        .within(0, 100000)
        .otherwise("0");
    t.number("batch_h", works(&W::batch_h), "a run of a furnace")
        .positive()
        .up_to(2000)
        .otherwise("60");
    t.number("idle_h", works(&W::idle_h), "between two runs").within(0, 2000).otherwise("8");
    t.number("heat_h", works(&W::heat_h), "first part of a run, heating up")
        .within(0, 2000)
        .otherwise("8");
    t.number("heat_ratio", works(&W::heat_ratio), "power while heating over power while growing")
        .within(0, 10)
        .otherwise("1.4");
    t.number("idle_ratio", works(&W::idle_ratio), "power between runs over power while growing")
        .within(0, 1)
        .otherwise("0.1");
    t.number("recovery_h", works(&W::recovery_h),
             "first part of idle_h, in which energy comes back (cells in formation)")
        .within(0, 2000)
        .otherwise("0");
    t.number("recovery_ratio", works(&W::recovery_ratio),
             "power that comes back over power while growing")
        .within(0, 1)
        .otherwise("0");
    t.number("shift_share", works(&W::shift_share), "of the mean, drawn within shifts only")
        .fraction()
        .otherwise("0");
    t.number("shift_start_h", works(&W::shift_start_h), "when shifts begin, Beijing clock")
        .within(0, 24)
        .otherwise("8");
    t.number("shift_hours", works(&W::shift_hours), "length of the shifts of a day")
        .positive()
        .up_to(24)
        .otherwise("16");
    t.integer("shift_days", works(&W::shift_days), "days of a week with shifts, from Monday")
        .within(1, 7)
        .otherwise("6");
    t.number("flexible_share", works(&W::flexible_share), "of the mean, may be moved by dispatch")
        .fraction()
        .otherwise("0");
    t.number("flexible_h", works(&W::flexible_h),
             "± hours of the flexible power that stocks between stages hold")
        .within(0, 72)
        .otherwise("0");
    t.boolean("may_be_cut", works(&W::may_be_cut),
              "false: cut only when nothing else is left at its buses")
        .otherwise("true");
    t.finish([](Reader& reader, const Node& element, WorksFleet& f) {
        std::optional<Placing> placing = place_on_buses(reader, element);
        f.buses.push_back(placing ? std::move(placing->buses) : std::vector<BusIdx>{});
        f.shares.push_back(placing ? std::move(placing->shares) : std::vector<double>{});
        if (f.works.heat_h.back() > f.works.batch_h.back()) {
            reader.add_fault(element, "heat_h",
                             fmt::format("must not be above batch_h {:g}", f.works.batch_h.back()));
        }
        if (f.works.recovery_h.back() > f.works.idle_h.back()) {
            reader.add_fault(element, "recovery_h",
                             fmt::format("must not be above idle_h {:g}", f.works.idle_h.back()));
        }
        if (!f.works.may_be_cut.back() && f.works.flexible_share.back() > 0) {
            reader.add_fault(element, "flexible_share", "must be 0 where may_be_cut is false");
        }
    });
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
    const auto terms = [](auto member) { return in(&ManagedLoads::terms, member); };
    using C = models::CallTerms;
    t.number("notice_h", terms(&C::notice_h), "between the order and the relief")
        .within(0, 28)
        .otherwise("0");
    t.integer("rounds", terms(&C::rounds), "turns its records are split into")
        .within(1, 1000)
        .otherwise("1");
    t.number("quota_h", terms(&C::quota_h), "hours a year a record may be called")
        .within(0, 8784)
        .otherwise("8784");
    t.number("call_max_h", terms(&C::call_max_h), "longest single call of a record")
        .positive()
        .up_to(8784)
        .otherwise("8784");
    t.number("rest_h", terms(&C::rest_h), "between two calls of a record")
        .within(0, 8784)
        .otherwise("0");
    t.number("recovery_share", terms(&C::recovery_share),
             "of the energy given up that is drawn after the call")
        .within(0, 2)
        .otherwise("0");
    t.number("recovery_h", terms(&C::recovery_h), "over how long it is drawn")
        .within(0.05, 240)
        .otherwise("4");
    return t.take();
}

RecordType make_green_contract_type() {
    Table<GreenContracts> t{"green_contract", "Green energy bought by contract: a share of what a "
                                              "source gives, step by step, for the loads named."};
    t.element();
    std::vector<std::string> consumers = load_lists();
    std::erase(consumers, "loads.managed"); // records of load that stands elsewhere
    t.references("loads", &GreenContracts::loads, std::move(consumers),
                 "buyers; each takes its part by what all of them consume in the step")
        .need();
    t.reference(
         "seller", &GreenContracts::seller,
         {"sources.solar", "sources.wind", "sources.hydro", "sources.waste_to_energy",
          "sources.generators", "sources.external_grids"},
         "where the energy comes from; of an external grid its surplus and the green part of "
         "its firm energy")
        .need();
    t.number("share", &GreenContracts::share,
             "of the green energy of the source; all contracts on it sum to at most 1")
        .need()
        .fraction();
    return t.take();
}

/// No source sells more than it gives.
void check_contracts(Reader& reader, const Node& section, const GreenContracts& contracts) {
    if (!reader.whole() || !section.find("green_contracts")) {
        return;
    }
    std::map<std::string, double> sold;
    for (std::size_t k = 0; k < contracts.size(); ++k) {
        sold[contracts.seller[k]] += contracts.share[k];
    }
    for (const auto& [source, share] : sold) {
        if (!source.empty() && share > 1 + 1e-9) {
            reader.add_fault(section, "green_contracts",
                             fmt::format("shares of `{}` must sum to at most 1", source),
                             fmt::format("{:g}", share));
        }
    }
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
    static const RecordType works = make_works_type();
    static const RecordType managed = make_managed_type();
    static const RecordType green_contract = make_green_contract_type();
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
        t.records("works", &Loads::works, works, "works by output and specific energy");
        t.records("managed", &Loads::managed, managed, "registered for load management");
        t.records("green_contracts", &Loads::green_contracts, green_contract,
                  "green energy bought");
        t.finish([](Reader& reader, const Node& section, Loads& loads) {
            check_contracts(reader, section, loads.green_contracts);
        });
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
