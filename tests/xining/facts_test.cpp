// Every figure the public record gives about the city, held against the home case.

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/load/potline.hpp"
#include "models/weather/weather_year.hpp"
#include "network/network.hpp"
#include "network/topology.hpp"
#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

using network::SubstationKind;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::IsSupersetOf;
using testing::Le;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

const engine::System& first_system() {
    return home_case().epochs.front().system;
}

double total(const std::vector<double>& column) {
    return std::accumulate(column.begin(), column.end(), 0.0);
}

/// Public stations of the city, by their highest voltage and zone.
std::map<double, std::map<std::string, int>> count_stations(const network::Grid& grid) {
    std::map<double, std::map<std::string, int>> counts;
    const network::Substations& stations = grid.substations;
    for (std::size_t k = 0; k < stations.size(); ++k) {
        if (stations.in_city[k] && stations.kind[k] == SubstationKind::public_station) {
            ++counts[std::ranges::max(stations.levels_kv[k])][stations.zone[k]];
        }
    }
    return counts;
}

int sum_zones(const std::map<std::string, int>& zones) {
    return std::accumulate(zones.begin(), zones.end(), 0,
                           [](int sum, const auto& zone) { return sum + zone.second; });
}

// press S1: 3座750千伏变电站, 22座330千伏变电站, 119座110千伏变电站
TEST(XiningFacts, StationsByVoltageLevel) {
    const auto counts = count_stations(first_system().grid);
    EXPECT_EQ(sum_zones(counts.at(750)), 3);
    EXPECT_EQ(sum_zones(counts.at(330)), 22);
    EXPECT_EQ(sum_zones(counts.at(110)), 119);
}

TEST(XiningPlan, StationsByZone) {
    const auto counts = count_stations(first_system().grid);
    const std::map<std::string, int> zones_330 = {
        {"huangzhong", 6}, {"datong", 4},  {"huangyuan", 2}, {"chengdong", 3},
        {"chengbei", 3},   {"chengxi", 2}, {"chengzhong", 2}};
    const std::map<std::string, int> zones_110 = {
        {"huangzhong", 34}, {"datong", 22},  {"huangyuan", 10}, {"chengdong", 16},
        {"chengbei", 15},   {"chengxi", 13}, {"chengzhong", 9}};
    EXPECT_EQ(counts.at(330), zones_330);
    EXPECT_EQ(counts.at(110), zones_110);
}

// press S1: 750千伏"日"字型环网骨干网架已经建成
TEST(XiningFacts, BackboneIsShapedLikeTheCharacterRi) {
    const network::Network grid = network::make_network(first_system().grid);
    const network::Backbone backbone = network::find_backbone(grid, 750);
    std::vector<std::string> corners;
    for (const BusIdx node : backbone.nodes) {
        corners.push_back(grid.bus_id[node]);
    }
    EXPECT_THAT(corners, UnorderedElementsAre("riyueshan_750", "xining_750", "guolong_750",
                                              "guanting_750", "laxiwa_750", "tala_750"));
    EXPECT_EQ(backbone.corridors.size(), 7U);
    EXPECT_EQ(backbone.independent_loops, 2);
}

// press S1: 东连甘肃，西连海南、海西新能源基地
TEST(XiningFacts, ThreeExternalGridsBehind750kV) {
    const network::Grid& grid = first_system().grid;
    const engine::ExternalFleet& external = first_system().sources.external_grids;
    EXPECT_THAT(external.id, UnorderedElementsAre("gansu", "hainan", "haixi"));
    for (const auto& buses : external.buses) {
        for (const BusIdx bus : buses) {
            EXPECT_EQ(grid.buses.base_kv[bus], 750.0);
            EXPECT_EQ(grid.substations.kind[grid.buses.substation[bus].row()],
                      SubstationKind::boundary);
        }
    }
}

// press S1: 分布式光伏总装机容量达到199兆瓦
TEST(XiningFacts, DistributedPvOf199MwOnFortyStations) {
    const engine::SolarFleet& solar = first_system().sources.solar;
    const network::Grid& grid = first_system().grid;
    double p_mw = 0;
    std::set<std::string> stations;
    for (std::size_t k = 0; k < solar.size(); ++k) {
        if (solar.distributed[k]) {
            p_mw += solar.plants.p_rated_mw[k];
            stations.insert(grid.buses.id[solar.bus[k].row()]);
            EXPECT_EQ(grid.buses.base_kv[solar.bus[k]], 110.0) << solar.id[k];
        }
    }
    EXPECT_NEAR(p_mw, 199.0, 1e-9);
    EXPECT_GE(stations.size(), 40U);
}

// press S1: 8个大数据中心, 机架数超过1万架; press S2: 超1.3万P, 全清洁能源微电网算力中心
TEST(XiningFacts, EightDataCentersOneOnItsCleanMicrogrid) {
    const engine::System& system = first_system();
    const engine::DataCenterFleet& fleet = system.loads.data_centers;
    EXPECT_EQ(fleet.size(), 8U);
    EXPECT_GT(total(fleet.centers.racks), 10000.0);
    EXPECT_GT(total(fleet.centers.pflops), 13000.0);

    std::vector<std::size_t> islandable;
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        if (!fleet.centers.microgrid[k].empty()) {
            islandable.push_back(k);
        }
    }
    ASSERT_EQ(islandable.size(), 1U);
    const BusIdx bus = fleet.buses[islandable.front()].front();
    EXPECT_EQ(std::ranges::count(system.sources.solar.bus, bus), 1);
    EXPECT_EQ(std::ranges::count(system.sources.wind.bus, bus), 1);
    EXPECT_EQ(std::ranges::count(system.batteries.bus, bus), 1);
}

// press S1: 共计9363户用能企业, 分层分类分区
TEST(XiningFacts, Register9363EnterprisesByLayerClassAndZone) {
    const engine::ManagedLoads& managed = first_system().loads.managed;
    EXPECT_EQ(std::accumulate(managed.records.begin(), managed.records.end(), 0), 9363);
    const std::set<std::string> zones(managed.zone.begin(), managed.zone.end());
    EXPECT_EQ(zones.size(), 7U);
    const std::set<double> layers(managed.layer_kv.begin(), managed.layer_kv.end());
    EXPECT_GE(layers.size(), 4U);
    EXPECT_THAT(managed.shed_class, Each(AllOf(Ge(1), Le(4))));
    EXPECT_THAT(managed.p_managed_mw, Each(Ge(0.0)));
    // Every zone has stations its records can hang on.
    const auto stations = count_stations(first_system().grid);
    for (const std::string& zone : zones) {
        EXPECT_GT(stations.at(110).at(zone), 0) << zone;
    }
}

// press S1: 日处理3000吨; 焚烧处理垃圾100万吨，发电4.7亿千瓦时
TEST(XiningFacts, WastePlantIs58Point75MwAtDesign) {
    const models::WastePlants& plants = first_system().sources.waste_to_energy.plants;
    ASSERT_EQ(plants.size(), 1U);
    EXPECT_NEAR(plants.design_t_per_day[0] * plants.kwh_per_t[0] / 24.0 / 1000.0, 58.75, 1e-9);
}

// press S4: 铝液直流电耗每吨降低333kW·h，按年产10万吨…一年能省3330万kW·h电
TEST(XiningFacts, CellRetrofitSaves33Point3GwhAYear) {
    const auto mean_mw = [](const engine::Study& study) {
        Series p_mw;
        models::compute_potlines(study.epochs.front().system.loads.potlines.lines, {0, 1}, p_mw);
        return std::accumulate(p_mw.values().begin(), p_mw.values().end(), 0.0);
    };
    const double before = mean_mw(home_case());
    const double after = mean_mw(load("xining-2025-cells-retrofit.yaml").study);
    EXPECT_NEAR((before - after) * 8760.0 / 1000.0, 33.3, 1e-6);
}

// press S4: 11万余盏路灯; press S1: 62.75万吨/日
TEST(XiningFacts, LampsAndSewage) {
    const engine::Loads& loads = first_system().loads;
    EXPECT_GT(total(loads.street_lamps.lamps.lamps), 110000.0);
    EXPECT_THAT(loads.street_lamps.lamps.lit_share, Each(Ge(0.98)));
    EXPECT_NEAR(total(loads.sewage.works.m3_per_day), 627500.0, 1e-9);
}

// press S1: 52项重点项目，总投资额高达413.8亿元, six classes
TEST(XiningFacts, PortfolioOf52ProjectsFor41Point38Billion) {
    int count = 0;
    double capex_cny = 0;
    std::set<std::string> classes;
    std::vector<std::string> ids;
    for (const engine::Project& project : home_case().projects) {
        count += project.count;
        capex_cny += project.capex_cny;
        classes.insert(project.project_class);
        ids.push_back(project.id);
    }
    EXPECT_EQ(count, 52);
    EXPECT_NEAR(capex_cny, 41.38e9, 1.0);
    EXPECT_THAT(classes, IsSupersetOf({"solar", "efficiency", "clean_heating", "storage",
                                       "zero_carbon_park", "grid"}));
    EXPECT_THAT(ids, IsSupersetOf({"riyueshan_transformer", "huangyuan_wind", "huangyuan_storage",
                                   "huangzhong_storage", "chengbei_shared_storage", "ganhe_storage",
                                   "beichuan_storage", "dahua_storage", "large_for_small",
                                   "green_power_into_xining", "kunlun_compute_expansion",
                                   "datong_clean_heating", "xinye_potline_retrofit",
                                   "ganhe_zero_carbon_park"}));
}

TEST(XiningFacts, ProjectsChangeTheGridWithinTheYear) {
    const engine::Study& study = home_case();
    EXPECT_GE(study.epochs.size(), 4U);
    const engine::System& first = study.epochs.front().system;
    const engine::System& last = study.epochs.back().system;
    EXPECT_EQ(last.sources.wind.size(), first.sources.wind.size() + 2); // Huangyuan, 2 x 49 MW
    EXPECT_EQ(last.batteries.size(), first.batteries.size() + 2);
    const auto banks = [](const network::Grid& grid) {
        const auto found = std::ranges::find(grid.three_winding_transformers.id, "t_riyueshan");
        return grid.three_winding_transformers
            .units[static_cast<std::size_t>(found - grid.three_winding_transformers.id.begin())];
    };
    EXPECT_EQ(banks(first.grid), 2); // in service before the year begins
    EXPECT_EQ(banks(load("xining-2025-one-riyueshan-bank.yaml").study.epochs.front().system.grid),
              1);
}

TEST(XiningFacts, MarksSayWhyAndNoAssumptionPassesForAFact) {
    int facts = 0;
    int assumptions = 0;
    for (const engine::Provenance& value : home_case().provenance) {
        const bool fact = value.kind == engine::Provenance::Kind::fact;
        facts += fact ? 1 : 0;
        assumptions += value.kind == engine::Provenance::Kind::assumed ? 1 : 0;
        EXPECT_FALSE(value.reason.empty()) << value.path;
        EXPECT_FALSE(fact && value.reason.find("assumed") != std::string::npos) << value.path;
        EXPECT_FALSE(fact && value.path.find("capex_cny") != std::string::npos) << value.path;
    }
    EXPECT_GT(facts, 50);
    EXPECT_GT(assumptions, 500);
}

} // namespace
} // namespace yuanwang::xining
