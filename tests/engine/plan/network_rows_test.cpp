#include "engine/plan/network_rows.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "support/flexible_town.hpp"

namespace yuanwang::test {
namespace {

/// A load that moves by a megawatt moves the flows of its lines as a battery beside it would, the other way round: the schedule
/// counts it as consumption.
TEST(NetworkRows, LoadThatMovesStandsAtItsBuses) {
    Random random{3};
    Study study = tiny_study(flexible_town(random),
                             std::chrono::year_month_day{std::chrono::year{2025} / 1 / 15}, 1);
    System& system = study.epochs.front().system;
    add_battery(system, "at_city", city, 10, 20);
    add_battery(system, "at_plant", plant, 10, 20);
    const engine::EpochModel model =
        engine::make_epoch_model(study, study.epochs.front(), engine::make_axes(study));
    const std::vector<double> load_mw(model.load_buses.may_be_cut.size(), 1.0);
    const engine::NetworkRows rows{study, model, load_mw};
    ASSERT_TRUE(rows.usable());
    const dispatch::Places at = dispatch::number_places(model.dispatch.rows);
    const std::size_t n_storage = model.dispatch.rows.storages.size();
    ASSERT_GT(model.dispatch.flexible.size(), 3u);
    int on_a_line = 0;
    for (std::size_t r = 0; r < model.dispatch.flexible.size(); ++r) {
        const auto& buses = rows.buses_of_place()[at.flexible + r];
        ASSERT_EQ(buses.size(), 1u);
        const std::size_t beside = n_storage - (buses.front().bus == city.row() ? 2 : 1);
        for (std::size_t k = 0; k < model.grid.n_branch(); ++k) {
            const double* H = rows.limits().factors.data() + k * at.count;
            EXPECT_EQ(H[at.flexible + r], H[at.storage + beside]);
            on_a_line += std::abs(H[at.flexible + r]) > 0.1;
        }
    }
    EXPECT_GT(on_a_line, 0);
}

/// What the places of a schedule inject is what demand takes: also while load comes back after a call.
TEST(NetworkRows, LoadThatComesBackIsDrawnInItsIsland) {
    dispatch::Table table;
    table.thermals.island = {0};
    table.managed.island = {0, 0};
    dispatch::Schedule schedule;
    schedule.thermal_mw = Series(1, 1, 92.0);
    schedule.unserved_mw = Series(1, 1, 1.0);
    schedule.managed_mw = Series(2, 1);
    schedule.recovery_mw = Series(2, 1);
    schedule.managed_mw(0, 0) = 12;
    schedule.recovery_mw(1, 0) = 5;
    const dispatch::Places at = dispatch::number_places(table);
    std::vector<double> p_mw(at.count);
    engine::list_place_power(table, at, schedule, 0, p_mw);
    EXPECT_EQ(std::accumulate(p_mw.begin(), p_mw.end(), 0.0),
              100); // 105 are asked for, 5 of them anew
    EXPECT_EQ(p_mw[at.island], 1 + 12 - 5);
}

} // namespace
} // namespace yuanwang::test
