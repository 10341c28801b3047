// Sources with weather, water and waste through whole runs.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "engine/accounts/plateau_account.hpp"
#include "engine/epoch/weather.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using namespace std::chrono_literals;

constexpr BusIdx city{1};

double sum_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

engine::Summary run(const Study& study, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(study, sink, progress).summary;
}

System sunny_city() {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    add_solar(system, "park", city, 50);
    add_wind(system, "hill", city, 30);
    return system;
}

// A day of an epoch does not depend on where the blocks are cut, and a late epoch knows the storm before it.
TEST(WeatherDriven, AnEpochContinuesTheStateBeforeIt) {
    const Study study = tiny_study(sunny_city(), 2025y / 6 / 1, 20);
    SilentProgress progress;
    const auto weather = engine::make_site_weather(study, progress);
    engine::WeatherDriven whole;
    engine::compute_weather_driven(study.epochs[0].system, weather, study.time, {0, 480}, nullptr,
                                   whole);
    engine::WeatherDriven early;
    engine::compute_weather_driven(study.epochs[0].system, weather, study.time, {0, 240}, nullptr,
                                   early);
    engine::WeatherDriven late;
    engine::compute_weather_driven(study.epochs[0].system, weather, study.time, {240, 240},
                                   &early.at_end, late);
    for (std::size_t t = 0; t < 240; ++t) {
        ASSERT_EQ(late.solar_mw(0, t), whole.solar_mw(0, 240 + t));
        ASSERT_EQ(late.wind_mw(0, t), whole.wind_mw(0, 240 + t));
    }
}

/// A park whose modules gather dust that only rain washes off, behind a network of its own.
System dusty_city() {
    System system = sunny_city();
    models::Soiling dust;
    dust.model = models::SoilingModel::kimber;
    dust.grace_days = 0;
    system.sources.solar.plants.soiling = {dust};
    return system;
}

/// Output of the park over sixty days of which a new epoch begins at each step of `borders`.
std::vector<double> park_over_epochs(const Study& study, const std::vector<System>& systems,
                                     const std::vector<std::size_t>& borders) {
    SilentProgress progress;
    const auto weather = engine::make_site_weather(study, progress);
    std::vector<double> p_mw;
    engine::WeatherDriven before;
    for (std::size_t e = 0; e + 1 < borders.size(); ++e) {
        engine::WeatherDriven driven;
        engine::compute_weather_driven(systems[e], weather, study.time,
                                       {borders[e], borders[e + 1] - borders[e]},
                                       e > 0 ? &before.at_end : nullptr, driven);
        for (std::size_t t = 0; t < driven.steps.count; ++t) {
            p_mw.push_back(driven.solar_mw(driven.solar_mw.n_element() - 1, t));
        }
        before = driven;
    }
    return p_mw;
}

TEST(WeatherDriven, DustKnowsNothingOfProjects) {
    const Study study = tiny_study(dusty_city(), 2025y / 11 / 1, 60);
    const System town = dusty_city();
    const std::vector<double> whole = park_over_epochs(study, {town}, {0, 1440});
    EXPECT_EQ(park_over_epochs(study, {town, town, town}, {0, 480, 1000, 1440}), whole);
    // A park that comes before it in the list takes nothing of it either.
    System more = dusty_city();
    add_solar(more, "new_park", city, 50);
    std::swap(more.sources.solar.id[0], more.sources.solar.id[1]);
    more.sources.solar.plants.soiling.push_back(more.sources.solar.plants.soiling[0]);
    EXPECT_EQ(park_over_epochs(study, {town, more}, {0, 480, 1440}), whole);
}

TEST(WeatherDriven, APlantThatComesIntoServiceIsClean) {
    const Study study = tiny_study(dusty_city(), 2025y / 11 / 1, 60);
    System renamed = dusty_city();
    renamed.sources.solar.id[0] = "another_park";
    const std::vector<double> old =
        park_over_epochs(study, {dusty_city(), dusty_city()}, {0, 1416, 1440});
    const std::vector<double> fresh =
        park_over_epochs(study, {dusty_city(), renamed}, {0, 1416, 1440});
    const double noon_old = old[1416 + 13];
    const double noon_fresh = fresh[1416 + 13];
    EXPECT_GT(noon_fresh, 1.005 * noon_old);
}

TEST(PlateauAccount, TellsWhatThinAirGivesAndTakesAndIsSilentAtSeaLevel) {
    Study study = tiny_study(sunny_city(), 2025y / 6 / 1, 10);
    CollectingSink sink;
    const engine::Summary plateau = run(study, sink);
    EXPECT_GT(plateau.indicators.at("plateau_solar_mwh"), 0.0);
    EXPECT_LT(plateau.indicators.at("plateau_wind_mwh"), 0.0);
    study.sea_level = true;
    CollectingSink below;
    const engine::Summary sea = run(study, below);
    EXPECT_FALSE(sea.indicators.contains("plateau_wind_mwh"));
    // The switch itself gives what the account promised.
    EXPECT_NEAR(plateau.indicators.at("available_wind_mwh") -
                    sea.indicators.at("available_wind_mwh"),
                plateau.indicators.at("plateau_wind_mwh"), 1e-6);
    EXPECT_NEAR(plateau.indicators.at("available_solar_mwh") -
                    sea.indicators.at("available_solar_mwh"),
                plateau.indicators.at("plateau_solar_mwh"), 1e-6);
}

TEST(Reservoirs, AYearOfDispatchKeepsItsWater) {
    System system = tiny_system();
    add_load(system, "town", city, 200);
    add_hydro(system, "dam", city, 150, 80);
    models::Reservoir dam;
    dam.head_m = 100;
    dam.v_max_hm3 = 300;
    dam.inflow_m3_per_s.fill(100);
    system.sources.hydro.plants.reservoir = {dam};
    CollectingSink sink;
    const engine::Summary summary = run(tiny_study(system, 2025y / 6 / 1, 30), sink);
    EXPECT_LT(summary.indicators.at("hydro_water_balance_hm3"), 1e-9);
    EXPECT_EQ(summary.indicators.at("hydro_water_gap_hm3"), 0.0);
    EXPECT_GT(summary.indicators.at("reservoir_end_share_dam"), 0.0);
    EXPECT_LT(summary.indicators.at("reservoir_end_share_dam"), 1.0);
}

/// Coal and imports at 320 beside a lake that is to stand at 0.6 in summer and 0.5 at the end of the year.
TEST(Reservoirs, APlanBorrowsNoWater) {
    const auto lake = [](engine::DispatchMethod method) {
        System system = tiny_system();
        add_load(system, "town", city, 200);
        add_hydro(system, "dam", city, 150, 80);
        models::Reservoir dam;
        dam.head_m = 100;
        dam.v_max_hm3 = 600;
        dam.inflow_m3_per_s.fill(100);
        dam.target.fill(0.6);
        dam.target.back() = 0.5;
        system.sources.hydro.plants.reservoir = {dam};
        CollectingSink sink;
        Study study = tiny_study(system, 2025y / 7 / 5, 180);
        study.dispatch.method = method;
        return run(study, sink);
    };
    const engine::Summary plan = lake(engine::DispatchMethod::optimal);
    const engine::Summary rules = lake(engine::DispatchMethod::rules);
    for (const engine::Summary& summary : {plan, rules}) {
        EXPECT_LT(summary.indicators.at("hydro_water_balance_hm3"), 1e-9);
        EXPECT_NEAR(summary.indicators.at("reservoir_end_share_dam"), 0.5, 0.03);
    }
    EXPECT_NEAR(plan.indicators.at("hydro_stored_change_mwh"),
                rules.indicators.at("hydro_stored_change_mwh"), 0.01 * 80 * 24 * 180);
    EXPECT_LE(plan.indicators.at("cost_cny"), rules.indicators.at("cost_cny") * 1.001);
}

TEST(UnitTable, ReactivePowerGivesWayToActive) {
    System system = sunny_city();
    engine::ReactiveControl control = hold_voltage(1.10, 60); // wants more than it can
    control.s_max_mva = 55;
    system.sources.solar.reactive[0] = control;
    CollectingSink sink;
    (void)run(tiny_study(system, 2025y / 6 / 21, 1), sink);
    const auto p = sink.over_time(&BlockResult::source_p_mw);
    const auto q = sink.over_time(&BlockResult::source_q_mvar);
    double most = 0;
    for (std::size_t t = 0; t < p.size(); ++t) {
        most = std::max(most, std::hypot(p[t], q[t]));
    }
    EXPECT_LE(most, 55 * (1 + 1e-6));
    EXPECT_GT(most, 54);
    EXPECT_GT(sum_of(p), 0.0);
}

} // namespace
} // namespace yuanwang::test
