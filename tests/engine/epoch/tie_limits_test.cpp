#include "engine/epoch/tie_limits.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

/// Two boundary buses of one external grid, a line each, and a second external grid.
///
///     west ──l_west── city ──l_east── east          south ──l_south── city
///       └───────── gansu ────────────┘                │ hainan
System two_doors() {
    System system;
    const BusIdx west = add_bus(system, "west", 750, network::SubstationKind::boundary);
    const BusIdx east = add_bus(system, "east", 750, network::SubstationKind::boundary);
    const BusIdx south = add_bus(system, "south", 750, network::SubstationKind::boundary);
    const BusIdx city = add_bus(system, "city", 750);
    add_line(system, "l_west", west, city, 2);
    add_line(system, "l_east", city, east, 2);
    add_line(system, "l_south", south, city);
    add_external(system, "gansu", {west, east}, 5000, 5000);
    add_external(system, "hainan", {south}, 3000, 0);
    return system;
}

void add_section(System& system, std::vector<std::string> branches, std::vector<int> signs,
                 double limit_mw, std::optional<double> reverse_mw = std::nullopt) {
    network::Sections& sections = system.grid.sections;
    name_element(sections, "section");
    sections.branch.push_back(std::move(branches));
    sections.sign.push_back(std::move(signs));
    sections.limit_mw.push_back(limit_mw);
    sections.limit_reverse_mw.push_back(reverse_mw);
    sections.limit_n1_mw.push_back(std::nullopt);
}

struct Groups {
    dispatch::TieGroups groups;
    std::vector<std::string> id;
};

Groups find_groups(const System& system) {
    Groups g;
    engine::add_tie_groups(system, g.groups, g.id);
    return g;
}

TEST(TieGroups, ASectionOverAllDoorsLimitsTheSum) {
    System system = two_doors();
    add_section(system, {"l_west", "l_east"}, {1, -1}, 4300, 4000);
    const Groups g = find_groups(system);
    ASSERT_EQ(g.groups.size(), 1U);
    EXPECT_EQ(g.id[0], "section");
    EXPECT_THAT(g.groups.ties[0], testing::ElementsAre(0U));
    EXPECT_THAT(g.groups.share[0], testing::ElementsAre(1.0));
    EXPECT_EQ(g.groups.import_max_mw[0], 4300);
    EXPECT_EQ(g.groups.export_max_mw[0], 4000);
}

TEST(TieGroups, SignsTurnTheLimitsAround) {
    System system = two_doors();
    add_section(system, {"l_west", "l_east"}, {-1, 1}, 4300, 4000);
    const Groups g = find_groups(system);
    ASSERT_EQ(g.groups.size(), 1U);
    EXPECT_EQ(g.groups.import_max_mw[0], 4000);
    EXPECT_EQ(g.groups.export_max_mw[0], 4300);
}

TEST(TieGroups, OneDoorTakesItsShareOfTheSchedule) {
    System system = two_doors();
    add_section(system, {"l_west"}, {1}, 1000);
    const Groups g = find_groups(system);
    ASSERT_EQ(g.groups.size(), 1U);
    EXPECT_THAT(g.groups.share[0], testing::ElementsAre(0.5));
}

TEST(TieGroups, ASectionThatLeavesAWayOutIsNotForDispatch) {
    System open = two_doors();
    add_line(open, "l_west_south", BusIdx{0}, BusIdx{2});
    add_section(open, {"l_west"}, {1}, 1000);
    EXPECT_EQ(find_groups(open).groups.size(), 0U);

    System crossed = two_doors();
    add_section(crossed, {"l_west", "l_east"}, {1, 1}, 1000); // one in, one out
    EXPECT_EQ(find_groups(crossed).groups.size(), 0U);
}

TEST(StationLimits, APlantBehindItsTransformersSendsOutTheirRating) {
    System system = two_doors();
    const BusIdx high = add_bus(system, "park_330", 330, network::SubstationKind::plant);
    const BusIdx low = add_bus(system, "park_35", 35, network::SubstationKind::plant);
    add_line(system, "l_park", BusIdx{3}, high);
    network::Transformers& tr = system.grid.transformers;
    name_element(tr, "t_park");
    tr.hv.push_back(high);
    tr.lv.push_back(low);
    tr.units.push_back(2);
    tr.rate_mva.push_back(100);
    tr.rate_emergency_mva.push_back(std::nullopt);
    tr.emergency_duration_h.push_back(2);
    tr.uk_percent.push_back(12);
    tr.ukr_percent.push_back(0.4);
    tr.i0_percent.push_back(0.2);
    tr.p_iron_kw.push_back(60);
    tr.hv_kv.push_back(std::nullopt);
    tr.lv_kv.push_back(std::nullopt);
    tr.shift_degree.push_back(0);
    tr.closed.push_back(true);
    tr.tap.on_load.push_back(false);
    tr.tap.side.push_back(network::TapSide::hv);
    tr.tap.tap_min.push_back(0);
    tr.tap.tap_max.push_back(0);
    tr.tap.step_percent.push_back(0);
    tr.tap.position.push_back(0);
    tr.tap.regulated_bus.push_back(BusIdx{});
    tr.tap.vm_target_pu.push_back(1);
    tr.tap.dead_band_pu.push_back(0.01);
    add_solar(system, "large", low, 240);
    add_solar(system, "small", low, 60);
    add_wind(system, "far", high, 50);

    const network::Network grid = network::make_network(system.grid);
    const std::vector<double> limit_mw = engine::find_station_limits(system, grid);
    ASSERT_EQ(limit_mw.size(), 3U);
    EXPECT_NEAR(limit_mw[0], 160, 1e-9);
    EXPECT_NEAR(limit_mw[1], 40, 1e-9);
    EXPECT_TRUE(std::isinf(limit_mw[2]));
}

} // namespace
} // namespace yuanwang::test
