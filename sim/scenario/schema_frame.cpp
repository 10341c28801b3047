#include "scenario/schema_parts.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "scenario/draft.hpp"
#include "scenario/table.hpp"

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

std::string write_rule(const Range& range) {
    const bool below = std::isfinite(range.min);
    const bool above = std::isfinite(range.max);
    const char* const from = range.min_excluded ? ">" : ">=";
    if (below && above) {
        return range.min_excluded
                   ? fmt::format("must be {} {:g} and <= {:g}", from, range.min, range.max)
                   : fmt::format("must be within {:g}…{:g}", range.min, range.max);
    }
    return below ? fmt::format("must be {} {:g}", from, range.min)
                 : fmt::format("must be <= {:g}", range.max);
}

std::string find_unit(std::string_view key) {
    // Longest ends first: `_ohm_per_km` before `_km`.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 44> units = {{
        {"_kwh_per_m2", "kWh/m2"},
        {"_cny_per_mwh", "CNY/MWh"},
        {"_ohm_per_km", "ohm/km"},
        {"_t_per_year", "t/year"},
        {"_co2_t_per_mwh", "t/MWh"},
        {"_t_per_mwh", "t/MWh"},
        {"_m3_per_day", "m3/day"},
        {"m3_per_day", "m3/day"},
        {"_kwh_per_m3", "kWh/m3"},
        {"kwh_per_m3", "kWh/m3"},
        {"_kwh_per_t", "kWh/t"},
        {"kwh_per_t", "kWh/t"},
        {"_t_per_day", "t/day"},
        {"_g_per_kwh", "g/kWh"},
        {"_cny_per_t", "CNY/t"},
        {"_us_per_km", "uS/km"},
        {"_mw_per_k", "MW/K"},
        {"_m_per_s", "m/s"},
        {"watt_per_lamp", "W"},
        {"_per_k", "1/K"},
        {"_per_h", "1/h"},
        {"_degree", "degrees"},
        {"_percent", "%"},
        {"_mvar", "Mvar"},
        {"_mva", "MVA"},
        {"_mwh", "MWh"},
        {"_mw", "MW"},
        {"_kw", "kW"},
        {"_kv", "kV"},
        {"_km", "km"},
        {"_pu", "pu"},
        {"_cny", "CNY"},
        {"_co2_t", "t"},
        {"_hour", "h"},
        {"_day", "day of year"},
        {"_h", "h"},
        {"_m", "m"},
        {"_c", "degrees C"},
        {"_k", "K"},
        {"pflops", "PFLOP/s"},
        {"_t", "t"},
        {"_s", "s"},
        {"_g", "g"},
        {"_pa", "Pa"},
    }};
    for (const auto& [ending, unit] : units) {
        if (key.ends_with(ending)) {
            return std::string{unit};
        }
    }
    return {};
}

std::optional<Duration> parse_duration(std::string_view text) {
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view rest{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    constexpr int longest = 100000;
    if (error != std::errc{} || count <= 0 || count > longest || rest.size() != 2 ||
        rest[0] != ' ' || std::string_view{"ydh"}.find(rest[1]) == std::string_view::npos) {
        return std::nullopt;
    }
    return Duration{count, rest[1]};
}

namespace {

/// Digits at a place of a text as a number, or −1.
int read_digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t k = at; k < at + count; ++k) {
        if (k >= text.size() || text[k] < '0' || text[k] > '9') {
            return -1;
        }
        value = value * 10 + (text[k] - '0');
    }
    return value;
}

} // namespace

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
    const int year = read_digits(text, 0, 4);
    const int month = read_digits(text, 5, 2);
    const int day = read_digits(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 1900 || year > 2200 ||
        month < 0 || day < 0) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    return date.ok() ? std::optional{date} : std::nullopt;
}

std::optional<std::chrono::sys_seconds> parse_instant(std::string_view text) {
    const auto date = parse_date(text.substr(0, 10));
    if (!date) {
        return std::nullopt;
    }
    const std::chrono::sys_seconds midnight = beijing_midnight(*date);
    if (text.size() == 10) {
        return midnight;
    }
    const int hour = read_digits(text, 11, 2);
    const int minute = read_digits(text, 14, 2);
    if (text.size() != 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59) {
        return std::nullopt;
    }
    return midnight + std::chrono::hours{hour} + std::chrono::minutes{minute};
}

namespace {

constexpr std::array<int, 4> steps_min = {60, 30, 15, 5};

RecordType make_scenario_record() {
    Table<Study> t{"scenario", "What this scenario is called."};
    t.id(&Study::id);
    t.name("name", &Study::name, "display name");
    t.name("description", &Study::description, "what it is about");
    return t.take();
}

/// The axis of a run, or a fault where the steps do not fit.
void make_time_axis(Reader& reader, const Node& element, Draft& draft) {
    const std::optional<Duration> duration = parse_duration(draft.duration);
    TimeAxis& time = draft.study.time;
    time.start = draft.start;
    time.step = std::chrono::minutes{steps_min[static_cast<std::size_t>(draft.step_min)]};
    if (!duration) {
        return;
    }
    using namespace std::chrono;
    sys_seconds end =
        time.start + hours{duration->unit == 'd' ? 24 * duration->count : duration->count};
    if (duration->unit == 'y') {
        const sys_seconds local = time.start + beijing_offset;
        const sys_days midnight = floor<days>(local);
        year_month_day date{midnight};
        date += years{duration->count};
        if (!date.ok()) { // 29 February, in a year without one
            date = date.year() / date.month() / last;
        }
        end = beijing_midnight(date) + (local - midnight);
    }
    constexpr std::size_t most_steps = 3'000'000;
    const auto n_step = static_cast<std::size_t>((end - time.start) / time.step);
    if (n_step > most_steps) {
        reader.add_fault(element, "duration",
                         fmt::format("must make at most {} steps", most_steps));
        return;
    }
    time.n_step = n_step;
}

RecordType make_time_record() {
    Table<Draft> t{"time", "The clock of a run; the Beijing clock is meant."};
    t.add("start", FieldKind::instant, "first step",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              static_cast<Draft*>(table)->start =
                  (value ? reader.read_instant(*value) : std::nullopt)
                      .value_or(std::chrono::sys_seconds{});
          })
        .need();
    t.word("step", &Draft::step_min, {"1 h", "30 min", "15 min", "5 min"}, "length of a step")
        .otherwise("1 h");
    t.add("duration", FieldKind::duration, "length of the run: N y, N d or N h",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              static_cast<Draft*>(table)->duration =
                  (value ? reader.read_duration(*value) : std::nullopt).value_or("");
          })
        .need();
    t.finish(make_time_axis);
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
    t.word("method", &D::method, {"none", "rules"}, "`none` runs every source at its set power")
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
    return t.take();
}

RecordType make_power_flow_record() {
    using O = powerflow::Options;
    Table<O> t{"power_flow", "The AC solution."};
    t.number("tolerance_pu", &O::tolerance_pu, "largest bus mismatch of a converged step")
        .positive()
        .up_to(0.01)
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
    return t.take();
}

const RecordType& n1_type() {
    static const RecordType type = [] {
        Table<Study> t{"n_1", "Security after one outage."};
        t.references("exceptions", &Study::n1_exceptions, branch_lists(),
                     "corridors and banks known not to be N-1 secure")
            .any_epoch = true;
        return t.take();
    }();
    return type;
}

RecordType make_studies_record() {
    static const RecordType power_flow = make_power_flow_record();
    Table<Study> t{"studies", "What is computed for every step."};
    t.record("power_flow", &Study::powerflow, power_flow, "the AC solution");
    t.record(
        "n_1", [](Study& study) -> Study& { return study; }, n1_type(),
        "security after one outage");
    return t.take();
}

const std::vector<std::string>& project_states() {
    static const std::vector<std::string> words = {"in_service", "under_construction", "planned",
                                                   "candidate"};
    return words;
}

RecordType make_project_record() {
    Table<Project> t{
        "project",
        "A change with a date: merged from 00:00 Beijing time of `in_service` on, where enabled."};
    t.id(&Project::id);
    t.name("name", &Project::name, "display name");
    t.word("class", &Project::project_class,
           {"solar", "wind", "hydro", "thermal", "storage", "grid", "efficiency", "clean_heating",
            "zero_carbon_park", "compute", "other"},
           "what kind it is")
        .need();
    t.word("status", &Project::status, project_states(), "how far it is").otherwise("planned");
    t.date("in_service", &Project::in_service,
           "first day in force; from the start where none is given");
    t.add("enabled", FieldKind::boolean, "whether it takes part",
          [](const Field&, Reader& reader, const Node* value, void* table) {
              Project& project = *static_cast<Project*>(table);
              const bool dated = project.status == "under_construction" && project.in_service;
              project.enabled = (value ? reader.read_boolean(*value) : std::nullopt)
                                    .value_or(project.status == "in_service" || dated);
          })
        .computed("true where in service, or under construction with a date");
    t.integer("count", &Project::count, "entries of the public portfolio it stands for")
        .within(0, 10000)
        .otherwise("1");
    t.number("capex_cny", &Project::capex_cny, "investment").at_least(0).otherwise("0");
    t.add("changes", FieldKind::changes,
          "grid, sources, loads, storage, and `remove`, in the shape of a scenario",
          [](const Field&, Reader&, const Node*, void*) {});
    t.finish([](Reader&, const Node&, Project& project) {
        if (project.name.en.empty() && project.name.zh.empty()) {
            project.name.en = project.id;
        }
    });
    return t.take();
}

RecordType make_economics_record() {
    using E = EconomicSettings;
    Table<E> t{"economics", "Prices of the study."};
    t.number("discount_rate", &E::discount_rate, "per year").within(0, 0.5).otherwise("0.06");
    t.number("unserved_cny_per_mwh", &E::unserved_cny_per_mwh, "value of energy not delivered")
        .at_least(0)
        .otherwise("20000");
    t.number("co2_cny_per_t", &E::co2_cny_per_t, "price of CO2").at_least(0).otherwise("0");
    return t.take();
}

const RecordType& calibration_type() {
    static const RecordType type = [] {
        using C = CalibrationTarget;
        Table<C> t{"calibration", "A band an indicator of the run must fall into; its `source` "
                                  "stands beside it in the report."};
        t.id(&C::id);
        t.name("name", &C::name, "display name");
        t.text("indicator", &C::indicator, "name in summary.json, under indicators or counts")
            .need();
        t.number("min", &C::min, "lower end").need();
        t.number("max", &C::max, "upper end").need();
        t.finish([](Reader& reader, const Node& element, C& target) {
            if (target.min > target.max) {
                reader.add_fault(element, "min",
                                 fmt::format("must not be above max {:g}", target.max));
            }
            if (target.name.en.empty() && target.name.zh.empty()) {
                target.name.en = target.id;
            }
            const Node* marked = element.find("min");
            target.source = marked && marked->mark ? marked->mark->reason : "";
        });
        return t.take();
    }();
    return type;
}

const RecordType& outputs_type() {
    static const RecordType type = [] {
        Table<Study> t{"outputs", "What is held against the results."};
        t.records("calibration", &Study::calibration, calibration_type(), "bands of indicators");
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
              [](const Field& field, Reader& reader, const Node* value, void* table) {
                  static_cast<Draft*>(table)->study.seed = static_cast<std::uint64_t>(
                      (value ? reader.read_integer(field, *value) : std::nullopt).value_or(1));
              })
            .at_least(0)
            .otherwise("1");
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
    static const RecordType time = make_time_record();
    static const RecordType dispatch = make_dispatch_record();
    static const RecordType studies = make_studies_record();
    static const RecordType project = make_project_record();
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
