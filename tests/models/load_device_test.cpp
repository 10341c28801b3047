// Data centers, works and potlines as physics: published figures, limits, sea level.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "models/load/data_center.hpp"
#include "models/load/demand.hpp"
#include "models/load/potline.hpp"
#include "models/load/process_works.hpp"
#include "models/weather/air.hpp"
#include "models/weather/epw.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono_literals;

constexpr std::array first_site{SiteIdx{0}};

DataCenters one_center() {
    return {.racks = {1000.0},
            .pflops = {100.0},
            .it_mw = {20.0},
            .idle_share = {0.23},
            .utilisation_mean = {0.68},
            .utilisation_swing = {0.05},
            .peak_hour = {15.0},
            .ups_efficiency = {1.0 / 1.055},
            .liquid_share = {0.0},
            .free_cooling_c = {20.0},
            .chiller_cop = {8.0},
            .microgrid = {""},
            .details = {.shape = {UtilisationShape::google},
                        .noise = {0.0},
                        .power_exponent = {1.0},
                        .evaporative = {false},
                        .approach_k = {4.0},
                        .economiser_range_k = {0.0},
                        .ups_standing_share = {0.0},
                        .utilisation_max = {0.95},
                        .deferrable_share = {0.3},
                        .deadline_h = {8.0},
                        .work_pool = {""}}};
}

WeatherYear flat_weather(double temperature_c, double pressure_pa, double humidity,
                         std::size_t n = 24) {
    WeatherYear w;
    w.ghi_w_per_m2.assign(n, 0);
    w.temperature_c.assign(n, temperature_c);
    w.relative_humidity.assign(n, humidity);
    w.pressure_pa.assign(n, pressure_pa);
    return w;
}

DataCenterHours hours_of(const DataCenters& centers, const WeatherYear& w) {
    const TimeAxis axis{beijing_midnight(2025y / 6 / 1), std::chrono::minutes{60}, 24};
    DataCenterHours hours;
    compute_data_centers(centers, first_site, std::array{w}, axis, {0, 24}, hours);
    return hours;
}

TEST(DataCenter, MeanDaysOfTheTracesHaveTheirPublishedExtremes) {
    for (const auto& [shape, most, least] :
         {std::tuple{UtilisationShape::google, 1.0742, 0.9251},
          std::tuple{UtilisationShape::alibaba, 1.0727, 0.9212}}) {
        double sum = 0;
        double high = 0;
        double low = 2;
        for (int h = 0; h < 24; ++h) {
            const double s = trace_shape(shape, h + 0.5);
            sum += s;
            high = std::max(high, s);
            low = std::min(low, s);
        }
        EXPECT_NEAR(sum / 24.0, 1.0, 1e-3);
        EXPECT_DOUBLE_EQ(high, most);
        EXPECT_DOUBLE_EQ(low, least);
    }
}

/// Second column of a file of two.
std::vector<double> read_second_column(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::string line;
    std::getline(in, line);
    std::vector<double> values;
    while (std::getline(in, line)) {
        values.push_back(std::stod(line.substr(line.find(',') + 1)));
    }
    return values;
}

// The public series themselves: means and extremes as stated beside them, and the mean days the devices use.
TEST(DataCenter, MeanDaysAreThoseOfTheTraces) {
    struct Trace {
        UtilisationShape shape;
        const char* file;
        double mean, least, most;
    };
    for (const Trace& e :
         {Trace{UtilisationShape::alibaba, "alibaba_cpu_hourly.csv", 0.495, 0.329, 0.700},
          Trace{UtilisationShape::google, "google_cpu_hourly.csv", 0.679, 0.442, 0.940}}) {
        const auto path = std::filesystem::path{YUANWANG_SHARED_DIR} / "datacentre" / e.file;
        if (!std::filesystem::exists(path)) {
            GTEST_SKIP() << "no trace " << path;
        }
        const std::vector<double> use = read_second_column(path);
        const auto n = static_cast<double>(use.size());
        const double mean = std::accumulate(use.begin(), use.end(), 0.0) / n;
        EXPECT_NEAR(mean, e.mean, 0.00055);
        EXPECT_NEAR(std::ranges::min(use), e.least, 0.0005);
        EXPECT_NEAR(std::ranges::max(use), e.most, 0.0005);
        for (std::size_t h = 0; h < 24; ++h) {
            double sum = 0;
            for (std::size_t t = h; t < use.size(); t += 24) {
                sum += use[t];
            }
            EXPECT_NEAR(trace_shape(e.shape, static_cast<double>(h)), 24 * sum / n / mean, 1e-3)
                << e.file << ' ' << h;
        }
    }
}

// The study's hourly run of Xining: mean PUE 1.230 by air alone and 1.149 with four fifths of the heat in liquid, at its one
// density ratio of 0.805; its weather file is a later one (2011–2025). By the density of each hour the device finds 1.241.
TEST(DataCenter, AYearOfXiningComesToTheMeanPueOfTheStudy) {
    const auto path = std::filesystem::path{YUANWANG_SHARED_DIR} / "weather" /
                      "CHN_Qinghai.Xining.528660_CSWD.epw";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no weather file " << path;
    }
    const EpwFile file = read_epw(path);
    const auto mean_pue = [&](double liquid_share) {
        double sum = 0;
        for (const double c : file.temperature_c) {
            sum += data_center_pue(liquid_share, 8.0, 1.0 / 1.055, 0.805,
                                   mechanical_share(c, 20.0, 0.0));
        }
        return sum / static_cast<double>(file.size());
    };
    EXPECT_NEAR(mean_pue(0.0), 1.230, 0.003);
    EXPECT_NEAR(mean_pue(0.8), 1.149, 0.003);

    const TimeAxis axis{beijing_midnight(std::chrono::year{2025} / 1 / 1), std::chrono::minutes{60},
                        8760};
    DataCenterHours hours;
    compute_data_centers(one_center(), first_site, std::array{make_weather(file, axis)}, axis,
                         {0, 8760}, hours);
    const auto mean_of = [](const Series& series) {
        return std::accumulate(series.values().begin(), series.values().end(), 0.0) / 8760.0;
    };
    EXPECT_NEAR(mean_of(hours.pue), 1.241, 0.002);
    EXPECT_NEAR(mean_of(hours.free_cooling), 0.917, 0.01);
}

TEST(DataCenter, IdleServersTakeTheirShareAndFullOnesAll) { // idle 0.22…0.24 of full, 1.00 at full
    EXPECT_DOUBLE_EQ(server_curve(0.0, 1.4), 0.0);
    EXPECT_DOUBLE_EQ(server_curve(1.0, 1.4), 1.0);
    EXPECT_GT(server_curve(0.5, 1.4), 0.5); // most of the power comes early
    EXPECT_DOUBLE_EQ(server_curve(0.5, 1.0), 0.5);
}

TEST(DataCenter, ThinAirCostsFansAndSeaLevelReturnsThePlainModel) {
    const DataCenters center = one_center();
    const WeatherYear sea = flat_weather(25.0, 101325.0, 0.0);
    const double density = air_density_kg_per_m3(101325.0, 25.0, 0.0) / sea_level_density_kg_per_m3;
    const double pue = hours_of(center, sea).pue(0, 3);
    EXPECT_DOUBLE_EQ(pue, data_center_pue(0.0, 8.0, 1.0 / 1.055, density, 1.0));
    EXPECT_GT(hours_of(center, flat_weather(25.0, 77000.0, 0.0)).pue(0, 3), pue);
}

TEST(DataCenter, ThinAirHasTheLowerWetBulbAndTheEconomiserRunsLonger) {
    DataCenters center = one_center();
    center.details.evaporative = {true};
    center.details.economiser_range_k = {8.0};
    center.free_cooling_c = {18.0};
    const double plateau_c = wet_bulb_c(77000.0, 26.0, 0.3);
    const double sea_c = wet_bulb_c(101325.0, 26.0, 0.3);
    EXPECT_LT(plateau_c, sea_c);
    EXPECT_LT(mechanical_share(plateau_c + 4.0, 18.0, 8.0),
              mechanical_share(sea_c + 4.0, 18.0, 8.0));
    EXPECT_DOUBLE_EQ(hours_of(center, flat_weather(10.0, 77000.0, 0.3)).free_cooling(0, 0), 1.0);
    EXPECT_DOUBLE_EQ(mechanical_share(17.9, 18.0, 8.0), 0.0);
    EXPECT_DOUBLE_EQ(mechanical_share(22.0, 18.0, 8.0), 0.5);
    EXPECT_DOUBLE_EQ(mechanical_share(40.0, 18.0, 8.0), 1.0);
}

TEST(DataCenter, DeferrableWorkIsPartOfWhatIsDrawn) {
    Random random{2, "center"};
    for (int n = 0; n < 50; ++n) {
        DataCenters center = one_center();
        center.details.power_exponent = {1.0 + random.uniform()};
        center.details.ups_standing_share = {random.uniform()};
        center.liquid_share = {random.uniform()};
        const DataCenterHours hours =
            hours_of(center, flat_weather(30.0 * random.uniform(), 77000.0, 0.4));
        DeferrableWork jobs;
        compute_deferrable_work(center, hours, 1.0, jobs);
        for (std::size_t t = 0; t < 24; ++t) {
            EXPECT_GT(jobs.base_mw(0, t), 0.0);
            EXPECT_LT(jobs.base_mw(0, t), hours.p_mw(0, t));
            EXPECT_GE(jobs.room_mw(0, t), jobs.base_mw(0, t) - 1e-12);
            // a MWh drawn runs it_per_grid MWh of work
            EXPECT_NEAR(jobs.base_mw(0, t) * jobs.it_per_grid(0, t), jobs.arrival_mwh(0, t), 1e-12);
        }
    }
}

// press S0: 多晶硅14.53万吨、单晶硅102GW、组件5.9GW; rule of 2024: 60 kWh/kg, 26 kWh/kg, 25 kWh/kWp
TEST(Works, FullOutputOfTheCapacitiesOnThePages) {
    const ProcessWorks works{.category = {"polysilicon", "mono_silicon", "module"},
                             .output_per_year = {145300.0, 102e6 * 2.3 / 1000.0, 5.9e6},
                             .kwh_per_unit = {60000.0, 26000.0, 25.0},
                             .utilisation = {1.0, 1.0, 1.0}};
    EXPECT_NEAR(works_mean_mw(works, 0), 995.0, 0.5);
    EXPECT_NEAR(works_mean_mw(works, 1), 696.0, 0.5);
    EXPECT_NEAR(works_mean_mw(works, 2), 17.0, 0.2);
}

TEST(Works, BatchesOfManyFurnacesHaveTheirMeanAndMoveLittle) {
    const ProcessWorks works{.category = {"mono_silicon"},
                             .output_per_year = {62839.0},
                             .kwh_per_unit = {26000.0},
                             .utilisation = {0.8},
                             .noise = {0.0},
                             .furnaces = {60},
                             .batch_h = {72.0},
                             .idle_h = {8.0},
                             .heat_h = {8.0},
                             .heat_ratio = {1.4},
                             .idle_ratio = {0.1},
                             .may_be_cut = {false}};
    const TimeAxis axis{beijing_midnight(2025y / 1 / 1), std::chrono::minutes{60}, 8760};
    Series p_mw;
    compute_works(works, axis, {0, 8760}, 1, p_mw);
    const double mean = std::accumulate(p_mw.values().begin(), p_mw.values().end(), 0.0) / 8760.0;
    EXPECT_NEAR(mean, works_mean_mw(works, 0), 1e-3 * mean);
    const auto [least, most] = std::ranges::minmax(p_mw.values());
    EXPECT_GT(least, 0.95 * mean);
    EXPECT_LT(most, 1.05 * mean);
    EXPECT_GT(most - least, 0.001 * mean);
}

Potlines retrofit_line(double dc_kwh_per_t) {
    return {.production_t_per_year = {100000.0},
            .dc_kwh_per_t = {dc_kwh_per_t},
            .rectifier_efficiency = {0.98},
            .auxiliary_share = {0.02},
            .modulation_share = {0.1},
            .n_cell = {86.0},
            .current_efficiency = {0.93},
            .external_v = {0.2},
            .window_k = {10.0},
            .heat_capacity_kwh_per_k = {50.0},
            .loss_kw_per_k = {5.0}};
}

// press S4: 86 cells, 100 kt a year: 425 kA at 93 %; −333 kWh/t is −0.104 V a cell and 33.3 GWh a year
ProcessWorks one_works() {
    return {.category = {"battery_works"},
            .output_per_year = {8760.0 * 50},
            .kwh_per_unit = {1000},
            .utilisation = {1},
            .noise = {0},
            .furnaces = {0},
            .batch_h = {6},
            .idle_h = {8},
            .heat_h = {0},
            .heat_ratio = {1},
            .idle_ratio = {0.02},
            .may_be_cut = {true}};
}

// Two shifts from 20 h on, Monday to Saturday: Sunday morning still belongs to Saturday, Monday morning to nobody.
TEST(Works, ShiftsRunPastMidnightAndAWeekHasItsMean) {
    ProcessWorks works = one_works();
    works.shift_share = {0.4};
    works.shift_start_h = {20};
    works.shift_hours = {12};
    works.shift_days = {6};
    const TimeAxis week{beijing_midnight(std::chrono::year{2025} / 6 / 2), std::chrono::minutes{60},
                        168}; // from a Monday
    Series p_mw;
    compute_works(works, week, {0, 168}, 1, p_mw);
    const double off = 50 * 0.6;
    const double on = 50 * (0.6 + 0.4 / (0.5 * 6 / 7));
    EXPECT_NEAR(p_mw(0, 5), off, 1e-9);           // Monday morning
    EXPECT_NEAR(p_mw(0, 21), on, 1e-9);           // Monday evening
    EXPECT_NEAR(p_mw(0, 24 + 7), on, 1e-9);       // till Tuesday 8 h
    EXPECT_NEAR(p_mw(0, 24 + 8), off, 1e-9);      // and no longer
    EXPECT_NEAR(p_mw(0, 6 * 24 + 7), on, 1e-9);   // Sunday morning
    EXPECT_NEAR(p_mw(0, 6 * 24 + 22), off, 1e-9); // Sunday evening
    EXPECT_NEAR(std::accumulate(p_mw.values().begin(), p_mw.values().end(), 0.0) / 168, 50, 1e-9);
}

// One rack charges six hours, gives four fifths back in six, rests two: the mean of the cycle is the mean of the works.
TEST(Works, FormationGivesEnergyBackAndKeepsItsMean) {
    ProcessWorks works = one_works();
    works.furnaces = {1};
    works.recovery_h = {6};
    works.recovery_ratio = {0.8};
    const double mean = (6 - 6 * 0.8 + 2 * 0.02) / 14;
    double sum = 0;
    double least = 0;
    for (int i = 0; i < 1400; ++i) {
        const double shape = batch_shape(works, 0, 0.01 * i, 1);
        sum += shape / 1400;
        least = std::min(least, shape);
    }
    EXPECT_NEAR(sum, 1.0, 0.02);
    EXPECT_NEAR(least, -0.8 / mean, 1e-9);
    works.furnaces = {240}; // many racks lend to each other
    for (int i = 0; i < 140; ++i) {
        EXPECT_GT(batch_shape(works, 0, 0.1 * i, 1), 0.3);
        EXPECT_LT(batch_shape(works, 0, 0.1 * i, 1), 1.7);
    }
}

TEST(Potline, CellsFollowFromTonnesAndEnergy) {
    const PotlineCells before = make_cells(retrofit_line(13233.0));
    const PotlineCells after = make_cells(retrofit_line(12900.0));
    EXPECT_NEAR(before.current_ka[0], 425.0, 0.5);
    EXPECT_NEAR(after.voltage_v[0] - before.voltage_v[0], -0.104, 5e-4);
    EXPECT_NEAR((dc_power_mw(before, 0, before.current_ka[0]) -
                 dc_power_mw(after, 0, after.current_ka[0])) *
                    8.760,
                33.3, 1e-6);
    EXPECT_NEAR(metal_t_per_h(before, 0, before.current_ka[0]) * 8760.0, 100000.0, 1e-6);
}

TEST(Potline, TheLinearBathNeverMovesLessThanTheExactOne) {
    const PotlineCells cells = make_cells(retrofit_line(13000.0));
    EXPECT_NEAR(current_at_power_ka(cells, 0, dc_power_mw(cells, 0, 401.0)), 401.0, 1e-9);
    const double rest_mw = dc_power_mw(cells, 0, cells.current_ka[0]);
    for (const double dt_h : {0.25, 1.0}) {
        const double per_mwh = bath_k_per_mwh(cells, 0, dt_h);
        for (const double factor : {0.9, 0.95, 1.05, 1.1}) {
            const double current_ka = factor * cells.current_ka[0];
            const double exact = advance_bath_k(cells, 0, 0.0, current_ka, dt_h);
            const double linear = per_mwh * dt_h * (dc_power_mw(cells, 0, current_ka) - rest_mw);
            EXPECT_GE(std::abs(linear), std::abs(exact) - 1e-12);
            EXPECT_NEAR(linear, exact, 0.08 * std::abs(exact));
        }
        EXPECT_NEAR(advance_bath_k(cells, 0, 4.0, cells.current_ka[0], dt_h),
                    4.0 * bath_keep(cells, 0, dt_h), 1e-12);
    }
}

TEST(Heating, HeatThatIsNotLostWarmsTheRoom) {
    const HeatingLoads h{.ua_mw_per_k = {2.0},
                         .base_c = {17.0},
                         .cop = {2.2},
                         .season_start_day = {288},
                         .season_end_day = {105},
                         .time_constant_h = {60.0},
                         .comfort_k = {1.0},
                         .p_max_mw = {50.0}};
    // one MW for ever: x → cop/ua
    const double x = heating_k_per_mwh(h, 0, 1.0) / (1.0 - heating_keep(h, 0, 1.0));
    EXPECT_NEAR(x, 2.2 / 2.0, 1e-12);
    // steps of a quarter hour are steps of an hour
    double quarter = 0;
    for (int i = 0; i < 4; ++i) {
        quarter = quarter * heating_keep(h, 0, 0.25) + heating_k_per_mwh(h, 0, 0.25) * 0.25;
    }
    EXPECT_NEAR(quarter, heating_k_per_mwh(h, 0, 1.0), 1e-12);
}

} // namespace
} // namespace yuanwang::models
