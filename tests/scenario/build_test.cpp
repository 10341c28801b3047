#include "scenario/build.hpp"

#include <cmath>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using testing::change;
using ::testing::ElementsAre;
using testing::load_text;
using testing::two_buses;

constexpr std::string_view town = R"(scenario: {id: town, name: {en: Town, zh: 小城}}
time: {start: 2025-06-01 08:00, step: 15 min, duration: 2 d}
weather:
  sites: [{id: s, latitude_degree: 36.6, longitude_degree: 101.8, altitude_m: 2261, normals: {ghi_kwh_per_m2: 130, temperature_c: 5,
    temperature_range_k: 12, relative_humidity: 0.5, wind_speed_m_per_s: 3}}]
grid:
  assumed: drawn by hand
  substations:
    - {id: gate, name: {en: Gate, zh: 门}, kind: boundary, in_city: false, levels_kv: [330, 110]}
    - {id: east, name: East, zone: e, levels_kv: [110]}
    - {id: west, zone: w, levels_kv: [110]}
    - {id: works, zone: w, kind: user, levels_kv: [110]}
  buses:
    - {id: east_110, vm_min_pu: 0.98}
    - {id: extra, base_kv: 10, substation: west}
  transformers:
    - {id: t, hv: gate_330, lv: gate_110, rate_mva: 240, uk_percent: 10.5, tap: {on_load: true, regulated_bus: east_110}}
    - {id: t_extra, hv: west_110, lv: extra, rate_mva: 20, uk_percent: 10.5}
  lines:
    - &line {id: l_east, from: gate_110, to: east_110, length_km: 10, conductor: LGJ-240/30}
    - {<<: *line, id: l_west, to: west_110}
    - {<<: *line, id: l_works, to: works_110}
  shunts:
    - {id: c, bus: east_110, q_step_mvar: 10, n_steps: 3}
    - {id: r, bus: east_110, q_step_mvar: -10, n_steps: 3, switched: true}
  sections:
    - {id: cut, branches: [{branch: l_east}, {branch: l_west, sign: -1}], limit_mw: 100}
sources:
  external_grids:
    - {id: province, buses: [gate_330], p_import_max_mw: 200}
  solar:
    - {id: sun, bus: west_110, site: s, p_rated_mw: {value: 80, source: "a plan"}}
loads:
  profiles: [{id: p, workday: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}]
  profiled:
    - {id: homes, spread: {zones: [e, w], base_kv: 110}, p_mean_mw: 30, profile: p}
    - {id: shops, buses: [east_110, west_110], shares: [0.25, 0.75], p_mean_mw: 10}
)";

TEST(Build, LevelsOfSubstationsMakeBusesInOrderAndWrittenOnesOverrideOrFollow) {
    const engine::Study study = load_text(town);
    const network::Buses& buses = study.epochs[0].system.grid.buses;
    EXPECT_THAT(buses.id,
                ElementsAre("gate_330", "gate_110", "east_110", "west_110", "works_110", "extra"));
    EXPECT_EQ(buses.name[0], (Name{"Gate 330 kV", "门 330 kV"}));
    EXPECT_EQ(buses.base_kv[BusIdx{0}], 330);
    EXPECT_EQ(buses.substation[BusIdx{2}], SubstationIdx{1});
    EXPECT_EQ(buses.vm_min_pu[BusIdx{2}], 0.98);
    EXPECT_EQ(buses.vm_max_pu[BusIdx{2}], 1.07);
    EXPECT_EQ(buses.substation[BusIdx{5}], SubstationIdx{2});
}

TEST(Build, VoltageBandsFollowTheClass) {
    const engine::Study study = load_text(town);
    const network::Buses& buses = study.epochs[0].system.grid.buses;
    EXPECT_DOUBLE_EQ(buses.vm_min_pu[BusIdx{0}], 313.0 / 330.0);
    EXPECT_DOUBLE_EQ(buses.vm_max_pu[BusIdx{0}], 1.1);
    EXPECT_DOUBLE_EQ(buses.vm_emergency_min_pu[BusIdx{1}], 0.9);
    EXPECT_DOUBLE_EQ(buses.vm_min_pu[BusIdx{5}], 0.9);
}

TEST(Build, TheClockOfARunIsBeijingTime) {
    const engine::Study study = load_text(town);
    EXPECT_EQ(to_iso_utc(study.time.start), "2025-06-01T00:00:00Z");
    EXPECT_EQ(study.time.step, std::chrono::minutes{15});
    EXPECT_EQ(study.time.n_step, 192U);
    EXPECT_EQ(load_text(two_buses).time.n_step, 8760U);
    EXPECT_EQ(load_text(change("start: 2025-01-01", "start: 2024-01-01")).time.n_step, 8784U);
}

TEST(Build, ASpreadLoadTakesThePublicInCityBusesOfItsZones) {
    const engine::Study study = load_text(town);
    const engine::ProfileLoadFleet& loads = study.epochs[0].system.loads.profiled;
    EXPECT_THAT(loads.buses[0], ElementsAre(BusIdx{2}, BusIdx{3}));
    EXPECT_THAT(loads.shares[0], ElementsAre(0.5, 0.5));
    EXPECT_THAT(loads.shares[1], ElementsAre(0.25, 0.75));
    EXPECT_THAT(loads.loads.profile, ElementsAre(0, -1));
    EXPECT_EQ(study.epochs[0].system.loads.profiles[0].weekend[1], 2);
    EXPECT_EQ(study.epochs[0].system.loads.profiles[0].monthly[11], 1);
}

TEST(Build, DefaultsThatDependOnOtherValues) {
    const engine::System system = load_text(town).epochs[0].system;
    EXPECT_EQ(system.grid.shunts.steps,
              (Column<ShuntIdx, int>{3, 0})); // all in where fixed, none where switched
    EXPECT_EQ(system.grid.shunts.vm_min_pu[ShuntIdx{1}], 0.98);
    EXPECT_EQ(system.sources.external_grids.grids.firm_mw[0], 200);
    EXPECT_EQ(system.sources.external_grids.reactive[0].mode, powerflow::ReactiveMode::voltage);
    EXPECT_EQ(system.sources.external_grids.reactive[0].q_max_mvar, 100);
    EXPECT_EQ(system.sources.solar.reactive[0].mode, powerflow::ReactiveMode::power_factor);
    EXPECT_DOUBLE_EQ(system.sources.solar.reactive[0].q_min_mvar, -0.33 * 80);
    EXPECT_FALSE(system.grid.lines.rate_mva[LineIdx{0}].has_value());
    EXPECT_EQ(system.grid.lines.phase_spacing_m[LineIdx{0}], 4);
}

TEST(Build, ReferencesBecomeRows) {
    const engine::System system = load_text(town).epochs[0].system;
    EXPECT_EQ(system.grid.lines.to, (Column<LineIdx, BusIdx>{BusIdx{2}, BusIdx{3}, BusIdx{4}}));
    EXPECT_EQ(system.grid.transformers.tap.regulated_bus[0], BusIdx{2});
    EXPECT_FALSE(system.grid.transformers.tap.regulated_bus[1].valid());
    EXPECT_EQ(system.sources.solar.site[0], SiteIdx{0});
    EXPECT_THAT(system.grid.sections.branch[SectionIdx{0}], ElementsAre("l_east", "l_west"));
    EXPECT_THAT(system.grid.sections.sign[SectionIdx{0}], ElementsAre(1, -1));
}

TEST(Build, NamesAreBilingualAndDefaultToTheId) {
    const engine::Study study = load_text(town);
    EXPECT_EQ(study.name, (Name{"Town", "小城"}));
    const network::Substations& stations = study.epochs[0].system.grid.substations;
    EXPECT_EQ(stations.name[0].in(Language::zh), "门");
    EXPECT_EQ(stations.name[1].in(Language::zh), "East");
    EXPECT_EQ(stations.name[2].in(Language::en), "west");
}

TEST(Build, ProvenanceIsListedAtTheHighestPathThatSharesIt) {
    using Kind = engine::Provenance::Kind;
    EXPECT_THAT(load_text(town).provenance,
                ElementsAre(engine::Provenance{"grid", "64 values", Kind::assumed, "drawn by hand"},
                            engine::Provenance{"sources.solar[sun].p_rated_mw", "80", Kind::fact,
                                               "a plan"}));
}

TEST(Build, AnOverlayDoesNotInheritTheSourceOfWhatItReplaces) {
    const testing::Folder folder;
    folder.write("base.yaml", change("grid:\n", "grid:\n  source: a map\n"));
    const auto top =
        folder.write("top.yaml", "extends: base.yaml\ngrid: {lines: [{id: l, length_km: 20}]}\n");
    for (const engine::Provenance& row : load_scenario(top).study.provenance) {
        EXPECT_NE(row.path, "grid.lines[l].length_km");
        EXPECT_NE(row.path, "grid");
    }
}

TEST(Build, CalibrationTargetsCarryTheirSource) {
    const engine::Study study =
        load_text(std::string{two_buses} + "outputs: {calibration: [{id: peak, indicator: "
                                           "peak_demand_mw, min: 1, max: 2, source: page 7}]}\n");
    ASSERT_EQ(study.calibration.size(), 1U);
    EXPECT_EQ(study.calibration[0].source, "page 7");
    EXPECT_EQ(study.calibration[0].indicator, "peak_demand_mw");
}

TEST(Build, AFleetKeepsAllColumnsOfOneLengthWhateverIsAtFault) {
    // A study with faults is never used, but building it must not fall over its own columns.
    const std::vector<std::string> faults =
        testing::find_faults(change("id: l, from: a", "id: [l], from: x, tap: 3"));
    EXPECT_GE(faults.size(), 3U);
}

} // namespace
} // namespace yuanwang::scenario
