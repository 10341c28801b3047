// What a planner expects of the synthetic grid: corridors, sizes, spares, and no outage that cuts the city off.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/network.hpp"
#include "network/topology.hpp"
#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

const network::Grid& grid() {
    return home_case().epochs.front().system.grid;
}

SubstationIdx station_of(const network::Grid& grid, BusIdx bus) {
    return grid.buses.substation[bus];
}

bool in_city(const network::Grid& grid, BusIdx bus) {
    return station_of(grid, bus).valid() && grid.substations.in_city[station_of(grid, bus).row()];
}

TEST(XiningPlan, Has30To38CorridorsOf330kVInTheCity) {
    std::set<std::pair<BusIdx, BusIdx>> corridors;
    for (const LineIdx k : rows<LineIdx>(grid().lines.size())) {
        const BusIdx from = grid().lines.from[k];
        const BusIdx to = grid().lines.to[k];
        if (grid().buses.base_kv[from] == 330.0 && in_city(grid(), from) && in_city(grid(), to)) {
            corridors.insert(std::minmax(from, to));
            EXPECT_EQ(grid().lines.circuits[k], 2) << grid().lines.id[k.row()];
        }
    }
    EXPECT_GE(corridors.size(), 30U);
    EXPECT_LE(corridors.size(), 38U);
}

TEST(XiningPlan, Each330kVStationFeedsFourToSevenOf110kV) {
    std::map<std::string, int> fed;
    for (const LineIdx k : rows<LineIdx>(grid().lines.size())) {
        const BusIdx from = grid().lines.from[k];
        if (grid().buses.base_kv[from] != 110.0 || !grid().lines.closed[k]) {
            continue;
        }
        EXPECT_GE(grid().lines.circuits[k], 2) << grid().lines.id[k.row()];
        EXPECT_GE(grid().lines.length_km[k], 3.0) << grid().lines.id[k.row()];
        EXPECT_LE(grid().lines.length_km[k], 15.0) << grid().lines.id[k.row()];
        const auto to = station_of(grid(), grid().lines.to[k]);
        if (grid().substations.kind[to.row()] == network::SubstationKind::public_station) {
            ++fed[grid().buses.id[from.row()]];
        }
    }
    EXPECT_EQ(fed.size(), 22U);
    for (const auto& [bus, n] : fed) {
        EXPECT_GE(n, 4) << bus;
        EXPECT_LE(n, 7) << bus;
    }
}

TEST(XiningPlan, NeighboursAreTiedByOpenLines) {
    const auto& closed = grid().lines.closed;
    EXPECT_GE(std::ranges::count(closed, false), 60);
}

TEST(XiningPlan, CapacitorsAre10To20PercentOfTheTransformers) {
    std::map<BusIdx, double> rated_mva;
    for (const TransformerIdx k : rows<TransformerIdx>(grid().transformers.size())) {
        rated_mva[grid().transformers.lv[k]] +=
            grid().transformers.units[k] * grid().transformers.rate_mva[k];
        EXPECT_TRUE(grid().transformers.tap.on_load[k.row()]);
    }
    EXPECT_EQ(rated_mva.size(), 22U);
    for (const ShuntIdx k : rows<ShuntIdx>(grid().shunts.size())) {
        const BusIdx bus = grid().shunts.bus[k];
        if (rated_mva.contains(bus)) {
            const double share =
                grid().shunts.q_step_mvar[k] * grid().shunts.n_steps[k] / rated_mva.at(bus);
            EXPECT_GE(share, 0.10) << grid().shunts.id[k.row()];
            EXPECT_LE(share, 0.20) << grid().shunts.id[k.row()];
            EXPECT_TRUE(grid().shunts.switched[k]);
        }
    }
}

TEST(XiningPlan, EveryStationLiesInsideTheCity) {
    const network::Substations& stations = grid().substations;
    for (std::size_t k = 0; k < stations.size(); ++k) {
        if (stations.in_city[k]) {
            EXPECT_GT(stations.latitude_degree[k], 36.35) << stations.id[k];
            EXPECT_LT(stations.latitude_degree[k], 37.10) << stations.id[k];
            EXPECT_GT(stations.longitude_degree[k], 101.05) << stations.id[k];
            EXPECT_LT(stations.longitude_degree[k], 102.05) << stations.id[k];
        }
    }
}

TEST(XiningPlan, NoSingleOutageCutsAStationOff) {
    const network::Network net = network::make_network(grid());
    for (const BranchIdx k : network::find_bridges(net)) {
        ADD_FAILURE() << net.branches.id[k] << " is a bridge";
    }
}

TEST(XiningPlan, GansuSectionIs4300MwOverTwoTiesWithoutALoop) {
    const auto& sections = grid().sections;
    const auto found = std::ranges::find(sections.id, "gansu_section");
    ASSERT_NE(found, sections.id.end());
    const SectionIdx k{static_cast<std::size_t>(found - sections.id.begin())};
    EXPECT_EQ(sections.branch[k].size(), 2U);
    EXPECT_EQ(sections.limit_mw[k], 4300.0);
}

TEST(XiningPlan, AtMostEightElementsAreNotNMinusOneSecure) {
    EXPECT_LE(home_case().n_1.exceptions.size(), 8U);
}

TEST(XiningPlan, DamsServeTheCityWithHalfOfTheirWater) {
    const models::HydroPlants& dams = home_case().epochs.front().system.sources.hydro.plants;
    ASSERT_EQ(dams.size(), 5U);
    double whole_mw = 0;
    double city_mw = 0;
    for (std::size_t k = 0; k < dams.size(); ++k) {
        for (const double month : dams.mean_mw[k]) {
            whole_mw += month / 12.0;
            city_mw += month / 12.0 * dams.city_share[k];
        }
    }
    EXPECT_NEAR(whole_mw, 3485.0, 20.0);
    EXPECT_GE(city_mw / whole_mw, 0.50);
    EXPECT_LE(city_mw / whole_mw, 0.55);
}

// Thermal ratings at 30 C and 2261 m by IEEE 738: 5.40 GVA, 663 MVA and 97 MVA, as computed apart from this program.
TEST(XiningPlan, LinesAreRatedInTheThinAirOfTheCity) {
    const network::Grid& grid = home_case().epochs.front().system.grid;
    const network::Network net = network::make_network(grid);
    std::map<std::string, double> expected = {
        {"6xLGJ-400/50", 5404}, {"2xLGJ-300/40", 663}, {"1xLGJ-240/30", 97.2}};
    std::set<std::string> seen;
    for (const BranchIdx k : rows<BranchIdx>(net.n_branch())) {
        if (net.branches.kind[k] != network::BranchKind::line) {
            continue;
        }
        const LineIdx l{net.branches.element[k]};
        const std::string bundle =
            std::to_string(grid.lines.bundle[l]) + "x" + grid.lines.conductor[l];
        if (expected.contains(bundle) && !grid.lines.rate_mva[l]) {
            seen.insert(bundle);
            EXPECT_NEAR(net.branches.rate_mva[k], expected[bundle], 0.002 * expected[bundle])
                << net.branches.id[k];
        }
    }
    EXPECT_EQ(seen.size(), expected.size());
}

} // namespace
} // namespace yuanwang::xining
