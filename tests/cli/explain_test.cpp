/// What a planner reads where a city cannot be dispatched as asked: one file for each cause, the words and the exit code.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace yuanwang {
namespace {

using testing::Finished;
using ::testing::HasSubstr;
using testing::read_file;
using testing::run_program;
using testing::TemporaryFolder;
using testing::write_file;

/// Two districts in a row behind a tie, a plant in each.
///
///     gate ══ west (coal 300) ══ east (coal 100, two thirds of the load)
const std::string town = R"(scenario: {id: town}
time: {start: 2025-01-13, step: 1 h, duration: 1 d}
weather:
  sites:
    - {id: here, latitude_degree: 36.6, longitude_degree: 101.8, altitude_m: 2261, normals: {ghi_kwh_per_m2: [80, 101, 130, 164, 170, 170, 195, 153, 114, 111, 90, 76], temperature_c: [-6, -4, 3, 9, 13, 16, 18, 17, 12, 6, 0, -5], temperature_range_k: [14, 14, 13, 12, 12, 11, 11, 11, 11, 12, 13, 14], relative_humidity: [0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.6, 0.6, 0.5], wind_speed_m_per_s: [3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3]}}
grid:
  substations:
    - {id: gate, name: {en: Gate, zh: 门站}, zone: gate, kind: boundary, in_city: false, latitude_degree: 36.6, longitude_degree: 101.6, levels_kv: [330]}
    - {id: west, name: {en: West, zh: 城西}, zone: west, kind: public, in_city: true, latitude_degree: 36.6, longitude_degree: 101.8, levels_kv: [330]}
    - {id: east, name: {en: East, zh: 城东}, zone: east, kind: public, in_city: true, latitude_degree: 36.7, longitude_degree: 101.9, levels_kv: [330]}
  lines:
    - {id: l_gate_west, name: {en: Gate-West, zh: 门站-城西}, from: gate_330, to: west_330, circuits: 2, length_km: 20, conductor: LGJ-400/35, bundle: 2}
    - {id: l_west_east, name: {en: West-East, zh: 城西-城东}, from: west_330, to: east_330, circuits: 2, length_km: 15, conductor: LGJ-400/35, bundle: 2}
sources:
  thermal:
    - {id: coal_west, name: {en: West plant, zh: 城西电厂}, bus: west_330, p_rated_mw: 150, units: 2, p_min_mw: 60, chp: false, price_cny_per_mwh: 330, reactive: {mode: voltage, vm_set_pu: 1.02, q_min_mvar: -100, q_max_mvar: 150}}
    - {id: coal_east, name: {en: East plant, zh: 城东电厂}, bus: east_330, p_rated_mw: 100, units: 1, p_min_mw: 40, chp: false, price_cny_per_mwh: 350, reactive: {mode: voltage, vm_set_pu: 1.02, q_min_mvar: -60, q_max_mvar: 90}}
  external_grids:
    - {id: province, name: {en: Provincial grid, zh: 省网}, buses: [gate_330], shares: [1.0], solar_site: here, wind_site: here, participation: 1, solar_mw: 0, wind_mw: 0, hydro_mw: 0, own_load_mw: 0, hvdc_rated_mw: 0, hvdc_duty_share: 0, p_import_max_mw: 400, p_export_max_mw: 0, firm_mw: 400, firm_price_cny_per_mwh: 300, reactive: {mode: voltage, vm_set_pu: 1.02, q_min_mvar: -300, q_max_mvar: 300}}
loads:
  profiled:
    - {id: homes_west, name: {en: Homes west, zh: 城西居民}, category: residential, bus: west_330, p_mean_mw: 150, noise: 0, large_works: false, power_factor: 0.97}
    - {id: homes_east, name: {en: Homes east, zh: 城东居民}, category: residential, bus: east_330, p_mean_mw: 220, noise: 0, large_works: false, power_factor: 0.97}
    - {id: works_east, name: {en: Works east, zh: 城东工厂}, category: machinery, bus: east_330, p_mean_mw: 80, noise: 0, large_works: true, power_factor: 0.97}
dispatch: {method: optimal, n_1_limits: false}
)";

/// The town with a change on top, run for its day.
struct Asked {
    TemporaryFolder folder;
    Finished run;
    explicit Asked(const std::string& change, const std::string& language = "en") {
        write_file(folder.path() / "town.yaml", town);
        write_file(folder.path() / "changed.yaml", "extends: [town.yaml]\n" + change);
        run = run_program({"--lang", language, "run", "changed.yaml", "-o", "out", "--no-report"},
                          folder.path());
    }
    [[nodiscard]] nlohmann::json first_cause() const {
        const auto summary = nlohmann::json::parse(read_file(folder.path() / "out/summary.json"));
        return summary.at("explanations").at(0).at("causes").at(0);
    }
};

TEST(Explained, ASoundTownSaysNothing) {
    const Asked sound{"scenario: {id: sound}\n"};
    EXPECT_EQ(sound.run.code, 0) << sound.run.err;
}

TEST(Explained, ANarrowLineIsNamedWithItsMegawatts) {
    const Asked narrow{"grid: {lines: [{id: l_west_east, rate_mva: 60}]}\n"};
    EXPECT_EQ(narrow.run.code, 4) << narrow.run.err;
    EXPECT_THAT(narrow.run.err,
                HasSubstr("1. the network is in the way: line West-East (l_west_east) can carry"));
    EXPECT_THAT(narrow.run.err, HasSubstr("more would do, or"));
    const nlohmann::json cause = narrow.first_cause();
    EXPECT_EQ(cause.at("kind"), "narrow_corridor");
    EXPECT_EQ(cause.at("element"), "l_west_east");
    // 300 MW of load and a plant of 100 in the east; both circuits together
    EXPECT_NEAR(cause.at("corrected").get<double>(), 200, 10);
    EXPECT_NEAR(cause.at("relax_by").get<double>(),
                cause.at("corrected").get<double>() - cause.at("value").get<double>(), 1e-6);
    const Asked in_chinese{"grid: {lines: [{id: l_west_east, rate_mva: 60}]}\n", "zh"};
    EXPECT_THAT(in_chinese.run.err, HasSubstr("网络受限：线路城西-城东（l_west_east）可送"));
}

TEST(Explained, MissingCapacity) {
    const Asked poor{"sources: {external_grids: [{id: province, p_import_max_mw: 20}]}\n"};
    EXPECT_EQ(poor.run.code, 4) << poor.run.err;
    EXPECT_THAT(poor.run.err, HasSubstr("1. capacity is missing:"));
}

TEST(Explained, AThermalMinimumBeyondThePlants) {
    const Asked hot{"dispatch: {thermal_minimum_heating_mw: 500}\n"};
    EXPECT_EQ(hot.run.code, 4) << hot.run.err;
    EXPECT_THAT(hot.run.err, HasSubstr("1. least outputs contradict the rest: 100.00 MW less"));
}

TEST(Explained, AUnitSlip) {
    const Asked slip{"loads: {profiled: [{id: works_east, p_mean_mw: 80000}]}\n"};
    EXPECT_EQ(slip.run.code, 4) << slip.run.err;
    EXPECT_THAT(slip.run.err, HasSubstr("1. a unit may have slipped: Works east has 80000 MW, with "
                                        "80 everything works"));
}

TEST(Explained, AnIslandedLoad) {
    const Asked cut{"grid: {lines: [{id: l_west_east, status: open}]}\n"
                    "sources: {thermal: [{id: coal_east, p_rated_mw: 50, p_min_mw: 10}]}\n"};
    EXPECT_EQ(cut.run.code, 4) << cut.run.err;
    EXPECT_THAT(cut.run.err, HasSubstr("1. the island of bus east_330 is cut off from sources that "
                                       "could feed it: a line of"));
}

TEST(Explained, OutputNobodyTakes) {
    const Asked full{
        "sources: {hvdc: [{id: dc, name: {en: HVDC in, zh: 直流馈入}, bus: west_330, p_mw: 900, "
        "reactive: {mode: reactive, q_set_mvar: 0, q_min_mvar: -50, q_max_mvar: 50}}]}\n"};
    EXPECT_EQ(full.run.code, 4) << full.run.err;
    EXPECT_THAT(full.run.err, HasSubstr("first of all HVDC in"));
}

TEST(Compare, OneScenarioByRulesAndByPlanInOneCommand) {
    const TemporaryFolder folder;
    write_file(folder.path() / "town.yaml", town);
    const Finished both =
        run_program({"compare", "town.yaml", "--methods", "rules,optimal"}, folder.path());
    EXPECT_EQ(both.code, 0) << both.err;
    EXPECT_THAT(both.out, HasSubstr("dispatch.method"));
    for (const char* name : {"results/town-rules", "results/town-optimal"}) {
        EXPECT_THAT(read_file(folder.path() / name / "summary.json"), HasSubstr("cost_cny"));
    }
    EXPECT_EQ(run_program({"compare", "town.yaml", "--methods", "rules"}, folder.path()).code, 2);
    EXPECT_EQ(run_program({"compare", "town.yaml"}, folder.path()).code, 2);
}

} // namespace
} // namespace yuanwang
