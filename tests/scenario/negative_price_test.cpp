/// Energy at negative prices: what is best is enumerated by hand, the plan must find it and say its price.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "scenario/files.hpp"
#include "scenario/load_study.hpp"
#include "support/collecting_sink.hpp"

namespace yuanwang::scenario {
namespace {

using engine::BlockResult;
using ::testing::DoubleNear;
using ::testing::Each;

///     tie, −80 CNY/MWh, ±100 MW ── a ═══ b ── 50 MW, unit of 0…30 MW at no cost
constexpr const char* paid_import = R"(
scenario: {id: paid}
time: {start: 2025-06-02, step: 1 h, duration: 6 h}
weather:
  sites:
    - {id: here, latitude_degree: 36.6, longitude_degree: 101.8, altitude_m: 2261, normals: {ghi_kwh_per_m2: [80, 101, 130, 164, 170, 170, 195, 153, 114, 111, 90, 76], temperature_c: [-6, -4, 3, 9, 13, 16, 18, 17, 12, 6, 0, -5], temperature_range_k: [14, 14, 13, 12, 12, 11, 11, 11, 11, 12, 13, 14], relative_humidity: [0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.6, 0.6, 0.5], wind_speed_m_per_s: [3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3]}}
grid:
  buses:
    - {id: a, base_kv: 110}
    - {id: b, base_kv: 110}
  branches:
    - {id: l, from: a, to: b, r_pu: 0, x_pu: 0.05, rate_mva: 200}
sources:
  generators:
    - {id: own, bus: b, p_mw: 0, p_min_mw: 0, p_max_mw: 30, price_cny_per_mwh: 0}
  external_grids:
    - {id: tie, buses: [a], participation: 1, p_import_max_mw: 100, p_export_max_mw: 100, firm_mw: 100, firm_price_cny_per_mwh: -80, reactive: {mode: voltage, vm_set_pu: 1.0, q_min_mvar: -100, q_max_mvar: 100}}
loads:
  static:
    - {id: d, bus: b, p_mw: 50, q_mvar: 0}
dispatch: {method: METHOD, loss_share_initial: 0}
)";

class NegativePrice : public ::testing::TestWithParam<const char*> {};

/// 50 MW taken for 80 CNY/MWh: the own unit stands still. Importing and exporting at once would earn nothing more.
TEST_P(NegativePrice, IsTakenAsFarAsThereIsUseForIt) {
    const testing::Folder folder;
    std::string text = paid_import;
    text.replace(text.find("METHOD"), 6, GetParam());
    const LoadedScenario loaded = load_scenario(folder.write("paid.yaml", text), {});
    test::CollectingSink sink;
    SilentProgress progress;
    const engine::RunReport report = engine::simulate(loaded.study, sink, progress);
    EXPECT_THAT(sink.over_time(&BlockResult::tie_schedule_mw, 0), Each(DoubleNear(50, 1e-6)));
    EXPECT_THAT(sink.over_time(&BlockResult::source_p_mw, 0), Each(DoubleNear(0, 1e-6)));
    EXPECT_THAT(sink.over_time(&BlockResult::price_cny_per_mwh), Each(DoubleNear(-80, 1e-6)));
    EXPECT_NEAR(report.summary.indicators.at("cost_cny"), -80.0 * 50 * 6, 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Methods, NegativePrice, ::testing::Values("rules", "optimal"));

} // namespace
} // namespace yuanwang::scenario
