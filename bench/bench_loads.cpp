/// Loads and storages: a year of every kind, ns per device-step; and a year of all devices of the home case.
///
/// Each family is held against a twin or a balance before it is timed. Fleets have 100 devices of every option; a year has
/// 8760 steps.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/progress.hpp"
#include "engine/epoch/availability.hpp"
#include "engine/epoch/weather.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "models/load/data_center.hpp"
#include "models/load/demand.hpp"
#include "models/load/job_backlog.hpp"
#include "models/load/potline.hpp"
#include "models/load/process_works.hpp"
#include "models/storage/ageing.hpp"
#include "models/storage/battery.hpp"
#include "models/storage/container.hpp"
#include "models/storage/rainflow.hpp"
#include "models/storage/shared_storage.hpp"
#include "models/weather/synthetic.hpp"
#include "scenario/load_study.hpp"
#include "study/blocks.hpp"

namespace {

using namespace yuanwang;
using namespace yuanwang::models;
using namespace std::chrono;

constexpr std::size_t n_step = 8760;
constexpr std::size_t n_device = 100;
const TimeAxis year{beijing_midnight(2025y / January / 1), minutes{60}, n_step};

const std::vector<WeatherYear>& some_weather() {
    static const std::vector<WeatherYear> weather = [] {
        MonthlyNormals normals;
        normals.ghi_kwh_per_m2.fill(130);
        normals.temperature_c = {-7, -5, 2, 8, 12, 16, 18, 16, 12, 6, -1, -6};
        normals.temperature_range_k.fill(13);
        normals.relative_humidity.fill(0.55);
        normals.wind_speed_m_per_s.fill(3);
        return std::vector<WeatherYear>{
            make_synthetic_weather({36.6, 101.8, 2261}, normals, year, 1, "site")};
    }();
    return weather;
}

template <class T>
std::vector<T> rows(T value) {
    return std::vector<T>(n_device, value);
}

double sum_of(const Series& series) {
    return std::accumulate(series.values().begin(), series.values().end(), 0.0);
}

/// Two ways to the same number, or nothing is timed.
void hold(double one, double other) {
    if (!(std::abs(one - other) <= 1e-9 * std::abs(one)) || one <= 0) {
        std::abort();
    }
}

void count(benchmark::State& state) {
    state.counters["ns_per_device_step"] = benchmark::Counter(
        static_cast<double>(n_device * n_step) * 1e-9,
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Times `compute(range, p_mw)` over the year after the year by days gave the same energy.
template <class Compute>
void time_load(benchmark::State& state, Compute compute) {
    Series p_mw;
    compute(StepRange{0, n_step}, p_mw);
    const double whole = sum_of(p_mw);
    double by_days = 0;
    for (std::size_t first = 0; first < n_step; first += 24) {
        compute(StepRange{first, 24}, p_mw);
        by_days += sum_of(p_mw);
    }
    hold(whole, by_days);
    for (auto _ : state) {
        compute(StepRange{0, n_step}, p_mw);
        benchmark::DoNotOptimize(p_mw.values().data());
    }
    count(state);
}

void profiles(benchmark::State& state) {
    Profile profile;
    profile.monthly.fill(1);
    profile.workday.fill(1);
    profile.weekend.fill(0.9);
    const std::array shapes{profile};
    const ProfileLoads loads{rows(std::string{"homes"}), rows(50.0), rows(0), rows(0.03)};
    time_load(state, [&](StepRange range, Series& p_mw) {
        compute_profile_loads(loads, shapes, year, range, 1, p_mw);
    });
}

void heating(benchmark::State& state) {
    const HeatingLoads loads{.ua_mw_per_k = rows(2.0),
                             .base_c = rows(17.0),
                             .cop = rows(2.2),
                             .season_start_day = rows(288.0),
                             .season_end_day = rows(105.0)};
    const std::vector<SiteIdx> site = rows(SiteIdx{0});
    time_load(state, [&](StepRange range, Series& p_mw) {
        compute_heating_loads(loads, site, some_weather(), year, range, p_mw);
    });
}

/// Crystal pullers in sixty cohorts (1) or works in shifts (0).
void works(benchmark::State& state) {
    const bool batches = state.range(0) == 1;
    ProcessWorks w{.category = rows(std::string{"works"}),
                   .output_per_year = rows(1e4),
                   .kwh_per_unit = rows(26000.0),
                   .utilisation = rows(0.8),
                   .noise = rows(0.01),
                   .furnaces = rows(batches ? 60 : 0),
                   .batch_h = rows(72.0),
                   .idle_h = rows(8.0),
                   .heat_h = rows(8.0),
                   .heat_ratio = rows(1.4),
                   .idle_ratio = rows(0.1),
                   .may_be_cut = std::vector<bool>(n_device, true)};
    if (!batches) {
        w.shift_share = rows(0.2);
        w.shift_start_h = rows(8.0);
        w.shift_hours = rows(16.0);
        w.shift_days = rows(6);
    }
    time_load(state,
              [&](StepRange range, Series& p_mw) { compute_works(w, year, range, 1, p_mw); });
}

DataCenters make_centers() {
    return {.racks = rows(1000.0),
            .pflops = rows(100.0),
            .it_mw = rows(20.0),
            .idle_share = rows(0.23),
            .utilisation_mean = rows(0.7),
            .utilisation_swing = rows(0.05),
            .peak_hour = rows(15.0),
            .ups_efficiency = rows(0.948),
            .liquid_share = rows(0.3),
            .free_cooling_c = rows(20.0),
            .chiller_cop = rows(8.0),
            .microgrid = rows(std::string{}),
            .details = {.shape = rows(UtilisationShape::google),
                        .noise = rows(0.05),
                        .power_exponent = rows(1.4),
                        .evaporative = std::vector<bool>(n_device, true),
                        .approach_k = rows(4.0),
                        .economiser_range_k = rows(6.0),
                        .ups_standing_share = rows(0.3),
                        .utilisation_max = rows(0.95),
                        .deferrable_share = rows(0.2),
                        .deadline_h = rows(8.0),
                        .work_pool = rows(std::string{"pool"})}};
}

/// Wet bulb, economiser, UPS and the jobs that may wait, with the bounds of their backlog.
void data_centers(benchmark::State& state) {
    const DataCenters centers = make_centers();
    const std::vector<SiteIdx> site = rows(SiteIdx{0});
    DataCenterHours hours;
    DeferrableWork jobs;
    WorkHours work;
    compute_data_centers(centers, site, some_weather(), year, {0, n_step}, hours);
    compute_deferrable_work(centers, hours, 1.0, jobs);
    compute_work_hours(centers, year, {0, n_step}, 1, work);
    hold(sum_of(jobs.arrival_mwh), sum_of(work.arrival_mwh));
    for (auto _ : state) {
        compute_data_centers(centers, site, some_weather(), year, {0, n_step}, hours);
        compute_deferrable_work(centers, hours, 1.0, jobs);
        compute_work_hours(centers, year, {0, n_step}, 1, work);
        for (std::size_t k = 0; k < n_device; ++k) {
            benchmark::DoNotOptimize(
                find_least_backlog(std::vector<double>(n_step, work.arrival_mwh(k, 0)),
                                   std::vector<double>(n_step, work.most_mwh(k, 0)), 8, true)
                    .data());
        }
    }
    count(state);
}

/// The exact bath of modulated cells, a current of its own in every step.
void potlines(benchmark::State& state) {
    const Potlines lines{.production_t_per_year = rows(1e5),
                         .dc_kwh_per_t = rows(13000.0),
                         .rectifier_efficiency = rows(0.98),
                         .auxiliary_share = rows(0.02),
                         .modulation_share = rows(0.1),
                         .n_cell = rows(86.0),
                         .current_efficiency = rows(0.93),
                         .external_v = rows(0.2),
                         .window_k = rows(10.0),
                         .heat_capacity_kwh_per_k = rows(50.0),
                         .loss_kw_per_k = rows(5.0)};
    const PotlineCells cells = make_cells(lines);
    const double rest_mw = dc_power_mw(cells, 0, cells.current_ka[0]);
    hold(current_at_power_ka(cells, 0, rest_mw), cells.current_ka[0]);
    for (auto _ : state) {
        double sum = 0;
        for (std::size_t k = 0; k < n_device; ++k) {
            double bath_k = 0;
            for (std::size_t t = 0; t < n_step; ++t) {
                const double p_mw = rest_mw * (t % 4 < 2 ? 1.02 : 0.98);
                bath_k = advance_bath_k(cells, k, bath_k, current_at_power_ka(cells, k, p_mw), 1);
                sum += metal_t_per_h(cells, k, cells.current_ka[k]);
            }
            sum += bath_k;
        }
        benchmark::DoNotOptimize(sum);
    }
    count(state);
}

Batteries make_batteries() {
    return {.p_charge_max_mw = rows(100.0),
            .p_discharge_max_mw = rows(100.0),
            .e_max_mwh = rows(200.0),
            .soc_min = rows(0.1),
            .soc_max = rows(0.9),
            .soc_initial = rows(0.5),
            .eta_charge = rows(0.93),
            .eta_discharge = rows(0.93),
            .self_discharge_per_h = rows(1e-4),
            .charge_taper_soc = rows(0.85),
            .discharge_taper_soc = rows(0.15),
            .taper_floor = rows(0.2)};
}

double wish_mw(std::size_t k, std::size_t t) {
    return 90.0 * std::sin(0.26 * static_cast<double>(t) + static_cast<double>(k));
}

/// Limits with taper, a step, its loss.
void batteries(benchmark::State& state) {
    const Batteries b = make_batteries();
    const auto run_year = [&](std::size_t k, double& lost, double& taken) {
        double e_mwh = 100;
        for (std::size_t t = 0; t < n_step; ++t) {
            const double wish = wish_mw(k, t);
            const double p_mw = wish > 0 ? std::min(wish, discharge_limit_mw(b, k, e_mwh, 1.0))
                                         : -std::min(-wish, charge_limit_mw(b, k, e_mwh, 1.0));
            lost += loss_mwh(b, k, e_mwh, p_mw, 1.0);
            taken -= p_mw;
            e_mwh = advance(b, k, e_mwh, p_mw, 1.0);
        }
        return e_mwh;
    };
    double lost = 0;
    double taken = 0;
    const double end = run_year(0, lost, taken);
    hold(taken, end - 100 + lost);
    for (auto _ : state) {
        double sum = 0;
        for (std::size_t k = 0; k < n_device; ++k) {
            sum += run_year(k, lost, taken);
        }
        benchmark::DoNotOptimize(sum);
    }
    count(state);
}

void containers(benchmark::State& state) {
    const Containers c{.standby_mw = rows(0.05),
                       .ua_kw_per_k = rows(10.0),
                       .heater_kw = rows(200.0),
                       .keep_c = rows(15.0),
                       .cool_c = rows(30.0),
                       .chiller_cop = rows(3.0),
                       .charge_full_c = rows(10.0),
                       .charge_stop_c = rows(0.0),
                       .discharge_full_c = rows(0.0),
                       .discharge_stop_c = rows(-20.0)};
    const std::vector<SiteIdx> site = rows(SiteIdx{0});
    time_load(state, [&, hours = ContainerHours{}](StepRange range, Series& p_mw) mutable {
        compute_containers(c, site, some_weather(), range, hours);
        p_mw = hours.auxiliary_mw;
    });
}

/// Five tenants of a battery: wishes cut to slices, energy moved, money settled; counted per tenant and step.
void tenants(benchmark::State& state) {
    const Batteries b = make_batteries();
    constexpr std::size_t n_tenant = 5;
    const TenantSlices slices{std::vector<double>(n_tenant, 0.2),
                              std::vector<double>(n_tenant, 0.2)};
    std::vector<double> wish(n_tenant);
    std::vector<double> granted(n_tenant);
    const auto run_year = [&](std::size_t k) {
        std::vector<double> e_mwh(n_tenant, 20.0);
        Settlement accounts;
        accounts.tenant_cny.assign(n_tenant, 0.0);
        for (std::size_t t = 0; t < n_step; ++t) {
            for (std::size_t i = 0; i < n_tenant; ++i) {
                wish[i] = 0.2 * wish_mw(i, t);
            }
            grant_wishes(b, k, slices, e_mwh, wish, 1.0, granted);
            advance_tenants(b, k, granted, 1.0, e_mwh);
            settle(b, k, slices, {300.0, 10.0, 20.0}, granted, 1.0, accounts);
        }
        return accounts;
    };
    const Settlement one = run_year(0);
    const double paid = std::accumulate(one.tenant_cny.begin(), one.tenant_cny.end(), 0.0);
    hold(one.owner_cny, -paid - one.grid_cny);
    for (auto _ : state) {
        double sum = 0;
        for (std::size_t k = 0; k < n_device / n_tenant; ++k) {
            sum += run_year(k).owner_cny;
        }
        benchmark::DoNotOptimize(sum);
    }
    count(state);
}

/// A year of SOC by rainflow and by both ageing laws.
void ageing(benchmark::State& state) {
    std::vector<double> soc(n_step + 1);
    const std::vector<double> cell_c(n_step + 1, 22.0);
    for (std::size_t t = 0; t < soc.size(); ++t) {
        soc[t] = 0.5 + 0.3 * std::sin(0.26 * static_cast<double>(t)) +
                 0.1 * std::sin(1.7 * static_cast<double>(t));
    }
    const SocHistory history{soc, cell_c, 1.0};
    double way = 0;
    for (std::size_t t = 1; t < soc.size(); ++t) {
        way += std::abs(soc[t] - soc[t - 1]);
    }
    double counted = 0;
    for (const RainflowCycle& cycle : count_rainflow(soc)) {
        counted += 2 * cycle.count * cycle.range;
    }
    hold(way, counted);
    for (auto _ : state) {
        double sum = 0;
        for (std::size_t k = 0; k < n_device; ++k) {
            sum += cycle_damage(XuAgeing{}, history) + calendar_damage(XuAgeing{}, history);
            sum += capacity_left(advance(LfpAgeing{}, LfpState{}, history));
        }
        benchmark::DoNotOptimize(sum);
    }
    count(state);
}

/// The home case and its weather.
struct HomeCase {
    engine::Study study = scenario::load_scenario(std::filesystem::path{YUANWANG_SOURCE_DIR} /
                                                  "scenarios" / "xining-2025.yaml")
                              .study;
    SilentProgress progress;
    std::vector<WeatherYear> weather = engine::make_site_weather(study, progress);
};

const HomeCase& home_case() {
    static const HomeCase home;
    return home;
}

void count_steps(benchmark::State& state, std::size_t device_steps) {
    state.counters["device_steps"] = static_cast<double>(device_steps);
    state.counters["ns_per_device_step"] = benchmark::Counter(
        static_cast<double>(device_steps) * 1e-9,
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// All loads and containers of the home case through its year, block by block as a run asks for them.
void home_case_demand(benchmark::State& state) {
    const HomeCase& home = home_case();
    engine::Demand demand;
    std::size_t device_steps = 0;
    for (auto _ : state) {
        device_steps = 0;
        for (const engine::Block& block : engine::list_blocks(home.study)) {
            const engine::System& system = home.study.epochs[block.epoch].system;
            engine::compute_demand(system, home.weather, home.study.time, block.steps,
                                   home.study.seed, demand);
            device_steps += demand.p_mw.n_element() * block.steps.count;
            benchmark::DoNotOptimize(demand.p_mw.values().data());
        }
    }
    count_steps(state, device_steps);
}

/// Sun and wind of the home case and of the bases behind its ties.
void home_case_sources(benchmark::State& state) {
    const HomeCase& home = home_case();
    engine::WeatherDriven driven;
    std::size_t device_steps = 0;
    for (auto _ : state) {
        device_steps = 0;
        for (const engine::Epoch& epoch : home.study.epochs) {
            engine::compute_weather_driven(epoch.system, home.weather, home.study.time, epoch.steps,
                                           nullptr, driven);
            device_steps +=
                epoch.steps.count * (driven.solar_mw.n_element() + driven.wind_mw.n_element() +
                                     2 * driven.base_solar_mw.n_element());
            benchmark::DoNotOptimize(driven.solar_mw.values().data());
        }
    }
    count_steps(state, device_steps);
}

BENCHMARK(profiles)->Unit(benchmark::kMillisecond);
BENCHMARK(heating)->Unit(benchmark::kMillisecond);
BENCHMARK(works)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(data_centers)->Unit(benchmark::kMillisecond);
BENCHMARK(potlines)->Unit(benchmark::kMillisecond);
BENCHMARK(batteries)->Unit(benchmark::kMillisecond);
BENCHMARK(containers)->Unit(benchmark::kMillisecond);
BENCHMARK(tenants)->Unit(benchmark::kMillisecond);
BENCHMARK(ageing)->Unit(benchmark::kMillisecond);
BENCHMARK(home_case_demand)->Unit(benchmark::kMillisecond);
BENCHMARK(home_case_sources)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
