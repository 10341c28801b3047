/// Loading of three windings: each by the power at its own terminal, of its own rating; the star point is no terminal.
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "exchange/powerflow_case.hpp"
#include "scenario/load_study.hpp"
#include "support/collecting_sink.hpp"

namespace yuanwang::exchange {
namespace {

///            ═══╤═══ m 110 kV   50 MW, 10 Mvar
///     g ══2══ h ┤ t
///            ═══╧═══ l 35 kV    20 MW, 5 Mvar
///
/// Loads are constant, so the powers at m and l are theirs whatever the windings lose: |S| = √2600 and √425 MVA.
constexpr const char* three_windings = R"(
scenario: {id: windings}
time: {start: 2025-03-01, step: 1 h, duration: 1 h}
grid:
  buses:
    - {id: g, base_kv: 330}
    - {id: h, base_kv: 330}
    - {id: m, base_kv: 110}
    - {id: l, base_kv: 35}
  branches:
    - {id: one, from: g, to: h, r_pu: 0.001, x_pu: 0.02, rate_mva: 300}
    - {id: two, from: g, to: h, r_pu: 0.001, x_pu: 0.02, rate_mva: 300}
  three_winding_transformers:
    - {id: t, hv: h, mv: m, lv: l, rate_hv_mva: 120, rate_mv_mva: 100, rate_lv_mva: 25, uk_hm_percent: 12, uk_hl_percent: 23, uk_ml_percent: 8, ukr_hm_percent: 0.2, ukr_hl_percent: 0.4, ukr_ml_percent: 0.2}
sources:
  generators:
    - {id: s, bus: g, p_mw: 0, slack: true}
loads:
  static:
    - {id: d, bus: m, p_mw: 50, q_mvar: 10}
    - {id: e, bus: l, p_mw: 20, q_mvar: 5}
dispatch: {method: none}
studies: {n_1: {method: ac}}
)";

const double mv_mva = std::sqrt(50.0 * 50.0 + 10.0 * 10.0);
const double lv_mva = std::sqrt(20.0 * 20.0 + 5.0 * 5.0);

class WindingLoading : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "yuanwang-windings-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        std::ofstream{folder_ / "case.yaml"} << three_windings;
        loaded_ = scenario::load_scenario(folder_ / "case.yaml", {});
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
    scenario::LoadedScenario loaded_;
};

TEST_F(WindingLoading, OfASinglePowerFlowIsThatAtTheTerminals) {
    const PowerflowCase result = solve_case(loaded_.study, false);
    int windings = 0;
    for (const PowerflowCase::Branch& branch : result.branches) {
        const double terminal_mva = std::hypot(branch.p_from_mw, branch.q_from_mvar);
        if (branch.id.ends_with(".mv")) {
            EXPECT_NEAR(branch.loading_percent, mv_mva, 1e-6);
        } else if (branch.id.ends_with(".lv")) {
            EXPECT_NEAR(branch.loading_percent, 100 * lv_mva / 25, 1e-6);
        } else if (branch.id.ends_with(".hv")) {
            EXPECT_NEAR(branch.loading_percent, 100 * terminal_mva / 120, 1e-9);
        } else {
            continue;
        }
        ++windings;
    }
    EXPECT_EQ(windings, 3);
}

TEST_F(WindingLoading, OfARunIsTheWorstWindingBeforeAndAfterAnOutage) {
    test::CollectingSink sink;
    SilentProgress progress;
    (void)engine::simulate(loaded_.study, sink, progress);
    const double lv_percent = 100 * lv_mva / 25;
    using B = engine::BlockResult;
    EXPECT_NEAR(sink.over_time(&B::transformer_loading_percent, 0).front(), lv_percent, 1e-6);
    EXPECT_NEAR(sink.over_time(&B::transformer_n1_loading_percent, 0).front(), lv_percent, 1e-4);
}

} // namespace
} // namespace yuanwang::exchange
