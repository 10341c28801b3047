#include "scenario/schema/parts.hpp"

#include <charconv>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "scenario/draft.hpp"
#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

using namespace engine;

const Field* RecordType::find(std::string_view key) const {
    for (const Field& field : fields) {
        if (field.key == key) {
            return &field;
        }
    }
    return nullptr;
}

namespace {

RecordType make_scenario_record() {
    Table<Study> t{"scenario", "What this scenario is called."};
    t.id(&Study::id);
    t.name("name", &Study::name, "display name");
    t.name("description", &Study::description, "what it is about");
    return t.take();
}

const RecordType& normals_type() {
    static const RecordType type = [] {
        using Normals = models::MonthlyNormals;
        Table<Normals> t{"normals",
                         "Monthly normals a synthetic year is made from, January first."};
        t.numbers("ghi_kwh_per_m2", &Normals::ghi_kwh_per_m2, "global horizontal, sum of the month")
            .need()
            .within(1, 400);
        t.numbers("temperature_c", &Normals::temperature_c, "mean").need().within(-60, 50);
        t.numbers("temperature_range_k", &Normals::temperature_range_k, "mean daily range")
            .need()
            .within(0, 40);
        t.numbers("relative_humidity", &Normals::relative_humidity, "mean").need().fraction();
        t.numbers("wind_speed_m_per_s", &Normals::wind_speed_m_per_s, "mean at 10 m")
            .need()
            .within(0, 30);
        t.numbers("precipitation_mm", &Normals::precipitation_mm,
                  "sum of the month, snow melted; none: dry")
            .within(0, 2000);
        t.numbers("wet_days", &Normals::wet_days, "days with precipitation").within(0, 31);
        t.numbers("clearest_day_kt", &Normals::clearest_day_kt,
                  "clearness of the clearest days: global over extraterrestrial; 0: as a clear sky")
            .within(0, 0.9);
        t.numbers("wind_rose", &Normals::wind_rose,
                  "share of each sector the wind comes from, from north clockwise; none: not known")
            .at_least(0);
        t.finish([](Reader& reader, const Node& element, Normals& normals) {
            const std::vector<double>& rose = normals.wind_rose;
            if (!rose.empty() && !(std::accumulate(rose.begin(), rose.end(), 0.0) > 0)) {
                reader.add_fault(element, "wind_rose", "must have a sum above 0");
            }
        });
        return t.take();
    }();
    return type;
}

RecordType make_site_record() {
    const auto at = [](auto member) {
        return [member](WeatherSites & sites) -> auto& {
            return std::invoke(member, sites.position.back());
        };
    };
    Table<WeatherSites> t{"site", "A place with weather: monthly normals or an EPW file."};
    t.add("id", FieldKind::id, "stable id, unique in its list",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              WeatherSites& sites = *static_cast<WeatherSites*>(table);
              sites.id.push_back((value ? reader.read_id(*value) : std::nullopt).value_or(""));
              sites.position.emplace_back();
          })
        .need();
    t.add("name", FieldKind::name, "display name; the id where there is none",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              WeatherSites& sites = *static_cast<WeatherSites*>(table);
              std::optional<Name> name = value ? reader.read_name(*value) : std::nullopt;
              sites.name.push_back(name ? *std::move(name) : Name{.en = sites.id.back(), .zh = {}});
          });
    t.number("latitude_degree", at(&models::SitePosition::latitude_degree), "north positive")
        .need()
        .within(-90, 90);
    t.number("longitude_degree", at(&models::SitePosition::longitude_degree), "east positive")
        .need()
        .within(-180, 180);
    t.number("altitude_m", at(&models::SitePosition::altitude_m), "above sea level")
        .need()
        .within(-400, 6000);
    t.number("temperature_offset_k", &WeatherSites::temperature_offset_k,
             "added to the temperature of either")
        .within(-20, 20)
        .otherwise("0");
    t.record("normals", &WeatherSites::normals, normals_type(), "for a synthetic year");
    t.add("epw", FieldKind::file, "EPW file, relative to the file that names it",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              static_cast<WeatherSites*>(table)->epw.push_back(
                  (value ? reader.read_file_path(*value) : std::nullopt).value_or(""));
          });
    t.word("closure", &WeatherSites::closure,
           {"keep_diffuse", "keep_beam", "erbs", "disc", "dirint"},
           "of a file: what is kept beside global radiation, or the model that splits it")
        .otherwise("keep_diffuse");
    t.record("horizon", &WeatherSites::horizon, horizon_type(), "skyline of the site");
    t.finish([](Reader& reader, const Node& element, WeatherSites&) {
        const bool normals = element.find("normals") && !element.find("normals")->is_null();
        const bool epw = element.find("epw") && !element.find("epw")->is_null();
        if (normals == epw && reader.whole()) {
            reader.add_fault(element, "", "must have either `normals` or `epw`", "");
        }
    });
    return t.take();
}

RecordType make_dispatch_record() {
    using D = DispatchSettings;
    Table<D> t{"dispatch", "How sources are called."};
    t.word(
         "method", &D::method, {"none", "rules", "optimal"},
         "`none` runs every source at its set power, `rules` call them in a fixed order, `optimal` "
         "plans at least cost with the network in sight")
        .otherwise("rules");
    t.number("thermal_minimum_summer_mw", &D::thermal_minimum_summer_mw,
             "thermal power always on, outside the heating season")
        .at_least(0)
        .otherwise("0");
    t.number("thermal_minimum_heating_mw", &D::thermal_minimum_heating_mw, "the same within it")
        .at_least(0)
        .otherwise("0");
    t.integer("heating_start_day", &D::heating_start_day, "day of year; 288 is 15 October")
        .within(1, 366)
        .otherwise("288");
    t.integer("heating_end_day", &D::heating_end_day, "day of year; 105 is 15 April")
        .within(1, 366)
        .otherwise("105");
    t.number("loss_share_initial", &D::loss_share_initial,
             "losses over demand before the first AC solution")
        .within(0, 0.3)
        .otherwise("0.02");
    t.integer("loss_rounds", &D::loss_rounds, "AC solutions fed back into one block")
        .within(1, 10)
        .otherwise("2");
    t.number("horizon_h", &D::horizon_h,
             "optimal: how far a plan reaches, in whole days; its first day is kept")
        .within(24, 720)
        .otherwise("48");
    t.boolean("n_limits", &D::n_limits,
              "optimal: keep lines, transformers and sections within limits")
        .otherwise("true");
    t.boolean("n_1_limits", &D::n_1_limits, "optimal: the same after any single outage")
        .otherwise("true");
    t.integer("limit_rounds", &D::limit_rounds,
              "optimal: times AC overloads come back as tightened limits")
        .within(0, 10)
        .otherwise("8");
    t.boolean(
         "loss_factors", &D::loss_factors,
         "optimal: losses follow the plan by the marginal losses of the AC solution; false: an "
         "amount for each hour, whoever feeds in. Needs n_limits or n_1_limits")
        .otherwise("false");
    static const RecordType forecast = make_forecast_type();
    t.record("forecast", &D::forecast, forecast, "optimal: what a plan knows of the day to come");
    t.number("reserve_share", &D::reserve_share, "optimal: share of demand kept free to rise")
        .within(0, 1)
        .otherwise("0");
    t.boolean("commitment", &D::commitment,
              "optimal: commit units of thermal plants as whole numbers, with start and idle cost "
              "and least times on and off")
        .otherwise("false");
    t.integer(
         "max_iterations", &D::max_iterations,
         "optimal: iterations of one solve; a block that needs more is dispatched by rules and "
         "counted")
        .within(1, 1'000'000'000)
        .otherwise("2000000");
    return t.take();
}

RecordType make_power_flow_record() {
    using O = powerflow::Options;
    Table<O> t{"power_flow", "The AC solution."};
    t.word("solver", &O::solver, {"batch", "reference"},
           "`batch`: steps side by side in SIMD lanes; `reference`: one after the other, slower, "
           "the same answer")
        .otherwise("batch");
    t.number("tolerance_pu", &O::tolerance_pu, "largest bus mismatch of a converged step")
        .positive()
        .up_to(1e-8) // 1e-6 MW: what every run promises of its balances
        .otherwise("1e-8");
    t.integer("max_iterations", &O::max_iterations, "Newton iterations per control round")
        .within(1, 1000)
        .otherwise("30");
    t.integer("max_control_rounds", &O::max_control_rounds, "rounds of discrete controls")
        .within(1, 1000)
        .otherwise("30");
    t.boolean("q_limits", &O::q_limits, "units stay within their reactive range").otherwise("true");
    t.boolean("taps", &O::taps, "on-load taps move").otherwise("true");
    t.boolean("shunts", &O::shunts, "switched banks move").otherwise("true");
    t.boolean("distributed_slack", &O::distributed_slack,
              "external grids share the mismatch; else the reference unit takes all")
        .otherwise("true");
    t.number("vm_doubtful_pu", &O::vm_doubtful_pu,
             "a solution with a bus below it, or with losses beyond the load, is marked `doubtful` "
             "(exit code 5); 0: every solution is accepted")
        .within(0, 1)
        .otherwise("0.7");
    return t.take();
}

RecordType make_studies_record() {
    static const RecordType power_flow = make_power_flow_record();
    Table<Study> t{"studies", "What is computed for every step."};
    t.record("power_flow", &Study::powerflow, power_flow, "the AC solution");
    t.record("n_1", &Study::n_1, n1_type(), "security after one outage");
    static const RecordType short_circuit = make_short_circuit_type();
    t.record("short_circuit", &Study::short_circuit, short_circuit,
             "fault levels and short-circuit ratios");
    return t.take();
}

RecordType make_economics_record() {
    using E = EconomicSettings;
    Table<E> t{"economics", "Prices of the study."};
    t.number("discount_rate", &E::discount_rate, "per year")
        .measured_in("1/year")
        .within(0, 0.5)
        .otherwise("0.06");
    t.number("unserved_cny_per_mwh", &E::unserved_cny_per_mwh, "value of energy not delivered")
        .at_least(0)
        .otherwise("20000");
    t.number("co2_cny_per_t", &E::co2_cny_per_t, "price of CO2").at_least(0).otherwise("0");
    return t.take();
}

const RecordType& outputs_type() {
    static const RecordType calibration = make_calibration_type();
    static const RecordType type = [] {
        Table<Study> t{"outputs", "What is held against the results."};
        t.records("calibration", &Study::calibration, calibration, "bands of indicators");
        return t.take();
    }();
    return type;
}

} // namespace

const RecordType& weather_type() {
    static const RecordType site = make_site_record();
    static const RecordType type = [] {
        Table<Draft> t{"weather", "Sites and the seed of synthetic years."};
        t.add("seed", FieldKind::integer, "another seed is another year of the same climate",
              [](const Field&, Reader& reader, const Node* value, void* table) {
                  static_cast<Draft*>(table)->study.seed =
                      (value ? reader.read_seed(*value) : std::nullopt).value_or(1);
              })
            .at_least(0)
            .otherwise("1");
        t.boolean("sea_level", in(&Draft::study, &Study::sea_level),
                  "every site with the air of sea level: pressure, density, clear sky")
            .otherwise("false");
        t.records("sites", in(&Draft::study, &Study::sites), site, "places with weather");
        return t.take();
    }();
    return type;
}

const RecordType& changes_type() {
    static const RecordType type = [] {
        Table<Draft> t{"changes", "What a project changes, merged like an overlay."};
        t.record("grid", in(&Draft::system, &System::grid), grid_type(),
                 "stations, buses and what joins them");
        t.record("sources", in(&Draft::system, &System::sources), sources_type(), "what feeds in");
        t.record("loads", in(&Draft::system, &System::loads), loads_type(), "what consumes");
        t.record(
            "storage", [](Draft& draft) -> System& { return draft.system; }, storage_type(),
            "what holds energy");
        t.add("remove", FieldKind::texts, "ids of elements that go",
              [](const Field&, Reader&, const Node*, void*) {});
        return t.take();
    }();
    return type;
}

const RecordType& scenario_type() {
    static const RecordType scenario = make_scenario_record();
    static const RecordType time = make_time_type();
    static const RecordType dispatch = make_dispatch_record();
    static const RecordType studies = make_studies_record();
    static const RecordType project = make_project_type();
    static const RecordType economics = make_economics_record();
    static const RecordType type = [] {
        const auto whole = [](Draft& draft) -> Draft& { return draft; };
        const auto study = [](Draft& draft) -> Study& { return draft.study; };
        Table<Draft> t{"file", "The sections of a scenario."};
        t.record("scenario", study, scenario, "what it is called");
        t.record("time", whole, time, "the clock of a run");
        t.record("weather", whole, weather_type(), "sites and seed");
        t.record("grid", in(&Draft::system, &System::grid), grid_type(),
                 "stations, buses and what joins them");
        t.record("sources", in(&Draft::system, &System::sources), sources_type(), "what feeds in");
        t.record("loads", in(&Draft::system, &System::loads), loads_type(), "what consumes");
        t.record(
            "storage", [](Draft& draft) -> System& { return draft.system; }, storage_type(),
            "what holds energy");
        t.record("dispatch", in(&Draft::study, &Study::dispatch), dispatch,
                 "how sources are called");
        t.record("studies", study, studies, "what is computed");
        t.records("projects", in(&Draft::study, &Study::projects), project, "changes with dates");
        t.record("economics", in(&Draft::study, &Study::economics), economics, "prices");
        t.record("outputs", study, outputs_type(), "what is held against the results");
        return t.take();
    }();
    return type;
}

} // namespace yuanwang::scenario
