#include "engine/accounts/loss_account.hpp"

#include <string>

#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using namespace std::chrono_literals;

TEST(LossAccount, LevelsSumToTheLossesOfTheRun) {
    System system = tiny_system();
    add_load(system, "town", BusIdx{1}, 300, 60);
    const BusIdx low = add_bus(system, "city_110", 110);
    network::Lines& lines = system.grid.lines;
    add_line(system, "l_110", add_bus(system, "park_110", 110), low, 1, 8, 120);
    ASSERT_EQ(lines.size(), 3U);
    add_load(system, "park", BusIdx{4}, 40, 8);
    network::Transformers& t = system.grid.transformers;
    name_element(t, "t_city");
    t.hv.push_back(BusIdx{1});
    t.lv.push_back(low);
    t.units.push_back(2);
    t.rate_mva.push_back(240);
    t.rate_emergency_mva.push_back({});
    t.emergency_duration_h.push_back(2);
    t.uk_percent.push_back(10.5);
    t.ukr_percent.push_back(0.4);
    t.i0_percent.push_back(0.2);
    t.p_iron_kw.push_back(120);
    t.hv_kv.push_back({});
    t.lv_kv.push_back({});
    t.shift_degree.push_back(0);
    t.closed.push_back(true);
    t.tap.on_load.push_back(false);
    t.tap.side.push_back(network::TapSide::hv);
    t.tap.tap_min.push_back(0);
    t.tap.tap_max.push_back(0);
    t.tap.step_percent.push_back(1.25);
    t.tap.position.push_back(0);
    t.tap.regulated_bus.push_back(BusIdx{});
    t.tap.vm_target_pu.push_back(1);
    t.tap.dead_band_pu.push_back(0.02);
    CollectingSink sink;
    SilentProgress progress;
    const auto found =
        engine::simulate(tiny_study(system, 2025y / 6 / 21, 1), sink, progress).summary.indicators;
    const double by_level = found.at("losses_mwh_line_110") + found.at("losses_mwh_line_330") +
                            found.at("losses_mwh_transformer_330");
    EXPECT_NEAR(by_level, found.at("losses_mwh"), 1e-9);
    // Two iron cores for a day, at a voltage near 1.03: a little more than 2 · 120 kW · 24 h.
    EXPECT_GT(found.at("losses_mwh_transformer_330"), 5.76);
    EXPECT_GT(found.at("losses_mwh_line_330"), found.at("losses_mwh_line_110"));
    EXPECT_FALSE(found.contains("losses_mwh_transformer_110"));
}

} // namespace
} // namespace yuanwang::test
