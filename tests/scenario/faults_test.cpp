#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using testing::change;
using ::testing::ElementsAre;
using testing::find_faults;
using testing::Folder;
using ::testing::IsEmpty;
using testing::two_buses;

TEST(Faults, TheSmallestScenarioHasNone) {
    EXPECT_THAT(find_faults(two_buses), IsEmpty());
}

TEST(Faults, AnUnknownKeyNamesTheNearestOne) {
    EXPECT_THAT(
        find_faults(change("length_km: 10", "lengthkm: 10")),
        ElementsAre("s.yaml:8:7: grid.lines[l].length_km: is required",
                    "s.yaml:8:31: grid.lines[l].lengthkm: unknown key, did you mean `length_km`?"));
    EXPECT_THAT(find_faults(change("loads:", "load:")),
                ElementsAre("s.yaml:12:1: load: unknown key, did you mean `loads`?"));
    EXPECT_THAT(find_faults(change("slack: true", "colour: red")),
                ElementsAre("s.yaml:11:33: sources.generators[g].colour: unknown key"));
}

TEST(Faults, ADuplicateKey) {
    EXPECT_THAT(
        find_faults(change("p_mw: 10}", "p_mw: 10, p_mw: 11}")),
        ElementsAre("s.yaml:14:33: loads.static[d].p_mw: duplicate key, already at line 14"));
}

TEST(Faults, AMissingValue) {
    EXPECT_THAT(find_faults(change("time: {start: 2025-01-01, duration: 1 y}\n", "")),
                ElementsAre("s.yaml:1:1: time.start: is required",
                            "s.yaml:1:1: time.duration: is required"));
}

TEST(Faults, UnitTextBehindANumber) {
    EXPECT_THAT(find_faults(change("length_km: 10", "length_km: 12 km")),
                ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be a number in km, without "
                            "unit text, got 12 km"));
    EXPECT_THAT(find_faults(change("length_km: 10", "length_km: 1,000")),
                ElementsAre("s.yaml:8:44: grid.lines[l].000: unknown key"));
}

TEST(Faults, AValueOfTheWrongType) {
    EXPECT_THAT(
        find_faults(change("length_km: 10", "length_km: far")),
        ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be a number in km, got far"));
    EXPECT_THAT(
        find_faults(change("length_km: 10", "length_km: \"10\"")),
        ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be a number in km, got \"10\""));
    EXPECT_THAT(
        find_faults(change("length_km: 10", "length_km: [10]")),
        ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be a number in km, got a list"));
    EXPECT_THAT(find_faults(change("length_km: 10", "length_km: 10, circuits: 1.5")),
                ElementsAre("s.yaml:8:56: grid.lines[l].circuits: must be an integer, got 1.5"));
    EXPECT_THAT(
        find_faults(change("slack: true", "slack: yes")),
        ElementsAre("s.yaml:11:40: sources.generators[g].slack: must be true or false, got yes"));
    EXPECT_THAT(
        find_faults(change("length_km: 10", "length_km: 10, status: off")),
        ElementsAre("s.yaml:8:54: grid.lines[l].status: must be one of open, closed, got off"));
    EXPECT_THAT(find_faults(change("name: Two buses", "name: [Two]")),
                ElementsAre("s.yaml:1:27: scenario.name: must be text or {en:, zh:}, got a list"));
    EXPECT_THAT(
        find_faults(change("name: Two buses", "name: {en: Two, cn: 二}")),
        ElementsAre("s.yaml:1:37: scenario.name.cn: unknown key, a name has `en` and `zh`"));
    EXPECT_THAT(find_faults(change(
                    "  lines:\n    - {id: l, from: a, to: b, length_km: 10, conductor: LGJ-240/30}",
                    "  lines: l")),
                ElementsAre("s.yaml:7:10: grid.lines: must be a list of maps, got l"));
    EXPECT_THAT(
        find_faults(change("{id: l, from: a, to: b, length_km: 10, conductor: LGJ-240/30}", "l")),
        ElementsAre("s.yaml:8:7: grid.lines[0]: must be a map, got l"));
    EXPECT_THAT(find_faults("[1, 2]"),
                ElementsAre("s.yaml:1:1: a scenario must be a map of sections, got a list"));
}

TEST(Faults, ANumberThatIsNotFinite) {
    for (const std::string written : {".nan", ".inf", "-.inf", "nan", "-inf"}) {
        EXPECT_THAT(
            find_faults(change("length_km: 10", "length_km: " + written)),
            ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be a finite number, got " +
                        written));
    }
    EXPECT_THAT(find_faults(change("length_km: 10", "length_km: 1e999")),
                ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be a number in km, without "
                            "unit text, got 1e999"));
}

TEST(Faults, ANumberOutOfRange) {
    EXPECT_THAT(find_faults(change("length_km: 10", "length_km: -12")),
                ElementsAre("s.yaml:8:42: grid.lines[l].length_km: must be > 0, got -12"));
    EXPECT_THAT(find_faults(change("length_km: 10", "length_km: 10, circuits: 0")),
                ElementsAre("s.yaml:8:56: grid.lines[l].circuits: must be within 1…12, got 0"));
    EXPECT_THAT(
        find_faults(change("base_kv: 110", "base_kv: 11000")),
        ElementsAre("s.yaml:5:24: grid.buses[a].base_kv: must be > 0 and <= 1500, got 11000"));
}

TEST(Faults, DatesStepsAndDurations) {
    EXPECT_THAT(find_faults(change("start: 2025-01-01", "start: 2025-02-29")),
                ElementsAre("s.yaml:2:15: time.start: must be a date such as 2025-01-01, or a date "
                            "and time such as 2025-01-01 08:00, got 2025-02-29"));
    EXPECT_THAT(
        find_faults(change("duration: 1 y", "step: 10 min, duration: 1 year")),
        ElementsAre(
            "s.yaml:2:33: time.step: must be one of 1 h, 30 min, 15 min, 5 min, got 10 min",
            "s.yaml:2:51: time.duration: must be a duration such as 1 y, 7 d or 12 h, got 1 year"));
    EXPECT_THAT(
        find_faults(change("duration: 1 y", "step: 5 min, duration: 99 y")),
        ElementsAre("s.yaml:2:50: time.duration: must make at most 3000000 steps, got 99 y"));
}

TEST(Faults, AnIdThatIsNoneOrNotUnique) {
    EXPECT_THAT(find_faults(change("id: g,", "id: a b,")),
                ElementsAre("s.yaml:11:12: sources.generators[a b].id: an id must be made of "
                            "letters, digits, `_`, `-` and `.`, got a b"));
    EXPECT_THAT(
        find_faults(change("    - {id: b, base_kv: 110}\n",
                           "    - {id: b, base_kv: 110}\n    - {id: a, base_kv: 330}\n")),
        ElementsAre(
            "s.yaml:7:12: grid.buses[a].id: must be unique in its list, already at line 5, got a"));
}

TEST(Faults, AnIdThatTwoListsOfOneAxisShare) {
    EXPECT_THAT(find_faults(change("sources:",
                                   "  branches: [{id: l, from: a, to: b, x_pu: 0.1}]\nsources:")),
                ElementsAre("s.yaml:9:19: grid.branches[l].id: must be unique among grid.lines, "
                            "grid.branches, grid.transformers, "
                            "grid.three_winding_transformers, already in grid.lines, got l"));
    EXPECT_THAT(find_faults(std::string{two_buses} +
                            "storage:\n  batteries: [{id: g, bus: a, p_charge_max_mw: 1, "
                            "p_discharge_max_mw: 1, e_max_mwh: 2}]\n"),
                ElementsAre("s.yaml:16:20: storage.batteries[g].id: must be unique among "
                            "sources.solar, sources.wind, sources.hydro, sources.thermal, "
                            "sources.waste_to_energy, sources.generators, sources.external_grids, "
                            "sources.hvdc, storage.batteries, storage.flywheels, "
                            "storage.supercapacitors, storage.pumped_hydro, already in "
                            "sources.generators, got g"));
}

TEST(Faults, AReferenceToNothing) {
    EXPECT_THAT(find_faults(change("to: b,", "to: bb,")),
                ElementsAre("s.yaml:8:28: grid.lines[l].to: must be the id of an element of "
                            "grid.buses (nearest: `b`), got bb"));
    EXPECT_THAT(find_faults(change("to: b,", "to: somewhere,")),
                ElementsAre("s.yaml:8:28: grid.lines[l].to: must be the id of an element of "
                            "grid.buses, got somewhere"));
    EXPECT_THAT(find_faults(change("to: b,", "to: {x: 1},")),
                ElementsAre("s.yaml:8:28: grid.lines[l].to: must be an id, got a map"));
    EXPECT_THAT(find_faults(change("LGJ-240/30", "LGJ-240/31")),
                ElementsAre("s.yaml:8:57: grid.lines[l].conductor: must name a conductor of the "
                            "library (nearest: `LGJ-240/30`), got LGJ-240/31"));
}

TEST(Faults, ImpossibleMagnitudesOfALine) {
    const auto line = [](std::string_view rest) {
        return find_faults(change("length_km: 10, conductor: LGJ-240/30", rest));
    };
    EXPECT_THAT(line("length_km: 0.001, r_ohm_per_km: 0.1, x_ohm_per_km: 0.4, b_us_per_km: 3, "
                     "rate_mva: 100"),
                ElementsAre("s.yaml:8:82: grid.lines[l].x_ohm_per_km: reactance from end to end "
                            "must be within 0.00121…605 ohm at 110 kV, got 0.0004 ohm"));
    EXPECT_THAT(
        line("length_km: 0.001, conductor: LGJ-240/30"),
        ElementsAre(::testing::MatchesRegex(
            "s.yaml:8:42: grid.lines\\[l\\].length_km: reactance from end to end must be within "
            "0.00121…605 ohm at 110 kV, got 0.000[0-9]+ ohm")));
    EXPECT_THAT(
        line("length_km: 12000, conductor: LGJ-240/30, x_ohm_per_km: 0.04"),
        ElementsAre(
            "s.yaml:8:42: grid.lines[l].length_km: must be at most 200 km at 110 kV, got 12000"));
    EXPECT_THAT(
        line("length_km: 10, conductor: LGJ-240/30, rate_mva: 80000, rate_emergency_mva: 1"),
        ElementsAre("s.yaml:8:79: grid.lines[l].rate_mva: must be within 3.811…1524 MVA at 110 kV, "
                    "got 80000",
                    "s.yaml:8:106: grid.lines[l].rate_emergency_mva: must be within 3.811…1524 MVA "
                    "at 110 kV, got 1",
                    "s.yaml:8:106: grid.lines[l].rate_emergency_mva: must not be below rate_mva "
                    "80000, got 1"));
    EXPECT_THAT(
        line("length_km: 10"),
        ElementsAre(
            "s.yaml:8:7: grid.lines[l].r_ohm_per_km: is required where no `conductor` is named",
            "s.yaml:8:7: grid.lines[l].x_ohm_per_km: is required where no `conductor` is named",
            "s.yaml:8:7: grid.lines[l].b_us_per_km: is required where no `conductor` is named",
            "s.yaml:8:7: grid.lines[l].rate_mva: is required where no `conductor` is named"));
    EXPECT_THAT(line("length_km: 10, conductor: LGJ-240/30, bundle: 4, bundle_spacing_m: 2"),
                ElementsAre("s.yaml:8:7: grid.lines[l].phase_spacing_m: must be at least twice the "
                            "width of the bundle, 5.7 m"));
    EXPECT_THAT(find_faults(change("{id: b, base_kv: 110}", "{id: b, base_kv: 330}")),
                ElementsAre("s.yaml:8:28: grid.lines[l].to: must have the voltage of `from`, 110 "
                            "kV, got b with 330 kV"));
    EXPECT_THAT(
        find_faults(change("to: b", "to: a")),
        ElementsAre("s.yaml:8:28: grid.lines[l].to: must be another bus than `from`, got a"));
}

constexpr std::string_view bank = R"(scenario: {id: bank}
time: {start: 2025-01-01, duration: 1 d}
grid:
  substations: [{id: s, levels_kv: [330, 110]}]
  transformers:
    - {id: t, hv: s_330, lv: s_110, rate_mva: 240, uk_percent: 10.5}
sources:
  generators: [{id: g, bus: s_330, p_mw: 10}]
)";

TEST(Faults, ImpossibleMagnitudesOfATransformer) {
    EXPECT_THAT(find_faults(bank), IsEmpty());
    const auto faults = [](const std::string& from, std::string_view to) {
        return find_faults(change(from, to, bank));
    };
    EXPECT_THAT(faults("rate_mva: 240", "rate_mva: 240000"),
                ElementsAre("s.yaml:6:47: grid.transformers[t].rate_mva: must be within 40…1500 "
                            "MVA at 330 kV, got 240000"));
    EXPECT_THAT(
        faults("uk_percent: 10.5", "uk_percent: 0.105"),
        ElementsAre(
            "s.yaml:6:64: grid.transformers[t].uk_percent: must be within 1…40, got 0.105"));
    EXPECT_THAT(
        faults("uk_percent: 10.5", "uk_percent: 5, ukr_percent: 6"),
        ElementsAre(
            "s.yaml:6:80: grid.transformers[t].ukr_percent: must be below uk_percent 5, got 6"));
    EXPECT_THAT(faults("hv: s_330, lv: s_110", "hv: s_110, lv: s_330"),
                ElementsAre("s.yaml:6:30: grid.transformers[t].lv: must not have a higher voltage "
                            "than `hv`, 110 kV, got s_330 with 330 kV"));
    EXPECT_THAT(faults("uk_percent: 10.5", "uk_percent: 10.5, hv_kv: 220"),
                ElementsAre("s.yaml:6:77: grid.transformers[t].hv_kv: must be within 20 % of its "
                            "bus, 330 kV, got 220"));
    EXPECT_THAT(faults("uk_percent: 10.5", "uk_percent: 10.5, tap: {position: 9}"),
                ElementsAre("s.yaml:6:86: grid.transformers[t].tap.position: must be within "
                            "tap_min…tap_max, -8…8, got 9"));
    EXPECT_THAT(faults("uk_percent: 10.5", "uk_percent: 10.5, tap: {step_percent: 9}"),
                ElementsAre("s.yaml:6:90: grid.transformers[t].tap.step_percent: must leave the "
                            "ratio within ±50 % over all positions, got 9"));
}

TEST(Faults, AnIslandWithoutASource) {
    EXPECT_THAT(find_faults(change("conductor: LGJ-240/30", "conductor: LGJ-240/30, status: open")),
                ElementsAre("s.yaml:6:7: grid.buses[b]: must be connected to a source, got an "
                            "island of 1 bus with load"));
    EXPECT_THAT(find_faults(change("    - {id: b, base_kv: 110}\n",
                                   "    - {id: b, base_kv: 110}\n    - {id: c, base_kv: 10}\n")),
                ElementsAre("s.yaml:7:7: grid.buses[c]: must be connected to a source, got an "
                            "island of 1 bus without load"));
}

TEST(Faults, WhereALoadHangs) {
    const auto load = [](std::string_view rest) {
        return find_faults(change("bus: b, p_mw: 10}\n", std::string{rest} + ", p_mw: 10}\n"));
    };
    EXPECT_THAT(load("q_mvar: 1"),
                ElementsAre("s.yaml:14:7: loads.static[d]: must name its `bus` or `buses`"));
    EXPECT_THAT(
        load("bus: b, buses: [a, b]"),
        ElementsAre(
            "s.yaml:14:7: loads.static[d]: must hang in one way: `bus`, `buses` or `spread`"));
    EXPECT_THAT(
        load("buses: [a, b], shares: [0.5]"),
        ElementsAre(
            "s.yaml:14:38: loads.static[d].shares: must have one number per bus, 2, got 1"));
    EXPECT_THAT(load("buses: [a, b], shares: [0.5, 0.6]"),
                ElementsAre("s.yaml:14:38: loads.static[d].shares: must sum to 1, got 1.1"));
    EXPECT_THAT(load("buses: [a, x]"),
                ElementsAre("s.yaml:14:26: loads.static[d].buses: must be the id of an element of "
                            "grid.buses (nearest: `a`), got x"));
    EXPECT_THAT(
        load("spread: {zones: [z], base_kv: 110}"),
        ElementsAre("s.yaml:14:23: loads.static[d].spread: must name zones of substations, got z"));
}

TEST(Faults, SourcesAndStorage) {
    const auto more = [](std::string_view section) {
        return find_faults(std::string{two_buses} + std::string{section});
    };
    EXPECT_THAT(
        more("storage: {batteries: [{id: s, bus: a, p_charge_max_mw: 1, p_discharge_max_mw: 1, "
             "e_max_mwh: 2, soc_min: 0.9, soc_max: 0.1}]}\n"),
        ElementsAre(
            "s.yaml:15:105: storage.batteries[s].soc_min: must be below soc_max 0.1, got 0.9"));
    EXPECT_THAT(more("storage: {batteries: [{id: s, bus: a, p_charge_max_mw: 1, "
                     "p_discharge_max_mw: 1, e_max_mwh: 2, soc_initial: 1}]}\n"),
                ElementsAre("s.yaml:15:109: storage.batteries[s].soc_initial: must be within "
                            "soc_min…soc_max, 0.1…0.9, got 1"));
    const auto battery = [&](std::string_view keys) {
        return more("storage: {batteries: [{id: s, bus: a, p_charge_max_mw: 1, "
                    "p_discharge_max_mw: 1, e_max_mwh: 2,\n" +
                    std::string{keys} + "}]}\n");
    };
    EXPECT_THAT(
        battery("eta_charge: -0.9, eta_discharge: 1.1, self_discharge_per_h: -1"),
        ElementsAre("s.yaml:16:13: storage.batteries[s].eta_charge: must be > 0 and <= 1, "
                    "got -0.9",
                    "s.yaml:16:34: storage.batteries[s].eta_discharge: must be > 0 and <= 1, "
                    "got 1.1",
                    "s.yaml:16:61: storage.batteries[s].self_discharge_per_h: must be within "
                    "0…0.5, got -1"));
    EXPECT_THAT(battery("charge_stop_c: 12, ua_kw_per_k: 3"),
                ElementsAre("s.yaml:16:16: storage.batteries[s].charge_stop_c: must be below "
                            "charge_full_c 10, got 12",
                            "s.yaml:16:33: storage.batteries[s].ua_kw_per_k: needs the `site` "
                            "whose weather it loses heat to, got 3"));
    EXPECT_THAT(more("storage: {flywheels: [{id: s, bus: a, p_charge_max_mw: 1, "
                     "p_discharge_max_mw: 1, speed_rpm: 8000}]}\n"),
                ElementsAre("s.yaml:15:23: storage.flywheels[s]: must state `e_max_mwh`, or both "
                            "`inertia_kg_m2` and `speed_rpm`"));
    EXPECT_THAT(more("storage: {pumped_hydro: [{id: s, bus: a, p_charge_max_mw: 1, "
                     "p_discharge_max_mw: 1, e_max_mwh: 9}],\ntenants: [{id: t, storage: s, "
                     "power_share: 0.7}]}\n"),
                ElementsAre("s.yaml:16:10: storage.tenants: power_share of the tenants of `s` "
                            "must sum to 1, got 0.7",
                            "s.yaml:16:10: storage.tenants: energy_share of the tenants of `s` "
                            "must sum to 1, got 0.7"));
    EXPECT_THAT(
        find_faults(change("slack: true", "p_min_mw: 20, p_max_mw: 12")),
        ElementsAre(
            "s.yaml:11:43: sources.generators[g].p_min_mw: must not be above p_max_mw 12, got 20"));
    EXPECT_THAT(find_faults(change("slack: true", "reactive: {q_min_mvar: 5, q_max_mvar: -5}")),
                ElementsAre("s.yaml:11:56: sources.generators[g].reactive.q_min_mvar: must not be "
                            "above q_max_mvar -5, got 5"));
    EXPECT_THAT(
        find_faults(change(
            "loads:",
            "  external_grids: [{id: e, bus: a, p_import_max_mw: 5, solar_mw: 10}]\nloads:")),
        ElementsAre("s.yaml:12:20: sources.external_grids[e].solar_site: is required beside the "
                    "plants it drives"));
    EXPECT_THAT(find_faults(change("loads:",
                                   "  wind: [{id: w, bus: a, site: s, p_rated_mw: 10, power_curve: "
                                   "iec_class_4}]\nweather: {sites: [{id: s, latitude_degree: 36, "
                                   "longitude_degree: 101, altitude_m: 2000}]}\nloads:")),
                ElementsAre("s.yaml:12:64: sources.wind[w].power_curve: must name a power curve of "
                            "the library (nearest: `iec_class_2`), got iec_class_4",
                            "s.yaml:13:19: weather.sites[s]: must have either `normals` or `epw`"));
}

TEST(Faults, GreenContracts) {
    const auto contract = [](const std::string& keys) {
        return find_faults(change("p_mw: 10}", "p_mw: 10}\n  green_contracts:\n"
                                               "    - {id: c, loads: [d], seller: g, share: 0.7}\n"
                                               "    - {id: e, " +
                                                   keys + "}"));
    };
    EXPECT_THAT(
        contract("loads: [d, x], seller: d, share: 1.2"),
        ElementsAre("s.yaml:17:26: loads.green_contracts[e].loads: must be the id of an element of "
                    "loads.static, loads.profiled, loads.heating, loads.potlines, "
                    "loads.data_centers, loads.street_lamps, loads.sewage, loads.works "
                    "(nearest: `d`), got x",
                    "s.yaml:17:38: loads.green_contracts[e].seller: must be the id of an element "
                    "of sources.solar, sources.wind, sources.hydro, sources.waste_to_energy, "
                    "sources.generators, sources.external_grids (nearest: `g`), got d",
                    "s.yaml:17:48: loads.green_contracts[e].share: must be within 0…1, got 1.2"));
    EXPECT_THAT(contract("loads: [d], seller: g, share: 0.4"),
                ElementsAre("s.yaml:16:5: loads.green_contracts: shares of `g` must sum to at "
                            "most 1, got 1.1"));
}

TEST(Faults, ListsOfTwelve) {
    const auto normals = [](std::string_view ghi) {
        return find_faults(std::string{two_buses} +
                           "weather: {sites: [{id: s, latitude_degree: 36, longitude_degree: 101, "
                           "altitude_m: 2000, normals: {ghi_kwh_per_m2: " +
                           std::string{ghi} +
                           ", temperature_c: 5, temperature_range_k: 12, relative_humidity: 0.5, "
                           "wind_speed_m_per_s: 3}}]}\n");
    };
    EXPECT_THAT(normals("120"), IsEmpty());
    EXPECT_THAT(normals("[1, 2]"),
                ElementsAre("s.yaml:15:115: weather.sites[s].normals.ghi_kwh_per_m2: must be a "
                            "list of 12 numbers, got 2"));
    EXPECT_THAT(normals("[1, x, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"),
                ElementsAre("s.yaml:15:119: weather.sites[s].normals.ghi_kwh_per_m2: must be a "
                            "number in kWh/m2, got x"));
}

TEST(Faults, AMarkThatIsFactAndAssumption) {
    EXPECT_THAT(find_faults(change("length_km: 10",
                                   "length_km: {value: 10, source: a map, assumed: a guess}")),
                ElementsAre("s.yaml:8:78: grid.lines[l].length_km.assumed: a value is either a "
                            "fact with `source` or `assumed`, not both"));
}

TEST(Faults, AMissingWeatherFile) {
    EXPECT_THAT(
        find_faults(std::string{two_buses} +
                    "weather: {sites: [{id: s, latitude_degree: 36, longitude_degree: 101, "
                    "altitude_m: 2000, epw: none.epw}]}\n"),
        ElementsAre(
            "s.yaml:15:94: weather.sites[s].epw: must name a file that can be read, got none.epw"));
}

TEST(Faults, AllOfARunAreToldTogetherInOrderOfPlace) {
    const Folder folder;
    folder.write("b.yaml", change("base_kv: 110}\n  lines", "base_kv: x}\n  lines",
                                  change("p_mw: 10}\n", "p_mw: y}\n")));
    folder.write("a.yaml", "extends: b.yaml\nscenario: {name: A, nam: B}\ngrid: {lines: [{id: l, "
                           "to: c, length_km: 0}]}\n");
    EXPECT_THAT(find_faults(folder, "a.yaml", {.set = {"time.duration=x"}, .seed = {}}),
                ElementsAre("--set time.duration=x: time.duration: must be a duration such as 1 y, "
                            "7 d or 12 h, got x",
                            "a.yaml:2:21: scenario.nam: unknown key, did you mean `name`?",
                            "a.yaml:3:28: grid.lines[l].to: must be the id of an element of "
                            "grid.buses (nearest: `a`), got c",
                            "a.yaml:3:42: grid.lines[l].length_km: must be > 0, got 0",
                            "b.yaml:6:24: grid.buses[b].base_kv: must be a number in kV, got x",
                            "b.yaml:14:29: loads.static[d].p_mw: must be a number in MW, got y"));
}

TEST(Faults, TheMessageOfTheErrorHasOneLineEach) {
    const Folder folder;
    folder.write("s.yaml", change("length_km: 10", "length_km: -1"));
    try {
        (void)load_scenario(folder.root() / "s.yaml");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(std::string{error.what()},
                  folder.root().string() +
                      "/s.yaml:8:42: grid.lines[l].length_km: must be > 0, got -1");
    }
}

TEST(Faults, AFileThatIsNoYamlIsOneFaultOnly) {
    const Folder folder;
    folder.write("a.yaml", "extends: b.yaml\n");
    folder.write("b.yaml", "grid: {lines: [\n");
    EXPECT_THAT(find_faults(folder, "a.yaml"),
                ElementsAre("b.yaml:2:1: is not valid YAML: end of sequence flow not found"));
    EXPECT_THROW((void)load_scenario(folder.root() / "none.yaml"), IoError);
}

TEST(Faults, AValueIsShownOnOneHarmlessLine) {
    EXPECT_THAT(
        find_faults(
            change("length_km: 10", "length_km: \"a\\n\\e[31m" + std::string(200, 'x') + "\"")),
        ElementsAre(
            "s.yaml:8:42: grid.lines[l].length_km: must be a number in km, got \"a\\n\\x1b[31m" +
            std::string(69, 'x') + "…\""));
}

} // namespace
} // namespace yuanwang::scenario
