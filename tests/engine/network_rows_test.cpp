#include "engine/network_rows.hpp"

#include <cmath>

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
        for (std::size_t k = 0; k < rows.limits().size(); ++k) {
            const double* H = rows.limits().factors.data() + k * at.count;
            EXPECT_EQ(H[at.flexible + r], H[at.storage + beside]);
            on_a_line += std::abs(H[at.flexible + r]) > 0.1;
        }
    }
    EXPECT_GT(on_a_line, 0);
}

} // namespace
} // namespace yuanwang::test
