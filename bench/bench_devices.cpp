/// Devices: a year of weather and of every source of a fleet, ns per device-step.
///
/// Each family is held against a twin before it is timed: the year in one range equals the year in days (state carried),
/// and a fleet of n equal devices gives n times one. Fleets have 100 devices of every option; a year has 8760 steps.
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/source/external_grid.hpp"
#include "models/source/solar_plant.hpp"
#include "models/source/thermal_unit.hpp"
#include "models/source/waste_to_energy.hpp"
#include "models/source/water.hpp"
#include "models/source/wind_farm.hpp"
#include "models/weather/synthetic.hpp"

namespace {

using namespace yuanwang;
using namespace yuanwang::models;
using namespace std::chrono;

constexpr std::size_t n_step = 8760;
constexpr std::size_t n_device = 100;
const TimeAxis year{beijing_midnight(2025y / January / 1), minutes{60}, n_step};

MonthlyNormals some_normals() {
    MonthlyNormals normals;
    normals.ghi_kwh_per_m2.fill(130);
    normals.temperature_c.fill(7);
    normals.temperature_range_k.fill(13);
    normals.relative_humidity.fill(0.55);
    normals.wind_speed_m_per_s.fill(4);
    normals.precipitation_mm.fill(30);
    normals.wet_days.fill(8);
    return normals;
}

const std::vector<WeatherYear>& some_weather() {
    static const std::vector<WeatherYear> weather{
        make_synthetic_weather({36.6, 101.8, 2261}, some_normals(), year, 1, "site")};
    return weather;
}

template <class T>
std::vector<T> rows(T value) {
    return std::vector<T>(n_device, value);
}

SolarPlants make_solar(bool rich) {
    SolarPlants p;
    p.p_rated_mw = rows(10.0);
    p.dc_ac_ratio = rows(1.2);
    p.tracking = rows(rich ? Tracking::single_axis : Tracking::fixed);
    p.tilt_degree = rows(35.0);
    p.azimuth_degree = rows(180.0);
    p.albedo = rows(0.25);
    p.mounting = rows(Mounting::open_rack_glass_glass);
    p.gamma_per_k = rows(-0.0034);
    p.dc_losses = rows(0.12);
    p.inverter_efficiency = rows(0.97);
    if (rich) {
        p.ground_cover_ratio = rows(0.4);
        p.bifaciality = rows(0.7);
        p.dc_model = rows(DcModel::single_diode);
        p.module = rows(ModuleDiode{});
        Soiling dust;
        dust.model = SoilingModel::kimber;
        p.soiling = rows(dust);
        p.snow = rows(Snow{true, 1, 2});
    }
    return p;
}

WindFarms make_wind() {
    WindFarms f;
    f.p_rated_mw = rows(50.0);
    f.power_curve = rows(std::string{"nrel_4mw_150"});
    f.hub_height_m = rows(100.0);
    f.shear_exponent = rows(0.14);
    f.speed_factor = rows(1.3);
    f.farm_efficiency = rows(0.95);
    f.availability = rows(0.96);
    f.cold_cut_out_c = rows(-30.0);
    f.turbines = rows(12);
    return f;
}

double sum_of(const Series& p_mw) {
    return std::accumulate(p_mw.values().begin(), p_mw.values().end(), 0.0);
}

/// A state carried over days must give the year in one piece.
void hold(double whole, double pieces) {
    if (!(std::abs(whole - pieces) <= 1e-9 * std::abs(whole)) || whole <= 0) {
        std::abort();
    }
}

void count(benchmark::State& state) {
    const double steps = static_cast<double>(n_device * n_step);
    state.counters["device_steps_per_s"] =
        benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["ns_per_device_step"] = benchmark::Counter(
        steps * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void solar(benchmark::State& state) {
    const SolarPlants plants = make_solar(state.range(0) == 1);
    const std::vector<SiteIdx> site = rows(SiteIdx{0});
    Series p_mw;
    SolarState surface = make_solar_state(plants, 1.0);
    compute_solar_power(plants, site, some_weather(), {0, n_step}, 1.0, surface, p_mw);
    const double whole = sum_of(p_mw);
    surface = make_solar_state(plants, 1.0);
    double pieces = 0;
    for (std::size_t first = 0; first < n_step; first += 24) {
        compute_solar_power(plants, site, some_weather(), {first, 24}, 1.0, surface, p_mw);
        pieces += sum_of(p_mw);
    }
    hold(whole, pieces);
    for (auto _ : state) {
        surface = make_solar_state(plants, 1.0);
        compute_solar_power(plants, site, some_weather(), {0, n_step}, 1.0, surface, p_mw);
        benchmark::DoNotOptimize(p_mw.values().data());
    }
    count(state);
}

void wind(benchmark::State& state) {
    const WindFarms farms = make_wind();
    const std::vector<SiteIdx> site = rows(SiteIdx{0});
    Series p_mw;
    WindState turbines = make_wind_state(farms);
    compute_wind_power(farms, site, some_weather(), {0, n_step}, 1.0, turbines, p_mw);
    const double whole = sum_of(p_mw);
    turbines = make_wind_state(farms);
    double pieces = 0;
    for (std::size_t first = 0; first < n_step; first += 24) {
        compute_wind_power(farms, site, some_weather(), {first, 24}, 1.0, turbines, p_mw);
        pieces += sum_of(p_mw);
    }
    hold(whole, pieces);
    for (auto _ : state) {
        turbines = make_wind_state(farms);
        compute_wind_power(farms, site, some_weather(), {0, n_step}, 1.0, turbines, p_mw);
        benchmark::DoNotOptimize(p_mw.values().data());
    }
    count(state);
}

/// A hundred dams in a row, by days as a run goes.
void water(benchmark::State& state) {
    HydroPlants plants;
    plants.p_rated_mw = rows(1000.0);
    plants.city_share = rows(0.5);
    std::array<double, 12> mean{};
    mean.fill(400);
    plants.mean_mw = rows(mean);
    plants.flexible_share = rows(0.5);
    plants.p_min_mw = rows(0.0);
    for (std::size_t k = 0; k < n_device; ++k) {
        Reservoir r;
        r.head_m = 100;
        r.v_max_hm3 = k == 0 ? 10000 : 60;
        r.inflow_m3_per_s.fill(k == 0 ? 500 : 1);
        r.upstream = static_cast<int>(k) - 1;
        r.delay_h = 3;
        if (k > 0) {
            r.target.fill(0.5);
        }
        plants.reservoir.push_back(r);
    }
    HydroDay day;
    Series p_mw(n_device, 24);
    const auto run_year = [&] {
        WaterState dams = make_water_state(plants, year, 0);
        for (std::size_t first = 0; first < n_step; first += 24) {
            plan_water(plants, dams, year, {first, 24}, day);
            for (std::size_t t = 0; t < 24; ++t) {
                for (std::size_t k = 0; k < n_device; ++k) {
                    p_mw(k, t) = day.energy_mwh[k] / 24;
                }
            }
            pass_water(plants, year, {first, 24}, p_mw, dams);
        }
        return dams;
    };
    const WaterState end = run_year();
    hold(end.volume_hm3[0] + end.turbined_hm3[0] + end.spilled_hm3[0], 5000 + end.inflow_hm3[0]);
    for (auto _ : state) {
        benchmark::DoNotOptimize(run_year().volume_hm3.data());
    }
    count(state);
}

void waste(benchmark::State& state) {
    WastePlants plants;
    plants.design_t_per_day = rows(3000.0);
    plants.supply_share = rows(0.8);
    plants.kwh_per_t = rows(470.0);
    plants.green_share = rows(0.5);
    plants.co2_t_per_mwh = rows(0.4);
    Bunker bunker;
    bunker.bunker_t = 15000;
    plants.bunker = rows(bunker);
    Series p_mw;
    WasteState stored = make_waste_state(plants);
    compute_waste_power(plants, year, {0, n_step}, stored, p_mw);
    hold(sum_of(p_mw), 0.47 * std::accumulate(stored.burnt_t.begin(), stored.burnt_t.end(), 0.0));
    for (auto _ : state) {
        stored = make_waste_state(plants);
        compute_waste_power(plants, year, {0, n_step}, stored, p_mw);
        benchmark::DoNotOptimize(p_mw.values().data());
    }
    count(state);
}

void coal(benchmark::State& state) {
    ThermalPlants p;
    p.p_rated_mw = rows(660.0);
    p.units = rows(2);
    p.p_min_mw = rows(264.0);
    p.chp = rows(true);
    p.coal_g_per_kwh = rows(300.0);
    p.price_cny_per_mwh = rows(285.0);
    p.co2_t_per_mwh = rows(0.8);
    p.auxiliary_share = rows(0.06);
    p.coal_curve = rows(CoalCurve{{0.4, 0.5, 0.75, 1.0}, {336, 324, 307, 300}});
    hold(burn(p, 0, 1320, 2, 0, 1).coal_t, 396);
    for (auto _ : state) {
        double sum = 0;
        for (std::size_t t = 0; t < n_step; ++t) {
            for (std::size_t k = 0; k < n_device; ++k) {
                sum += burn(p, k, 300.0 + static_cast<double>(t % 1000), 2, 0, 1).coal_t;
            }
        }
        benchmark::DoNotOptimize(sum);
    }
    count(state);
}

/// One site-year of synthetic weather, sun included; counted per step.
void weather(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            make_synthetic_weather({36.6, 101.8, 2261}, some_normals(), year, 1, "site").size());
    }
    state.counters["ns_per_device_step"] = benchmark::Counter(
        n_step * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK(solar)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(wind)->Unit(benchmark::kMillisecond);
BENCHMARK(water)->Unit(benchmark::kMillisecond);
BENCHMARK(waste)->Unit(benchmark::kMillisecond);
BENCHMARK(coal)->Unit(benchmark::kMillisecond);
BENCHMARK(weather)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
